import Testing
import TrestleCore

@testable import TrestleTCP

@Suite("A card authorisation over ISO 8583")
struct CardExampleTests {
  static let definition: Value = [
    "frame": ["length": ["bytes": 2, "as": "be"]],
    "layout": [
      "iso8583": [
        "version": 1987, "mti": "ascii", "bitmap": "binary",
        "defaults": ["numeric": "bcd", "text": "ascii", "length": "bcd"],
        "fields": [
          "2": "n..19 pan masked", "3": "n6 processing", "4": "n12 amount", "7": "n10 sent",
          "11": "n6 stan", "12": "n6", "13": "n4", "22": "n3", "32": "n..11",
          "35": "z..37 track2 masked", "37": "an12 rrn", "38": "an6 auth", "39": "an2 rc",
          "41": "ans8 terminal", "42": "ans15 merchant", "49": "n3 currency",
          "55": "b...255 ber", "64": "b8 mac", "70": "n3",
        ],
      ]
    ],
    "operations": [
      "authorise": [
        "request": [
          "mti": "0100",
          "set": [
            "processing": "000000", "pan": "{{request.pan}}",
            "amount": "{{request.amount_minor}}", "sent": "{{now('MMddHHmmss')}}",
            "stan": "{{next('stan')}}", "terminal": "T1", "currency": "840",
          ],
        ],
        "reply": [
          "mti": "0110", "map": ["approved": "rc == \"00\"", "code": "rc", "auth": "auth?"],
        ],
      ],
      "reverse": [
        "request": ["mti": "0400", "copy": [2, 3, 4, 11, 41]],
        "reply": ["mti": "0410", "copy": [3], "map": ["code": 39]], "idempotent": true,
      ],
      "echo": [
        "request": ["mti": "0800", "set": ["70": "301", "11": "{{next('stan')}}"]],
        "reply": ["map": ["network": 70]],
      ],
    ],
    "conversation": [
      "correlate": ["key": [11, "41?"]], "counters": ["stan": ["from": 1, "to": 999_999]],
    ],
  ]

  private func codec() throws -> TCPCodec { try makeCodec(Self.definition) }

  @Test("a call becomes the message, and a mock gets the call back")
  func authorise() throws {
    let codec = try codec()
    let (call, reply) = try exchange(
      codec, "authorise", ["pan": "4111111111111111", "amount_minor": "1250"]
    ) { _ in .value(["code": "00", "auth": "A1B2C3"]) }
    #expect(call.operation == "authorise")
    #expect(call.parameters == ["pan": "4111111111111111", "amount_minor": "000000001250"])
    #expect(call.identity?.index == "000001")
    #expect(reply.value == ["approved": true, "code": "00", "auth": "A1B2C3"])
  }

