import Testing
import Trestle

/// What the journal tells of calls that a mock answered wrongly on purpose.
@Suite("Misbehaved calls in the journal", .timeLimit(.minutes(1)))
struct MisbehavedCallTests {
  @Test(
    "what was done wrong is told, and what went out instead of the reply",
    arguments: ShopSystem.allCases, [true, false])
  func told(_ kind: ShopSystem, _ isJournalled: Bool) async throws {
    let mock = "  secret: [result]\n  responses: { pay: \(kind.yaml("the whole reply")) }"
    try await withShop(kind, mock, { $0.journal = isJournalled ? .all(.batched) : .none }) { shop in
      func call(_ fault: Value) async throws -> JournalEntry {
        let id = try await shop.mocks.setFault(fault, on: "shop")
        _ = await shop.pay()
        try await shop.mocks.clearFaults(of: "shop", id: id)
        return try #require(try await shop.mocks.calls().first)
      }
      let gone = try await call(["close": "before"])
      #expect(gone.outcome == .misbehaved)
      #expect(gone.warnings == ["done wrong on purpose: close: before"])
      #expect(gone.response == nil)
      #expect(gone.status == nil)
      let reset = try await call(["reset": "inside"])
      #expect(reset.outcome == .misbehaved)
      #expect(reset.warnings == ["done wrong on purpose: reset: inside"])
      let noise = try await call(["noise": 40])
      #expect(noise.response?.size == 40)
      #expect(noise.response?.headers.fields.isEmpty == true)
      let damaged = try await call(["damage": "empty"])
      #expect(damaged.outcome == .misbehaved)
      #expect(damaged.response?.size == 0)
      // What is only late is what it is otherwise.
      let late = try await call(["late": "5ms"])
      #expect(late.outcome == .ok)
      #expect(late.warnings == ["done wrong on purpose: late: 5ms"])
      _ = await shop.pay()
      let right = try #require(try await shop.mocks.calls().first)
      #expect(right.outcome == .ok)
      #expect(right.warnings.isEmpty)
      let wrong = try await shop.mocks.calls(JournalQuery(outcomes: [.misbehaved]))
      #expect(wrong.count == 4)
      #expect(wrong.last?.jsonValue()["outcome"] == "misbehaved")
    }
  }
}
