import Foundation
import Testing
import Trestle

@testable import TrestleGateway

@Suite("Where calls over HTTP go", .timeLimit(.minutes(3)))
struct CallModeTests {
  /// Two mocks, one of which stands for the live system of the other.
  private static let adapters = [
    "back.yaml": """
    protocol: xml_rpc
    methods: { who: { params: [], returns: string, effects: read } }
    mock: { responses: { who: live } }
    """
  ]

  private static func front(_ rest: String, at endpoint: String) -> String {
    """
    protocol: xml_rpc
    endpoint: \(endpoint)
    methods: { who: { params: [], returns: string, effects: read } }
    mock: { responses: { who: mock } }
    \(rest)
    """
  }

  private func run(
    _ rest: String = "", hasMocks: Bool = true, _ body: (ServedGateway) async throws -> Void
  ) async throws {
    try await ServedGateway.run(adapters: Self.adapters) { back in
      let endpoint = back.mocks.mocks[0].endpoint
      try await ServedGateway.run(
        adapters: ["front.yaml": Self.front(rest, at: endpoint)], hasMocks: hasMocks
      ) {
        try await body($0)
      }
    }
  }

  @Test("to the mock where mocks run and nobody says anything")
  func defaultsToMock() async throws {
    try await run { served in
      let answer = try await served.call("front", "who")
      #expect(answer.value == "mock")
      #expect(answer.raw["x-trestle-mode"] == "mock")
      #expect(try await served.mocks.calls().count == 1)
    }
  }

  @Test("where a request says, by a field or in its query")
  func heedsRequests() async throws {
    try await run { served in
      let field = try await served.call("front", "who", headers: ["X-Trestle-Mode: live"])
      #expect(field.value == "live")
      #expect(field.raw["x-trestle-mode"] == "live")
      #expect(try await served.call("front", "who", query: "?mode=live").value == "live")
    }
  }

  @Test("where the system's file says; a request goes over it")
  func heedsFiles() async throws {
    try await run("mode: live") { served in
      #expect(try await served.call("front", "who").value == "live")
      #expect(try await served.call("front", "who", query: "?mode=mock").value == "mock")
      let told = try await served.client.get("/v1/systems/front")
      #expect(told.value["mode"] == "live")
    }
  }

  @Test("to the live system where no mocks run; a mock that does not run is no place")
  func goesLiveWithoutMocks() async throws {
    try await run(hasMocks: false) { served in
      #expect(try await served.call("front", "who").value == "live")
      let mock = try await served.call("front", "who", query: "?mode=mock")
      #expect(mock.status == 409)
      #expect(mock.message.contains("no mock of front runs"))
    }
  }

  @Test("a mode that there is not is a mistake of the file, with the nearest word")
  func refusesUnknownModes() throws {
    let directory = FileManager.default.temporaryDirectory
      .appendingPathComponent("trestle-\(UUID().uuidString)")
    defer { try? FileManager.default.removeItem(at: directory) }
    let folder = directory.appendingPathComponent("adapters")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    try "protocol: xml_rpc\nmode: life\n".write(
      to: folder.appendingPathComponent("a.yaml"), atomically: true, encoding: .utf8)
    let system = try Workspace.load(directory: directory.path).systems[0]
    let mistake = try #require(system.diagnostics.first)
    #expect(mistake.message.contains("life"))
    #expect(mistake.message.contains("live"))
    #expect(mistake.line == 2)
  }

  @Test("a scope goes on to the mock, so that tests at the same time have states of their own")
  func passesScopes() async throws {
    try await ServedGateway.run { served in
      _ = try await served.client.post(
        "/v1/mocks/claims/stubs",
        [
          [
            "operation": "Approve", "scenario": "claim", "state": "approved",
            "reply": ["ok": "done"],
          ]
        ])
      func approve(_ scope: String) async throws -> Value {
        try await served.call("claims", "Approve", "{}", headers: ["X-Trestle-Scope: \(scope)"])
          .value
      }
      #expect(try await approve("a") == ["ok": "true"])
      #expect(try await approve("a") == ["ok": "done"])
      #expect(try await approve("b") == ["ok": "true"])
      let scopes = try await served.client.get("/v1/mocks/claims")
      #expect(scopes.value["scopes"]?.arrayValue?.contains("a") == true)
    }
  }

  @Test("no call takes longer than the gateway lets any take")
  func capsTime() async throws {
    try await ServedGateway.run(
      adapters: ["orders.yaml": SteeredMocks.adapters["orders.yaml"] ?? ""],
      options: .onAnyPort { $0.longestCall = .milliseconds(200) }
    ) { served in
      _ = try await served.client.post("/v1/mocks/orders/faults", ["late": "20s"])
      let asked = try await served.call("orders", "count", headers: ["X-Trestle-Timeout: 10s"])
      #expect(asked.status == 504)
      // What is left of the 200 ms when it is sent.
      #expect(asked.message.contains(/within \d{1,3} ms/), "\(asked.message)")
      let silent = try await served.call("orders", "count")
      #expect(silent.status == 504)
    }
  }
}
