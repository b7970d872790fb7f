import Testing
import TrestleCore

@testable import TrestleTCP

@Suite("HL7 over MLLP")
struct HL7ExampleTests {
  static let definition: Value = [
    "frame": ["start": "\\x0b", "delimiter": "\\x1c\\r", "max": "4m"],
    "layout": [
      "hl7": [
        "version": "2.5", "segment_end": "cr", "accept_lf": true,
        "charset": "MSH-18 default utf-8",
      ]
    ],
    "operations": [
      "admit": [
        "request": [
          "set": [
            "MSH-3": "BRIDGE", "MSH-7": "{{now}}", "MSH-9": "ADT^A01^ADT_A01",
            "MSH-10": "{{uuid}}", "MSH-11": "P", "MSH-12": "2.5",
            "PID-3.1": "{{request.mrn}}", "PID-5.1": "{{request.family}}",
            "PID-5.2": "{{request.given}}", "PV1-2": "I",
          ]
        ],
        "reply": ["map": ["ack": "MSA-1", "text": "MSA-3?"]],
        "error": [
          "when": "MSA-1 in [AE, AR, CE, CR]", "code": "MSA-1", "message": "MSA-3 or ERR-8",
        ],
      ]
    ],
    "conversation": [
      "correlate": ["request": "MSH-10", "reply": "MSA-2"], "in_flight": 1,
    ],
  ]

  static let parameters: Record = ["mrn": "4711", "family": "D^OE", "given": "Jane"]

