import Synchronization
import Testing
import Trestle

/// What is secret stays secret where a mock explains why nothing matched.
@Suite("Secrets in near misses", .timeLimit(.minutes(1)))
struct NearMissSecretTests {
  private static let secret = "4711-0815"

  @Test(
    "a fault that explains itself shows no secret of the call",
    arguments: [ShopSystem.soap, .xmlRPC])
  func fault(_ kind: ShopSystem) async throws {
    let said = Mutex("")
    let mock = """
        fallback: fault
        secret: [id]
        stubs: [{ name: known, operation: pay, when: { id: A-1 }, reply: \(kind.yaml("yes")) }]
      """
    try await withShop(
      kind, mock,
      {
        $0.observe = { event in
          said.withLock {
            $0 += "\(event.call?.parameters ?? [:]) \(event.reply.map { "\($0.outcome)" } ?? "")"
          }
        }
      }
    ) { shop in
      let error = await #expect(throws: BridgeError.self) {
        try await shop.bridge.callLegacySystem(
          "shop", operation: "pay", parameters: ["id": .string(Self.secret)])
      }
      let fault = try #require(error?.fault)
      #expect(fault.message.contains("nearest is \"known\""))
      #expect(!"\(fault)".contains(Self.secret), "\(fault)")
      let sent = try #require(try await shop.mocks.calls().first?.response)
      #expect(!String(decoding: sent.body, as: UTF8.self).contains(Self.secret))
      #expect(said.withLock { $0.contains("***") && !$0.contains(Self.secret) })
      if kind == .soap {
        #expect("\(fault.detail)".contains(#"id: {\"any\":true}"#), "\(fault.detail)")
      }
    }
  }

  @Test("secrets inside of what differs, found by XPath and in header fields are hidden too")
  func inside() async throws {
    let mock = """
        fallback: fault
        secret: [pin]
        stubs:
          - { operation: pay, when: { card: plain }, reply: {} }
          - { operation: pay, when_xpath: { "//pin": "0000" }, reply: {} }
          - { operation: pay, when_transport: { headers: { Authorization: mine } }, reply: {} }
      """
    try await withShop(.soap, mock) { shop in
      let error = await #expect(throws: BridgeError.self) {
        try await shop.bridge.callLegacySystem(
          "shop", operation: "pay",
          parameters: ["card": ["pin": .string(Self.secret), "of": "Ann"]])
      }
      let fault = try #require(error?.fault)
      #expect("\(fault.detail)".contains("Ann"))
      #expect("\(fault.detail)".contains("another secret"), "\(fault.detail)")
      #expect(!"\(fault)".contains(Self.secret), "\(fault)")
    }
  }
}
