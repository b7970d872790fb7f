import Testing
import TrestleCore

@testable import TrestleTCP

@Suite("An XML envelope behind a length")
struct EnvelopeExampleTests {
  static let definition: Value = [
    "frame": ["length": ["bytes": 4, "as": "be", "counts": "self+body"], "max": "1m"],
    "layout": ["body": "xml", "encoding": "iso-8859-1"],
    "operations": [
      "getBalance": [
        "request": [
          "set": [
            "Envelope": [
              "Hdr": ["Id": "{{uuid}}", "Op": "BAL"], "Acct": "{{request.account}}",
            ]
          ]
        ],
        "reply": [
          "map": [
            "balance": "Envelope/Bal as decimal", "currency": "Envelope/Bal/@ccy",
          ]
        ],
        "error": [
          "when": "Envelope/Rc != \"0000\"", "code": "Envelope/Rc", "message": "Envelope/Msg",
        ],
      ]
    ],
    "conversation": [
      "correlate": ["request": "Envelope/Hdr/Id", "reply": "Envelope/Hdr/RefId"], "in_flight": 16,
    ],
  ]

  static let head = "<?xml version=\"1.0\" encoding=\"ISO-8859-1\"?>\n"

  @Test("a call becomes the envelope, and the envelope the call")
  func request() throws {
    let codec = try makeCodec(Self.definition)
    let request = try codec.encode(Call(operation: "getBalance", parameters: ["account": "DE é"]))
    let head = Array(ascii: Self.head + "<Envelope><Hdr><Id>")
    let tail = Array(ascii: "</Id><Op>BAL</Op></Hdr><Acct>DE ") + [0xE9]
    #expect(request.body.starts(with: head))
    #expect(request.body.dropFirst(head.count + 36).starts(with: tail))
    let call = try codec.decode(request)
    #expect(call.operation == "getBalance")
    #expect(call.parameters == ["account": "DE é"])
    #expect(call.identity?.fields.first?.value?.count == 36)
  }

  @Test("a mock's reply carries the request's key and reads as no error")
  func reply() throws {
    let codec = try makeCodec(Self.definition)
    let request = "<Envelope><Hdr><Id>42</Id><Op>BAL</Op></Hdr><Acct>1</Acct></Envelope>"
    let text = try replyText(
      codec, to: request, .value(["balance": "1250.00", "currency": "EUR"]))
    #expect(
      text == Self.head
        + "<Envelope><Hdr><RefId>42</RefId></Hdr><Rc>0000</Rc><Bal ccy=\"EUR\">1250.00</Bal></Envelope>"
    )
    #expect(
      try readReply(codec, "getBalance", text).value == ["balance": "1250.00", "currency": "EUR"])
  }

  @Test("a fault is written where the definition says errors are")
  func fault() throws {
    let codec = try makeCodec(Self.definition)
    let request = "<Envelope><Hdr><Id>42</Id><Op>BAL</Op></Hdr><Acct>1</Acct></Envelope>"
    let text = try replyText(
      codec, to: request, .fault(Fault(code: "0014", message: "no such account")))
    #expect(
      text == Self.head
        + "<Envelope><Hdr><RefId>42</RefId></Hdr><Rc>0014</Rc><Msg>no such account</Msg></Envelope>"
    )
    let fault = try readReply(codec, "getBalance", text).fault
    #expect(fault?.code == "0014")
    #expect(fault?.message == "no such account")
  }

  @Test("a fault with the code of success cannot be written")
  func impossibleFault() throws {
    let codec = try makeCodec(Self.definition)
    let request = "<Envelope><Hdr><Id>42</Id><Op>BAL</Op></Hdr><Acct>1</Acct></Envelope>"
    #expect(throws: CodecError.self) {
      try replyText(codec, to: request, .fault(Fault(code: "0000", message: "")))
    }
  }

  @Test("requests and replies share their key")
  func keys() throws {
    let codec = try makeCodec(Self.definition)
    let request = WireRequest(
      body: Array("<Envelope><Hdr><Id>42</Id><Op>BAL</Op></Hdr></Envelope>".utf8))
    let reply = WireResponse(body: Array("<Envelope><Hdr><RefId>42</RefId></Hdr></Envelope>".utf8))
    #expect(codec.correlationKey(of: request) == "42")
    #expect(codec.correlationKey(of: reply) == "42")
    let without = WireResponse(body: Array("<Envelope><Hdr/></Envelope>".utf8))
    #expect(codec.correlationKey(of: without)?.description == "no Envelope/Hdr/RefId")
  }

  @Test("the wire has the length of four bytes that counts itself, and sixteen calls in flight")
  func wire() throws {
    let codec = try makeCodec(Self.definition)
    guard case .framed(let framing, let inFlight) = codec.wire else {
      Issue.record("not framed")
      return
    }
    #expect(try framing.frame([0x61]) == [0, 0, 0, 5, 0x61])
    #expect(inFlight == 16)
    let (call, reply) = try exchange(codec, "getBalance", ["account": "7"]) { _ in
      .value(["balance": "0.00", "currency": "EUR"])
    }
    #expect(call.parameters == ["account": "7"])
    #expect(reply.value == ["balance": "0.00", "currency": "EUR"])
  }

  @Test("the contract has the parameters and results with their types")
  func contract() throws {
    let operation = try #require(
      try makeCodec(Self.definition).contract.operation(named: "getBalance"))
    guard case .object(let input) = operation.input.shape,
      case .object(let output) = operation.output.shape
    else {
      Issue.record("no objects")
      return
    }
    #expect(input.members.map(\.name) == ["account"])
    #expect(output.members.map(\.name) == ["balance", "currency"])
    guard case .scalar(let balance)? = output.members.first?.schema.shape else {
      Issue.record("no scalar")
      return
    }
    #expect(balance.kind == .decimal)
    #expect(balance.form == .string)
    #expect(operation.notes == ["Envelope/Hdr/Op = BAL"])
  }

  @Test("a request of no operation says what was expected, and the nearest word")
  func unknownOperation() throws {
    let codec = try makeCodec(Self.definition)
    let error = #expect(throws: CodecError.self) {
      try received(codec, "<Envelope><Hdr><Id>1</Id><Op>BLA</Op></Hdr></Envelope>")
    }
    #expect(error?.path == "Envelope/Hdr/Op")
    #expect(
      error?.reason
        == "belongs to no operation: expects BAL, found \"BLA\"; did you mean \"BAL\"?")
  }

  @Test(
    "parameters are checked before anything is written",
    arguments: [
      ([:], "account is missing; it is a string"),
      (
        ["account": "1", "acount": "2"],
        "acount is no parameter; did you mean \"account\"?; parameters: account"
      ),
      (["account": ["1"]], "account expects string, found array"),
    ] as [(Record, String)])
  func wrongParameters(_ parameters: Record, _ expected: String) throws {
    let codec = try makeCodec(Self.definition)
    let error = #expect(throws: CodecError.self) {
      try codec.encode(Call(operation: "getBalance", parameters: parameters))
    }
    #expect(error?.description == expected)
  }

  @Test(
    "a stub's value that fits no place of the reply is refused",
    arguments: [
      (["balance": "x", "currency": "EUR"], "balance expects decimal, found \"x\""),
      (
        ["balanc": "1"],
        "balanc has no place in the reply; did you mean \"balance\"?; results: balance, currency"
      ),
    ] as [(Value, String)])
  func wrongStub(_ value: Value, _ expected: String) throws {
    let codec = try makeCodec(Self.definition)
    let request = "<Envelope><Hdr><Id>42</Id><Op>BAL</Op></Hdr><Acct>1</Acct></Envelope>"
    let error = #expect(throws: CodecError.self) {
      try replyText(codec, to: request, .value(value))
    }
    #expect(error?.description == expected)
  }
}

