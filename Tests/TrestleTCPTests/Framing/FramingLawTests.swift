import Testing
import TrestleCore

@testable import TrestleTCP

/// One framing with a message and what it must look like on the wire.
struct FramingCase: Sendable, CustomTestStringConvertible {
  var testDescription: String
  var definition: Value
  var message: [UInt8]
  var wire: [UInt8]
  /// Whether several messages may follow one another.
  var glued = true

  init(
    _ name: String, _ definition: Value, _ message: String, _ wire: String, glued: Bool = true
  ) {
    testDescription = name
    self.definition = definition
    self.message = WrittenBytes.bytes(of: message) ?? []
    self.wire = WrittenBytes.bytes(of: wire) ?? []
    self.glued = glued
  }

  static let lengths: [FramingCase] = [
    FramingCase("1 byte", ["length": ["bytes": 1]], "abc", "\\x03abc"),
    FramingCase("2 bytes", ["length": ["bytes": 2, "as": "be"]], "abc", "\\0\\x03abc"),
    FramingCase("3 bytes", ["length": ["bytes": 3]], "abc", "\\0\\0\\x03abc"),
    FramingCase("4 bytes", ["length": ["bytes": 4]], "abc", "\\0\\0\\0\\x03abc"),
    FramingCase(
      "8 bytes", ["length": ["bytes": 8]], "abc", "\\0\\0\\0\\0\\0\\0\\0\\x03abc"),
    FramingCase("empty", ["length": ["bytes": 2]], "", "\\0\\0"),
    FramingCase(
      "4 bytes little-endian", ["length": ["bytes": 4, "as": "le"]], "abc", "\\x03\\0\\0\\0abc"),
    FramingCase("4 ASCII digits", ["length": ["bytes": 4, "as": "ascii"]], "abc", "0003abc"),
    FramingCase(
      "4 hex digits", ["length": ["bytes": 4, "as": "hex"]], "abcdefghijkl", "000Cabcdefghijkl"),
    FramingCase(
      "4 EBCDIC digits", ["length": ["bytes": 4, "as": "ebcdic"]], "abcdefghijkl",
      "\\xF0\\xF0\\xF1\\xF2abcdefghijkl"),
    FramingCase(
      "2 bytes of BCD", ["length": ["bytes": 2, "as": "bcd"]], "abcdefghijkl",
      "\\x00\\x12abcdefghijkl"),
    FramingCase(
      "length counts itself", ["length": ["bytes": 4, "counts": "self+body"]], "abc",
      "\\0\\0\\0\\x07abc"),
    FramingCase(
      "RDW: length counts a header of 4", ["length": ["bytes": 2, "counts": "total", "header": 4]],
      "abc", "\\0\\x07\\0\\0abc"),
    FramingCase(
      "NAC: length counts the TPDU after it",
      ["length": ["bytes": 2, "counts": "rest", "header": 7, "fill": "\\x60"]], "abc",
      "\\0\\x08\\x60\\x60\\x60\\x60\\x60abc"),
    FramingCase(
      "BASE24: a trailer that the length counts",
      ["length": ["bytes": 2, "trailer": "\\x03", "adjust": 1]], "abc", "\\0\\x04abc\\x03"),
    FramingCase(
      "total counts header and trailer",
      ["length": ["bytes": 2, "counts": "total", "trailer": "\\r\\n"]], "abc", "\\0\\x07abc\\r\\n"),
    FramingCase(
      "Modbus: the header is part of the message",
      ["length": ["bytes": 2, "at": 4, "header": 6], "keep": true], "\\x12\\x34\\0\\0\\0\\x03abc",
      "\\x12\\x34\\0\\0\\0\\x03abc"),
    FramingCase(
      "a check at the body's end", ["length": ["bytes": 2], "check": ["crc16-modbus": "le"]],
      "123456789", "\\0\\x0B123456789\\x37\\x4B"),
  ]

