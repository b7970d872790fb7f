import Testing
import TrestleCore
import TrestleWorkflow

@Suite("B: workflows of steps over HTTP")
struct RowBTests {
  @Test("B1: services and state can be looked at, before a run and after it")
  func inspected() async throws {
    try await withMocks { mocks in
      let workflow = CustomAIWorkflow(workflowName: "orders", mocks: mocks)
      #expect(workflow.workflowName == "orders")
      #expect(await workflow.services == [:])
      #expect(await workflow.workflowState == [:])
      try await workflow.registerService("data", specPath: "./data-api.yaml")
      try await workflow.executeWorkflowStep(
        "load", config: ["service": "data", "endpoint": "/data"])
      let port = await mocks.port(of: "orders_data")
      #expect(await workflow.services == ["data": "http://localhost:\(port)"])
      #expect(await workflow.workflowState.keys.sorted() == ["load"])
    }
  }

  @Test("B2: a service listens when registering it returns, under the workflow's name and its own")
  func registered() async throws {
    let port = try await RawPeer.freePort()
    let mocks = MockLoopClient(options: .init(directory: ExampleWorkflows.directory))
    let workflow = CustomAIWorkflow(workflowName: "orders", mocks: mocks)
    try await workflow.registerService("data", specPath: "./data-api.yaml", port: port)
    #expect(await mocks.mocks.map(\.id) == ["orders_data"])
    #expect(await workflow.services["data"] == "http://localhost:\(port)")
    #expect(try await RawHTTP.get("/status", port: port).status == 200)
    await workflow.stop()
  }

  @Test("B3: a scenario sets the answers of every service that it names")
  func scenario() async throws {
    try await withMocks { mocks in
      let workflow = CustomAIWorkflow(workflowName: "w", mocks: mocks)
      try await workflow.registerService("data", specPath: "./data-api.yaml")
      try await workflow.registerService("model", specPath: "./model-api.yaml")
      try await workflow.configureWorkflowScenario(
        "busy",
        config: [
          "data": ["/status": ["status": "loading"], "/data": ["size": 0]],
          "model": ["/status": ["status": "failed"]],
        ])
      let (data, model) = (await mocks.port(of: "w_data"), await mocks.port(of: "w_model"))
      #expect(try await RawHTTP.get("/status", port: data).json == ["status": "loading"])
      #expect(try await RawHTTP.get("/data", port: data).json == ["size": 0])
      #expect(try await RawHTTP.get("/status", port: model).json == ["status": "failed"])
    }
  }

  @Test("B3: a service that nobody registered is passed over with a warning")
  func scenarioOfUnknown() async throws {
    let notes = Notes()
    try await withMocks(notes: notes) { mocks in
      let workflow = CustomAIWorkflow(workflowName: "w", mocks: mocks)
      try await workflow.registerService("data", specPath: "./data-api.yaml")
      try await workflow.configureWorkflowScenario(
        "busy",
        config: ["dta": ["/status": [:]], "data": ["/status": ["status": "loading"]]])
      let port = await mocks.port(of: "w_data")
      #expect(try await RawHTTP.get("/status", port: port).json == ["status": "loading"])
    }
    #expect(notes.all.count == 1)
    #expect(notes.all.first?.contains("Service dta not registered") == true)
  }

  @Test("B3: under strictness it is an error, and nothing is set")
  func scenarioOfUnknownStrictly() async throws {
    try await withMocks(isStrict: true) { mocks in
      let workflow = CustomAIWorkflow(workflowName: "w", mocks: mocks)
      try await workflow.registerService("data", specPath: "./data-api.yaml")
      let error = try await workflowError {
        try await workflow.configureWorkflowScenario(
          "busy",
          config: ["data": ["/status": ["status": "loading"]], "dta": ["/status": [:]]])
      }
      #expect(error?.message.hasPrefix("Service dta not registered") == true)
      let port = await mocks.port(of: "w_data")
      #expect(try await RawHTTP.get("/status", port: port).json?["status"] == "ready")
    }
  }