  @Test(
    "a mock's reply has the answer's type and the fields that pair it, before a stub says anything")
  func reply() throws {
    let codec = try codec()
    let request = try codec.encode(
      Call(operation: "authorise", parameters: ["pan": "4111111111111111", "amount_minor": 1]))
    let call = try codec.decode(request)
    let response = try codec.encode(.value(["code": "05"]), answering: call)
    // 0110, fields 11, 39 and 41.
    #expect(
      response.body
        == Array(ascii: "0110") + Array(hex: "0020000002800000 000001 3035")
        + Array(ascii: "T1      "))
    #expect(codec.correlationKey(of: response) == codec.correlationKey(of: request))
  }

  @Test(
    "copied fields are parameters by their names, required, and back in the reply where it says so")
  func reverse() throws {
    let codec = try codec()
    let parameters: Record = [
      "pan": "4111111111111111", "processing": "000000", "amount": "000000000100",
      "stan": "000007", "terminal": "T0000001",
    ]
    let request = try codec.encode(Call(operation: "reverse", parameters: parameters))
    let call = try codec.decode(request)
    #expect(call.operation == "reverse")
    #expect(call.parameters == parameters)
    let response = try codec.encode(.value(["code": "00"]), answering: call)
    #expect(
      response.body.starts(with: Array(ascii: "0410") + Array(hex: "2020000002800000 000000")))
    let result = try codec.decode(response, answering: call)
    #expect(result.value == ["code": "00"])
    let error = #expect(throws: CodecError.self) {
      try codec.encode(Call(operation: "reverse", parameters: ["pan": "1"]))
    }
    #expect(error?.path == "processing")
  }

  @Test("a field without a name goes by its number everywhere")
  func numbers() throws {
    let codec = try codec()
    let request = try codec.encode(Call(operation: "echo"))
    let call = try codec.decode(request)
    #expect(call.operation == "echo")
    let response = try codec.encode(.value(["network": "301"]), answering: call)
    #expect(response.body.starts(with: Array(ascii: "0810")))
    #expect(try codec.decode(response, answering: call).value == ["network": "301"])
  }

  @Test("a reply of another type is an error that says so")
  func otherType() throws {
    let codec = try codec()
    let error = #expect(throws: CodecError.self) {
      try codec.decode(
        WireResponse(body: Array(ascii: "0210") + Array(hex: "0020000002000000 000001 3030")),
        answering: Call(operation: "authorise"))
    }
    #expect(error?.path == "mti")
    #expect(error?.reason == "is 0210, where authorise expects 0110")
  }

  @Test("a sampled reply has the type that answers the request")
  func sample() throws {
    let codec = try makeCodec([
      "layout": ["iso8583": ["fields": ["39": "rc"]]],
      "operations": [
        "echo": ["request": ["mti": "0800", "set": ["70": "301"]]],
        "close": ["request": ["mti": "0800", "set": ["70": "201"]], "reply": ["mti": "0820"]],
      ],
    ])
    for (name, type) in [("echo", "0810"), ("close", "0820")] {
      let operation = try #require(codec.contract.operations.first { $0.name == name })
      #expect(SampleMaker.sample(for: operation.output)["mti"] == .string(type))
    }
  }

  @Test("a request that no operation has names the types that are known")
  func unknown() throws {
    let codec = try codec()
    let error = #expect(throws: CodecError.self) {
      try codec.decode(WireRequest(body: Array(ascii: "0200") + Array(hex: "0000000000000000")))
    }
    #expect(error?.path == "mti")
    #expect(error?.reason.contains("0100") == true)
  }

  @Test(
    "what cannot be meant is told when the file is loaded",
    arguments: [
      (
        ["request": ["mti": "0100", "set": ["mti": "0200"]]],
        "operations.x.request.set.mti: mti is said twice, in set and beside it"
      ),
      (
        ["request": ["set": ["2": "1", "pan": "2"]]],
        "operations.x.request.set: names a field twice, by its name and by its number"
      ),
      (
        ["request": ["copy": [["a": 1]]]],
        "operations.x.request.copy[0]: expects fields, like [2, 3, terminal], found {\"a\":1}"
      ),
      (
        ["reply": ["mti": "0110", "set": "x"]],
        "operations.x.reply.mti: stands beside a set of fields alone"
      ),
    ] as [(Value, String)])
  func mistakes(_ operation: Value, _ mistake: String) {
    let found = mistakes(operation, layout: ["iso8583": ["fields": ["2": "pan"]]])
    #expect(found.contains(mistake), "\(found)")
  }

  @Test("only ISO 8583 has message types")
  func otherLayout() {
    let found = mistakes(["request": ["mti": "0100"]], layout: ["kv": [:]])
    #expect(
      found.contains(
        "operations.x.request.mti: only messages of layout.iso8583 have a message type"))
  }

  private func mistakes(_ operation: Value, layout: Value) -> [String] {
    TrestleTCPTests.mistakes(in: ["layout": layout, "operations": ["x": operation]])
  }
}
