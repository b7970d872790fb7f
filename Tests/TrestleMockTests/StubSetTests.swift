import Testing
import TrestleCore
import TrestleMock

private let contract = Contract(
  name: "Claims",
  operations: [
    Operation(name: "GetClaim", effects: .read) {
      Operation.Schemas(
        input: object([
          ("id", scalar(.string)), ("amount", scalar(.decimal)), ("kind", scalar(.string)),
          ("tags", Schema(.array(ArraySchema(item: scalar(.string))))),
          ("owner", object([("name", scalar(.string)), ("age", scalar(.integer, .number))])),
        ]), output: object([("status", scalar(.string))]))
    },
    Operation(name: "Ping") { Operation.Schemas(input: object([]), output: .nothing) },
  ], hasHeaders: true)

private func scalar(
  _ kind: ScalarSchema.Kind, _ form: ScalarSchema.JSONForm = .string
) -> Schema {
  Schema(.scalar(ScalarSchema(kind: kind, form: form, typeName: "xs:\(kind.rawValue)")))
}

private func object(_ members: [(String, Schema)]) -> Schema {
  Schema(
    .object(
      ObjectSchema(
        members: members.map { ObjectSchema.Member(name: $0.0, schema: $0.1, isRequired: false) })))
}

/// A mock of the claims contract, from what would stand under `mock:`.
private struct Mock {
  let engine: StubEngine
  let problems: [String]

  init(_ definition: Value, contract: Contract = contract) {
    var problems: [ValueProblem] = []
    let stubs = StubSet(MockDefinition(definition), contract: contract, problems: &problems)
    engine = StubEngine(stubs, generators: .fixed(milliseconds: 1_000_000_000_000))
    self.problems = problems.map { "\($0.path): \($0.message)" }
  }

  func reply(_ operation: String = "GetClaim", _ parameters: Record) -> Reply {
    reply(to: Call(operation: operation, parameters: parameters))
  }

  func reply(to call: Call) -> Reply {
    guard case .now(let reply) = engine.respond(to: call) else { return .value(.null) }
    return reply
  }
}

@Suite("Stubs")
struct StubSetTests {
  @Test(
    "a stub that only misbehaves answers as usual, also where calls that nothing fits get a fault")
  func onlyMisbehaving() {
    let stub: Value = ["operation": "GetClaim", "when": ["id": "1"], "misbehave": ["status": 500]]
    let mock = Mock(["fallback": "fault", "stubs": [stub]])
    let reply = mock.reply("GetClaim", ["id": "1"])
    #expect(reply.value?["status"] != nil, "\(reply)")
    #expect(mock.reply("GetClaim", ["id": "2"]).fault?.isUnmatched == true)
    let open = Contract(name: "open", operations: [], isOpen: true)
    let bare = Mock(["fallback": "fault", "stubs": [stub]], contract: open)
    let fault = bare.reply("GetClaim", ["id": "1"]).fault
    #expect(fault?.message.hasPrefix("stub \"stub 1\" fits GetClaim but says no reply") == true)
  }

  /// A stub under test answers `hit`; what it does not match falls through to the response `miss`.
  private func matches(_ when: Value, _ parameters: Record) -> Bool {
    let mock = Mock([
      "responses": ["GetClaim": ["status": "miss"]],
      "stubs": [["operation": "GetClaim", "when": when, "reply": ["status": "hit"]]],
    ])
    #expect(mock.problems == [])
    return mock.reply("GetClaim", parameters).value == ["status": "hit"]
  }

