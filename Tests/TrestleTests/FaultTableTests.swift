import Testing
import Trestle
import TrestleCore

@Suite("What faults mean")
struct FaultTableTests {
  private static let table = """
    protocol: xml_rpc
    faults:
      - { code: 60, name: ALREADY_STARTED, category: already_exists }
      - { code: -32500, message: { contains: HTTPTooManyRequests }, category: resource_exhausted }
      - { code: [-32500, 10], category: invalid_argument, retryable: true }
      - { message: { matches: "^gone" }, category: not_found }
      - { code: 7, name: ODD }
    """

  private func answer(_ code: Int32, _ message: String) async throws -> Fault? {
    try await XMLRPCServer.run({ _ in .fault(code, message) }) { _, port in
      let files = try TemporaryWorkspace([
        "adapters/shop.yaml": Self.table + "\nendpoint: http://127.0.0.1:\(port)/\n"
      ])
      let workspace = try files.load(.standard)
      #expect(workspace.systems.flatMap(\.diagnostics).isEmpty)
      return try await withBridge(workspace) { bridge in
        try await bridge.call("shop", operation: "get").fault
      }
    }
  }

  @Test(
    "the first entry whose conditions hold says what a fault means",
    arguments: [
      (60, "x", "ALREADY_STARTED", FaultCategory.alreadyExists, false),
      (-32500, "HTTPTooManyRequests: slow down", nil, .resourceExhausted, true),
      (-32500, "other", nil, .invalidArgument, true), (10, "x", nil, .invalidArgument, true),
      (11, "gone away", nil, .notFound, false), (7, "x", "ODD", nil, nil), (8, "x", nil, nil, nil),
      // What the codes of the interoperability set mean is the same everywhere.
      (-32601, "x", nil, .unimplemented, false), (-32602, "x", nil, .invalidArgument, false),
      (-32300, "x", nil, .unavailable, true),
    ] as [(Int32, String, String?, FaultCategory?, Bool?)])
  func classified(
    _ code: Int32, _ message: String, _ name: String?, _ category: FaultCategory?,
    _ isRetryable: Bool?
  ) async throws {
    let fault = try #require(try await answer(code, message))
    #expect(fault.name == name)
    #expect(fault.category == category)
    #expect(fault.isRetryable == isRetryable)
    #expect(fault.jsonValue["category"] == category.map { .string($0.rawValue) })
    #expect(fault.jsonValue["retryable"] == isRetryable.map { .bool($0) })
  }

  @Test(
    "mistakes are told",
    arguments: [
      ("faults: [{ category: aborted }]", "says of no fault what it means"),
      ("faults: [{ code: 1, category: abborted }]", "aborted"),
      ("faults: [{ code: { contians: 1 } }]", "unknown operator \"contians\""),
    ])
  func mistakes(_ text: String, _ message: String) throws {
    let files = try TemporaryWorkspace(["adapters/shop.yaml": "protocol: xml_rpc\n" + text])
    let workspace = try files.load(.standard)
    let found = workspace.diagnostics + workspace.systems.flatMap(\.diagnostics)
    #expect(found.contains { "\($0)".contains(message) }, "\(found)")
  }
}
