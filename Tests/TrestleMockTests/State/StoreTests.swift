import Testing
import TrestleCore
import TrestleMock

@Suite("A scope's store")
struct StoreTests {
  private static let account: Value = [
    "fallback": "fault",
    "stubs": [
      [
        "operation": "withdraw", "when_true": "(store.balance or 100) < request.amount",
        "fault": ["code": "Client", "message": "only {{store.balance or 100}} left"],
      ],
      [
        "operation": "withdraw", "set": ["balance": "{{(store.balance or 100) - request.amount}}"],
        "reply": "{{store.balance}}",
      ],
      ["operation": "close", "when_store": ["balance": ["gt": 0]], "reply": "not empty"],
      ["operation": "close", "set": ["balance": nil], "reply": "closed"],
      [
        "operation": "note", "set": ["note {{request.id}}": "{{request.text}}"],
        "reply": "{{store[concat('note ', request.id)]}}",
      ],
    ],
  ]

  @Test("templates read what the same call has put in, and conditions what was in before")
  func balance() {
    let mock = StatefulMock(Self.account)
    #expect(mock.problems == [])
    #expect(mock.value("withdraw", ["amount": 30]) == 70)
    #expect(mock.value("withdraw", ["amount": 70], scope: "b") == 30)
    #expect(mock.value("withdraw", ["amount": 71]) == "only 70 left")
    #expect(mock.value("close") == "not empty")
    #expect(mock.value("withdraw", ["amount": 70]) == 0)
    #expect(mock.value("close") == "closed")
    #expect(mock.engine.store() == [:])
    #expect(mock.engine.store(scope: "b") == ["balance": 30])
  }

  @Test("a key may be worked out; what is absent takes it away")
  func keys() {
    let mock = StatefulMock(Self.account)
    #expect(mock.value("note", ["id": "7", "text": "x"]) == "x")
    #expect(mock.engine.store() == ["note 7": "x"])
    #expect(mock.value("note", ["id": "7"]) == .null)
    #expect(mock.engine.store() == [:])
  }

  @Test("what cannot be worked out is a fault, and nothing is half done")
  func failure() throws {
    let mock = StatefulMock([
      "stubs": [
        [
          "operation": "do", "times": 1, "scenario": "s", "to": "done",
          "set": ["a": 1, "b": "{{request.x + 1}}"], "reply": "{{store.b}}",
        ]
      ]
    ])
    let fault = try #require(mock.reply("do", ["x": "no number"]).fault)
    #expect(fault.message.contains("stub 'stub 1'") && fault.message.contains("expects numbers"))
    #expect(mock.engine.store() == [:])
    #expect(try mock.engine.scenario("s").state == "started")
    #expect(mock.value("do", ["x": 1]) == 2)
  }

  @Test("it is read and written from outside")
  func outside() throws {
    let mock = StatefulMock(Self.account)
    try mock.engine.setStored("balance", to: 5, scope: "a")
    #expect(mock.value("withdraw", ["amount": 5], scope: "a") == 0)
    try mock.engine.setStored("balance", to: .null, scope: "a")
    #expect(mock.engine.store(scope: "a") == [:])
    try mock.engine.setStored("x", to: 1)
    mock.engine.clearStore()
    #expect(mock.engine.store() == [:])
  }

  @Test(
    "it is bounded: the key written longest ago goes and is told, and what has no room is refused")
  func bounds() throws {
    let mock = StatefulMock(Self.account)
    for number in 0...1000 { try mock.engine.setStored("k\(number)", to: .integer(Int64(number))) }
    #expect(mock.engine.store().count == 1000)
    #expect(mock.engine.store()["k0"] == nil)
    #expect(mock.engine.state.notices.last?.contains("\"k0\" was forgotten") == true)
    let large = Value.string(String(repeating: "x", count: 300_000))
    let error = #expect(throws: MockStateError.self) { try mock.engine.setStored("k1", to: large) }
    #expect(error?.description.contains("300018 bytes") == true)
    #expect(mock.engine.store()["k1"] == 1)
  }
}

@Suite("Scopes")
struct ScopeTests {
  private static let counting: Value = [
    "responses": ["do": "{{counter('calls')}}"]
  ]

  @Test("calls that name none share one; names compare by the header's value")
  func header() {
    let mock = StatefulMock(Self.counting)
    #expect(mock.value() == 1)
    #expect(mock.value() == 2)
    #expect(mock.value(scope: "a") == 1)
    #expect(mock.value(scope: "") == 3)
    mock.engine.reset()
    #expect(mock.value() == 1)
    #expect(mock.value(scope: "a") == 2)
  }

  @Test("a parameter, a header block or a connection can name it")
  func rules() {
    func mock(_ scope: Value) -> StatefulMock {
      var definition = Self.counting.objectValue ?? [:]
      definition["scope"] = scope
      return StatefulMock(.object(definition))
    }
    let field = mock(["field": "test.id"])
    #expect(field.value("do", ["test": ["id": 7]]) == 1)
    #expect(field.value("do", ["test": ["id": "7"]]) == 2)
    #expect(field.value("do", ["test": ["id": 8]]) == 1)

    let block = mock(["header_block": "Session.Id"])
    for (id, expected) in [("x", 1), ("y", 1), ("x", 2)] as [(Value, Value)] {
      let call = Call(operation: "do", headers: ["Session": ["Id": ["_text": id, "_must": 1]]])
      guard case .now(let reply) = block.engine.respond(to: call) else { continue }
      #expect(reply.value == expected)
    }

    let connection = mock("connection")
    let (first, second) = (WireSender(peer: "a"), WireSender(peer: "a"))
    #expect(connection.reply(sender: first).value == 1)
    #expect(connection.reply(sender: second).value == 1)
    #expect(connection.reply(sender: first).value == 2)
  }

  @Test("there are so many at most: the one used longest ago goes, and it is told")
  func bound() {
    var limits = MockState.Limits()
    limits.scopes = 2
    let mock = StatefulMock(Self.counting, limits: limits)
    #expect(mock.value(scope: "a") == 1)
    #expect(mock.value(scope: "b") == 1)
    #expect(mock.value(scope: "a") == 2)
    #expect(mock.value(scope: "c") == 1)
    #expect(mock.engine.state.scopeNames == ["a", "c"])
    #expect(mock.engine.state.notices == ["scope \"b\" was forgotten: there are 2 scopes"])
    #expect(mock.value(scope: "a") == 3)
    #expect(mock.value(scope: "b") == 1)
  }

  @Test("all stores together are bounded too")
  func bytes() throws {
    var limits = MockState.Limits()
    limits.bytes = 3000
    let mock = StatefulMock(Self.counting, limits: limits)
    let text = Value.string(String(repeating: "x", count: 1000))
    for name in ["a", "b", "c"] { try mock.engine.setStored("k", to: text, scope: name) }
    #expect(mock.engine.state.scopeNames == ["b", "c"])
    #expect(mock.engine.state.notices.first?.contains("all stores together are full") == true)
  }
}
