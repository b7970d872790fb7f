import Testing
import TrestleCore

@testable import Trestle

/// What live changes leave behind: nothing, and nobody's count.
@Suite("Forgetting what is gone", .timeLimit(.minutes(1)))
struct LiveForgettingTests {
  @Test("a stub that is set again is counted apart from the one before")
  func generations() async throws {
    try await withShop(.tcp) { shop in
      let engine = try shop.mocks.control(of: "shop").engine
      let stub: Value = [
        "id": "one", "operation": "pay", "times": 1, "reply": ["result": "yes"],
      ]
      let file = engine.state.identities
      func own() -> Set<String> { engine.state.identities.subtracting(file) }
      try shop.mocks.setStub(stub, on: "shop")
      #expect(await shop.pay() == "yes")
      let first = own()
      #expect(first.count == 1)
      try shop.mocks.setStub(stub, on: "shop")
      #expect(await shop.pay() == "yes")
      // A call that is still answered by the one before would count for that one.
      #expect(own().count == 1)
      #expect(own().isDisjoint(with: first))
      try shop.mocks.removeLiveStubs(on: "shop")
      #expect(own().isEmpty)
    }
  }

  @Test("what is set and taken away leaves nothing", arguments: ShopSystem.allCases)
  func nothingStays(_ kind: ShopSystem) async throws {
    try await withShop(kind) { shop in
      let mocks = shop.mocks
      let state = try mocks.control(of: "shop").engine.state
      let before = state.identities
      for number in 1...5 {
        let name = "set \(number)"
        try mocks.setScenario(name, to: ["responses": ["pay": kind.reply("yes")]], on: "shop")
        try mocks.switchScenario(name, on: "shop")
        #expect(await shop.pay() == "yes")
        try mocks.removeScenario(name, on: "shop")
        try mocks.setResponse(kind.reply("fixed"), to: "pay", on: "shop")
        #expect(await shop.pay() == "fixed")
        try mocks.removeResponse(to: "pay", on: "shop")
      }
      #expect(state.identities == before)
    }
  }

  @Test("of two who take the same thing away at once, one does")
  func atOnce() async throws {
    try await withShop(.tcp) { shop in
      let mocks = shop.mocks
      for round in 1...50 {
        let name = "round \(round)"
        try mocks.setScenario(
          name, to: ["responses": ["pay": ["result": "yes"]]], on: "shop")
        try mocks.setStub(
          ["id": .string(name), "operation": "pay", "reply": ["result": "x"]], on: "shop")
        let removals: [@Sendable () throws -> Void] = [
          { try mocks.removeScenario(name, on: "shop") },
          { _ = try mocks.removeStub(name, on: "shop") },
        ]
        for removal in removals {
          let count = await withTaskGroup { group in
            for _ in 1...4 { group.addTask { (try? removal()) != nil } }
            return await group.reduce(0) { $0 + ($1 ? 1 : 0) }
          }
          #expect(count == 1)
        }
      }
    }
  }
}
