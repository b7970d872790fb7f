import Testing
import TrestleCore
import TrestleMock

@Suite("Scenarios")
struct ScenarioTests {
  private static let order: Value = [
    "scenarios": ["order": ["start": "new"]], "fallback": "fault",
    "stubs": [
      [
        "name": "pay", "operation": "pay", "scenario": "order", "state": "new", "to": "paid",
        "reply": "thanks",
      ],
      [
        "name": "ship", "operation": "ship", "scenario": "order", "state": ["paid", "packed"],
        "to": "gone", "reply": "on its way",
      ],
      [
        "name": "status", "operation": "status", "scenario": "order", "state": "gone",
        "reply": "gone",
      ],
      ["name": "any status", "operation": "status", "reply": "here"],
    ],
  ]

  @Test("a stub answers in its states and leads to another with the same step")
  func steps() {
    let mock = StatefulMock(Self.order)
    #expect(mock.problems == [])
    #expect(mock.value("status") == "here")
    #expect(mock.value("pay") == "thanks")
    #expect(mock.value("ship") == "on its way")
    #expect(mock.value("status") == "gone")
  }

  @Test("a call in the wrong state gets a fault that says which it is in and which were asked for")
  func wrongState() throws {
    let mock = StatefulMock(Self.order)
    let fault = try #require(mock.reply("ship").fault)
    #expect(fault.isUnmatched)
    #expect(
      fault.message.contains(#"scenario order expects "paid" or "packed", found "new""#))
    // What did not answer did not change anything either.
    #expect(try mock.engine.scenario("order").state == "new")
  }

  @Test("what changes in one scope is not seen in another")
  func scopes() throws {
    let mock = StatefulMock(Self.order)
    #expect(mock.value("pay", scope: "a") == "thanks")
    #expect(try mock.engine.scenario("order", scope: "a").state == "paid")
    #expect(try mock.engine.scenario("order", scope: "b").state == "new")
    #expect(try mock.engine.scenario("order").state == "new")
    #expect(mock.value("pay", scope: "b") == "thanks")
    #expect(mock.engine.state.scopeNames == ["a", "b"])
    mock.engine.reset(scope: "a")
    #expect(mock.value("pay", scope: "a") == "thanks")
    #expect(mock.reply("pay", scope: "b").fault != nil)
  }

  @Test("scenarios are listed with their states, switched, and put back to their start")
  func switching() throws {
    let mock = StatefulMock(Self.order)
    let listed = try #require(mock.engine.scenarios().first)
    #expect(listed.states == ["new", "paid", "packed", "gone"])
    #expect(listed.start == "new")
    #expect(try mock.engine.switchScenario("order", to: "packed") == "new")
    #expect(mock.value("ship") == "on its way")
    try mock.engine.resetScenario("order")
    #expect(mock.value("pay") == "thanks")
    mock.engine.resetAll()
    #expect(try mock.engine.scenario("order").state == "new")
    #expect(mock.engine.counts().allSatisfy { $0.answered == 0 })
  }

  @Test("an unknown scenario or state is told with the nearest right word")
  func unknown() {
    let mock = StatefulMock(Self.order)
    let scenario = #expect(throws: MockStateError.self) { try mock.engine.scenario("ordr") }
    #expect(scenario?.description.hasPrefix("Scenario ordr not found") == true)
    #expect(scenario?.description.contains("\"order\"") == true)
    let state = #expect(throws: MockStateError.self) {
      try mock.engine.switchScenario("order", to: "pad")
    }
    #expect(state?.description.contains("\"paid\"") == true)
  }

  @Test("state goes on when the file is read again, by the stubs' names or their places")
  func reload() throws {
    let definition: Value = [
      "fallback": "fault",
      "stubs": [
        ["name": "first", "operation": "do", "times": 2, "reply": 1],
        ["operation": "other", "times": 1, "reply": 2],
      ],
    ]
    let mock = StatefulMock(definition)
    #expect(mock.value() == 1)
    #expect(mock.value("other") == 2)
    mock.reload([
      "fallback": "fault",
      "stubs": [
        ["name": "first", "operation": "do", "times": 2, "reply": 10],
        ["operation": "other", "times": 1, "reply": 20],
        ["operation": "do", "reply": "later"],
      ],
    ])
    #expect(mock.value() == 10)
    #expect(mock.value() == "later")
    #expect(
      mock.reply("other").fault?.message.contains("times expects call 1 at the latest, found 2")
        == true)
    #expect(mock.engine.counts().map(\.answered) == [2, 1, 1])
  }

  @Test(
    "mistakes are told at load with their place and the nearest right word",
    arguments: [
      (
        ["stubs": [["operation": "a", "to": "x"]]],
        "error stubs[0].to: \"to\" is a state of a scenario, and none is named"
      ),
      (
        ["scenarios": ["ordr": [:]], "stubs": [["operation": "a", "scenario": "order"]]],
        "warning scenarios.ordr: no stub is in a scenario \"ordr\"; did you mean \"order\"?"
      ),
      (
        [
          "stubs": [
            ["operation": "a", "scenario": "o", "to": "paid"],
            ["operation": "b", "scenario": "o", "state": "payd"],
          ]
        ], "warning stubs[1].state: nothing leads to state \"payd\"; did you mean \"paid\"?"
      ),
      (
        ["stubs": [["operation": "a", "reply": 1, "raw": "x"]]],
        "error stubs[0].raw: a stub answers with one of reply, fault, raw and replies; this has reply and raw"
      ),
      (
        ["stubs": [["operation": "a", "raw": ["hex": "0"]]]],
        "error stubs[0].raw.hex: expects two hexadecimal digits a byte"
      ),
      (
        ["stubs": [["operation": "a", "raw": ["hex": "00", "text": ""]]]],
        "error stubs[0].raw: raw has one of text, hex and base64"
      ),
      (
        ["stubs": [["operation": "a", "replies": [["reply": 1, "weight": 2]]]]],
        "warning stubs[0].replies[0].weight: a weight says nothing without order: random"
      ),
      (
        ["stubs": [["operation": "a", "order": "cycle", "reply": 1]]],
        "warning stubs[0].order: an order says nothing without replies"
      ),
      (
        ["stubs": [["operation": "a", "reply": "{{stor.x}}"]]],
        "error stubs[0].reply: {{stor.x}}: unknown name \"stor\""
      ),
      (
        ["stubs": [["operation": "a", "when_true": "request.id +"]]],
        "error stubs[0].when_true: {{request.id +}}: expected a value, found the end"
      ),
      (
        ["stubs": [["operation": "a", "reply": "{{row('customers', 1)}}"]]],
        "error stubs[0].reply: no data \"customers\""
      ),
      (
        ["scope": ["header": ""]],
        "error scope: a scope is connection, or one of header, header_block and field"
      ),
      (
        ["scope": ["header_block": "Session"]],
        "warning scope.header_block: messages of Shop have no header blocks"
      ),
    ] as [(Value, String)])
  func mistakes(definition: Value, problem: String) {
    #expect(StatefulMock(definition).problems == [problem])
  }
}