  static let delimiters: [FramingCase] = [
    FramingCase("CR LF", ["lines": "crlf"], "STAT", "STAT\\r\\n"),
    FramingCase("LF", ["lines": "lf"], "STAT\\r", "STAT\\r\\n"),
    FramingCase("CR", ["lines": "cr"], "STAT", "STAT\\r"),
    FramingCase("any line end", ["lines": "any"], "STAT", "STAT\\r\\n"),
    FramingCase("an empty line", ["lines": "crlf"], "", "\\r\\n"),
    FramingCase("half a delimiter inside", ["lines": "crlf"], "a\\rb\\nc\\r", "a\\rb\\nc\\r\\r\\n"),
    FramingCase("NUL", ["delimiter": "\\0"], "abc", "abc\\0"),
    FramingCase("a tilde", ["delimiter": "~"], "abc", "abc~"),
    FramingCase("alternatives", ["delimiter": ["\\x03", "\\r\\n"]], "abc", "abc\\x03"),
    FramingCase(
      "MLLP", ["start": "\\x0b", "delimiter": "\\x1c\\r"], "MSH|^~", "\\x0bMSH|^~\\x1c\\r"),
    FramingCase(
      "MLLP that keeps its frame", ["start": "\\x0b", "delimiter": "\\x1c\\r", "keep": true],
      "\\x0bMSH\\x1c\\r", "\\x0bMSH\\x1c\\r"),
    FramingCase(
      "STX ETX LRC",
      ["start": "\\x02", "delimiter": "\\x03", "check": ["xor": 1, "over": "body+end"]], "AB",
      "\\x02AB\\x03\\0"),
    FramingCase(
      "NMEA", ["start": "$", "lines": "crlf", "check": ["xor": "hex", "prefix": "*"]],
      "GPGLL,4916.45,N,12311.12,W,225444,A,", "$GPGLL,4916.45,N,12311.12,W,225444,A,*1D\\r\\n"),
    FramingCase(
      "DLE doubled",
      [
        "start": "\\x10\\x02", "delimiter": "\\x10\\x03",
        "escape": ["byte": "\\x10", "double": true],
      ], "a\\x10\\x03b", "\\x10\\x02a\\x10\\x10\\x03b\\x10\\x03"),
    FramingCase(
      "an escape byte", ["delimiter": "\\x03", "escape": ["byte": "\\x1b"]], "a\\x03b\\x1bc",
      "a\\x1b\\x03b\\x1b\\x1bc\\x03"),
    FramingCase(
      "an escape byte and a long delimiter",
      ["lines": "crlf", "escape": ["byte": "\\\\"]], "a\\r\\nb\\rc", "a\\\\\\r\\nb\\\\\\rc\\r\\n"),
    FramingCase("SLIP", ["stuffing": "slip"], "a\\xC0b\\xDB", "\\xC0a\\xDB\\xDCb\\xDB\\xDD\\xC0"),
    FramingCase("HDLC", ["stuffing": "hdlc"], "a\\x7Eb\\x7D", "\\x7Ea\\x7D\\x5Eb\\x7D\\x5D\\x7E"),
    FramingCase("DLE", ["stuffing": "dle"], "a\\x10", "\\x10\\x02a\\x10\\x10\\x10\\x03"),
    FramingCase(
      "HDLC with its checksum", ["stuffing": "hdlc", "check": ["crc16-x25": "le"]], "123456789",
      "\\x7E123456789\\x6E\\x90\\x7E"),
  ]

