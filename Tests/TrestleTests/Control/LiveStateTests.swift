import Testing
import Trestle
import TrestleCore

/// Scenarios, stores and resets of running mocks, on three protocols each.
@Suite("Steering the state of mocks", .timeLimit(.minutes(1)))
struct LiveStateTests {
  private func responses(_ kind: ShopSystem, _ text: String) -> Value {
    ["responses": ["pay": kind.reply(text)]]
  }

  @Test(
    "of the sets of responses one is on, and switching tells which was on before",
    arguments: ShopSystem.allCases)
  func responseSets(_ kind: ShopSystem) async throws {
    let mock = "  stubs: [{ operation: pay, priority: 1, reply: \(kind.yaml("usual")) }]"
    try await withShop(kind, mock) { shop in
      let mocks = shop.mocks
      try mocks.setScenario("busy", to: responses(kind, "later"), on: "shop")
      let outage: Value = [
        "responses": ["pay": ["fault": ["code": kind.faultCode, "message": "down"]]]
      ]
      let made = try mocks.setScenario("outage", to: outage, on: "shop").result
      #expect(made.kind == .responses)
      #expect(made.state == "off")
      #expect(made.origin == .live)
      #expect(await shop.pay() == "usual")
      #expect(try mocks.switchScenario("busy", on: "shop") == nil)
      #expect(await shop.pay() == "later")
      #expect(try mocks.switchScenario("outage", on: "shop") == "busy")
      #expect(await shop.pay() == "fault: down")
      #expect(try mocks.scenarios(of: "shop").map(\.state) == ["off", "on"])
      // One that is off is not switched off, and the other stays.
      #expect(try mocks.switchScenario("busy", to: "off", on: "shop") == "outage")
      #expect(await shop.pay() == "fault: down")
      #expect(try mocks.resetScenario("outage", on: "shop") == "outage")
      #expect(await shop.pay() == "usual")
      try mocks.switchScenario("busy", on: "shop")
      try mocks.removeScenario("busy", on: "shop")
      #expect(await shop.pay() == "usual")
      #expect(try mocks.scenarios(of: "shop").map(\.name) == ["outage"])
      // Created again, it is as new.
      try mocks.setScenario("busy", to: responses(kind, "later"), on: "shop")
      #expect(await shop.pay() == "usual")
    }
  }