  @Test("a call becomes a message, and the message the call")
  func request() throws {
    let codec = try makeCodec(Self.definition)
    let text = try requestText(codec, "admit", Self.parameters)
    let id = text.split(separator: "|", omittingEmptySubsequences: false)[9]
    #expect(id.utf8.count == 36)
    #expect(
      text == "MSH|^~\\&|BRIDGE||||19700101000000+0000||ADT^A01^ADT_A01|\(id)|P|2.5\r"
        + "PID|||4711||D\\S\\OE^Jane\rPV1||I\r")
    let call = try received(codec, text)
    #expect(call.operation == "admit")
    #expect(call.parameters == Self.parameters)
    #expect(call.identity == CorrelationKey(String(id)))
  }

  // Written by python-hl7 0.4.5.
  static let foreign =
    "MSH|^~\\&|EPIC|HOSP|LAB|CENTRAL|20260115093000||ADT^A01|42|T|2.3\r"
    + "PID|||12345^^^HOSP&1.2.3&ISO~999^^^NAT||DOE^JANE\rPV1||I\r"

  @Test("a mock knows another sender's message and acknowledges it")
  func acknowledged() throws {
    let codec = try makeCodec(Self.definition)
    let call = try received(codec, Self.foreign)
    #expect(call.operation == "admit")
    #expect(call.parameters == ["mrn": "12345", "family": "DOE", "given": "JANE"])
    let reply = try replyText(codec, to: Self.foreign, .value(["ack": "AA"]))
    let id = reply.split(separator: "|", omittingEmptySubsequences: false)[9]
    #expect(id.utf8.count == 20)
    #expect(
      reply == "MSH|^~\\&|LAB|CENTRAL|EPIC|HOSP|19700101000000+0000||ACK^A01^ACK|\(id)|T|2.3\r"
        + "MSA|AA|42\r")
  }

  // create_ack of python-hl7 0.4.5 made it of the message above.
  @Test("another library's acknowledgements are read")
  func foreignReply() throws {
    let codec = try makeCodec(Self.definition)
    let accepted =
      "MSH|^~\\&|X|Y|BRIDGE|HOSP|20261128090110||ACK^A01^ACK|77|P|2.5\rMSA|AA|42\r"
    #expect(try readReply(codec, "admit", accepted).value == ["ack": "AA"])
    let refused = accepted.replacing("|AA|", with: "|AE|")
    let fault = try readReply(codec, "admit", refused).fault
    #expect(fault?.code == "AE")
    let detailed = refused + "ERR||||E||||no such \\T\\ patient\r"
    #expect(try readReply(codec, "admit", detailed).fault?.message == "no such & patient")
  }

  @Test("a fault is written into MSA, and the message keeps its characters")
  func fault() throws {
    let codec = try makeCodec(Self.definition)
    let text = try replyText(
      codec, to: Self.foreign, .fault(Fault(code: "AR", message: "a|b & c")))
    #expect(text.hasSuffix("MSA|AR|42|a\\F\\b \\T\\ c\r"))
    let fault = try readReply(codec, "admit", text).fault
    #expect(fault?.code == "AR")
    #expect(fault?.message == "a|b & c")
    // A code that HL7 does not have becomes the first one that reads as an error.
    let other = try replyText(codec, to: Self.foreign, .fault(Fault(code: "404", message: "x")))
    #expect(other.hasSuffix("MSA|AE|42|x\r"))
  }

  @Test("what belongs to no operation is answered by an acknowledgement that says so")
  func refused() throws {
    var definition = Self.definition
    definition.set(
      ["set": ["MSA-1": "AR", "MSA-3": "{{error}}"]],
      at: ValuePath([.member("conversation"), .member("malformed")]))
    let codec = try makeCodec(definition)
    let request = WireRequest(body: Array(Self.foreign.replacing("A01", with: "A02").utf8))
    let error = try #require(
      #expect(throws: CodecError.self) { try codec.decode(request) })
    #expect(error.path == "MSH-9.2")
    let answer = try #require(codec.refuse(request, because: error))
    let text = String(decoding: answer.body, as: UTF8.self)
    #expect(text.contains("|ACK^A02^ACK|"))
    #expect(text.contains("\rMSA|AR|42|MSH-9.2 belongs to no operation: expects A01"))
  }

  @Test("a sample of the result accepts")
  func sample() throws {
    let operation = try #require(try makeCodec(Self.definition).contract.operation(named: "admit"))
    guard case .object(let output) = operation.output.shape else {
      Issue.record("no object")
      return
    }
    #expect(output.members.first?.schema.defaultText == "AA")
  }

  @Test("through frames and both roles")
  func exchanged() throws {
    let codec = try makeCodec(Self.definition)
    let (call, reply) = try exchange(codec, "admit", Self.parameters) { _ in
      .value(["ack": "AA", "text": "welcome"])
    }
    #expect(call.parameters == Self.parameters)
    #expect(reply.value == ["ack": "AA", "text": "welcome"])
  }

  @Test("an acknowledgement without a frame is told as such")
  func unframed() throws {
    guard case .framed(let framing, _) = try makeCodec(Self.definition).wire else { return }
    var decoder = framing.replies.makeDecoder()
    decoder.append(Array(ascii: "MSH|^~\\&|X|Y\rMSA|AA|42\r"))
    let error = #expect(throws: CodecError.self) { try decoder.next() }
    #expect(error?.path == "frame.start")
    #expect(error?.hint == "the peer may send this message without a frame")
  }

  @Test("enhanced acknowledgements, repeated segments and whole fields have their places")
  func results() throws {
    var definition = Self.definition
    definition.set(
      [
        "set": ["MSA-1": "CA", "MSH-9": "RSP^K22^RSP_K21"],
        "map": [
          "mrns": ["list": "PID-3", "map": ["id": "PID-3.1", "from": "PID-3.4.1"]],
          "second": "OBX[1]-5", "name": "PID-5", "type": "MSH-9.1",
          "results": ["list": "OBX", "map": ["code": "OBX-3.1", "value": "OBX-5"]],
        ],
      ], at: ValuePath([.member("operations"), .member("admit"), .member("reply")]))
    let codec = try makeCodec(definition)
    let reply =
      "MSH|^~\\&|||||||RSP^K22|1\rMSA|CA|1\rPID|||1^^^A&x~2||DOE^JANE\r"
      + "OBX|1||HGB^x||14.1\rOBX|2||WBC||7\r"
    let result = try readReply(codec, "admit", reply).value
    #expect(
      result == [
        "mrns": [["id": "1", "from": "A"], ["id": "2"]], "second": "7", "name": "DOE^JANE",
        "type": "RSP",
        "results": [["code": "HGB", "value": "14.1"], ["code": "WBC", "value": "7"]],
      ])
    let written = try replyText(
      codec, to: Self.foreign,
      .value([
        "mrns": [["id": "1", "from": "A"], ["id": "2"]],
        "results": [["code": "HGB", "value": "1"], ["code": "WBC", "value": "7"]],
      ]))
    #expect(written.contains("||RSP^K22^RSP_K21|"))
    #expect(written.hasSuffix("MSA|CA|42\rPID|||1^^^A~2\rOBX|||HGB||1\rOBX|||WBC||7\r"))
  }

  @Test("without places the message itself is what callers pass and get")
  func plain() throws {
    let codec = try makeCodec([
      "frame": Self.definition["frame"] ?? .null, "layout": ["hl7": [:]],
      "operations": ["send": ["error": ["when": "MSA-1 != \"AA\"", "code": "MSA-1"]]],
    ])
    let message: Record = [
      "MSH": ["1": "|", "2": "^~\\&", "9": ["1": "ADT", "2": "A08"], "10": "5"],
      "PID": ["3": "1"],
    ]
    let (call, reply) = try exchange(codec, "send", message) { _ in .value(["MSA": ["3": "ok"]]) }
    #expect(call.parameters == message)
    #expect(reply.value?["MSA"] == ["1": "AA", "2": "5", "3": "ok"])
    #expect(reply.value?.objectValue?.names == ["MSH", "MSA"])
  }

  @Test("a definition's texts are written as HL7 writes them; what callers pass is data")
  func texts() throws {
    let codec = try makeCodec([
      "layout": ["hl7": [:]],
      "operations": [
        "send": [
          "request": [
            "set": [
              "MSH-9": "ADT^A08", "PID-3": "{{request.id}}^^^HOSP&1.2~{{request.other}}",
              "PID-5.1": "a\\T\\b", "NTE-3": "x{{request.id}}",
            ]
          ]
        ]
      ],
    ])
    let text = try requestText(codec, "send", ["id": "1^2", "other": "3~4|\r5"])
    #expect(
      text == "MSH|^~\\&|||||||ADT^A08\rPID|||1\\S\\2^^^HOSP&1.2~3\\R\\4\\F\\\\.br\\5||a\\T\\b\r"
        + "NTE|||x1\\S\\2\r")
    #expect(try received(codec, text).parameters == ["id": "1^2", "other": "3~4|\n5"])
  }
}