  static let others: [FramingCase] = [
    FramingCase("fixed", ["fixed": 5], "abcde", "abcde"),
    FramingCase(
      "by type", ["by_type": ["bytes": 2, "sizes": ["AB": 4, "CD": 3]]], "AB12", "AB12"),
    FramingCase(
      "by type, others", ["by_type": ["at": 1, "bytes": 1, "sizes": ["B": 4], "other": 3]], "xyz",
      "xyz"),
    FramingCase("until close", ["until": "close"], "abc\\0", "abc\\0", glued: false),
    FramingCase(
      "FIX", ["self": "fix"], "8=FIX.4.2\\x019=5\\x0135=0\\x0110=161\\x01",
      "8=FIX.4.2\\x019=5\\x0135=0\\x0110=161\\x01"),
    FramingCase(
      "RESP array", ["self": "resp"], "*2\\r\\n$4\\r\\nECHO\\r\\n$5\\r\\na\\r\\nbc\\r\\n",
      "*2\\r\\n$4\\r\\nECHO\\r\\n$5\\r\\na\\r\\nbc\\r\\n"),
    FramingCase(
      "RESP nested", ["self": "resp"], "*3\\r\\n*1\\r\\n:1\\r\\n$-1\\r\\n%1\\r\\n+k\\r\\n#t\\r\\n",
      "*3\\r\\n*1\\r\\n:1\\r\\n$-1\\r\\n%1\\r\\n+k\\r\\n#t\\r\\n"),
    FramingCase("RESP simple", ["self": "resp"], "+PONG\\r\\n", "+PONG\\r\\n"),
    FramingCase("RESP empty", ["self": "resp"], "*0\\r\\n", "*0\\r\\n"),
    FramingCase("BER", ["self": "ber"], "\\x30\\x03\\x02\\x01\\x05", "\\x30\\x03\\x02\\x01\\x05"),
    FramingCase(
      "BER with a long tag and length", ["self": "ber"], "\\x7F\\x81\\x01\\x81\\x02ab",
      "\\x7F\\x81\\x01\\x81\\x02ab"),
    FramingCase(
      "a line in a length", [["length": ["bytes": 2]], ["start": "<", "delimiter": ">"]], "abc",
      "\\0\\x05<abc>"),
    FramingCase(
      "SLIP around a length", [["stuffing": "slip"], ["length": ["bytes": 1, "as": "be"]]],
      "\\xC0", "\\xC0\\x01\\xDB\\xDC\\xC0"),
  ]
}

@Suite("Framing laws")
struct FramingLawTests {
  @Test(
    "a message comes out of its frame however the bytes arrive",
    arguments: FramingCase.lengths + FramingCase.delimiters + FramingCase.others)
  func laws(_ example: FramingCase) throws {
    let framing = try makeFraming(example.definition)
    try expectFramingLaws(framing, example.message, wire: example.wire, glued: example.glued)
  }

  @Test(
    "bytes that are no frames give messages or typed errors, never a trap",
    arguments: FramingCase.lengths + FramingCase.delimiters + FramingCase.others)
  func garbage(_ example: FramingCase) throws {
    let framing = try makeFraming(example.definition)
    var generator = SeededGenerator(seed: 7)
    for _ in 0..<200 {
      var bytes = example.wire
      for _ in 0..<Int.random(in: 1...4, using: &generator) {
        switch Int.random(in: 0..<3, using: &generator) {
        case 0 where !bytes.isEmpty:
          bytes.remove(at: Int.random(in: 0..<bytes.count, using: &generator))
        case 1:
          bytes.insert(
            UInt8.random(in: 0...255, using: &generator),
            at: Int.random(in: 0...bytes.count, using: &generator))
        default:
          if !bytes.isEmpty {
            bytes[Int.random(in: 0..<bytes.count, using: &generator)] =
              UInt8.random(in: 0...255, using: &generator)
          }
        }
      }
      let whole = Result { try messages(of: [bytes], by: framing) }
      let dripped = Result { try messages(of: bytes.map { [$0] }, by: framing) }
      switch (whole, dripped) {
      case (.success(let first), .success(let second)): #expect(first == second)
      case (.failure(let first as CodecError), .failure(let second as CodecError)):
        #expect(first.path == second.path)
      default: Issue.record("\(bytes): whole gives \(whole), byte by byte \(dripped)")
      }
    }
  }
}

/// A stream of random numbers that is the same in every run.
struct SeededGenerator: RandomNumberGenerator {
  private var state: UInt64

  init(seed: UInt64) { state = seed }

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var mixed = state
    mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
    return mixed ^ (mixed >> 31)
  }
}
