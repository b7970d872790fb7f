import Testing
import Trestle
import TrestleCore

/// Stubs and responses that are set while mocks run, on three protocols each.
@Suite("Live stubs", .timeLimit(.minutes(1)))
struct LiveStubTests {
  private static func stub(
    _ shop: RunningShop, _ text: String, name: String? = nil, id: String? = nil,
    priority: Int64? = nil
  ) -> Value {
    var stub: Record = ["operation": "pay", "reply": shop.kind.reply(text)]
    if let name { stub["name"] = .string(name) }
    if let id { stub["when"] = ["id": .string(id)] }
    if let priority { stub["priority"] = .integer(priority) }
    return .object(stub)
  }

  @Test(
    "a live stub answers, goes before one of the file, and is gone when it is removed",
    arguments: ShopSystem.allCases)
  func setAndRemove(_ kind: ShopSystem) async throws {
    let mock = "  stubs: [{ name: ours, operation: pay, reply: \(kind.yaml("file")) }]"
    try await withShop(kind, mock) { shop in
      #expect(await shop.pay() == "file")
      let id = try shop.mocks.setStub(Self.stub(shop, "live"), on: "shop").result
      #expect(await shop.pay() == "live")
      let stubs = try shop.mocks.stubs(of: "shop")
      #expect(stubs.map(\.id) == [id, "ours"])
      #expect(stubs.map(\.origin) == [.live, .file])
      #expect(stubs.map(\.answered) == [1, 1])
      #expect(stubs[0].definition == Self.stub(shop, "live"))
      #expect(stubs[0].place == nil)
      #expect(stubs[1].place?.hasPrefix("adapters/shop.yaml:") == true)
      #expect(try shop.mocks.removeStub(id, on: "shop").id == id)
      #expect(await shop.pay() == "file")
      let error = #expect(throws: MockControlError.self) {
        try shop.mocks.removeStub(id, on: "shop")
      }
      #expect(error?.kind == .notFound)
    }
  }

  @Test("a stub of the file is not taken away", arguments: ShopSystem.allCases)
  func fileStubsStay(_ kind: ShopSystem) async throws {
    let mock = "  stubs: [{ name: ours, operation: pay, reply: \(kind.yaml("file")) }]"
    try await withShop(kind, mock) { shop in
      let error = #expect(throws: MockControlError.self) {
        try shop.mocks.removeStub("ours", on: "shop")
      }
      #expect(error?.kind == .conflict)
      #expect(await shop.pay() == "file")
    }
  }

  @Test(
    "priority goes before age, the latest before the earlier, and a list keeps its order",
    arguments: ShopSystem.allCases)
  func order(_ kind: ShopSystem) async throws {
    let mock =
      "  stubs: [{ name: ours, operation: pay, priority: 3, reply: \(kind.yaml("file")) }]"
    try await withShop(kind, mock) { shop in
      try shop.mocks.setStub(Self.stub(shop, "usual", name: "usual"), on: "shop")
      #expect(await shop.pay() == "file")
      try shop.mocks.setStub(Self.stub(shop, "early", name: "early", priority: 3), on: "shop")
      #expect(await shop.pay() == "early")
      try shop.mocks.setStubs(
        [
          Self.stub(shop, "first", name: "first", priority: 3),
          Self.stub(shop, "second", name: "second", priority: 3),
        ], on: "shop")
      #expect(await shop.pay() == "first")
      // In its place, not before the others.
      try shop.mocks.setStub(Self.stub(shop, "new", name: "early", priority: 3), on: "shop")
      #expect(await shop.pay() == "first")
      try shop.mocks.removeStub("first", on: "shop")
      #expect(await shop.pay() == "second")
      try shop.mocks.removeStub("second", on: "shop")
      #expect(await shop.pay() == "new")
      #expect(try shop.mocks.removeLiveStubs(on: "shop") == 2)
      #expect(await shop.pay() == "file")
    }
  }

  @Test(
    "a list with mistakes changes nothing, and all of them are told with their places",
    arguments: ShopSystem.allCases)
  func allOrNothing(_ kind: ShopSystem) async throws {
    try await withShop(kind) { shop in
      let good = Self.stub(shop, "good")
      let error = #expect(throws: MockControlError.self) {
        try shop.mocks.setStubs(
          [
            good, ["operation": "pay", "repply": "x"],
            ["operation": "pay", "when": ["id": ["matchess": "x", "equals": 1]], "reply": "x"],
            ["reply": "x"], 5, ["operation": "pay", "fault": ["code": 1, "massage": "x"]],
            ["operation": "pay", "reply": "{{request.id"],
          ], on: "shop")
      }
      #expect(error?.kind == .invalid)
      let problems = error?.problems.filter { $0.severity == .error } ?? []
      #expect(
        Set(problems.map(\.pointer)).isSuperset(
          of: ["/1/repply", "/3", "/4", "/5/fault/massage", "/6/reply"]))
      #expect(problems.contains { $0.pointer.hasPrefix("/2/when/id") })
      #expect(problems.contains { $0.message.contains("did you mean \"reply\"?") })
      #expect(problems.contains { $0.message.contains("did you mean \"message\"?") })
      #expect(
        problems.contains {
          $0.message == "the stub lacks \"operation\"" || $0.message == "[3] lacks \"operation\""
        })
      let after = try shop.mocks.stubs(of: "shop")
      #expect(after.isEmpty)
      #expect(await shop.pay().hasPrefix("fault"))
    }
  }

  @Test("ids that are given twice are told, and so are those of responses")
  func doubleIDs() async throws {
    try await withShop(.xmlRPC) { shop in
      var error = #expect(throws: MockControlError.self) {
        try shop.mocks.setStubs(
          [Self.stub(shop, "a", name: "same"), Self.stub(shop, "b", name: "same")], on: "shop")
      }
      #expect(error?.problems.first?.message == "\"same\" is the id of [0] too")
      error = #expect(throws: MockControlError.self) {
        try shop.mocks.setStub(Self.stub(shop, "a"), id: "response pay", on: "shop")
      }
      #expect(error?.kind == .invalid)
    }
  }

  @Test(
    "an operation that the contract lacks is told with the nearest one",
    arguments: [ShopSystem.xmlRPC, .tcp])
  func unknownOperation(_ kind: ShopSystem) async throws {
    try await withShop(kind) { shop in
      var error = #expect(throws: MockControlError.self) {
        try shop.mocks.setStub(["operation": "shipp", "reply": "x"], on: "shop")
      }
      #expect(error?.problems.map(\.pointer) == ["/operation"])
      #expect(error?.problems.first?.message.contains("did you mean \"ship\"?") == true)
      error = #expect(throws: MockControlError.self) {
        try shop.mocks.setResponse("x", to: "shipp", on: "shop")
      }
      #expect(error?.kind == .notFound)
      #expect(error?.known == ["pay", "ship"])
    }
  }

  @Test("a mock that does not run is told with the nearest one")
  func unknownSystem() async throws {
    try await withShop(.soap) { shop in
      let error = #expect(throws: MockControlError.self) { try shop.mocks.stubs(of: "shopp") }
      #expect(error?.kind == .notFound)
      #expect(error?.message.contains("did you mean \"shop\"?") == true)
      #expect(error?.known == ["shop"])
    }
  }

  @Test("what is odd is a warning, and set all the same")
  func warnings() async throws {
    try await withShop(.xmlRPC) { shop in
      let change = try shop.mocks.setStub(
        ["operation": "pay", "when": ["ident": "1"]], id: "odd", on: "shop")
      #expect(change.result == "odd")
      #expect(change.warnings.map(\.severity).allSatisfy { $0 == .warning })
      #expect(change.warnings.contains { $0.message.contains("neither reply nor fault") })
      let again = try shop.mocks.setStub(Self.stub(shop, "x"), id: "other", on: "shop")
      #expect(again.warnings == [])
    }
  }

  @Test(
    "live stubs stay when the file is read again, and what the file has is new",
    arguments: ShopSystem.allCases)
  func reload(_ kind: ShopSystem) async throws {
    func mock(_ text: String) -> String { "  responses: { ship: \(kind.yaml(text)) }" }
    try await withShop(kind, mock("old")) { shop in
      try shop.mocks.setStub(Self.stub(shop, "live"), on: "shop")
      #expect(await shop.call("ship") == "old")
      let reload = try await shop.reload(mock("new"))
      #expect(reload.updated == ["shop"])
      #expect(reload.diagnostics == [])
      #expect(await shop.call("ship") == "new")
      #expect(await shop.pay() == "live")
    }
  }

  @Test("a live stub that a new file takes something from is told")
  func reloadWithMistakes() async throws {
    let mock = """
        data: { items: { file: items.csv, key: id } }
        responses: { ship: x }
      """
    let files = [
      "adapters/shop.yaml": ShopSystem.xmlRPC.adapter(mock), "adapters/items.csv": "id\n1\n",
    ]
    let directory = try TemporaryWorkspace(files)
    try await withMock("shop", in: directory.load(.standard)) { shop in
      try shop.stub("pay", reply: "{{data.items[request.id].id}}")
      try shop.mocks.setScenario("order", to: ["start": "new"], on: "shop")
      try directory.write(
        ShopSystem.xmlRPC.adapter("  responses: { ship: y }"), to: "adapters/shop.yaml")
      let reload = await shop.mocks.reloadAnswers(from: try directory.load(.standard))
      #expect(reload.updated == ["shop"])
      #expect(
        reload.diagnostics.map(\.message) == [
          "shop: live scenario \"order\": no stub is in a scenario \"order\"",
          "shop: live stub \"live-1\": no data \"items\"",
        ])
    }
  }

  @Test(
    "a stub that is set again begins its counts anew, and others keep theirs",
    arguments: ShopSystem.allCases)
  func countsBeginAnew(_ kind: ShopSystem) async throws {
    try await withShop(kind, "  responses: { pay: \(kind.yaml("file")) }") { shop in
      func once(_ name: String) -> Value {
        [
          "name": .string(name), "operation": "pay", "times": 1, "when": ["id": .string(name)],
          "reply": kind.reply("once"),
        ]
      }
      try shop.mocks.setStubs([once("a"), once("b")], on: "shop")
      #expect(await [shop.pay("a"), shop.pay("a")] == ["once", "file"])
      #expect(await [shop.pay("b"), shop.pay("b")] == ["once", "file"])
      try shop.mocks.setStub(once("a"), on: "shop")
      #expect(await [shop.pay("a"), shop.pay("a"), shop.pay("b")] == ["once", "file", "file"])
      #expect(try shop.mocks.stubs(of: "shop").map(\.answered) == [1, 1])
      try await shop.mocks.reset(of: "shop")
      #expect(await [shop.pay("a"), shop.pay("b")] == ["once", "once"])
    }
  }

  @Test(
    "a response goes before everything, setting it again changes nothing, and gives what was before",
    arguments: ShopSystem.allCases)
  func response(_ kind: ShopSystem) async throws {
    let mock = """
        responses: { pay: \(kind.yaml("response")) }
        stubs: [{ operation: pay, priority: 1, reply: \(kind.yaml("stub")) }]
      """
    try await withShop(kind, mock) { shop in
      try shop.mocks.setStub(Self.stub(shop, "live", priority: 0), on: "shop")
      let first = try shop.mocks.setResponse(kind.reply("exactly"), to: "pay", on: "shop")
      #expect(first.result == kind.reply("response"))
      #expect(await shop.pay() == "exactly")
      let second = try shop.mocks.setResponse(kind.reply("exactly"), to: "pay", on: "shop")
      #expect(second.result == kind.reply("exactly"))
      #expect(await shop.pay() == "exactly")
      let ids = try shop.mocks.stubs(of: "shop").map(\.id)
      #expect(ids.filter { $0 == "response pay" } == ["response pay"])
      try shop.mocks.setResponse(
        ["fault": ["code": kind.faultCode, "message": "down"]], to: "pay", on: "shop")
      #expect(await shop.pay() == "fault: down")
      #expect(try shop.mocks.removeResponse(to: "pay", on: "shop") != nil)
      #expect(await shop.pay() == "live")
      #expect(try shop.mocks.removeResponse(to: "pay", on: "shop") == nil)
    }
  }

  @Test(
    "a response to an operation that nothing names is there with a warning, or an error under strict"
  )
  func createdOperation() async throws {
    try await withShop(.soap) { shop in
      let change = try shop.mocks.setResponse(["result": "made"], to: "Refund", on: "shop")
      #expect(change.result == nil)
      #expect(change.warnings.map(\.severity) == [.warning])
      #expect(await shop.call("Refund") == "made")
      #expect(try shop.mocks.setResponse(["result": "x"], to: "Refund", on: "shop").warnings == [])
    }
    try await withShop(.soap, "  fallback: fault\nstrict: true") { shop in
      let error = #expect(throws: MockControlError.self) {
        try shop.mocks.setResponse(["result": "made"], to: "Refund", on: "shop")
      }
      #expect(error?.kind == .invalid)
    }
  }

  @Test(
    "ten thousand stubs are set as one list, and the right one answers",
    arguments: ShopSystem.allCases)
  func manyStubs(_ kind: ShopSystem) async throws {
    try await withShop(kind) { shop in
      let stubs = (0..<10_000).map { Self.stub(shop, "answer \($0)", id: "C-\($0)") }
      let clock = ContinuousClock()
      var ids: [String] = []
      let duration = try clock.measure { ids = try shop.mocks.setStubs(stubs, on: "shop").result }
      #expect(ids.count == 10_000)
      #expect(await shop.pay("C-7777") == "answer 7777")
      #expect(duration < .seconds(20))
    }
  }
}
