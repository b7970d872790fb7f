import Testing
import Trestle
import TrestleCore

@Suite("Responses that are set together")
struct ScopedResponseTests {
  private static let adapter = """
    system: shop
    protocol: xml_rpc
    methods:
      price: { params: [{ name: sku, type: string }], returns: string }
      stock: { params: [{ name: sku, type: string }], returns: string }
    mock: { responses: { price: "1", stock: "1" } }
    """

  private func call(
    _ operation: String, in scope: String? = nil, _ workspace: Workspace, _ mocks: RunningMocks
  ) async throws -> Value {
    var options = Bridge.Options(endpoints: mocks.endpoints)
    if let scope { options.headers = ["X-Trestle-Scope": scope] }
    return try await withBridge(workspace, options: options) { bridge in
      try await bridge.callLegacySystem("shop", operation: operation, parameters: ["sku": "A"])
    }
  }

  private func run(
    _ body: (Workspace, RunningMocks) async throws -> Void
  ) async throws {
    let files = try TemporaryWorkspace(["adapters/shop.yaml": Self.adapter])
    let workspace = try files.load(.standard)
    try await withMocks(workspace) { mocks in try await body(workspace, mocks) }
  }

  @Test("several operations answer anew in one step")
  func together() async throws {
    try await run { workspace, mocks in
      try mocks.setResponses(["price": "2", "stock": "3"], on: "shop")
      let answer1 = try await call("price", workspace, mocks)
      #expect(answer1 == "2")
      let answer2 = try await call("stock", workspace, mocks)
      #expect(answer2 == "3")
    }
  }

  @Test("where one of them is wrong, none is set")
  func wrong() async throws {
    try await run { workspace, mocks in
      #expect(throws: MockControlError.self) {
        try mocks.setResponses(["price": "2", "stokc": "3"], on: "shop")
      }
      #expect(throws: MockControlError.self) {
        try mocks.setResponses(["price": "{{nobody}}"], on: "shop", scope: "one")
      }
      let answer3 = try await call("price", workspace, mocks)
      #expect(answer3 == "1")
      let answer4 = try await call("price", in: "one", workspace, mocks)
      #expect(answer4 == "1")
    }
  }

  @Test("those of a scope are seen in it alone, and end with it")
  func scoped() async throws {
    try await run { workspace, mocks in
      try mocks.setResponses(["price": "one"], on: "shop", scope: "one")
      try mocks.setResponses(["price": ["fault": ["message": "two"]]], on: "shop", scope: "two")
      let answer5 = try await call("price", in: "one", workspace, mocks)
      #expect(answer5 == "one")
      let answer6 = try await call("stock", in: "one", workspace, mocks)
      #expect(answer6 == "1")
      let answer7 = try await call("price", in: "three", workspace, mocks)
      #expect(answer7 == "1")
      let answer8 = try await call("price", workspace, mocks)
      #expect(answer8 == "1")
      await #expect(throws: BridgeError.self) {
        _ = try await call("price", in: "two", workspace, mocks)
      }
      try await mocks.reset(.scope("one"), of: "shop")
      let answer9 = try await call("price", in: "one", workspace, mocks)
      #expect(answer9 == "1")
    }
  }
}
