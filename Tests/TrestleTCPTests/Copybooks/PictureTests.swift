import Testing
import TrestleCore

@testable import TrestleTCP

@Suite("Picture")
struct PictureTests {
  /// What GnuCOBOL 3.1.2 displays after `MOVE value TO field`.
  static let displayed: [(String, String, String)] = [
    ("ZZZ9", "0", "   0"), ("ZZZ9", "5", "   5"), ("ZZZ9", "1234", "1234"),
    ("ZZZ9", "120", " 120"), ("ZZZZ", "0", "    "), ("ZZZZ", "7", "   7"),
    ("Z,ZZ9.99", "0", "    0.00"), ("Z,ZZ9.99", "1234.5", "1,234.50"),
    ("Z,ZZ9.99", "0.05", "    0.05"), ("Z,ZZ9.99", "12", "   12.00"),
    ("Z,ZZZ.ZZ", "0", "        "), ("Z,ZZZ.ZZ", "0.05", "     .05"),
    ("Z,ZZZ.ZZ", "1234.5", "1,234.50"), ("**,**9.99", "0", "*****0.00"),
    ("**,**9.99", "12.5", "****12.50"), ("**,**9.99", "12345.67", "12,345.67"),
    ("***,***.**", "0", "*******.**"), ("***,***.**", "0.5", "*******.50"),
    ("***,***.**", "1234.5", "**1,234.50"), ("-9(4)", "-12", "-0012"), ("-9(4)", "12", " 0012"),
    ("9(4)-", "-12", "0012-"), ("9(4)-", "12", "0012 "), ("+9(4)", "-12", "-0012"),
    ("+9(4)", "12", "+0012"), ("9(4)+", "-12", "0012-"), ("9(4)+", "0", "0000+"),
    ("--,--9.99", "-1.5", "    -1.50"), ("--,--9.99", "1234.56", " 1,234.56"),
    ("--,--9.99", "-1234.56", "-1,234.56"), ("--,--9.99", "0", "     0.00"),
    ("--,--9.99", "-12", "   -12.00"), ("++,++9.99", "-1.5", "    -1.50"),
    ("++,++9.99", "1234.56", "+1,234.56"), ("++,++9.99", "-12", "   -12.00"),
    ("++,++9.99", "0", "    +0.00"), ("$$,$$9.99", "1.5", "    $1.50"),
    ("$$,$$9.99", "1234.56", "$1,234.56"), ("$$,$$9.99", "0", "    $0.00"),
    ("$ZZ,ZZ9.99", "1.5", "$     1.50"), ("$**,**9.99", "1.5", "$*****1.50"),
    ("$$,$$$.$$", "0", "         "), ("$$,$$$.$$", "0.05", "     $.05"),
    ("$$,$$$.$$", "123.4", "  $123.40"), ("----", "0", "    "), ("----", "-5", "  -5"),
    ("----", "12", "  12"), ("ZZ9.99CR", "-1.5", "  1.50CR"), ("ZZ9.99CR", "1.5", "  1.50  "),
    ("ZZ9.99DB", "-1.5", "  1.50DB"), ("ZZ9.99DB", "0", "  0.00  "),
    ("ZZZ.ZZCR", "0", "        "), ("ZZZ.ZZCR", "-0.5", "   .50CR"),
    ("***.**CR", "0", "***.****"), ("***.**CR", "-0.5", "***.50CR"),
    ("+***.**", "0", "****.**"), ("+***.**", "-0.5", "-***.50"),
    ("99/99/9999", "12312026", "12/31/2026"), ("99/99/9999", "1012026", "01/01/2026"),
    ("9(3)B9(3)", "123456", "123 456"), ("9(3)B9(3)", "1", "000 001"),
    ("9(3)0(2)", "123", "12300"), ("ZZ/ZZ/ZZ", "0", "        "), ("0ZZ9", "5", "0  5"),
    ("BZZ9", "5", "   5"), ("Z(6)VZZ-", "-204817.65", "20481765-"),
    ("Z(6)VZZ-", "1.5", "     150 "), ("Z(6)VZZ-", "0", "         "),
    ("+9(6)V99", "-204817.65", "-20481765"), ("-Z,ZZ9", "-5", "-    5"),
    ("-Z,ZZ9", "-1234", "-1,234"), ("-Z,ZZ9", "5", "     5"), ("ZZ9-", "-5", "  5-"),
    ("-$ZZ9.99", "-5.5", "-$  5.50"),
    ("+$$$9.99", "1", "+  $1.00"), ("$$$9.99-", "-5.5", "  $5.50-"), ("-**9", "-5", "-**5"),
    ("ZZZ,ZZZ", "1", "      1"), ("ZZZ,ZZZ", "1234", "  1,234"), ("ZZZ,ZZZ", "0", "       "),
    ("9,999.99", "1.5", "0,001.50"), ("Z9.9(3)", "1.5", " 1.500"), (".99", "0.5", ".50"),
    ("Z.99", "0.5", " .50"), ("Z.99", "0", " .00"), ("--.99", "-0.5", " -.50"),
    ("--.99", "0", "  .00"), ("$.99", "0.5", "$.50"), ("$$.99", "0.5", " $.50"),
    ("BBZZ9", "1", "    1"), ("ZZBZZ9", "1", "     1"), ("ZZBZZ9", "12345", "12 345"),
    ("++++.++", "0", "       "), ("++++.++", "-0.05", "   -.05"),
    ("++++.++", "12.3", " +12.30"), ("$B999", "7", "$ 007"), ("-----9", "-12345", "-12345"),
  ]

