import Testing
import TrestleCore
import TrestleStore
import TrestleWorkflow

extension RowCTests {
  /// Actions that lead on in the middle; a service that is called tells the order.
  func leading(to port: Int, stops: Bool) -> Value {
    func call(_ name: String, _ more: Record = [:]) -> Value {
      var action: Record = [
        "name": .string(name), "type": "api_call", "service": "peer",
        "endpoint": .string("/\(name)"),
      ]
      for member in more { action[member.name] = member.value }
      return .object(action)
    }
    return [
      "stop_on_transition": .bool(stops),
      "services": ["peer": ["url": .string("http://127.0.0.1:\(port)")]],
      "states": [
        "initial": [
          "actions": [
            call("one"),
            call(
              "two", ["transition_on_success": "next", "context_updates": ["by": "two", "n": 2]]),
            call("three"),
          ]
        ],
        "next": ["actions": []],
      ],
    ]
  }

  @Test(
    "C7: actions are done in order, also those behind one that leads on, unless the file stops there",
    arguments: [false, true])
  func actions(stops: Bool) async throws {
    try await RawPeer.run { peer, port in
      try await withWorkflow(leading(to: port, stops: stops)) { workflow, _ in
        let results = try await workflow.executeStateActions()
        let names = stops ? ["one", "two"] : ["one", "two", "three"]
        #expect(results.map { $0["action"]?.stringValue } == names)
        #expect(peer.requests.map(\.target) == names.map { "/" + $0 })
        #expect(results[0]["trigger_transition"] == nil)
        #expect(results[1]["trigger_transition"] == "next")
        #expect(await workflow.currentState == "next")
        let history = await workflow.stateHistory
        #expect(history.map(\.toState) == ["next"])
        #expect(history.first?.context == ["by": "two", "n": 2])
        #expect(await workflow.context == ["by": "two", "n": 2])
      }
    }
  }

