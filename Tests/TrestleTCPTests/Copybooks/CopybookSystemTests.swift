import Testing
import TrestleCore

@testable import TrestleTCP

@Suite("Copybook: systems")
struct CopybookSystemTests {
  static let copybooks: [(String, Record)] = [
    (CopybookGoldenTests.numbers, ["encoding": "us-ascii"]),
    (CopybookGoldenTests.aligned, [:]), (CopybookGoldenTests.counted, [:]),
    (CopybookGoldenTests.initialised, [:]), (CopybookLayoutTests.redefined, [:]),
    (CopybookLayoutTests.redefined, CopybookLayoutTests.segments),
    (
      """
      01 R.
         05 A PIC V9(3).
         05 B PIC SPP9(2) COMP-3.
         05 C PIC 9PPP.
         05 D PIC S9V99 COMP.
         05 E PIC 9.99.
         05 F POINTER.
         05 G PIC G(3).
         05 H PIC N(3).
         05 I PIC XX/XX.
         05 J PIC 99.
      """, [:]
    ),
    (
      """
      01 R.
         05 K PIC X.
         05 D OCCURS 0 TO 2 DEPENDING ON K PIC X.
         05 E OCCURS 0 TO 2 DEPENDING ON K PIC X.
      """, ["counts": ["D": ["A": 0, "B": 1], "E": ["A": 1, "B": 2]]]
    ),
  ]

  private func codec(_ text: String, _ options: Record) throws -> TCPCodec {
    var section = options
    section["copybook"] = "R.cpy"
    var problems: [ValueProblem] = []
    let codec = TCPCodec.make(
      definition: [
        "layout": ["r": .object(section)],
        "operations": ["call": ["request": ["layout": "r"], "reply": ["layout": "r"]]],
      ], name: "test", files: files(["R.cpy": columns(text)]), problems: &problems)
    #expect(problems == [])
    return try #require(codec)
  }

  @Test("a sample can be sent, received and answered", arguments: copybooks)
  func samples(_ text: String, _ options: Record) throws {
    let codec = try codec(text, options)
    let schemas = try #require(codec.contract.operations.first)
    let sample = SampleMaker.sample(for: schemas.input)
    let parameters = try #require(sample.objectValue)
    let call = Call(operation: "call", parameters: parameters)
    let request = try codec.encode(call)
    let received = try codec.decode(request)
    #expect(received.operation == "call")
    // What was read has its zeros at the end, and tables their blank items.
    #expect(Set(received.parameters.names).isSuperset(of: parameters.names))
    let reply = Reply.value(SampleMaker.sample(for: schemas.output))
    let response = try codec.encode(reply, answering: received)
    #expect(response.body == request.body)
    #expect(try codec.decode(response, answering: call).warnings == [])
  }

  @Test(
    "text is in the encoding of the section, or that of mainframes",
    arguments: [
      (["encoding": "us-ascii", "r": ["copybook": "R.cpy"]], 0x41),
      (["encoding": "us-ascii", "r": ["copybook": "R.cpy", "encoding": "cp500"]], 0xC1),
      (["r": ["copybook": "R.cpy"]], 0xC1), (["copybook": "R.cpy"], 0xC1),
      (["copybook": "R.cpy", "encoding": "us-ascii"], 0x41),
    ] as [(Value, UInt8)])
  func encoding(_ section: Value, _ byte: UInt8) throws {
    var problems: [ValueProblem] = []
    let layout = CompiledLayout(
      section, files: files(["R.cpy": columns("01 R.\n 05 A PIC X.")]), problems: &problems)
    #expect(problems == [])
    #expect(try #require(layout).encode(["A": "A"]) == [byte])
  }

  @Test("a field that counts writes itself and is nobody's parameter")
  func counts() throws {
    let codec = try codec(CopybookGoldenTests.counted, ["encoding": "us-ascii"])
    let schemas = try #require(codec.contract.operations.first)
    guard case .object(let input) = schemas.input.shape else { throw CodecError(reason: "object") }
    #expect(input.members.map(\.name) == ["HEAD", "T", "TAIL", "U", "LAST-ONE"])
    let request = try codec.encode(
      Call(operation: "call", parameters: ["T": [["A": "x"]], "LAST-ONE": "z"]))
    #expect(String(decoding: request.body.prefix(6), as: UTF8.self) == "01  x ")
    #expect(try codec.decode(request).parameters["N"] == nil)
  }
}