  @Test("a number is edited as a compiler edits it, and read back", arguments: displayed)
  func edited(_ picture: String, _ value: String, _ text: String) throws {
    let field = EditedNumberField(
      picture: try Picture(picture), encoding: .ascii, typeName: picture)
    var bytes: [UInt8] = []
    try field.write(.string(value), to: &bytes)
    #expect(String(decoding: bytes, as: UTF8.self) == text)
    var reader = FieldReader(bytes)
    let found = try #require(try field.read(&reader).scalarText.flatMap { Double($0) })
    #expect(found == Double(value))
  }

  @Test(
    "comma and point change places where programs say so",
    arguments: [
      ("Z.ZZ9,99", "1234.50", "1.234,50"), ("Z.ZZ9,99", "12.50", "   12,50"),
      ("--.--9,99", "-1234.50", "-1.234,50"), ("9(3),9", "1.5", "001,5"),
    ])
  func comma(_ picture: String, _ value: String, _ text: String) throws {
    let field = EditedNumberField(
      picture: try Picture(picture, isCommaPoint: true), encoding: .ascii, isCommaPoint: true,
      typeName: picture)
    var bytes: [UInt8] = []
    try field.write(.string(value), to: &bytes)
    #expect(String(decoding: bytes, as: UTF8.self) == text)
    var reader = FieldReader(bytes)
    #expect(try field.read(&reader) == .string(value))
  }

  @Test("what stands between suppressed zeros gives way with them")
  func suppressedSlash() throws {
    let field = EditedNumberField(
      picture: try Picture("ZZ/ZZ/99"), encoding: .ascii, typeName: "date")
    var bytes: [UInt8] = []
    try field.write(.integer(5), to: &bytes)
    #expect(String(decoding: bytes, as: UTF8.self) == "      05")
  }

  @Test(
    "a printed number is read wherever its digits stand",
    arguments: [
      ("9(8).9(2)", "45.67      ", "45.67"), ("ZZ9.99-", "1.5-   ", "-1.50"),
      ("S9(3).99", "123.4N", "-123.45"), ("S9(3).99", "678.9A", "678.91"),
      ("Z(8)-", "12345678+", "12345678"), ("-9(4)", "+0012", "12"),
    ])
  func loose(_ picture: String, _ text: String, _ value: String) throws {
    let field = EditedNumberField(
      picture: try Picture(picture), encoding: .ascii, typeName: picture)
    var reader = FieldReader(Array(text.utf8))
    #expect(try field.read(&reader).scalarText == value)
  }

  @Test(
    "text that is no number of the picture is refused",
    arguments: [("ZZ9", "abc"), ("ZZ9", "   "), ("Z9.99", "1.2.3"), ("ZZ9", "1-2"), ("ZZ9", "-1")])
  func wrong(_ picture: String, _ text: String) throws {
    let field = EditedNumberField(
      picture: try Picture(picture), encoding: .ascii, typeName: picture)
    let padded = text + String(repeating: " ", count: max(0, field.size - text.utf8.count))
    var reader = FieldReader(Array(padded.utf8))
    #expect(throws: CodecError.self) { try field.read(&reader) }
  }

  @Test(
    "digits, scale and length follow from the symbols",
    arguments: [
      ("9(5)V9(2)", 7, 2, 7), ("S9(3)V99", 5, 2, 5), ("99v9", 3, 1, 3), ("PPP9(5)", 5, 8, 5),
      ("SPP99999", 5, 7, 5), ("9(5)PPP", 5, -3, 5), ("S9PPPV", 1, -3, 1), ("V9(5)", 5, 5, 5),
      ("VPP99", 2, 4, 2), ("$$,$$9.99", 6, 2, 9), ("--,---,--9.99", 9, 2, 13),
      ("Z(6)VZZ-", 8, 2, 9), ("9(6).99-", 8, 2, 10), ("999CR", 3, 0, 5),
    ])
  func numbers(_ text: String, _ digits: Int, _ scale: Int, _ length: Int) throws {
    let picture = try Picture(text)
    #expect(picture.digits == digits)
    #expect(picture.scale == scale)
    #expect(picture.length == length)
  }

  @Test(
    "the kind follows from the symbols",
    arguments: [
      ("X(10)", Picture.Category.text), ("A(3)", .text), ("XX/XX", .text), ("99X", .text),
      ("N(5)", .national), ("G(5)", .dbcs), ("9(4)", .number), ("9(4).9", .editedNumber),
    ])
  func kind(_ text: String, _ category: Picture.Category) throws {
    #expect(try Picture(text).category == category)
  }

  @Test(
    "what is no picture is refused",
    arguments: ["X(", "X(a)", "Q9", "S", "9(39)", "X(99999999)", "", "9.9.9", "X(-1)", "(3)"])
  func noPicture(_ text: String) {
    #expect(throws: Picture.Mistake.self) { try Picture(text) }
  }
}
