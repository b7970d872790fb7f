import Testing
import Trestle
import TrestleCore

/// What running mocks were called with, by the journal and in memory, and `withMock` as tests use it.
@Suite("Checking calls from Swift", .timeLimit(.minutes(1)))
struct CallCheckTests {
  /// Whether calls are in a journal or in memory.
  enum Keeping: String, CaseIterable, Sendable {
    case journal, memory

    func set(_ options: inout MockRunner.Options) {
      options.journal = self == .journal ? .all(.batched) : .none
    }
  }

  @Test(
    "calls are asked for by operation, parameters, outcome and time, in the journal as in memory",
    arguments: ShopSystem.allCases, Keeping.allCases)
  func queries(_ kind: ShopSystem, _ keeping: Keeping) async throws {
    let mock = """
        scope: { field: id }
        stubs:
          - name: good
            operation: pay
            when: { id: { starts_with: A } }
            reply: \(kind.yaml("yes"))
        responses: { pay: \(kind.yaml("no")) }
      """
    try await withShop(kind, mock, keeping.set) { shop in
      for id in ["A1", "B1", "A2"] { _ = await shop.pay(id) }
      let all = try await shop.mocks.calls()
      #expect(all.map(\.operation) == ["pay", "pay", "pay"])
      #expect(all.map { $0.parameters["id"] } == ["A2", "B1", "A1"])
      #expect(all.map(\.scope) == ["A2", "B1", "A1"])
      #expect(all[0].request?.size ?? 0 > 0)
      let one = try await shop.mocks.calls(
        JournalQuery(conditions: [.init(path: "id", text: "B1")]))
      #expect(one.map(\.origin) == ["response"])
      // Something else than a stub answered: which was the nearest.
      #expect(one.first?.nearMiss?.contains("nearest is \"good\"") == true)
      #expect(one.first?.nearMiss?.contains("id expects") == true)
      #expect(all[0].nearMiss == nil)
      func count(_ query: JournalQuery) async throws -> Int {
        try await shop.mocks.calls(query, bodies: false).count
      }
      #expect(try await count(JournalQuery(origin: "good")) == 2)
      #expect(try await count(JournalQuery(outcomes: [.fault])) == 0)
      #expect(try await count(JournalQuery(operation: "ship")) == 0)
      #expect(try await count(JournalQuery(system: "shop", limit: 2)) == 2)
      #expect(try await count(JournalQuery(text: "B1")) == 1)
      #expect(try await count(JournalQuery(after: all[2].id)) == 2)
      #expect(try await count(JournalQuery(before: all[0].id)) == 2)
      #expect(try await count(JournalQuery(from: all[2].start)) == 3)
      #expect(try await count(JournalQuery(to: all[2].start - 1)) == 0)
      #expect(try await shop.mocks.call(all[1].id).parameters["id"] == "B1")
      let error = await #expect(throws: MockControlError.self) {
        try await shop.mocks.call(999)
      }
      #expect(error?.kind == .notFound)
    }
  }

  @Test(
    "checks hold, or tell what came instead", arguments: ShopSystem.allCases, Keeping.allCases)
  func checks(_ kind: ShopSystem, _ keeping: Keeping) async throws {
    try await withShop(kind, "  responses: { pay: \(kind.yaml("no")) }", keeping.set) { shop in
      let mocks = shop.mocks
      _ = await [shop.pay("A1"), shop.pay("A2")]
      let checks = try ["shop pay exactly 2", "shop pay id=A1 once", "shop ship never"]
        .map { text throws(MockControlError) in try CallCheck(text) }
      let good = try await mocks.verify(checks)
      #expect(good.holds)
      #expect(good.findings.map(\.count) == [2, 1, 0])
      let bad = try await mocks.verify(
        [CallCheck(system: "shop", operation: "pay", where: ["id": "A3"], .once)])
      #expect(!bad.holds)
      #expect(bad.description.contains("expected exactly once, never called"))
      #expect(bad.description.contains("nearest of 2 calls"))
      #expect(bad.description.contains("A1"))
      let inOrder = try await mocks.verify(
        [
          CallCheck(operation: "pay", where: ["id": "A2"]),
          CallCheck(operation: "pay", where: ["id": "A1"]),
        ], inOrder: true)
      #expect(!inOrder.holds)
      if kind != .soap {
        let error = await #expect(throws: MockControlError.self) {
          try await mocks.verify([CallCheck("shop payy once")])
        }
        #expect(error?.kind == .notFound)
        #expect(error?.message.contains("did you mean \"pay\"?") == true)
      }
      var error = await #expect(throws: MockControlError.self) {
        try await mocks.verify([CallCheck("shpo pay")])
      }
      #expect(error?.kind == .notFound)
      error = await #expect(throws: MockControlError.self) {
        try await mocks.verify([CallCheck("shop pay exactly some")])
      }
      #expect(error?.kind == .unreadable)
    }
  }

  @Test(
    "what is masked in the journal cannot be asked for; in memory nothing is masked",
    arguments: ShopSystem.allCases, Keeping.allCases)
  func masked(_ kind: ShopSystem, _ keeping: Keeping) async throws {
    let mock = "  secret: [id]\n  responses: { pay: \(kind.yaml("no")) }"
    try await withShop(kind, mock, keeping.set) { shop in
      _ = await shop.pay("A1")
      let check = try CallCheck("shop pay id=A1 never")
      guard keeping == .journal else {
        return #expect(try await !shop.mocks.verify([check]).holds)
      }
      let error = await #expect(throws: MockControlError.self) {
        try await shop.mocks.verify([check])
      }
      #expect(error?.kind == .invalid)
      #expect(error?.message.contains("id is masked in the journal of shop") == true)
    }
  }

  @Test("without a journal and without memory, calls are not to be had, which is said")
  func nothingKept() async throws {
    try await withShop(.soap, "  fallback: fault", { $0.keepsCalls = 0 }) { shop in
      let error = await #expect(throws: MockControlError.self) { try await shop.mocks.calls() }
      #expect(error?.kind == .conflict)
    }
  }

  @Test("memory keeps the latest calls and lets go of the others")
  func bounded() async throws {
    try await withShop(.tcp, "  responses: { pay: { result: x } }", { $0.keepsCalls = 5 }) { shop in
      for number in 1...12 { _ = await shop.pay("\(number)") }
      let calls = try await shop.mocks.calls()
      #expect(calls.map { $0.parameters["id"] } == ["12", "11", "10", "9", "8"])
    }
  }

  @Test("a test has one system's mock to itself", arguments: ShopSystem.allCases)
  func withOneMock(_ kind: ShopSystem) async throws {
    let files = try TemporaryWorkspace(["adapters/shop.yaml": kind.adapter()])
    try await withMock("shop", in: files.directory) { shop in
      #expect(shop.endpoint.contains(":\(shop.port)"))
      try shop.stub("pay", where: ["id": "A1"], reply: kind.reply("yes"))
      try shop.stub("ship", fault: ["code": kind.faultCode, "message": "no ship"])
      let reply = try await shop.bridge.callLegacySystem(
        "shop", operation: "pay", parameters: ["id": "A1"])
      #expect((reply["result"] ?? reply) == "yes")
      let error = await #expect(throws: BridgeError.self) {
        try await shop.bridge.callLegacySystem("shop", operation: "ship", parameters: ["id": "A1"])
      }
      #expect(error?.fault?.message == "no ship")
      try shop.verify("pay", where: ["id": "A1"], .once)
      try shop.verifyInOrder("pay", .call("ship", where: ["id": "A1"]))
      #expect(shop.calls.map(\.operation) == ["pay", "ship"])
      var failure = #expect(throws: UnexpectedCalls.self) {
        try shop.verify("pay", where: ["id": "A2"], .exactly(2))
      }
      #expect(
        failure?.description
          == """
          shop pay {"id":"A2"}: expected exactly 2 times, never called
            nearest of 1 call:
            shop pay {"id":"A1"}
              id expects "A2", found "A1"
          """)
      failure = #expect(throws: UnexpectedCalls.self) { try shop.verifyInOrder("ship", "pay") }
      #expect(failure?.description.contains("the calls, in order:") == true)
      try await shop.fault(["close": "before", "times": 1])
      await #expect(throws: BridgeError.self) {
        try await shop.bridge.callLegacySystem("shop", operation: "pay", parameters: ["id": "A1"])
      }
      try await shop.reset()
      #expect(shop.calls.isEmpty)
      try shop.verify("pay", .never)
    }
  }

  @Test("two tests have two mocks of the same system", arguments: ShopSystem.allCases)
  func sideBySide(_ kind: ShopSystem) async throws {
    let files = try TemporaryWorkspace(["adapters/shop.yaml": kind.adapter()])
    let workspace = try files.load(.standard)
    try await withMock("shop", in: workspace) { one in
      try await withMock("shop", in: workspace) { other in
        #expect(one.port != other.port)
        try one.stub("pay", reply: kind.reply("one"))
        _ = try await one.bridge.callLegacySystem("shop", operation: "pay", parameters: ["id": "1"])
        try one.verify("pay", .once)
        try other.verify("pay", .never)
      }
    }
  }
}
