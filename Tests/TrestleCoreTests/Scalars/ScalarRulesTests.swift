import Testing

@testable import TrestleCore

@Suite("Scalar rules")
struct ScalarRulesTests {
  typealias Kind = ScalarSchema.Kind

  private func rules(
    _ kind: Kind, typeName: String = "T", _ change: (inout Facets) -> Void = { _ in }
  ) -> ScalarRules {
    var facets = Facets()
    change(&facets)
    return ScalarRules(
      ScalarSchema(kind: kind, form: .string, typeName: typeName, facets: facets))
  }

  static let accepted: [(Kind, [String])] = [
    (.boolean, ["true", "false", "1", "0", " true\n"]),
    (.integer, ["0", "-0", "+7", "00012", "123456789012345678901234567890"]),
    (.decimal, ["1", "1.", ".5", "-0.50", "+10.500", "007.70", "12678967.543233"]),
    (.float, ["1", "-1E4", "1.5e-3", "12.78e-2", "INF", "-INF", "NaN", ".5", "1.e2", "-0"]),
    (.double, ["1267.43233E12", "0"]),
    (.base64, ["", "QQ==", "QUI=", "QUJD", "Q U J D", "QUJD\nQUJD", "QQ"]),
    (.hex, ["", "0FB7", "0fb7"]),
    (
      .dateTime,
      [
        "2026-01-15T09:30:00", "2026-01-15T09:30:00Z", "2026-01-15T09:30:00.123456789+14:00",
        "2000-02-29T24:00:00-13:59", "-0044-03-15T00:00:00", "12026-01-15T00:00:00",
        "9999999999999999999999-01-01T00:00:00", "2024-02-29T23:59:59.999",
      ]
    ),
    (.date, ["2026-01-15", "2026-01-15Z", "2026-01-15+02:00", "2000-02-29"]),
    (.time, ["09:30:00", "24:00:00", "23:59:59.5Z"]),
    (
      .duration,
      ["P1Y", "-P1Y2M3DT4H5M6.7S", "PT0S", "P1M", "PT1M", "P0D", "P1347M", "PT36H", "P1DT2H"]
    ),
    (.gYear, ["2026", "-2026", "12026", "2026Z"]), (.gYearMonth, ["2026-01", "2026-12+01:00"]),
    (.gMonth, ["--01", "--12Z"]), (.gMonthDay, ["--02-29", "--12-31"]),
    (.gDay, ["---01", "---31-05:00"]),
    (.qualifiedName, ["a", "a:b", "_x:y.z-1", "{urn:x}name"]), (.uri, ["", "http://x/ y", "a#b"]),
    (.string, ["", " x ", "\u{1F600}"]),
  ]

