import Testing
import TrestleCore

@testable import TrestleTCP

@Suite("Bytes")
struct BytesTests {
  @Test(
    "checksums give the published check of 123456789",
    arguments: [
      (.crc16Modbus, 0x4B37), (.crc16ARC, 0xBB3D), (.crc16CCITTFalse, 0x29B1),
      (.crc16XMODEM, 0x31C3), (.crc16KERMIT, 0x2189), (.crc16X25, 0x906E), (.crc8SMBus, 0xF4),
      (.crc32, 0xCBF4_3926), (.crc32C, 0xE306_9283), (.crc32MPEG2, 0x0376_E6E7),
      (.xor, 0x31), (.sum, 0xDD), (.complement, 0x23),
    ] as [(Checksum.Algorithm, UInt32)])
  func checksums(_ algorithm: Checksum.Algorithm, _ expected: UInt32) {
    let checksum = Checksum(algorithm, as: .hex)
    #expect(checksum.number(over: "123456789".utf8) == expected)
    #expect(checksum.isRight(checksum.written(over: "123456789".utf8)[...], over: "123456789".utf8))
  }

  @Test("a check is written in its form")
  func forms() {
    // FIX writes three decimal digits.
    #expect(Checksum(.sum, as: .dec).written(over: [10]) == Array(ascii: "010"))
    #expect(
      Checksum(.crc16Modbus, as: .littleEndian).written(over: "123456789".utf8) == [0x37, 0x4B])
    let check = Checksum(.xor, as: .hex)
    #expect(check.isRight(Array(ascii: "1f")[...], over: [0x1F]))
    #expect(!check.isRight(Array(ascii: "1e")[...], over: [0x1F]))
    #expect(!check.isRight(Array(ascii: "01F")[...], over: [0x1F]))
  }

  @Test(
    "bytes are read as they are written",
    arguments: [
      ("\u{1c}\r", [0x1C, 0x0D]), ("\u{C0}", [0xC0]), ("\\x1c\\r", [0x1C, 0x0D]), ("\\", [0x5C]),
      ("a\\qb", [0x61, 0x5C, 0x71, 0x62]), ("\\0\\\\", [0, 0x5C]),
    ] as [(String, [UInt8])])
  func written(_ text: String, _ bytes: [UInt8]) {
    #expect(WrittenBytes.bytes(of: text) == bytes)
  }

  @Test("a text of more than one byte a character is not bytes", arguments: ["€", "\\xZZ", "\\x1"])
  func notBytes(_ text: String) { #expect(WrittenBytes.bytes(of: text) == nil) }

  @Test(
    "sizes are read in their units",
    arguments: [(512, 512), ("64k", 65536), ("1m", 1 << 20), ("0", nil), ("1g", nil), ("k", nil)]
      as [(Value, Int?)])
  func sizes(_ value: Value, _ size: Int?) { #expect(WrittenNumber.size(value) == size) }

  @Test(
    "numbers that do not fit their field are refused, not cut",
    arguments: [
      (.bigEndian, 256, 1), (.littleEndian, 65536, 2), (.ascii, 100, 2), (.hexadecimal, 256, 2),
      (.ebcdic, 10, 1), (.bcd, 100, 1),
    ] as [(NumberCoding, UInt64, Int)])
  func tooWide(_ coding: NumberCoding, _ number: UInt64, _ width: Int) {
    #expect(coding.bytes(of: number, width: width) == nil)
    let widest = coding.bytes(of: number - 1, width: width)
    #expect(widest.flatMap { coding.number(in: $0[...]) } == number - 1)
  }

  @Test(
    "a hex window marks the wrong bytes",
    arguments: [
      ("0123", 1..<3, "30 [31 32] 33 \"0[12]3\""),
      ("0123456789ABCDEF", 12..<13, "… 34 35 36 37 38 39 41 42 [43] 44 45 46 \"456789AB[C]DEF\""),
      ("", 0..<0, "no bytes"),
      ("ab", 5..<9, "61 62 [] \"ab[]\""),
    ] as [(String, Range<Int>, String)])
  func window(_ text: String, _ wrong: Range<Int>, _ expected: String) {
    #expect(HexWindow(Array(text.utf8)[...], wrong: wrong).description == expected)
  }
}