  @Test(
    "a condition is partial, and the contract says how values compare",
    arguments: [
      ([:], [:], true), (["id": "42"], ["id": "42", "kind": "x"], true),
      (["id": "42"], ["id": "43"], false), (["id": "42"], [:], false),
      // A declared text compares as text, also against an unquoted number.
      (["id": "10.50"], ["id": "10.5"], false), (["id": 42], ["id": "42"], true),
      // A declared number compares by value, also in quotes.
      (["amount": "10.50"], ["amount": "10.5"], true),
      (["amount": 10.5], ["amount": "10.50"], true),
      (["amount": "10.51"], ["amount": "10.5"], false),
      (["owner": ["name": "Ann"]], ["owner": ["name": "Ann", "age": 9]], true),
      (["owner": ["name": "Ann", "age": 8]], ["owner": ["name": "Ann", "age": 9]], false),
      (["tags": ["a", "b"]], ["tags": ["a", "b"]], true),
      (["tags": ["a"]], ["tags": ["a", "b"]], false),
      (["id": ["contains": "4"]], ["id": "142"], true),
      (["id": ["contains": "5"]], ["id": "142"], false),
      (["tags": ["contains": "b"]], ["tags": ["a", "b"]], true),
      (["tags": ["contains": "c"]], ["tags": ["a", "b"]], false),
      (["id": ["any": true]], ["id": ""], true), (["id": ["any": true]], [:], false),
      (["id": ["absent": true]], [:], true), (["id": ["absent": true]], ["id": "1"], false),
      (["owner": ["age": ["absent": true]]], [:], true),
      (["amount": ["gt": 10, "lte": "20"]], ["amount": "20.00"], true),
      (["amount": ["gt": 10, "lte": "20"]], ["amount": "9"], false),
      (["id": ["not": "42"]], ["id": "43"], true),
      (["id": ["not": ["contains": "4"]]], ["id": "43"], false),
      (["id": ["one_of": ["1", "2"]]], ["id": "2"], true),
      (["id": ["one_of": ["1", "2"]]], ["id": "3"], false),
      (["id": ["matches": "^X"]], ["id": "X1"], true),
      (["id": ["matches": "^X"]], ["id": "aX1"], false),
      (["id": ["matches": "[0-9]{2}"]], ["id": "a\n12b"], true),
      (["id": ["matches": "a|^b$"]], ["id": "bb"], false),
      (["id": ["matches": "a|^b$"]], ["id": "bab"], true),
      (["id": ["matches": #"\.$"#]], ["id": "a."], true),
      (["id": nil], ["id": nil], true), (["id": nil], ["id": "x"], false),
    ] as [(Value, Record, Bool)])
  func conditions(when: Value, parameters: Record, expected: Bool) {
    #expect(matches(when, parameters) == expected)
  }

  @Test("the first stub that matches answers, before the response and the sample")
  func order() {
    let mock = Mock([
      "responses": ["GetClaim": ["status": "response"]],
      "stubs": [
        ["operation": "GetClaim", "when": ["id": "1"], "reply": ["status": "first"]],
        ["operation": "GetClaim", "when": ["id": "1"], "reply": ["status": "second"]],
        ["operation": "GetClaim", "when": ["kind": "x"], "reply": ["status": "third"]],
      ],
    ])
    #expect(mock.reply("GetClaim", ["id": "1", "kind": "x"]).value == ["status": "first"])
    #expect(mock.reply("GetClaim", ["kind": "x"]).value == ["status": "third"])
    #expect(mock.reply("GetClaim", [:]).value == ["status": "response"])
    #expect(mock.reply("GetClaim", [:]).origin == "response")
    #expect(mock.reply("Ping", [:]).origin == "sample")
  }

  @Test("a stub's headers go along with its reply, filled in from the request and its headers")
  func headers() {
    let mock = Mock([
      "stubs": [
        [
          "operation": "GetClaim", "reply": ["status": "open"],
          "headers": ["Receipt": ["of": "{{request.id}}", "to": "{{headers.Session.user}}"]],
        ],
        ["operation": "Ping", "reply": .null],
      ]
    ])
    var call = Call(operation: "GetClaim", parameters: ["id": "7"])
    call.headers = ["Session": ["user": "ada"]]
    #expect(mock.reply(to: call).headers == ["Receipt": ["of": "7", "to": "ada"]])
    #expect(mock.reply(to: call).value == ["status": "open"])
    #expect(mock.reply("Ping", [:]).headers == [:])
  }

  @Test("headers that cannot be filled in are a fault that says so; wrong ones are told at load")
  func failingHeaders() {
    let mock = Mock([
      "stubs": [
        [
          "operation": "GetClaim", "reply": ["status": "open"],
          "headers": ["Receipt": "{{request.id * 2}}"],
        ],
        [
          "operation": "Ping", "reply": .null, "headers": ["Receipt": "{{request.id *}}"],
        ],
      ]
    ])
    let fault = mock.reply("GetClaim", ["id": "four"]).fault
    #expect(fault?.message.contains("headers of its stub 'stub 1'") == true)
    #expect(mock.problems.count == 1)
    #expect(mock.problems.first?.hasPrefix("stubs[1].headers.Receipt") == true)
  }

  @Test("headers that would never be sent are told at load")
  func unsentHeaders() {
    let stub: Record = ["operation": "GetClaim", "headers": ["Receipt": "7"]]
    var fault = stub
    fault["fault"] = ["code": "Server"]
    #expect(
      Mock(["stubs": [.object(fault)]]).problems == [
        "stubs[0].headers: a fault carries no headers; these are never sent"
      ])
    var plain = contract
    plain.hasHeaders = false
    #expect(
      Mock(["stubs": [.object(stub)]], contract: plain).problems.contains(
        "stubs[0].headers: messages of Claims have no headers; these are never sent"))
  }

  @Test("without stub or response the sample answers, the same every time")
  func samples() throws {
    let mock = Mock([:])
    let first = try #require(mock.reply("GetClaim", [:]).value)
    #expect(first["status"] != nil)
    #expect(mock.reply("GetClaim", ["id": "9"]).value == first)
    #expect(mock.reply("Ping", [:]).value == .null)
  }

  @Test("replies and faults are filled in from the request and the generators")
  func templates() {
    let mock = Mock([
      "responses": ["GetClaim": ["status": "{{request.owner.age}}", "at": "{{timestamp}}"]],
      "stubs": [
        [
          "name": "unknown", "operation": "GetClaim", "when": ["id": ["contains": "X"]],
          "fault": [
            "code": "Client", "message": "no claim {{request.id}}",
            "detail": ["UnknownClaim": ["id": "{{request.id}}"]],
          ],
        ]
      ],
    ])
    #expect(
      mock.reply("GetClaim", ["owner": ["age": 9]]).value
        == ["status": 9, "at": "2001-09-09T01:46:40.000Z"])
    let fault = mock.reply("GetClaim", ["id": "X1"]).fault
    #expect(fault?.code == "Client" && fault?.message == "no claim X1")
    #expect(fault?.detail == ["UnknownClaim": ["id": "X1"]])
    #expect(mock.reply("GetClaim", ["id": "X1"]).origin == "stub 'unknown'")
  }

