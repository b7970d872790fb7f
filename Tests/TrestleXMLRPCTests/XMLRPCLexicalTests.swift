import Testing
import TrestleCore

@testable import TrestleXMLRPC

@Suite struct XMLRPCLexicalTests {
  struct Row: CustomTestStringConvertible, Sendable {
    let element: XMLRPCElement
    let text: String
    let value: Value?
    var testDescription: String { "<\(element.rawValue)>\(text.prefix(40))" }

    init(_ element: XMLRPCElement, _ text: String, _ value: Value? = nil) {
      self.element = element
      self.text = text
      self.value = value
    }
  }

  @Test(
    "what the spec allows is read exactly",
    arguments: [
      Row(.int, "0", 0), Row(.int, "-0", 0), Row(.int, "+7", 7), Row(.int, "007", 7),
      Row(.i4, "2147483647", 2_147_483_647), Row(.i4, "-2147483648", -2_147_483_648),
      Row(.i8, "9223372036854775807", .integer(.max)),
      Row(.i8, "-9223372036854775808", .integer(.min)), Row(.i1, "-128", -128),
      Row(.i2, "32767", 32_767), Row(.boolean, "0", false), Row(.boolean, "1", true),
      Row(.double, "1.5", 1.5), Row(.double, "-0.25", -0.25), Row(.double, "+3.", 3.0),
      Row(.double, ".5", 0.5), Row(.double, "00.10", 0.1), Row(.double, "-0.000", 0.0),
      Row(.double, "1" + String(repeating: "0", count: 300) + ".0", .double(1e300)),
      Row(.dateTimeISO8601, "19980717T14:08:55", .dateTime("19980717T14:08:55")),
      Row(.dateTimeISO8601, "20240229T23:59:60", .dateTime("20240229T23:59:60")),
      Row(.dateTime, "2024-02-29T01:02:03.004+05:30", .dateTime("2024-02-29T01:02:03.004+05:30")),
      Row(.dateTime, "2024-02-29T01:02:03Z", .dateTime("2024-02-29T01:02:03Z")),
      Row(.base64, "AAEC/w==", .bytes([0, 1, 2, 255])),
      Row(.base64, "\n AA\r\n\tEC ", .bytes([0, 1, 2])),
      Row(.base64, "\n", .bytes([])), Row(.string, "", ""), Row(.string, " a\tb ", " a\tb "),
      Row(.nil, "", .null),
      Row(.biginteger, "98765432100123456789", Row.number("98765432100123456789")),
      Row(.bigdecimal, "-9876543210.0123456789", Row.number("-9876543210.0123456789")),
      Row(.bigdecimal, "1E+3", Row.number("1E+3")),
      Row(.serializable, "rO0A", .bytes([0xAC, 0xED, 0])),
    ])
  func exact(_ row: Row) throws {
    #expect(XMLRPCLexical.read(row.element, row.text) == .exact(try #require(row.value)))
  }

