import Synchronization
import Testing
import Trestle
import TrestleCore

@Suite("What goes on while mocks are steered")
struct OngoingFaultTests {
  @Test(
    "faults of the file go on counting when something else is set, and begin anew with other answers",
    arguments: ShopSystem.allCases)
  func counts(_ kind: ShopSystem) async throws {
    let mock = """
        misbehave: { close: before, first: 1 }
        stubs:
          - { operation: pay, reply: \(kind.yaml("paid")) }
      """
    try await withShop(kind, mock) { shop in
      #expect(await shop.pay().hasPrefix("transport"))
      #expect(await shop.pay() == "paid")
      _ = try shop.mocks.setStubs(
        [["operation": "ship", "reply": kind.reply("shipped")]], on: "shop")
      #expect(await shop.pay() == "paid")
      _ = try await shop.reload(mock)
      #expect(await shop.pay() == "paid")
      _ = try await shop.reload(mock + "\n  fallback: fault")
      #expect(await shop.pay().hasPrefix("transport"))
    }
  }

  @Test(
    "what a stub of several replies does wrong is counted for all of them",
    arguments: ShopSystem.allCases)
  func several(_ kind: ShopSystem) async throws {
    let mock = """
        stubs:
          - operation: pay
            order: cycle
            misbehave: { close: before, times: 1 }
            replies: [{ reply: \(kind.yaml("a")) }, { reply: \(kind.yaml("b")) }]
      """
    try await withShop(kind, mock) { shop in
      #expect(await shop.pay().hasPrefix("transport"))
      #expect([await shop.pay(), await shop.pay(), await shop.pay()] == ["b", "a", "b"])
    }
  }

  @Test(
    "a near miss shows no secret, neither the stub's nor the call's", arguments: ShopSystem.allCases
  )
  func secrets(_ kind: ShopSystem) async throws {
    let wrong = String(repeating: "wr0ng", count: 20)
    let mock = """
        secret: [id]
        stubs:
          - { name: door, operation: pay, when: { id: hunter2 }, reply: \(kind.yaml("in")) }
      """
    let told = Mutex<[String?]>([])
    let shown = Mutex<[Value?]>([])
    try await withShop(
      kind, mock,
      {
        $0.observe = { event in
          told.withLock { $0.append(event.nearMiss) }
          shown.withLock { $0.append(event.call?.parameters["id"]) }
        }
      }
    ) { shop in _ = await shop.pay(wrong) }
    let text = try #require(told.withLock { $0.first } ?? nil)
    #expect(text.contains("id expects another secret, found \"***\""))
    #expect(!text.contains("hunter2"))
    #expect(!text.contains("wr0ng"))
    #expect(shown.withLock { $0.first } == "***")
  }
}