@Suite("Keys and values on lines")
struct LinesExampleTests {
  static let definition: Value = [
    "frame": ["lines": "crlf", "max": "8k"],
    "layout": [
      "kv": ["separator": ";", "assign": "=", "escape": "\\", "order": ["CMD", "ID"]],
      "check": ["field": "CS", "xor": "hex", "over": "before-field"],
    ],
    "operations": [
      "status": [
        "request": ["set": ["CMD": "STAT", "ID": "{{request.device}}"]],
        "reply": ["map": ["state": "ST", "temp": "T as decimal"]],
        "error": ["when": "ERR present", "code": "ERR"],
      ]
    ],
    "conversation": ["correlate": ["key": "ID"]],
  ]

  @Test("a call, its reply and an error are lines with their check")
  func lines() throws {
    let codec = try makeCodec(Self.definition)
    let request = try requestText(codec, "status", ["device": "7"])
    #expect(request == "CMD=STAT;ID=7;CS=62")
    #expect(try received(codec, request).parameters == ["device": "7"])
    let reply = try replyText(codec, to: request, .value(["state": "ON", "temp": "21.50"]))
    #expect(reply == "ID=7;ST=ON;T=21.50;CS=46")
    #expect(try readReply(codec, "status", reply).value == ["state": "ON", "temp": "21.50"])
    let error = try replyText(
      codec, to: request, .fault(Fault(code: "E12", message: "not heard of")))
    #expect(error == "ID=7;ERR=E12;CS=39")
    #expect(try readReply(codec, "status", error).fault?.code == "E12")
  }

  @Test("through frames and both roles")
  func exchanged() throws {
    let codec = try makeCodec(Self.definition)
    let (call, reply) = try exchange(codec, "status", ["device": "a;b=\\c"]) {
      .value(["state": $0.parameters["device"] ?? .null, "temp": "-1"])
    }
    #expect(call.parameters == ["device": "a;b=\\c"])
    #expect(reply.value == ["state": "a;b=\\c", "temp": "-1"])
  }

  @Test("a wrong check is refused in both roles")
  func wrongCheck() throws {
    let codec = try makeCodec(Self.definition)
    #expect(throws: CodecError.self) { try received(codec, "CMD=STAT;ID=8;CS=62") }
    #expect(throws: CodecError.self) { try readReply(codec, "status", "ID=7;ST=ON;CS=00") }
  }

  @Test("a login is a message of its own, sent after the greeting on every connection")
  func session() throws {
    var definition = Self.definition
    definition.set(
      ["on_connect": [["CMD": "LOGIN", "USER": "ops"]], "greeting": "1 line"],
      at: ValuePath([.member("conversation"), .member("session")]))
    let plan = try makeCodec(definition).connectionPlan
    #expect(plan.greetings == 1)
    #expect(plan.opening.map(\.name) == ["logon"])
    let request = try plan.opening[0].request()
    #expect(String(decoding: request.body, as: UTF8.self) == "CMD=LOGIN;USER=ops;CS=74")
  }
}
