import Testing

@testable import TrestleCLI

@Suite("Hexadecimal text")
struct HexTextTests {
  /// Holds characters that look like hexadecimal bytes in the column of characters.
  static let bytes =
    Array("CMD=READ;ID=T1\r\n".utf8) + [0, 1, 255] + Array(" 0123456789 ab cd ef 00 11".utf8)

  @Test(
    "every usual form gives the bytes, without offsets and characters",
    arguments: [
      "434d443d524541443b49443d54310d0a0001ff2030313233343536373839\n206162206364206566203030203131\n",
      "434D 443D 5245 4144 3B49 443D 5431 0D0A 0001 FF20 3031 3233 3435 3637 3839 2061 6220 6364 2065 6620 3030 2031 31",
      """
      00000000: 434d 443d 5245 4144 3b49 443d 5431 0d0a  CMD=READ;ID=T1..
      00000010: 0001 ff20 3031 3233 3435 3637 3839 2061  ... 0123456789 a
      00000020: 6220 6364 2065 6620 3030 2031 31         b cd ef 00 11
      """,
      """
      00000000  43 4d 44 3d 52 45 41 44  3b 49 44 3d 54 31 0d 0a  |CMD=READ;ID=T1..|
      00000010  00 01 ff 20 30 31 32 33  34 35 36 37 38 39 20 61  |... 0123456789 a|
      00000020  62 20 63 64 20 65 66 20  30 30 20 31 31           |b cd ef 00 11|
      0000002d
      """,
      """
      000000 43 4d 44 3d 52 45 41 44 3b 49 44 3d 54 31 0d 0a
      000010 00 01 ff 20 30 31 32 33 34 35 36 37 38 39 20 61
      000020 62 20 63 64 20 65 66 20 30 30 20 31 31
      00002d
      """,
      """
      0000000 43 4d 44 3d 52 45 41 44 3b 49 44 3d 54 31 0d 0a
      0000020 00 01 ff 20 30 31 32 33 34 35 36 37 38 39 20 61
      0000040 62 20 63 64 20 65 66 20 30 30 20 31 31
      0000055
      """,
      """
      0000000 43 4d 44 3d 52 45 41 44 3b 49 44 3d 54 31 0d 0a  >CMD=READ;ID=T1..<
      0000016 00 01 ff 20 30 31 32 33 34 35 36 37 38 39 20 61  >... 0123456789 a<
      0000032 62 20 63 64 20 65 66 20 30 30 20 31 31           >b cd ef 00 11<
      0000045
      """,
      """
      0000   43 4d 44 3d 52 45 41 44 3b 49 44 3d 54 31 0d 0a   CMD=READ;ID=T1..
      0010   00 01 ff 20 30 31 32 33 34 35 36 37 38 39 20 61   ... 0123456789 a
      0020   62 20 63 64 20 65 66 20 30 30 20 31 31            b cd ef 00 11
      """,
      """
      \t0x0000:  434d 443d 5245 4144 3b49 443d 5431 0d0a  CMD=READ;ID=T1..
      \t0x0010:  0001 ff20 3031 3233 3435 3637 3839 2061  ....0123456789.a
      \t0x0020:  6220 6364 2065 6620 3030 2031 31         b.cd.ef.00.11
      """,
      """
      unsigned char _tmp_m_bin[] = {
        0x43, 0x4d, 0x44, 0x3d, 0x52, 0x45, 0x41, 0x44, 0x3b, 0x49, 0x44, 0x3d,
        0x54, 0x31, 0x0d, 0xa, 0x00, 0x01, 0xff, 0x20, 0x30, 0x31, 0x32, 0x33,
        0x34, 0x35, 0x36, 0x37, 0x38, 0x39, 0x20, 0x61, 0x62, 0x20, 0x63, 0x64,
        0x20, 0x65, 0x66, 0x20, 0x30, 0x30, 0x20, 0x31, 0x31
      };
      unsigned int _tmp_m_bin_len = 45;
      """,
      #"""
      "\x43\x4d\x44\x3d\x52\x45\x41\x44\x3b\x49\x44\x3d\x54\x31\x0d\x0a\x00\x01\xff\x20\x30\x31\x32"
      "\x33\x34\x35\x36\x37\x38\x39\x20\x61\x62\x20\x63\x64\x20\x65\x66\x20\x30\x30\x20\x31\x31"
      """#,
      "43:4d:44:3d:52:45:41:44:3b:49:44:3d:54:31:0d:0a:00:01:ff:20:30:31:32:33:34:35:36:37:38:39:20:61:62:20:63:64:20:65:66:20:30:30:20:31:31",
    ])
  func forms(_ text: String) throws {
    #expect(try HexText(text).bytes() == Self.bytes)
  }

  @Test("our own dump is read back", arguments: [0, 1, 7, 8, 9, 15, 16, 17, 24, 40])
  func ownDump(_ count: Int) throws {
    let bytes = (0..<count).map { UInt8(truncatingIfNeeded: $0 &* 37 &+ 0x61) }
    let lines = Hexadecimal.dump(bytes)
    #expect(try HexText(lines.joined(separator: "\n")).bytes() == bytes)
    #expect(try HexText(lines.map { "< " + $0 }.joined(separator: "\n")).bytes() == bytes)
  }

  @Test("a star stands for the lines like the one before it")
  func repeats() throws {
    let text = """
      00000000  41 41 41 41 41 41 41 41  41 41 41 41 41 41 41 41  |AAAAAAAAAAAAAAAA|
      *
      00000040  42 43                                             |BC|
      00000042
      """
    #expect(try HexText(text).bytes() == [UInt8](repeating: 0x41, count: 64) + [0x42, 0x43])
  }

  @Test(
    "anything else is refused with its line",
    arguments: [
      ("7b2", "line 1: half a byte is left over"),
      ("41 42\n4g", "line 2: \"4g\" is no hexadecimal digits"),
      ("0x123, 0x4", "line 1: \"0x123\" is no byte"),
      (#"\x41\x4"#, #"line 1: "\x41\x4" is not written as \xHH"#),
      (
        "0000000 4d43 3d44\n0000004",
        "line 1: words of 16 bits do not say which of their bytes is first"
      ),
    ])
  func refused(_ text: String, _ message: String) {
    let error = #expect(throws: HexText.Mistake.self) { try HexText(text).bytes() }
    #expect(error?.message == message)
  }
}
