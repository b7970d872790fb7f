import Testing
import TrestleCore

@testable import TrestleTCP

@Suite("Bytes that are one frame")
struct OnlyMessageTests {
  private func framing(_ definition: Value) throws -> any Framing {
    var problems: [ValueProblem] = []
    let codec = TCPCodec.make(
      definition: [
        "frame": definition, "layout": ["body": "xml"],
        "operations": ["a": ["request": ["set": ["a": "1"]]]],
      ], name: "x", problems: &problems)
    try #require(!problems.hasErrors, "\(problems)")
    guard case .framed(let framing, _)? = codec?.wire else {
      throw CodecError(reason: "is not framed")
    }
    return framing
  }

  @Test(
    "are found without a decoder, and are what the decoder cuts",
    arguments: [
      ["length": ["bytes": 4, "as": "be"]], ["length": ["bytes": 2, "as": "le"]],
      ["length": ["bytes": 4, "as": "be", "counts": "self+body"]],
      ["length": ["bytes": 2, "as": "be", "at": 4, "header": 8, "counts": "total"]],
      ["length": ["bytes": 2, "as": "be", "at": 4, "header": 6, "counts": "rest"], "keep": true],
    ] as [Value])
  func found(definition: Value) throws {
    let framing = try framing(definition)
    for body in [[], [0x41], Array(repeating: UInt8(0x42), count: 300)] as [[UInt8]] {
      let keeps = definition["keep"] == true
      let message = keeps ? Array(repeating: 0, count: 6) + body : body
      let frame = try framing.frame(message)
      var decoder = framing.makeDecoder()
      decoder.append(frame)
      let cut = try #require(try decoder.next())
      let range = frame.withUnsafeBytes(framing.messageFilling)
      #expect(range.map { Array(frame[$0]) } == cut)
      for other in [frame + [0], frame + frame, Array(frame.dropLast()), []] {
        #expect(other.withUnsafeBytes(framing.messageFilling) == nil, "\(other.count) bytes")
      }
    }
  }

  @Test(
    "are left to the decoder where it has more to say",
    arguments: [
      ["lines": "lf"], ["length": ["bytes": 4, "as": "ascii"]],
      ["length": ["bytes": 2, "as": "be", "trailer": "\\x03"]],
      ["length": ["bytes": 2, "as": "be"], "check": ["crc32": "binary"]],
      ["length": ["bytes": 2, "as": "be"], "max": 2],
    ] as [Value])
  func left(definition: Value) throws {
    let framing = try framing(definition)
    let frame: [UInt8] = [0, 3, 0x41, 0x42, 0x43]
    #expect(frame.withUnsafeBytes(framing.messageFilling) == nil)
  }
}
