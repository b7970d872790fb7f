import Testing

@testable import TrestleWorkflow

@Suite("Text in pictures and pages")
struct MarkupTextTests {
  @Test(
    "what would be markup is escaped, what XML cannot have is replaced",
    arguments: [
      ("a < b & \"c\" > 'd'", "a &lt; b &amp; &quot;c&quot; &gt; 'd'"),
      ("one\ntwo\tthree\r", "one&#10;two&#9;three&#13;"),
      ("\u{0}\u{1B}[31m\u{FFFE}", "\u{FFFD}\u{FFFD}[31m\u{FFFD}"),
      ("größer 漢字 🎉", "größer 漢字 🎉"), ("", ""),
    ])
  func escaping(_ text: String, _ escaped: String) {
    #expect(MarkupText.escaped(text) == escaped)
  }

  @Test("in contents, lines stay lines and what looks like one does not become one")
  func lines() {
    #expect(MarkupText.lines("a\nb<\r\n&#10;") == "a\nb&lt;&#13;\n&amp;#10;")
  }

  @Test("wide letters take two columns")
  func columns() {
    #expect(TextColumns.count("abc") == 3)
    #expect(TextColumns.count("漢字") == 4)
    #expect(TextColumns.clipped("漢字漢字", to: 5) == "漢字…")
    #expect(TextColumns.clipped("abcdef", to: 6) == "abcdef")
    #expect(TextColumns.clipped("a\nb", to: 6) == "a b")
  }

  @Test("long texts are broken at blanks, and cut off in the last line")
  func wrapping() {
    #expect(TextColumns.wrapped("one two three four", to: 8, lines: 2) == ["one two", "three f…"])
    #expect(TextColumns.wrapped("one two", to: 8, lines: 2) == ["one two"])
    #expect(TextColumns.wrapped("incomprehensible", to: 8, lines: 2) == ["incompr…"])
    #expect(TextColumns.wrapped("", to: 8, lines: 2) == [""])
  }
}