  @Test("a call that nothing fits gets a fault that names the nearest stub and where it differs")
  func nearMiss() {
    let mock = Mock([
      "fallback": "fault",
      "stubs": [
        ["name": "far", "operation": "GetClaim", "when": ["id": "1", "kind": "z"], "reply": 1],
        ["name": "near", "operation": "GetClaim", "when": ["id": "42", "kind": "x"], "reply": 1],
      ],
    ])
    let fault = mock.reply("GetClaim", ["id": "42", "kind": "y"]).fault
    #expect(fault?.isUnmatched == true)
    #expect(
      fault?.message
        == #"no stub matched GetClaim; nearest is "near": kind expects "x", found "y" (tried: "far", "near")"#
    )
    let other = mock.reply("Ping", [:]).fault
    #expect(
      other?.message == "no stub matched Ping: it has neither stub nor response (set up: GetClaim)")
    let onTheFarSide = Fault(code: "Server", message: other?.message ?? "").recognizingUnmatched
    #expect(onTheFarSide.isUnmatched)
  }

  @Test("an expression that fails at run time is a fault that says so, not a crash")
  func failingTemplate() {
    let mock = Mock(["responses": ["GetClaim": "{{request.id * 2}}"]])
    #expect(mock.reply("GetClaim", ["id": "4"]).value == 8)
    let fault = mock.reply("GetClaim", ["id": "four"]).fault
    #expect(fault?.message.contains("expects numbers, found \"four\"") == true)
    #expect(fault?.isUnmatched == false)
  }

  @Test(
    "mistakes are told with their place and the nearest right word",
    arguments: [
      (
        ["responses": ["GetClam": 1]],
        #"responses.GetClam: Claims has no operation "GetClam"; did you mean "GetClaim"?"#
      ),
      (
        ["stubs": [["operation": "Get", "reply": ["status": "x"]]]],
        #"stubs[0].operation: Claims has no operation "Get"; did you mean "GetClaim"?"#
      ),
      (
        [
          "stubs": [
            ["operation": "GetClaim", "when": ["id": ["contans": "x"]], "reply": ["status": "x"]]
          ]
        ],
        #"stubs[0].when.id.contans: unknown operator "contans"; did you mean "contains"?"#
      ),
      (
        [
          "stubs": [
            [
              "operation": "GetClaim", "when": ["id": ["matches": "a(?=b)"]],
              "reply": ["status": "x"],
            ]
          ]
        ],
        #"stubs[0].when.id.matches: matches expects a regular expression, found "a(?=b)""#
      ),
      (
        ["responses": ["GetClaim": ["status": "{{request.id}}", "stauts": "x"]]],
        #"responses.GetClaim.stauts: the contract does not allow this: stauts is not known"#
      ),
      (
        ["stubs": [["operation": "GetClaim", "when": ["idd": "x"], "reply": ["status": "x"]]]],
        #"stubs[0].when.idd: the contract has no "idd" here, so this never matches; did you mean "id"?"#
      ),
      (
        ["responses": ["GetClaim": ["status": "{{reqest.id}}"]]],
        #"responses.GetClaim.status: {{reqest.id}}: unknown name "reqest""#
      ),
      (
        ["responses": ["GetClaim": ["status": "claim {{request.idd}}"]]],
        #"responses.GetClaim.status: GetClaim has no parameter "idd"; did you mean "id"?"#
      ),
    ] as [(Value, String)])
  func mistakes(definition: Value, problem: String) {
    #expect(Mock(definition).problems == [problem])
  }

  @Test("a stub that cannot be compiled never answers in place of the right one")
  func brokenStub() {
    let mock = Mock([
      "responses": ["GetClaim": "right"],
      "stubs": [["operation": "GetClaim", "when": ["id": ["contans": "x"]], "reply": "wrong"]],
    ])
    #expect(mock.reply("GetClaim", ["id": "x"]).value == "right")
  }

  @Test("stubs are swapped whole while calls go on")
  func swapping() {
    let mock = Mock(["responses": ["GetClaim": 1]])
    #expect(mock.reply("GetClaim", [:]).value == 1)
    var problems: [ValueProblem] = []
    mock.engine.replace(
      with: StubSet(
        MockDefinition(["responses": ["GetClaim": 2]]), contract: contract, problems: &problems))
    #expect(mock.reply("GetClaim", [:]).value == 2)
  }

  @Test("without a contract any operation and any member may be stubbed")
  func withoutContract() {
    let mock = Mock(
      ["stubs": [["operation": "Any", "when": ["a": ["b": 1]], "reply": "yes"]]],
      contract: Contract(name: "open", operations: [], isOpen: true))
    #expect(mock.problems == [])
    #expect(mock.reply("Any", ["a": ["b": "1", "c": 2]]).value == "yes")
    #expect(mock.reply("Other", [:]).fault?.isUnmatched == true)
  }
}