  @Test("texts of the lexical space are accepted", arguments: accepted)
  func accepts(kind: Kind, texts: [String]) {
    for text in texts { #expect(rules(kind).refusal(of: text) == nil, "\(text)") }
  }

  static let refused: [(Kind, [String])] = [
    (.boolean, ["TRUE", "yes", "", "2", "tru"]),
    (.integer, ["", "+", "-", "1.0", "1e3", "0x1", "1 2", "--1", "١"]),
    (.decimal, ["", ".", "-", "1e3", "1,5", "INF", "NaN", "1.2.3", "+-1"]),
    (.float, ["", "inf", "+INF", "Infinity", "nan", "1e", "e5", "1e1.5", "0x1p3", "1 e5"]),
    (.base64, ["Q", "Q===", "QQ=A", "QUJD=", "Q*==", "QUJDR"]), (.hex, ["0", "0g", "0 1"]),
    (
      .dateTime,
      [
        "2026-01-15", "2026-01-15 09:30:00", "2026-13-15T09:30:00", "2026-02-29T00:00:00",
        "1900-02-29T00:00:00", "2026-01-15T25:00:00", "2026-01-15T24:00:01",
        "2026-01-15T24:00:00.1", "2026-01-15T09:60:00", "2026-01-15T09:30:60",
        "0000-01-01T00:00:00", "026-01-15T09:30:00", "02026-01-15T09:30:00",
        "2026-01-15T09:30:00+14:01", "2026-01-15T09:30:00+15:00", "2026-01-15T09:30:00.",
        "2026-01-15T09:30:00z", "20260115T09:30:00", "+2026-01-15T09:30:00", "2026-1-15T9:30:00",
      ]
    ),
    (.date, ["2026-01-32", "2026-00-01", "2026-04-31", "15.01.2026", "2026-01-15T00:00:00"]),
    (.time, ["9:30:00", "09:30", "24:00:01", "09:30:00.", "-09:30:00"]),
    (
      .duration,
      [
        "P", "PT", "1Y", "P1YT", "P-1Y", "P1S", "PT1D", "P1M1Y", "P1.5Y", "PT1.S", "P1Y1Y",
        "P1YTT1S",
      ]
    ),
    (.gYear, ["26", "02026", "0000"]), (.gYearMonth, ["2026-13", "2026"]),
    (.gMonth, ["01", "--13", "--00", "--1"]), (.gMonthDay, ["--02-30", "--04-31", "-02-01"]),
    (.gDay, ["---32", "---00", "--01"]), (.qualifiedName, ["", "1a", "a:", ":a", "a:b:c", "a b"]),
  ]

  @Test("texts outside the lexical space are refused", arguments: refused)
  func refuses(kind: Kind, texts: [String]) {
    for text in texts { #expect(rules(kind).refusal(of: text) != nil, "\(text)") }
  }

  @Test("XML-RPC's dates may leave the hyphens out")
  func basicDates() {
    let rules = rules(.dateTime, typeName: "dateTime.iso8601")
    #expect(rules.refusal(of: "20260115T09:30:00") == nil)
    #expect(rules.refusal(of: "20261315T09:30:00") != nil)
  }

  static let bounds: [(Kind, String, [String], [String])] = [
    (.integer, "-128...127", ["-128", "127", "0", "+127", "00127"], ["-129", "128"]),
    (
      .integer, "0...18446744073709551615", ["18446744073709551615", "0", "-0"],
      ["18446744073709551616", "-1"]
    ),
    (.decimal, "0.10...10.5", ["0.1", "10.50", "3"], ["0.09", "10.500001", "-1", "11"]),
    (.decimal, "-2.5...-1", ["-1.0", "-2.50"], ["-2.51", "-0.9", "1"]),
    (.double, "-1.5...1E2", ["100", "-1.5"], ["100.1", "-1.6", "INF", "-INF"]),
    (.date, "2020-01-01...2020-12-31", ["2020-06-01"], ["2019-12-31", "2021-01-01"]),
    (
      .dateTime, "2020-01-01T00:00:00Z...2020-01-01T12:00:00.5Z",
      ["2020-01-01T01:00:00+01:00", "2020-01-01T12:00:00.50Z"],
      ["2020-01-01T00:59:59+01:00", "2020-01-01T12:00:00.51Z"]
    ),
    (.duration, "P1M...P1Y", ["P31D", "P12M", "P1M"], ["P27D", "P13M", "PT0S"]),
    (.gYear, "1900...2100", ["2000"], ["1899", "2101"]),
  ]

  @Test("bounds compare as the kind compares", arguments: bounds)
  func holdsBounds(kind: Kind, range: String, inside: [String], outside: [String]) throws {
    let split = try #require(range.firstRange(of: "..."))
    let rules = rules(kind) {
      $0.minimum = String(range[..<split.lowerBound])
      $0.maximum = String(range[split.upperBound...])
    }
    for text in inside { #expect(rules.refusal(of: text) == nil, "\(text)") }
    for text in outside { #expect(rules.refusal(of: text) != nil, "\(text)") }
  }

  @Test("exclusive bounds leave out the bound itself")
  func exclusiveBounds() {
    let rules = rules(.decimal) {
      $0.exclusiveMinimum = "0"
      $0.exclusiveMaximum = "1.0"
    }
    #expect(rules.refusal(of: "0.0") != nil)
    #expect(rules.refusal(of: "1") != nil)
    #expect(rules.refusal(of: "0.5") == nil)
  }

  @Test("digits that change nothing are not counted")
  func digits() {
    let rules = rules(.decimal) {
      $0.totalDigits = 4
      $0.fractionDigits = 2
    }
    for text in ["12.34", "0012.3400", "0.01", "1234", "-1234"] {
      #expect(rules.refusal(of: text) == nil, "\(text)")
    }
    for text in ["12345", "1.234", "123.45"] {
      #expect(rules.refusal(of: text) != nil, "\(text)")
    }
  }

  @Test("lengths count characters, or bytes of binary kinds")
  func lengths() {
    let word = rules(.string) { $0.maximumLength = 3 }
    #expect(word.refusal(of: "äöü") == nil)
    #expect(word.refusal(of: "abcd")?.reason == #"expects at most 3 characters, found 4: "abcd""#)
    let key = rules(.hex) { $0.length = 2 }
    #expect(key.refusal(of: "0FB7") == nil)
    #expect(key.refusal(of: "0F") != nil)
    let data = rules(.base64) { $0.minimumLength = 2 }
    #expect(data.refusal(of: "QQ==") != nil)
    #expect(data.refusal(of: "QUI=") == nil)
  }

  @Test("an enumeration is of values, and names the nearest word")
  func enumerations() {
    let color = rules(.string, typeName: "Color") { $0.enumeration = ["red", "green", "blue"] }
    #expect(color.refusal(of: "green") == nil)
    let refusal = color.refusal(of: "gren")
    #expect(refusal?.reason == #"expects one of "red", "green", "blue", found "gren""#)
    #expect(refusal?.hint == #"Did you mean "green"?"#)
    let rate = rules(.decimal) { $0.enumeration = ["1.0", "2.5"] }
    #expect(rate.refusal(of: "1") == nil)
    #expect(rate.refusal(of: "2") != nil)
  }

  @Test("a pattern that cannot be read checks nothing")
  func unknownPatterns() {
    #expect(rules(.string) { $0.patterns = [#"\p{IsKlingon}"#] }.refusal(of: "x") == nil)
    #expect(rules(.string) { $0.patterns = ["[a-z]+"] }.refusal(of: "X") != nil)
  }

  @Test("a refusal names the type, what was found and how to write it")
  func wording() {
    let rules = rules(.date, typeName: "xs:date")
    #expect(
      rules.refusal(of: "15.1.2026")
        == .init(
          reason: #"expects xs:date, found "15.1.2026""#, hint: "Write it as 2026-01-15."))
  }
}
