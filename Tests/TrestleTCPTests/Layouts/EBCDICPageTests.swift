import Testing

@testable import TrestleTCP

@Suite("EBCDIC pages")
struct EBCDICPageTests {
  @Test("a page is known by its names", arguments: ["cp273", "ibm273", "IBM-273", "273", "CP273"])
  func names(_ name: String) {
    #expect(EBCDICPage(name: name)?.name == "cp273")
  }

  @Test(
    "pages have their own characters in their own places",
    arguments: [
      ("cp037", 0x4A, "¢"), ("cp273", 0x4A, "Ä"), ("cp277", 0x5B, "Å"), ("cp278", 0x7B, "Ä"),
      ("cp280", 0xB1, "#"), ("cp284", 0x7B, "Ñ"), ("cp285", 0x5B, "£"), ("cp297", 0x7C, "à"),
      ("cp424", 0x41, "א"), ("cp500", 0x4A, "["), ("cp870", 0x9C, "š"), ("cp871", 0x4A, "Þ"),
      ("cp875", 0x41, "Α"), ("cp1025", 0x42, "ђ"), ("cp1026", 0x4A, "Ç"), ("cp1047", 0xAD, "["),
      ("cp1140", 0x9F, "€"), ("cp1141", 0x9F, "€"), ("cp1142", 0x5A, "€"), ("cp1147", 0x9F, "€"),
      ("cp1148", 0x9F, "€"), ("cp1149", 0x9F, "€"), ("ibm01140", 0x9F, "€"),
    ] as [(String, UInt8, Unicode.Scalar)])
  func character(_ name: String, _ byte: UInt8, _ scalar: Unicode.Scalar) throws {
    let page = try #require(EBCDICPage(name: name))
    #expect(page.scalar(of: byte) == scalar)
    #expect(page.byte(of: scalar) == byte)
  }

  @Test("every character of a page has one byte", arguments: EBCDICPage.names)
  func inverse(_ name: String) throws {
    let page = try #require(EBCDICPage(name: name))
    for byte in UInt8.min...UInt8.max {
      let scalar = page.scalar(of: byte)
      #expect(page.byte(of: scalar) == (scalar == "\u{FFFD}" ? nil : byte), "\(byte)")
    }
    #expect(page.scalar(of: 0x40) == " ")
    #expect(page.scalar(of: 0xF7) == "7")
  }
}