  @Test(
    "what is met in the wild is read with a note",
    arguments: [
      Row(.int, " 1 ", 1), Row(.int, "0 ", 0), Row(.int, "2147483648", 2_147_483_648),
      Row(.i4, "-2147483649", -2_147_483_649), Row(.int, "", .null), Row(.int, " ", .null),
      Row(.int, "9223372036854775808", Row.number("9223372036854775808")),
      Row(.int, "-0009223372036854775809", Row.number("-9223372036854775809")),
      Row(.i1, "205", 205), Row(.boolean, "tRuE", true), Row(.boolean, "false", false),
      Row(.boolean, " 1\n", true), Row(.boolean, "", .null), Row(.double, "1", 1.0),
      Row(.double, "-1.10e2", -110.0), Row(.double, "1E5", 100_000.0), Row(.double, " 1.5", 1.5),
      Row(.double, "INF", .double(.infinity)), Row(.double, "-infinity", .double(-.infinity)),
      Row(.double, "", .null),
      Row(.dateTimeISO8601, "2014-11-10T23:38:51+0000", .dateTime("2014-11-10T23:38:51+0000")),
      Row(.dateTimeISO8601, "20141110T23:38:51Z", .dateTime("20141110T23:38:51Z")),
      Row(.dateTimeISO8601, "20141110T233851", .dateTime("20141110T233851")),
      Row(.dateTimeISO8601, "20141110T23:38:51.123", .dateTime("20141110T23:38:51.123")),
      Row(.dateTimeISO8601, "00000000T00:00:00", .dateTime("00000000T00:00:00")),
      Row(.dateTimeISO8601, "20230229T00:00:00", .dateTime("20230229T00:00:00")),
      Row(.dateTimeISO8601, "2024-01-02 03:04:05", .dateTime("2024-01-02 03:04:05")),
      Row(.dateTimeISO8601, " 19980717T14:08:55 ", .dateTime("19980717T14:08:55")),
      Row(.dateTimeISO8601, "12:00", .dateTime("12:00")),
      Row(.dateTimeISO8601, "2014/11/10 23:38:51", .dateTime("2014/11/10 23:38:51")),
      Row(.dateTimeISO8601, "-00011130T00:00:00", .dateTime("-00011130T00:00:00")),
      Row(.dateTimeISO8601, "20141110T23:38:51 UTC", .dateTime("20141110T23:38:51 UTC")),
      Row(
        .dateTimeISO8601, "Mon, 10 Nov 2014 23:38:51 +0000",
        .dateTime("Mon, 10 Nov 2014 23:38:51 +0000")),
      Row(.double, "1e-400", 0.0),
      Row(.double, "0." + String(repeating: "0", count: 400) + "1", 0.0),
      Row(.base64, "QR==", .bytes([0x41])), Row(.base64, "QUJ=", .bytes([0x41, 0x42])),
      Row(.base64, "QQ=", .bytes([0x41])), Row(.base64, "QQ===", .bytes([0x41])),
      Row(.base64, "QUI=QUI=", .bytes([0x41, 0x42, 0x41, 0x42])),
      Row(.dateTimeISO8601, "", .null), Row(.base64, "AAEC/w", .bytes([0, 1, 2, 255])),
      Row(.base64, "", .null), Row(.nil, " ", .null), Row(.bigdecimal, "+01.5", Row.number("1.5")),
      Row(.bigdecimal, ".5", Row.number("0.5")), Row(.biginteger, "007", Row.number("7")),
    ])
  func lenient(_ row: Row) throws {
    let wanted = try #require(row.value)
    guard case .lenient(let value, let note) = XMLRPCLexical.read(row.element, row.text) else {
      Issue.record("is \(XMLRPCLexical.read(row.element, row.text))")
      return
    }
    #expect(value == wanted)
    #expect(!note.isEmpty)
  }

  @Test("NaN is read with a note")
  func notANumber() {
    guard case .lenient(.double(let number), _) = XMLRPCLexical.read(.double, "nan") else {
      Issue.record("is no double")
      return
    }
    #expect(number.isNaN)
  }

  @Test(
    "what means nothing is refused",
    arguments: [
      Row(.int, "1e5"), Row(.int, "1.0"), Row(.int, "--1"), Row(.int, "+"), Row(.int, "1 2"),
      Row(.int, "٣"), Row(.int, "0x10"), Row(.boolean, "2"), Row(.boolean, "-1"),
      Row(.boolean, "yes"), Row(.double, "a"), Row(.double, "1.1a"), Row(.double, "."),
      Row(.double, "1e999"), Row(.double, "0x1p3"), Row(.double, "1,5"),
      Row(.double, "0." + String(repeating: "1", count: 100_000)),
      Row(.dateTimeISO8601, "yesterday"),
      Row(.dateTimeISO8601, "12\n00"), Row(.dateTimeISO8601, "<1>"),
      Row(.dateTimeISO8601, "1" + String(repeating: " ", count: 64) + "2"), Row(.base64, "a"),
      Row(.base64, "AA=A"), Row(.base64, "hello world, this"), Row(.base64, "****"), Row(.nil, "x"),
      Row(.biginteger, "1.5"),
      Row(.bigdecimal, "abc"), Row(.biginteger, String(repeating: "9", count: 20_000)),
    ])
  func invalid(_ row: Row) {
    guard case .invalid(let reason) = XMLRPCLexical.read(row.element, row.text) else {
      Issue.record("is \(XMLRPCLexical.read(row.element, row.text))")
      return
    }
    #expect(reason.contains("<\(row.element.rawValue)"))
    #expect(reason.utf8.count < 200)
  }

  @Test("an excerpt is short, on one line, and whole characters")
  func excerpt() {
    #expect(XMLRPCLexical.excerpt("a\r\n\tb\u{1}".utf8) == "\"a  b\"")
    #expect(XMLRPCLexical.excerpt("ééé".utf8, limit: 3) == "\"é…\"")
  }
}

extension XMLRPCLexicalTests.Row {
  static func number(_ text: String) -> Value? { NumberText(text).map(Value.number) }
}
