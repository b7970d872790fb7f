import Testing
import TrestleCore

@testable import TrestleTCP

@Suite("Declared types")
struct TypeTests {
  @Test(
    "a text of a message becomes the caller's value, and back",
    arguments: [
      ("string", "07", "07", "07"), ("int", "-5", -5, -5),
      ("integer", "12345678901", "12345678901", 12_345_678_901),
      ("boolean", "true", true, true), ("boolean(Y,N)", "N", false, "N"),
      ("date", "2026-01-15", "2026-01-15", "2026-01-15"),
      ("list", "a", ["a"], ["a"]), ("list of int", ["1", "2"], [1, 2], [1, 2]),
    ] as [(String, Value, Value, Value)])
  func conversion(_ type: String, _ inMessage: Value, _ value: Value, _ written: Value) throws {
    let type = try #require(DeclaredType(type))
    #expect(try type.fromMessage(inMessage) == value)
    #expect(try type.toMessage(value) == written)
  }

  @Test("decimals keep their digits")
  func decimals() throws {
    let type = try #require(DeclaredType("decimal"))
    #expect(try type.fromMessage("10.500") == "10.500")
    #expect(try type.toMessage("10.500").scalarText == "10.500")
    #expect(try type.toMessage("+007.10").scalarText == "+007.10")
    let number = try JSONParser.parse("10.500")
    #expect(try type.fromMessage(number) == "10.500")
    #expect(try type.toMessage(number) == number)
  }

  @Test(
    "a value that is not of its type is refused",
    arguments: [
      ("int", "x"), ("int", "4294967296"), ("decimal", "1e5"), ("decimal", ""),
      ("boolean", "maybe"),
      ("integer", "1.5"), ("string", ["a": 1]), ("list of int", ["1", "x"]), ("date", ""),
    ] as [(String, Value)])
  func refused(_ type: String, _ value: Value) throws {
    let type = try #require(DeclaredType(type))
    #expect(throws: CodecError.self) { try type.fromMessage(value) }
  }

  @Test("what is no type is none", arguments: ["strnig", "boolean(Y)", "list of x", ""])
  func unknown(_ text: String) { #expect(DeclaredType(text) == nil) }

  @Test("the text of an element with attributes is its value")
  func content() throws {
    #expect(try DeclaredType.string.fromMessage(["_ccy": "EUR", "_text": "5"]) == "5")
  }
}
