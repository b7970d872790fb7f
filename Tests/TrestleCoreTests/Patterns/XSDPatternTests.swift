import Testing

@testable import TrestleCore

@Suite("XSD patterns")
struct XSDPatternTests {
  static let matching: [(String, String)] = [
    ("[A-Z]{3}", "ABC"), ("[A-Z]{2,}", "ABCDEF"), (#"\d{5}(-\d{4})?"#, "12345-6789"),
    (#"\d{5}(-\d{4})?"#, "12345"), ("a|b|", ""), ("(ab)*", "ababab"), ("a.c", "a€c"),
    ("[a-z-[aeiou]]+", "xyz"), ("[^0-9]+", "abc"), (#"\i\c*"#, "_a:b-1.2"),
    (#"\p{Lu}\p{Ll}*"#, "Ärger"),
    (#"\p{IsBasicLatin}*"#, "plain"), (#"[\w\-\.]+@[\w\-\.]+"#, "a.b-c@x.y"),
    (#"[+\-]?\d+"#, "-12"),
    ("[-+]?[0-9]+", "+1"), ("[a-]", "-"), ("x{0}", ""), (#"\P{Nd}+"#, "abc"),
    ("(a?){30}a{30}", String(repeating: "a", count: 30)),
    ("^[0-9]+$", "123"), ("^[0-9]+$", "^123$"), (#"[^\s]+"#, "no-space"), (#"\$\d+"#, "$5"),
    ("[\\i-[:]][\\c-[:]]*", "name-1"), ("𝒳+", "𝒳𝒳"), (".{0,4000}", "anything"),
  ]

  @Test("a text in the language matches", arguments: matching)
  func matches(pattern: String, text: String) throws {
    let pattern = try #require(XSDPattern(pattern))
    #expect(pattern.matches(text))
  }

  static let different: [(String, String)] = [
    ("[A-Z]{3}", "AB"), ("[A-Z]{3}", "ABCD"), ("[A-Z]{3}", "abc"), ("a.c", "a\nc"),
    ("[a-z-[aeiou]]+", "xaz"), ("[^0-9]+", "a1"), (#"\i\c*"#, "1a"), (#"\d"#, "x"), ("a|b", "ab"),
    (#"\p{Lu}+"#, "a"), (#"\w+"#, "a b"), (#"\w+"#, "a-b"), ("x{2,3}", "xxxx"), ("", "x"),
    ("(a|b)*c", "abab"), (#"[\i-[:]][\c-[:]]*"#, "a:b"),
    ("(a*)*b", String(repeating: "a", count: 5000)),
  ]

  @Test("a text outside the language does not match", arguments: different)
  func refuses(pattern: String, text: String) throws {
    let pattern = try #require(XSDPattern(pattern))
    #expect(!pattern.matches(text))
  }

  @Test(
    "what is malformed or unknown is no pattern",
    arguments: [
      "(", "a)", "[", "[]", "[a", "a{", "a{2,1}", "*a", "a**", #"\q"#, #"\p{IsKlingon}"#, #"\p{Lu"#,
      "(?=a)", "[b-a]", "a{99999999}", "(a{1000}){1000}", String(repeating: "(", count: 5000),
    ])
  func refusesMalformed(text: String) { #expect(XSDPattern(text) == nil) }

  @Test(
    "examples match their pattern",
    arguments: matching.map(\.0) + [
      "[1-9][0-9]{3}", #"(19|20)\d\d-(0[1-9]|1[0-2])"#, #"[A-Z]{2}\d{2}[A-Z0-9]{11,30}"#,
      #"\+?[0-9 ]{6,20}"#, "[ \t]", "[一-龥]{2}", #"[\p{L}\p{N}_]{3}"#,
      #"([0-9a-fA-F]{8})-([0-9a-fA-F]{4})"#,
    ])
  func examplesMatch(text: String) throws {
    let pattern = try #require(XSDPattern(text))
    let examples = pattern.examples()
    #expect(!examples.isEmpty)
    for example in examples { #expect(pattern.matches(example), "\(example)") }
  }

  @Test("an example is as long as asked for where the pattern leaves a choice")
  func exampleLengths() throws {
    let pattern = try #require(XSDPattern("[A-Z]+"))
    #expect(pattern.examples(length: 5).first == "ABCDE")
    #expect(pattern.examples().first == "A")
  }

  @Test("matching takes time linear in the text", .timeLimit(.minutes(1)))
  func linearTime() throws {
    let pattern = try #require(XSDPattern("(x+x+)+y"))
    #expect(!pattern.matches(String(repeating: "x", count: 20_000)))
  }
}
