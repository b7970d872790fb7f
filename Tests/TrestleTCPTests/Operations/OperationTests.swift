import Testing
import TrestleCore

@testable import TrestleTCP

@Suite("Operations")
struct OperationTests {
  /// A definition of JSON messages with these operations.
  static func json(_ operations: Value, conversation: Value = [:]) -> Value {
    [
      "frame": ["length": ["bytes": 4]], "layout": ["body": "json"], "operations": operations,
      "conversation": conversation,
    ]
  }

  @Test("constants alone make an operation: PING and its PONG")
  func ping() throws {
    let codec = try makeCodec(
      Self.json(["ping": ["request": ["set": ["op": "PING"]], "reply": ["set": ["op": "PONG"]]]]))
    #expect(try requestText(codec, "ping") == "{\"op\":\"PING\"}")
    let reply = try replyText(codec, to: "{\"op\":\"PING\"}", .value(.null))
    #expect(reply == "{\"op\":\"PONG\"}")
    #expect(try readReply(codec, "ping", reply).value == ["op": "PONG"])
    #expect(throws: CodecError.self) { try received(codec, "{\"op\":\"PUNG\"}") }
    #expect(throws: CodecError.self) {
      try received(codec, String(repeating: "[", count: 100_000))
    }
  }

  @Test("without set the message is the parameters, without map it is the result")
  func plain() throws {
    let codec = try makeCodec(Self.json(["any": [:]]))
    #expect(try requestText(codec, "any", ["b": 1, "a": [2]]) == "{\"b\":1,\"a\":[2]}")
    #expect(try received(codec, "{\"b\":1}").parameters == ["b": 1])
    #expect(try replyText(codec, to: "{}", .value(["x": "y"])) == "{\"x\":\"y\"}")
  }

  @Test(
    "a reply without what says whether it is an error is told as that, not as an error of the system",
    arguments: [#"rc != "0""#, #"rc != "0" and rc != "1""#, #"not (rc in ["0"])"#])
  func missingStatus(_ condition: String) throws {
    let codec = try makeCodec(
      Self.json([
        "get": [
          "reply": ["map": ["b": "b"]],
          "error": [
            "when": .string(condition), "code": "rc", "message": "msg", "set": ["rc": "7"],
          ],
        ]
      ]))
    let error = #expect(throws: CodecError.self) { try readReply(codec, "get", #"{"b":1}"#) }
    #expect(error?.path == "rc")
    #expect(throws: CodecError.self) { try readReply(codec, "get", "[1]") }
    // What says an error, says one.
    #expect(try readReply(codec, "get", #"{"msg":"no"}"#).fault?.message == "no")
    #expect(try readReply(codec, "get", #"{"rc":"9"}"#).fault?.code == "9")
  }

  @Test("types drive the contract and the wire")
  func types() throws {
    let codec = try makeCodec(
      Self.json([
        "pay": [
          "params": [
            "amount": "decimal", "count": "int", "urgent": "boolean(Y,N)", "note": "string?",
            "to": ["name": "string", "tags": "list of string?"],
          ],
          "request": [
            "set": [
              "op": "PAY", "amt": "{{request.amount}}", "n": "{{request.count}}",
              "u": "{{request.urgent}}", "note": "{{request.note}}",
              "dest": ["nm": "{{request.to.name}}", "tg": "{{request.to.tags}}"],
            ]
          ],
        ]
      ]))
    let parameters: Record = [
      "amount": "10.50", "count": 2, "urgent": true, "to": ["name": "A", "tags": ["x"]],
    ]
    let text = try requestText(codec, "pay", parameters)
    #expect(
      text
        == "{\"op\":\"PAY\",\"amt\":10.50,\"n\":2,\"u\":\"Y\",\"dest\":{\"nm\":\"A\",\"tg\":[\"x\"]}}"
    )
    #expect(try received(codec, text).parameters == parameters)
    let operation = try #require(codec.contract.operation(named: "pay"))
    guard case .object(let input) = operation.input.shape else {
      Issue.record("no object")
      return
    }
    #expect(input.members.map(\.name) == ["amount", "count", "urgent", "note", "to"])
    #expect(input.members.map(\.isRequired) == [true, true, true, false, true])
  }

  @Test("a parameter that is not of its type reaches a mock as it came, with a warning")
  func lenientMock() throws {
    let codec = try makeCodec(
      Self.json([
        "pay": [
          "params": ["amount": "decimal"], "request": ["set": ["amt": "{{request.amount}}"]],
        ]
      ]))
    let call = try received(codec, "{\"amt\":\"ten\"}")
    #expect(call.parameters == ["amount": "ten"])
    #expect(call.warnings == ["amount expects decimal, found \"ten\""])
  }

  @Test("a parameter inside a text is found again")
  func patterns() throws {
    let codec = try makeCodec(
      Self.json([
        "get": [
          "request": [
            "set": ["key": "ACC-{{request.account}}/{{request.branch}}.{{uuid}}", "x": "{{now}}"]
          ]
        ]
      ]))
    let text = try requestText(codec, "get", ["account": "1/2", "branch": "B"])
    // The first slash ends the account: what the definition makes ambiguous stays so.
    #expect(try received(codec, text).parameters == ["account": "1", "branch": "2/B"])
    let call = try received(codec, "{\"key\":\"ACC-7/9.u\"}")
    #expect(call.parameters == ["account": "7", "branch": "9"])
    #expect(try received(codec, "{\"key\":\"other\"}").warnings.count == 1)
  }

  @Test("of several operations the one with the most constants is taken, whatever the order")
  func specificity() throws {
    let codec = try makeCodec(
      Self.json([
        "any": ["request": ["set": ["op": "A", "x": "{{request.x}}"]]],
        "special": ["request": ["set": ["op": "A", "sub": "S"]]],
        "conditional": ["match": "kind in [K, L] and size > 5"],
      ]))
    #expect(try received(codec, "{\"op\":\"A\",\"x\":\"1\"}").operation == "any")
    #expect(try received(codec, "{\"op\":\"A\",\"sub\":\"S\"}").operation == "special")
    #expect(try received(codec, "{\"kind\":\"L\",\"size\":10}").operation == "conditional")
    #expect(throws: CodecError.self) { try received(codec, "{\"kind\":\"L\",\"size\":5}") }
  }

  @Test("lists of records are mapped item by item, both ways")
  func lists() throws {
    let codec = try makeCodec([
      "layout": "xml",
      "operations": [
        "lines": [
          "request": ["set": ["Q": ["Op": "L"]]],
          "reply": [
            "map": [
              "owner": "R/Owner?",
              "lines": [
                "list": "R/Lines/Line",
                "map": ["sku": "Sku", "qty": "Qty as int", "unit": "Qty/@u"],
              ], "codes": "R/Code as list of int", "meta": ["at": "R/At"],
            ]
          ],
        ]
      ],
    ])
    let value: Value = [
      "lines": [["sku": "A", "qty": 2, "unit": "kg"], ["sku": "B", "qty": 1, "unit": "l"]],
      "codes": [7], "meta": ["at": "x"],
    ]
    let text = try replyText(codec, to: "<Q><Op>L</Op></Q>", .value(value))
    #expect(
      text == "<R><Lines><Line><Sku>A</Sku><Qty u=\"kg\">2</Qty></Line>"
        + "<Line><Sku>B</Sku><Qty u=\"l\">1</Qty></Line></Lines><Code>7</Code><At>x</At></R>")
    #expect(try readReply(codec, "lines", text).value == value)
    let empty: Value = ["lines": [], "codes": [], "meta": ["at": ""]]
    let none = try replyText(codec, to: "<Q><Op>L</Op></Q>", .value(empty))
    #expect(try readReply(codec, "lines", none).value == empty)
    let wrong = #expect(throws: CodecError.self) {
      try readReply(codec, "lines", "<R><Lines><Line><Qty>x</Qty></Line></Lines></R>")
    }
    #expect(wrong?.path == "R/Lines/Line[0].Qty")
  }

  @Test("a result may be one value, and may be computed")
  func computed() throws {
    let codec = try makeCodec(
      Self.json([
        "approve": [
          "request": ["set": ["op": "A"]],
          "reply": [
            "map": ["approved": "rc == \"00\"", "code": "rc", "text": "long or short"]
          ],
        ], "one": ["request": ["set": ["op": "B"]], "reply": ["map": "n as int"]],
      ]))
    let reply = try readReply(codec, "approve", "{\"rc\":\"00\",\"short\":\"ok\"}")
    #expect(reply.value == ["approved": true, "code": "00", "text": "ok"])
    #expect(
      try replyText(codec, to: "{\"op\":\"A\"}", .value(["approved": true, "text": "ok"]))
        == "{\"rc\":\"00\",\"long\":\"ok\"}")
    #expect(try replyText(codec, to: "{\"op\":\"B\"}", .value(5)) == "{\"n\":5}")
    #expect(try readReply(codec, "one", "{\"n\":5}").value == 5)
  }

  @Test(
    "every simple condition of an error is made true for a fault and false for a value",
    arguments: [
      (["when": "rc != \"00\"", "code": "rc"], "{\"rc\":\"00\",\"v\":\"1\"}", "{\"rc\":\"E\"}"),
      (["when": "st == \"ERR\"", "code": "rc"], "{\"v\":\"1\"}", "{\"rc\":\"E\",\"st\":\"ERR\"}"),
      (["when": "rc present", "code": "rc"], "{\"v\":\"1\"}", "{\"rc\":\"E\"}"),
      (["when": "ack in [AE, AR]", "code": "ack"], "{\"v\":\"1\"}", "{\"ack\":\"AE\"}"),
      (
        ["when": "not (st == \"OK\")", "code": "rc"], "{\"st\":\"OK\",\"v\":\"1\"}",
        "{\"rc\":\"E\"}"
      ),
      (
        ["when": "rc > 5", "code": "c", "set": ["rc": 9]], "{\"v\":\"1\"}",
        "{\"rc\":9,\"c\":\"E\"}"
      ),
    ] as [(Value, String, String)])
  func errors(_ rule: Value, _ success: String, _ failure: String) throws {
    let codec = try makeCodec(
      Self.json([
        "get": [
          "request": ["set": ["op": "G"]], "reply": ["map": ["v": "v"]], "error": rule,
        ]
      ]))
    let value = try replyText(codec, to: "{\"op\":\"G\"}", .value(["v": "1"]))
    #expect(value == success)
    #expect(try readReply(codec, "get", value).value == ["v": "1"])
    let fault = try replyText(
      codec, to: "{\"op\":\"G\"}", .fault(Fault(code: "E", message: "m")))
    #expect(fault == failure)
    #expect(try readReply(codec, "get", fault).fault != nil)
  }

  @Test("a sample does not read as an error; a value that says it is one is sent as it is")
  func samples() throws {
    let codec = try makeCodec(
      Self.json([
        "get": [
          "request": ["set": ["op": "G"]], "reply": ["map": ["rc": "rc", "v": "v"]],
          "error": ["when": "rc != \"00\"", "code": "rc"],
        ],
        "bare": [
          "request": ["set": ["op": "B"]], "reply": ["map": ["v": "v"]],
          "error": ["when": "rc == null or rc > 5", "code": "rc", "set": ["rc": 9]],
        ],
      ]))
    let output = try #require(codec.contract.operation(named: "get")?.output)
    let sample = SampleMaker.sample(for: output)
    #expect(sample == ["rc": "00", "v": "v"])
    let text = try replyText(codec, to: "{\"op\":\"G\"}", .value(sample))
    #expect(try readReply(codec, "get", text).value == sample)
    let error = try replyText(codec, to: "{\"op\":\"G\"}", .value(["rc": "14", "v": "v"]))
    #expect(try readReply(codec, "get", error).fault?.code == "14")
    // Nothing says how to make this one no error.
    #expect(throws: CodecError.self) {
      try replyText(codec, to: "{\"op\":\"B\"}", .value(["v": "1"]))
    }
  }

  @Test("reply.set fixes the order and what a mock's every reply has")
  func replyTemplate() throws {
    let codec = try makeCodec([
      "layout": "xml",
      "operations": [
        "get": [
          "request": ["set": ["Q": ["Id": "{{request.id}}"]]],
          "reply": [
            "set": [
              "R": ["Ver": "1", "Bal": "", "Echo": "{{request.id}}", "Raw": "{{message.Q.X}}"]
            ],
            "map": ["balance": "R/Bal"],
          ],
        ]
      ],
    ])
    #expect(
      try replyText(codec, to: "<Q><Id>7</Id><X>9</X></Q>", .value(["balance": "5"]))
        == "<R><Ver>1</Ver><Bal>5</Bal><Echo>7</Echo><Raw>9</Raw></R>")
  }

  @Test("what is malformed is answered where the definition says how")
  func malformed() throws {
    let definition = Self.json(
      ["get": ["request": ["set": ["op": "FETCH"]]]],
      conversation: ["malformed": ["set": ["rc": "99", "text": "{{error}}"]]])
    let codec = try makeCodec(definition)
    let request = WireRequest(body: Array(ascii: "{\"op\":\"X\"}"))
    let error = #expect(throws: CodecError.self) { try codec.decode(request) }
    let response = codec.refuse(request, because: try #require(error))
    #expect(
      response.map { String(decoding: $0.body, as: UTF8.self) }
        == "{\"rc\":\"99\",\"text\":\"op belongs to no operation: expects FETCH, found \\\"X\\\"\"}"
    )
    let silent = try makeCodec(Self.json(["get": ["request": ["set": ["op": "G"]]]]))
    #expect(silent.refuse(request, because: CodecError(reason: "x")) == nil)
  }

  @Test("counters count within their range")
  func counters() throws {
    let codec = try makeCodec(
      Self.json(
        ["get": ["request": ["set": ["stan": "{{next('stan')}}"]]]],
        conversation: ["counters": ["stan": ["from": 8, "to": 9]]]))
    let texts = try (0..<3).map { _ in try requestText(codec, "get") }
    #expect(texts == ["{\"stan\":8}", "{\"stan\":9}", "{\"stan\":8}"])
  }

  @Test("a request is taken for the operation whose layout leaves nothing over")
  func bestFit() throws {
    let codec = try makeCodec([
      "layout": ["inq": ["v": "text(3)"], "upd": ["v": "text(5)"]],
      "operations": [
        "inq": ["request": ["layout": "inq"], "reply": ["layout": "inq"]],
        "upd": ["request": ["layout": "upd"], "reply": ["layout": "upd"]],
      ],
    ])
    #expect(try received(codec, "ABCDE").operation == "upd")
    #expect(try received(codec, "ABC").operation == "inq")
    #expect(try received(codec, "ABCDEF").operation == "inq", "the first that can read it at all")
  }

  @Test(
    "fields that a layout does not have are told at load",
    arguments: [
      (
        ["request": ["layout": "r", "set": ["nmae": "x"]]],
        "operations.a.request: the layout has no field \"nmae\"; did you mean \"name\"?"
      ),
      (
        ["reply": ["layout": "r", "map": ["x": "rcc"]]],
        "operations.a.reply: the layout has no field \"rcc\"; did you mean \"rc\"?"
      ),
      (
        ["error": ["when": "rx != 0", "code": "rc"]],
        "operations.a.reply: the layout has no field \"rx\"; did you mean \"rc\"?"
      ),
    ] as [(Value, String)])
  func unknownFields(_ keys: Value, _ expected: String) {
    var operation: Value = ["request": ["layout": "r"], "reply": ["layout": "r"]]
    operation.merge(keys)
    #expect(
      mistakes(in: [
        "layout": ["r": ["name": "text(3)", "rc": "digits(2)"]], "operations": ["a": operation],
      ]) == [expected])
  }

  @Test("keys of several fields compare the optional ones where both have them, and copy them")
  func optionalKeys() throws {
    let codec = try makeCodec(
      Self.json(
        ["get": ["request": ["set": ["stan": "{{request.stan}}", "term": "T1"]]]],
        conversation: ["correlate": ["key": ["stan", "term?"]]]))
    let request = WireRequest(body: Array(ascii: "{\"stan\":\"7\",\"term\":\"T1\"}"))
    let key = try #require(codec.correlationKey(of: request))
    #expect(key.description == "stan '7', term 'T1'")
    func replyKey(_ text: String) throws -> CorrelationKey {
      try #require(codec.correlationKey(of: WireResponse(body: Array(text.utf8))))
    }
    #expect(try key.pairs(with: replyKey("{\"stan\":7,\"term\":\"T1\"}")))
    #expect(try key.pairs(with: replyKey("{\"stan\":7}")))
    #expect(try !key.pairs(with: replyKey("{\"stan\":7,\"term\":\"T2\"}")))
    #expect(try !key.pairs(with: replyKey("{\"term\":\"T1\"}")))
    let reply = try codec.encode(
      .value(["stan": "forged", "v": 1]), answering: try codec.decode(request))
    #expect(
      String(decoding: reply.body, as: UTF8.self) == "{\"stan\":\"7\",\"term\":\"T1\",\"v\":1}")
  }

  @Test(
    "without operations any may be called, with a default frame and body",
    arguments: [[:], ["layout": "xml"]] as [Value])
  func open(_ definition: Value) throws {
    let codec = try makeCodec(definition)
    #expect(codec.contract.isOpen)
    let (call, reply) = try exchange(codec, "anything", ["a": "b"]) { _ in .value(["c": "d"]) }
    #expect(call.operation == "anything")
    #expect(call.parameters == ["a": "b"])
    #expect(reply.value == ["c": "d"])
    let (_, fault) = try exchange(codec, "x", [:]) { _ in
      .fault(Fault(code: "7", message: "no"))
    }
    #expect(fault.fault?.code == "7")
  }

  @Test(
    "mistakes are told with their place",
    arguments: [
      (
        ["operations": ["a": ["reqest": [:]]]],
        "operations.a.reqest: operation has no key \"reqest\"; did you mean \"request\"?"
      ),
      (
        ["operations": ["a": ["params": ["x": "strng"]]]],
        "operations.a.params.x: unknown type \"strng\"; did you mean \"string\"?"
      ),
      (
        ["operations": ["a": ["request": ["set": ["x": "{{reqest.y}}"]]]]],
        "operations.a.request.set.x: {{reqest.y}}: unknown name \"reqest\""
      ),
      (
        ["operations": ["a": ["reply": ["map": ["x": "y as decmal"]]]]],
        "operations.a.reply.map.x: unknown type \"decmal\"; did you mean \"decimal\"?"
      ),
      (
        ["operations": ["a": ["reply": ["map": ["x": "a b"]]]]],
        "operations.a.reply.map.x: a b: expected an operator or the end, found \"b\""
      ),
      (
        ["operations": ["a": ["error": ["code": "rc"]]]],
        "operations.a.error: error does not say when a reply is one"
      ),
      (
        ["operations": ["a": ["error": ["when": "rc > 5", "code": "rc"]]]],
        "operations.a.error: a mock cannot tell what an error of a looks like from \"rc > 5\""
      ),
      (
        ["operations": ["a": ["reply": ["map": ["x": "y + 1"]]]]],
        "operations.a.reply.map.x: a mock cannot write x: it is computed in the reply"
      ),
      (
        ["operations": ["a": ["request": ["set": ["x": "{{padLeft(request.y, 10)}}"]]]]],
        "operations.a.request.set: a mock cannot get the parameter y back from x, which computes it"
      ),
      (
        ["operations": ["a": [:], "b": [:]]],
        "operations.b: requests of b look like those of a: a mock takes them for it"
      ),
      (
        [
          "operations": ["a": ["request": ["set": ["x": 1]]]],
          "conversation": ["correlate": ["key": "id"]],
        ],
        "operations.a: request.set does not fill id, which pairs replies with requests"
      ),
      (["layout": ["body": "xlm"]], "layout.body: unknown body \"xlm\"; did you mean \"xml\"?"),
      (["layout": [:]], "layout: layout does not say what a message is"),
      (
        ["conversation": ["corelate": "order"]],
        "conversation.corelate: conversation has no key \"corelate\"; did you mean \"correlate\"?"
      ),
      (
        ["conversation": ["correlate": "key"]],
        "conversation.correlate: unknown correlation \"key\""
      ),
      (
        ["conversation": ["heartbeat": ["every": "60s"]]],
        "conversation.heartbeat: expects an operation or a message, found object"
      ),
    ] as [(Value, String)])
  func mistaken(_ definition: Value, _ expected: String) {
    #expect(mistakes(in: definition).first == expected)
  }

  @Test("an operation with a mistake is left out, the others work")
  func siblings() throws {
    var problems: [ValueProblem] = []
    let codec = TCPCodec.make(
      definition: Self.json([
        "bad": ["reply": ["map": ["x": "a b"]]], "good": ["request": ["set": ["op": "G"]]],
      ]), name: "test", problems: &problems)
    #expect(codec?.contract.operations.map(\.name) == ["good"])
    #expect(problems.map(\.operations) == [["bad"]])
  }
}