  @Test(
    "B4: a step sends its method, and data where the method has any",
    arguments: [
      ("GET", nil, ""), ("POST", ["a": 1], #"{"a":1}"#), ("PUT", ["a": 1], #"{"a":1}"#),
      ("PATCH", ["a": 1], #"{"a":1}"#), ("DELETE", nil, ""), ("HEAD", nil, ""),
      ("post", ["a": 1], #"{"a":1}"#), ("POST", nil, "{}"),
    ] as [(String, Value?, String)])
  func methods(method: String, data: Value?, body: String) async throws {
    try await RawPeer.run { peer, port in
      let workflow = CustomAIWorkflow(workflowName: "w")
      var config: Record = [
        "url": "http://127.0.0.1:\(port)", "endpoint": "/items/7?full=true",
        "method": .string(method),
      ]
      if let data { config["data"] = data }
      let result = try await workflow.executeWorkflowStep("send", config: .object(config))
      #expect(result["success"] == true)
      let request = try #require(peer.requests.first)
      #expect(peer.requests.count == 1)
      #expect(request.method == method.uppercased())
      #expect(request.target == "/items/7?full=true")
      #expect(request.body == body)
      let isJSON = request.head.lowercased().contains("content-type: application/json")
      #expect(isJSON == !body.isEmpty)
      await workflow.stop()
    }
  }

  @Test("B4: a method is GET when left out, any other is told")
  func otherMethods() async throws {
    try await RawPeer.run { peer, port in
      let workflow = CustomAIWorkflow(workflowName: "w")
      let url: Value = .string("http://127.0.0.1:\(port)")
      try await workflow.executeWorkflowStep("get", config: ["url": url, "endpoint": "/"])
      #expect(peer.requests.map(\.method) == ["GET"])
      let error = try await workflowError {
        try await workflow.executeWorkflowStep(
          "brew", config: ["url": url, "endpoint": "/", "method": "BREW"])
      }
      #expect(error?.kind == .unsupported)
      #expect(error?.message == "Unsupported method: BREW")
      #expect(peer.requests.count == 1)
      await workflow.stop()
    }
  }

  @Test("B5: a service that nobody registered is told in the words of the document")
  func unknownService() async throws {
    try await withMocks { mocks in
      let workflow = CustomAIWorkflow(workflowName: "w", mocks: mocks)
      try await workflow.registerService("data", specPath: "./data-api.yaml")
      let error = try await workflowError {
        try await workflow.executeWorkflowStep(
          "load", config: ["service": "zebra", "endpoint": "/data"])
      }
      #expect(error?.kind == .notFound)
      #expect(error?.message == "Service zebra not registered")
      #expect(error?.hint == "services: data")
      #expect(await workflow.workflowState == [:])
    }
  }

  @Test(
    "B6: a result has the step, the status, the answer and whether it is one of success",
    arguments: [
      (200, "application/json", #"{"a": [1]}"#, ["a": [1]], true),
      (201, "application/json; charset=utf-8", "7", 7, true),
      (299, "text/plain", "plain", "plain", true),
      (200, "text/html", #"{"a": 1}"#, #"{"a": 1}"#, true),
      (300, "application/json", "{}", [:], false),
      (404, "application/json", #"{"error": "gone"}"#, ["error": "gone"], false),
      (500, "text/plain", "broken", "broken", false),
    ] as [(Int, String, String, Value, Bool)])
  func result(
    status: Int, type: String, body: String, response: Value, success: Bool
  ) async throws {
    try await RawPeer.run({ _ in .init(status: status, type: type, body: body) }) { _, port in
      let workflow = CustomAIWorkflow(workflowName: "w")
      let result = try await workflow.executeWorkflowStep(
        "ask", config: ["url": .string("http://127.0.0.1:\(port)"), "endpoint": "/"])
      #expect(
        result == [
          "step": "ask", "status_code": .integer(Int64(status)), "response": response,
          "success": .bool(success),
        ])
      await workflow.stop()
    }
  }

  @Test("B7: the state holds what each step came to last")
  func state() async throws {
    try await withMocks { mocks in
      let workflow = CustomAIWorkflow(workflowName: "w", mocks: mocks)
      try await workflow.registerService("data", specPath: "./data-api.yaml")
      let step: Value = ["service": "data", "endpoint": "/status"]
      let first = try await workflow.executeWorkflowStep("look", config: step)
      #expect(await workflow.workflowState == ["look": first])
      try await workflow.configureWorkflowScenario(
        "busy", config: ["data": ["/status": ["status": "loading"]]])
      let second = try await workflow.executeWorkflowStep("look", config: step)
      #expect(second["response"] == ["status": "loading"])
      let third = try await workflow.executeWorkflowStep(
        "load", config: ["service": "data", "endpoint": "/data"])
      #expect(await workflow.workflowState == ["look": second, "load": third])
    }
  }

  @Test(
    "B8: a step calls a legacy system through the bridge, in the same form",
    arguments: ["soap", "xml_rpc", "custom_tcp"])
  func legacySystem(type: String) async throws {
    try await withMocks { mocks in
      let integrator = LegacyAISystemIntegrator(mocks: mocks)
      try await integrator.registerLegacySystem(
        "scoring",
        config: [
          "protocol_adapter": ["type": .string(type), "responses": ["Rate": ["grade": "B"]]]
        ])
      let system = try #require(await integrator.protocolAdapters["scoring"]?.system)
      let workflow = CustomAIWorkflow(workflowName: "w", mocks: mocks)
      try await workflow.registerSystem(system)
      let result = try await workflow.executeWorkflowStep(
        "rate",
        config: ["system": "scoring", "operation": "Rate", "parameters": ["params": [["id": 7]]]])
      #expect(
        result == ["step": "rate", "status_code": nil, "response": ["grade": "B"], "success": true])
      #expect(await workflow.workflowState["rate"] == result)
      await workflow.stop()
    }
  }
}
