import Foundation
import Testing
import Trestle
import TrestleCore
import TrestleNet

@Suite("REST systems")
struct RESTSystemTests {
  private static let openapi = """
    openapi: 3.0.3
    info: { title: Data, version: "1" }
    paths:
      /status:
        get: { operationId: getStatus, responses: { "200": { description: ok, content: { application/json: { schema: {
          type: object, properties: { status: { type: string }, data_available: { type: boolean } } } } } } } }
      /data/{id}:
        get:
          operationId: getData
          parameters: [{ name: id, in: path, required: true, schema: { type: integer } }]
          responses: { "200": { $ref: "parts/replies.yaml#/data" } }
        delete:
          operationId: dropData
          parameters: [{ name: id, in: path, required: true, schema: { type: integer } }]
          responses: { "204": { description: gone } }
    """
  private static let replies = """
    data:
      description: the data
      content: { application/json: { schema: { $ref: "#/shape" } } }
    shape: { type: object, required: [size], properties: { size: { type: integer, example: 32 } } }
    """

  private func workspace(_ mock: String = "", strict: Bool = false) throws -> TemporaryWorkspace {
    try TemporaryWorkspace([
      "adapters/data.yaml": """
      system: data
      protocol: rest
      openapi: ../openapi/data.yaml
      strict: \(strict)
      mock:
        port: 0
      \(mock)
      """, "openapi/data.yaml": Self.openapi, "openapi/parts/replies.yaml": Self.replies,
    ])
  }

  private func get(_ url: String, method: String = "GET") async throws -> (Int, Value?) {
    let response = try await withHTTPTransport(url) { transport in
      try await transport.exchange(WireRequest(method: method), timeout: .seconds(10))
    }
    return (response.status, try? JSONParser.parse(response.body))
  }

  @Test("A description over several files is called and mocked")
  func files() async throws {
    let files = try workspace()
    let bridge = try await Bridge(workspace: files.directory, options: .mocked)
    #expect(
      try await bridge.callLegacySystem("data", operation: "getData", parameters: ["id": 7]) == [
        "size": 32
      ])
    let workspace = try files.load(.standard)
    #expect(workspace.systems.first?.diagnostics.filter { $0.severity == .error } == [])
  }

  @Test("Answers may be named by paths: all methods, one, or what the path itself says")
  func paths() async throws {
    let files = try workspace(
      """
        responses:
          /status: { status: ready, data_available: true }
          /data/9: { size: 9 }
          GET /data/{id}: { size: 1 }
      """)
    let mocks = try await MockRunner(try files.load(.standard)).start()
    let url = mocks.mocks[0].endpoint
    #expect(try await get(url + "/status").1 == ["status": "ready", "data_available": true])
    #expect(try await get(url + "/data/9").1 == ["size": 9])
    #expect(try await get(url + "/data/8").1 == ["size": 1])
    await mocks.stop()
  }

  @Test("A running mock's path gets another answer, also one that the description lacks")
  func update() async throws {
    let files = try workspace()
    let mocks = try await MockRunner(try files.load(.standard)).start()
    let url = mocks.mocks[0].endpoint
    #expect(try await get(url + "/alert").0 == 404)
    let change = try mocks.setResponse(["alert": true], to: "/alert", on: "data")
    #expect(change.warnings.contains { $0.message.contains("has no path /alert") })
    #expect(try await get(url + "/alert").1 == ["alert": true])
    #expect(try await get(url + "/alert", method: "POST").1 == ["alert": true])
    try mocks.setResponse(["status": "training"], to: "/status", on: "data")
    #expect(try await get(url + "/status").1 == ["status": "training"])
    try mocks.removeResponse(to: "/alert", on: "data")
    #expect(try await get(url + "/alert").0 == 404)
    #expect(throws: MockControlError.self) {
      try mocks.setResponse(["a": 1], to: "getStaus", on: "data")
    }
    await mocks.stop()
  }

  @Test("A file that is no description, or refers to what is not there, is told with what to do")
  func mistakes() throws {
    let files = try workspace()
    func firstError(_ text: String) throws -> String {
      try files.write(text, to: "openapi/data.yaml")
      let system = try #require(try files.load(.standard).systems.first)
      return system.diagnostics.first { $0.severity == .error }?.description ?? ""
    }
    #expect(try firstError("a: 1").contains("describes no API"))
    #expect(try firstError("openapi: [").contains("data.yaml"))
    #expect(
      try firstError(
        Self.openapi.replacingOccurrences(of: "replies.yaml#/data", with: "replies.yaml#/dat")
      )
      .contains("did you mean \"data\"?"))
    #expect(
      try firstError(Self.openapi.replacingOccurrences(of: "parts/replies", with: "../../outside"))
        .contains("outside the workspace"))
    #expect(
      try firstError(
        Self.openapi.replacingOccurrences(of: "parts/replies", with: "https://example.com/r")
      )
      .contains("another machine"))
  }

  @Test("Without a description any path is answered that the mock has")
  func open() async throws {
    let files = try TemporaryWorkspace([
      "adapters/any.json":
        #"{"any": {"protocol_adapter": {"type": "rest", "port": 0, "responses": {"/predict": {"label": "cat"}}}}}"#
    ])
    let mocks = try await MockRunner(try files.load(.standard)).start()
    let url = mocks.mocks[0].endpoint
    #expect(try await get(url + "/predict").1 == ["label": "cat"])
    #expect(try await get(url + "/other").0 == 404)
    let bridge = try await Bridge(workspace: files.directory, options: .mocked)
    #expect(
      try await bridge.callLegacySystem(
        "any", operation: "POST /predict", parameters: ["body": [1]]) == ["label": "cat"])
    #expect(
      try await bridge.callLegacySystem("any", operation: "POST /predict", parameters: [1, 2])
        == ["label": "cat"])
    #expect(
      try await bridge.callLegacySystem("any", operation: "POST /predict", parameters: "text")
        == ["label": "cat"])
    await mocks.stop()
  }
}

extension Bridge.Options {
  /// Calls are answered in this process.
  fileprivate static var mocked: Bridge.Options {
    var options = Bridge.Options()
    options.usesMocks = true
    return options
  }
}