  @Test("C8: an action calls, checks a condition, or transforms data")
  func types() async throws {
    try await withWorkflow(Self.simple) { workflow, _ in
      let call = try await workflow.executeAction([
        "name": "ask", "type": "api_call", "service": "data_service", "endpoint": "/data",
      ])
      #expect(call["type"] == "api_call")
      #expect(call["response"]?["size"] == 32)
      let holds = try await workflow.executeAction([
        "name": "enough", "type": "condition_check", "condition": "response.size >= 32",
        "transition_on_success": "other",
      ])
      #expect(
        holds == [
          "action": "enough", "type": "condition_check", "condition": "response.size >= 32",
          "result": true, "success": true, "trigger_transition": "other",
        ])
      let not = try await workflow.executeAction([
        "name": "more", "type": "condition_check", "condition": "1 > 2",
        "transition_on_failure": "other",
      ])
      #expect(not["success"] == false)
      #expect(not["trigger_transition"] == "other")
      let transform = try await workflow.executeAction([
        "name": "make", "type": "data_transform", "input": ["a": ["b": 7]],
        "map": ["x": "a.b + 1", "y": "concat('n', a.b)"],
      ])
      #expect(transform["type"] == "data_transform")
      #expect(transform["output"] == ["x": 8, "y": "n7"])
      #expect(transform["success"] == true)
    }
  }

  @Test("C8: a type that there is none of is told, when it is done and when a file has it")
  func unknownType() async throws {
    try await withWorkflow(Self.simple) { workflow, _ in
      let error = try await workflowError {
        _ = try await workflow.executeAction(["name": "x", "type": "zebra"])
      }
      #expect(error?.kind == .unsupported)
      #expect(error?.message == "Unknown action type: zebra")
    }
    let loading = try await workflowError {
      _ = try ExampleWorkflows.definition([
        "states": ["initial": ["actions": [["name": "x", "type": "zebra"]]]]
      ])
    }
    #expect(loading?.kind == .invalid)
    #expect(loading?.diagnostics.first?.message.hasPrefix("Unknown action type: zebra") == true)
  }

  @Test(
    "C9: a call sends its method with its data filled in, and says what came back",
    arguments: [
      ("GET", ""), ("POST", #"{"size":"32","deep":["epoch 3"]}"#),
      ("PUT", #"{"size":"32","deep":["epoch 3"]}"#),
      ("PATCH", #"{"size":"32","deep":["epoch 3"]}"#),
      ("DELETE", #"{"size":"32","deep":["epoch 3"]}"#), ("HEAD", ""),
    ])
  func apiCall(method: String, body: String) async throws {
    try await RawPeer.run({ _ in .init(body: #"{"ok": true}"#) }) { peer, port in
      let data: Value = [
        "context": ["size": 32, "epoch": 3],
        "services": ["peer": ["url": .string("http://127.0.0.1:\(port)")]],
        "states": [
          "initial": [
            "actions": [
              [
                "name": "send", "type": "api_call", "service": "peer", "endpoint": "/train",
                "method": .string(method),
                "data": ["size": "${size}", "deep": ["epoch ${epoch}"]],
                "transition_on_success": "done",
              ]
            ]
          ], "done": ["actions": []],
        ],
      ]
      try await withWorkflow(data) { workflow, _ in
        let results = try await workflow.executeStateActions()
        #expect(
          results == [
            [
              "action": "send", "type": "api_call", "status_code": 200,
              "response": method == "HEAD" ? "" : ["ok": true], "success": true,
              "trigger_transition": "done",
            ]
          ])
        #expect(peer.requests.map(\.method) == [method])
        #expect(peer.requests.map(\.target) == ["/train"])
        #expect(peer.requests.map(\.body) == [body])
      }
    }
  }

  func branching(to url: String) -> Value {
    [
      "services": ["peer": ["url": .string(url)]],
      "states": [
        "initial": [
          "actions": [
            [
              "name": "ask", "type": "api_call", "service": "peer", "endpoint": "/",
              "transition_on_success": "good", "transition_on_failure": "bad",
            ]
          ]
        ], "good": ["actions": []], "bad": ["actions": []],
      ],
    ]
  }

  @Test(
    "C10: 200 to 299 is success, everything else failure, and each leads where it says",
    arguments: [
      (200, "good"), (204, "good"), (299, "good"), (302, "bad"), (404, "bad"), (500, "bad"),
      (503, "bad"),
    ])
  func branches(status: Int, state: String) async throws {
    try await RawPeer.run({ _ in .init(status: status, body: status == 204 ? "" : "{}") }) {
      _, port in
      try await withWorkflow(branching(to: "http://127.0.0.1:\(port)")) { workflow, _ in
        let results = try await workflow.executeStateActions()
        #expect(results.first?["status_code"] == .integer(Int64(status)))
        #expect(results.first?["success"] == .bool(state == "good"))
        #expect(await workflow.currentState == state)
      }
    }
  }

  @Test("C10: a connection that is refused is a failure that leads on, no crash")
  func refused() async throws {
    let port = try await RawPeer.freePort()
    try await withWorkflow(branching(to: "http://127.0.0.1:\(port)")) { workflow, _ in
      let result = try #require(try await workflow.executeStateActions().first)
      #expect(result["success"] == false)
      #expect(result["status_code"] == .null)
      #expect(result["error"]?.stringValue?.contains("\(port)") == true)
      #expect(result["trigger_transition"] == "bad")
      #expect(await workflow.currentState == "bad")
    }
  }

  @Test(
    "C11: a run has the mocks answer for the first state before its actions, and goes to the end")
  func firstState() async throws {
    var data = Self.simple.objectValue ?? [:]
    data["states"] = [
      "initial": [
        "services": ["data_service": ["/status": ["mine": "first"]]],
        "actions": [
          [
            "name": "look", "type": "api_call", "service": "data_service", "endpoint": "/status",
            "save": ["seen": "response.mine"], "transition_on_success": "end",
          ]
        ],
      ], "end": ["services": [:], "actions": []],
    ]
    try await withWorkflow(.object(data)) { workflow, _ in
      let output = try await workflow.run()
      #expect(output["state"] == "end")
      #expect(await workflow.context == ["seen": "first"])
    }
  }

  @Test("C11: states that lead in a circle end at the limit of steps")
  func circle() async throws {
    let data: Value = [
      "step_limit": 7,
      "states": [
        "initial": ["actions": [["name": "a", "type": "set", "transition_on_success": "back"]]],
        "back": ["actions": [["name": "b", "type": "set", "transition_on_success": "initial"]]],
      ],
    ]
    try await withWorkflow(data) { workflow, _ in
      let error = try await workflowError { _ = try await workflow.run() }
      #expect(error?.kind == .limit)
      #expect(await workflow.stateHistory.count == 7)
    }
  }
}