  @Test(
    "a set of responses in the file works like one that was created", arguments: ShopSystem.allCases
  )
  func fileSets(_ kind: ShopSystem) async throws {
    let mock = """
        scenarios:
          outage: { responses: { pay: { fault: { code: \(kind.faultCode.scalarText ?? ""), message: down } } } }
        responses: { pay: \(kind.yaml("usual")) }
      """
    try await withShop(kind, mock) { shop in
      #expect(await shop.pay() == "usual")
      try shop.mocks.switchScenario("outage", on: "shop")
      #expect(await shop.pay() == "fault: down")
      try shop.mocks.setResponse(kind.reply("exactly"), to: "pay", on: "shop")
      #expect(await shop.pay() == "exactly")
      try shop.mocks.removeResponse(to: "pay", on: "shop")
      let error = #expect(throws: MockControlError.self) {
        try shop.mocks.removeScenario("outage", on: "shop")
      }
      #expect(error?.kind == .conflict)
      try await shop.mocks.reset(of: "shop")
      #expect(await shop.pay() == "usual")
    }
  }

  @Test("scenarios created live stay when the file is read again", arguments: ShopSystem.allCases)
  func survival(_ kind: ShopSystem) async throws {
    try await withShop(kind, "  responses: { pay: \(kind.yaml("old")) }") { shop in
      try shop.mocks.setScenario("busy", to: responses(kind, "later"), on: "shop")
      try shop.mocks.switchScenario("busy", on: "shop")
      _ = try await shop.reload("  responses: { pay: \(kind.yaml("new")) }")
      #expect(await shop.pay() == "later")
      try shop.mocks.resetScenario("busy", on: "shop")
      #expect(await shop.pay() == "new")
    }
  }

  @Test(
    "a machine is switched to a state, and tells the one before", arguments: ShopSystem.allCases)
  func machine(_ kind: ShopSystem) async throws {
    let mock = """
        stubs:
          - { operation: pay, scenario: order, state: new, to: paid, reply: \(kind.yaml("first")) }
          - { operation: pay, scenario: order, state: paid, reply: \(kind.yaml("again")) }
          - { operation: pay, reply: \(kind.yaml("neither")) }
      """
    try await withShop(kind, mock) { shop in
      let mocks = shop.mocks
      #expect(await shop.pay() == "neither")
      let made = try mocks.setScenario("order", to: ["start": "new"], on: "shop").result
      #expect(made.states == ["new", "paid"])
      #expect(await [shop.pay(), shop.pay()] == ["first", "again"])
      #expect(try mocks.switchScenario("order", to: "new", on: "shop") == "paid")
      #expect(await shop.pay() == "first")
      #expect(try mocks.resetScenario("order", on: "shop") == "paid")
      var error = #expect(throws: MockControlError.self) {
        try mocks.switchScenario("order", to: "payd", on: "shop")
      }
      #expect(error?.message == "scenario order has no state \"payd\"; did you mean \"paid\"?")
      error = #expect(throws: MockControlError.self) {
        try mocks.switchScenario("order", on: "shop")
      }
      #expect(error?.kind == .unreadable)
      error = #expect(throws: MockControlError.self) {
        try mocks.switchScenario("ordr", to: "paid", on: "shop")
      }
      #expect(error?.message == "Scenario ordr not found; did you mean \"order\"?")
      #expect(error?.kind == .notFound)
    }
  }

  @Test("a scenario with mistakes is not set, and all of them are told")
  func mistakes() async throws {
    let mock = "  stubs: [{ operation: pay, scenario: order, state: new, reply: x }]"
    try await withShop(.xmlRPC, mock) { shop in
      func problems(_ name: String, _ definition: Value) -> [String] {
        let error = #expect(throws: MockControlError.self) {
          try shop.mocks.setScenario(name, to: definition, on: "shop")
        }
        #expect(error?.kind == .invalid)
        return error?.problems.filter { $0.severity == .error }.map(\.pointer) ?? []
      }
      #expect(problems("a", ["response": [:]]) == ["/response"])
      #expect(
        problems("a", ["responses": ["payy": "x", "ship": ["fault": ["massage": "x"]]]])
          == ["/responses/ship/fault/massage", "/responses/payy"])
      #expect(problems("a", 5) == [""])
      #expect(problems("order", ["responses": ["pay": "x"]]) == ["/mock/stubs/0/scenario"])
      let names = try shop.mocks.scenarios(of: "shop").map(\.name)
      #expect(names == ["order"])
    }
  }

  @Test(
    "stores are looked at, written, and emptied, each scope for itself",
    arguments: ShopSystem.allCases)
  func stores(_ kind: ShopSystem) async throws {
    let reply = kind == .xmlRPC ? "\"{{store.left or 0}}\"" : "{ result: \"{{store.left or 0}}\" }"
    let mock = """
        scope: { field: id }
        stubs: [{ operation: pay, reply: \(reply) }]
      """
    try await withShop(kind, mock) { shop in
      let mocks = shop.mocks
      #expect(try mocks.setStored(7, under: "left", on: "shop", scope: "ann") == nil)
      #expect(try mocks.setStored(8, under: "left", on: "shop", scope: "ann") == 7)
      #expect(await [shop.pay("ann"), shop.pay("bob")] == ["8", "0"])
      #expect(try mocks.store(of: "shop", scope: "ann") == ["left": 8])
      #expect(try mocks.store(of: "shop", scope: "bob") == [:])
      #expect(try mocks.scopes(of: "shop") == ["ann", "bob"])
      let error = #expect(throws: MockControlError.self) {
        try mocks.removeStored("lefft", on: "shop", scope: "ann")
      }
      #expect(error?.message.contains("did you mean \"left\"?") == true)
      #expect(try mocks.removeStored("left", on: "shop", scope: "ann") == 8)
      try mocks.setStored("x", under: "a", on: "shop", scope: "ann")
      #expect(try mocks.clearStore(of: "shop", scope: "ann") == 1)
      #expect(try mocks.store(of: "shop", scope: "ann") == [:])
    }
  }

  @Test(
    "a reset is of one scope, of all, or of everything that was set", arguments: ShopSystem.allCases
  )
  func resets(_ kind: ShopSystem) async throws {
    let mock = """
        scope: { field: id }
        stubs: [{ operation: pay, times: 1, reply: \(kind.yaml("first")) }]
        responses: { pay: \(kind.yaml("more")) }
      """
    try await withShop(kind, mock) { shop in
      func each() async -> [String] { await [shop.pay("ann"), shop.pay("bob")] }
      _ = await each()
      try await shop.mocks.reset(.scope("ann"), of: "shop")
      #expect(await each() == ["first", "more"])
      try await shop.mocks.reset(.allScopes)
      #expect(await each() == ["first", "first"])
      #expect(try shop.mocks.stubs(of: "shop").map(\.answered) == [2])
      try shop.mocks.setResponse(kind.reply("live"), to: "pay", on: "shop")
      try shop.mocks.setScenario("busy", to: responses(kind, "later"), on: "shop")
      try await shop.mocks.setFault(["close": "before"], on: "shop")
      try await shop.mocks.reset(.allScopes)
      #expect(try shop.mocks.stubs(of: "shop").count == 2)
      try await shop.mocks.reset(.everything)
      #expect(try shop.mocks.stubs(of: "shop").count == 1)
      #expect(try shop.mocks.scenarios(of: "shop") == [])
      #expect(try shop.mocks.faults(of: "shop").count == 0)
      #expect(await each() == ["first", "first"])
      await #expect(throws: MockControlError.self) { try await shop.mocks.reset(of: "shp") }
    }
  }

  @Test("what had to be forgotten is told", arguments: ShopSystem.allCases)
  func notices(_ kind: ShopSystem) async throws {
    let (told, telling) = AsyncStream.makeStream(of: String.self)
    let mock = "  scope: { field: id }\n  responses: { pay: \(kind.yaml("{{counter('x')}}")) }"
    try await withShop(
      kind, mock, { $0.onNotice = { telling.yield("\($0): \($1)") } }
    ) { shop in
      for number in 0...1000 {
        try shop.mocks.setStored(1, under: "k", on: "shop", scope: "s\(number)")
      }
      #expect(
        try shop.mocks.notices(of: "shop") == ["scope \"s0\" was forgotten: there are 1000 scopes"])
    }
    telling.finish()
    #expect(
      await told.first { _ in true } == "shop: scope \"s0\" was forgotten: there are 1000 scopes")
  }
}
