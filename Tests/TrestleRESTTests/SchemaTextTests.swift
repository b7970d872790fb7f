import Testing
import TrestleCore
import TrestleREST

@Suite("Formats and patterns of JSON Schemas")
struct SchemaTextTests {
  private static let formats: [(format: String, valid: [String], invalid: [String])] = [
    ("date", ["2024-02-29"], ["2023-02-29", "2024-1-01", "2024-01-01Z", "2024-13-01"]),
    (
      "date-time",
      ["2026-01-15T09:30:00Z", "2026-01-15t09:30:00.123+05:30", "1990-12-31T15:59:60-08:00"],
      ["2026-01-15", "2026-01-15T09:30:00", "2026-01-15T24:00:00Z", "1990-12-31T15:58:60Z"]
    ),
    ("time", ["09:30:00Z", "23:59:59.5+00:00"], ["09:30", "09:30:00", "25:00:00Z"]),
    ("duration", ["P1Y2M3DT4H5M6S", "P4W", "PT1M"], ["P", "PT", "1D", "P1M2Y", "P1W2D", "P1H"]),
    (
      "uuid", ["123e4567-e89b-12d3-a456-426614174000", "123E4567-E89B-12D3-A456-42661417400F"],
      ["123e4567e89b12d3a456426614174000", "123e4567-e89b-12d3-a456-42661417400g"]
    ),
    (
      "email", ["a.b+c@example.com", "\"a b\"@example.com", "a@[127.0.0.1]"],
      ["a", "@b.c", "a@", ".a@b.c", "a..b@c.d", "a@-b.c", "ä@b.c"]
    ),
    ("idn-email", ["ä@example.com", "실례@실례.테스트"], ["ä"]),
    ("hostname", ["example.com", "a-b.c1"], ["-a.b", "a_b", "a..b", ""]),
    ("ipv4", ["127.0.0.1"], ["256.0.0.1", "1.2.3", "01.2.3.4", "1.2.3.4.5"]),
    (
      "ipv6", ["::", "::1", "2001:db8::1", "1:2:3:4:5:6:7:8", "::ffff:192.0.2.1"],
      ["1", ":1", "1::2::3", "12345::", "1:2:3:4:5:6:7:8:9", "::1%eth0", "1:2:3:4:5:6:7"]
    ),
    (
      "uri", ["http://a.b/c?d=e#f", "urn:x:y", "http://[::1]:80/", "mailto:a@b.c"],
      ["/a", "a b", "http://a b", "http://[::1", "http://a/%zz", "//a.b/c", "http://a/ä"]
    ),
    ("uri-reference", ["/a", "", "a?b", "#c", "http://a"], ["a b", "\\\\a"]),
    ("uri-template", ["/a/{b}{?c,d*}"], ["/a/{b", "/a/b}", "/{}"]),
    ("json-pointer", ["", "/a~1b/0", "/"], ["a", "/a~2", "/a~"]),
    ("regex", ["^a+$", "(?<!x)y"], ["a(", "[a", "*a"]),
    ("byte", ["c2FtcGxl", "", "YQ=="], ["YQ", "a", "%%%%"]),
    ("password", ["anything"], []),
    ("colour", ["anything"], []),
  ]

  @Test("A format allows what it says", arguments: formats.indices)
  func formatAllows(index: Int) throws {
    let (format, valid, invalid) = Self.formats[index]
    let schema = try Schemas.one("{\"type\": \"string\", \"format\": \"\(format)\"}")
    for text in valid { #expect(schema.admits(.string(text), for: .response), "\(text)") }
    for text in invalid { #expect(!schema.admits(.string(text), for: .response), "\(text)") }
    #expect(try schema.shown().utf8.count > 0)
  }

  @Test("Before OpenAPI 3.1, formats that JSON Schema did not know then pass")
  func olderFormats() throws {
    let schema = try Schemas.one(#"{"type": "string", "format": "time"}"#, .openAPI30)
    #expect(try schema.allows("\"09:30\""))
    let date = try Schemas.one(#"{"type": "string", "format": "date"}"#, .openAPI30)
    #expect(try !date.allows("\"09:30\""))
  }

  @Test("A format says nothing of values of another kind")
  func otherKinds() throws {
    #expect(try Schemas.one(#"{"format": "uuid"}"#).allows("7"))
    #expect(try Schemas.one(#"{"format": "int32"}"#).allows("\"x\""))
    #expect(try !Schemas.one(#"{"format": "float"}"#).allows("1e39"))
    #expect(try !Schemas.one(#"{"format": "double"}"#).allows("1e400"))
  }

  private static let patterns: [(pattern: String, matching: [String], others: [String])] = [
    ("a", ["a", "xay", "\na\n"], ["b", ""]),
    ("^a|b$", ["ax", "xb"], ["xa", "bx"]),
    ("^(a|b$)", ["ax", "b"], ["bx", "xb"]),
    ("(^a|b)c", ["ac", "xbc"], ["xac"]),
    (#"^\d+$"#, ["12"], ["٣", "", "1a"]),
    (#"^\w\W\s\S$"#, ["a- b"], ["ä- b", "aa b"]),
    ("^[^a-c]$", ["d", "😀"], ["a", "dd"]),
    (#"^[\w.-]+@[\w-]+$"#, ["a.b-c@d"], ["a b@c"]),
    (#"^[\]\[^-]+$"#, ["[]^-"], ["a"]),
    (#"^\u0041\x42\t$"#, ["AB\t"], ["AB"]),
    ("^a{2,3}?$", ["aa", "aaa"], ["a", "aaaa"]),
    ("^x{a}$", ["x{a}"], ["xa"]),
    ("^(?<year>[0-9]{4})$", ["2026"], ["26"]),
    ("^(?=.*[A-Z])(?=.*[0-9]).{4,}$", ["Abc1"], ["abc1", "Abcd", "A1"]),
    ("^(?!admin).*$", ["user"], ["admin", "administrator"]),
    ("^$", [""], ["a"]),
    (".", ["a"], ["", "\n"]),
    (#"^\p{Lu}\p{Letter}$"#, ["Äb"], ["äb"]),
    (#"^a\.b\/c$"#, ["a.b/c"], ["axb/c"]),
  ]

  @Test("A pattern matches as ECMAScript has it", arguments: patterns.indices)
  func patternMatches(index: Int) throws {
    let (pattern, matching, others) = Self.patterns[index]
    let schemas = try Schemas(
      JSONWriter.text(["X": ["type": "string", "pattern": .string(pattern)]]))
    let schema = try schemas.named("X")
    for text in matching { #expect(schema.admits(.string(text), for: .response), "\(text)") }
    for text in others { #expect(!schema.admits(.string(text), for: .response), "\(text)") }
    #expect(schemas.told == [])
    #expect(try schema.shown() != "null")
  }

  @Test(
    "A pattern beyond regular languages lets pass and is told once",
    arguments: [#"^(a)\1$"#, "(?<=a)b", #"\bword\b"#, "a(?=b)c", "(?i)a", "a**", "("])
  func unchecked(pattern: String) throws {
    let schemas = try Schemas(
      JSONWriter.text(["X": ["type": "string", "pattern": .string(pattern)]]))
    let schema = try schemas.named("X")
    #expect(schema.admits("anything", for: .request))
    #expect(schema.admits("anything", for: .response))
    #expect(schemas.library.diagnostics.map(\.severity) == [.warning])
  }
}
