import Testing

@testable import TrestleCore

@Suite("Base64")
struct Base64Tests {
  // RFC 4648 §10.
  static let vectors = [
    ("", ""), ("f", "Zg=="), ("fo", "Zm8="), ("foo", "Zm9v"), ("foob", "Zm9vYg=="),
    ("fooba", "Zm9vYmE="), ("foobar", "Zm9vYmFy"),
  ]

  @Test("the vectors of RFC 4648 hold both ways", arguments: vectors)
  func holds(text: String, encoded: String) {
    #expect(Base64.encode(Array(text.utf8)) == encoded)
    #expect(Base64.decode(encoded.utf8) == Array(text.utf8))
    #expect(Base64.decode(encoded.utf8, strict: true) == Array(text.utf8))
  }

  @Test("white space is skipped, missing padding only when strict refused")
  func lenience() {
    #expect(Base64.decode(" Zm9v\r\n Yg== ".utf8) == Array("foob".utf8))
    #expect(Base64.decode("Zg".utf8) == Array("f".utf8))
    #expect(Base64.decode("Zg".utf8, strict: true) == nil)
  }

  @Test(
    "other texts are refused",
    arguments: ["Z", "Zg=", "Zg==Zg==", "Z*==", "====", "Zg==="])
  func refuses(text: String) { #expect(Base64.decode(text.utf8) == nil) }

  @Test("all bytes survive")
  func allBytes() {
    let bytes = (0...255).map { UInt8($0) }
    #expect(Base64.decode(Base64.encode(bytes).utf8) == bytes)
  }
}

@Suite("Suggestions")
struct SuggestionTests {
  static let words: [(String, [String], String?)] = [
    ("GetStok", ["GetStock", "SetStock"], "GetStock"), ("getstock", ["GetStock"], "GetStock"),
    ("idd", ["id", "lines"], "id"), ("Get", ["GetClaim", "List"], "GetClaim"),
    ("teh", ["the", "ten"], "the"), ("xyz", ["GetStock"], nil), ("x", [], nil),
    ("ab", ["cd"], nil),
  ]

  @Test("the nearest word is found, or none", arguments: words)
  func nearest(word: String, known: [String], expected: String?) {
    #expect(Suggestion.nearest(to: word, among: known) == expected)
  }
}
