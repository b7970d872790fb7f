import Testing
import TrestleCore

@testable import TrestleXML

@Suite struct XMLOutputTests {
  @Test(
    "segments with escaped text are byte-equal to libxml2's writer",
    arguments: [
      "", "plain", "a<b>c&d\"e'f", "tab\tand\nline\rreturn", "é€😀", "]]>", "\u{FFFD}\u{FFFC}",
    ])
  func agreesWithWriter(_ text: String) throws {
    let writer = try #require(XMLWriter())
    writer.startElement("p:a")
    writer.attribute("x", text)
    writer.text(text)
    writer.fullEndElement()

    let segments = XMLTagSegments("p:a")
    var output = XMLOutput()
    output.append(segments.head)
    output.append(markup: " x=\"")
    try output.append(attributeValue: text)
    output.append(markup: "\">")
    try output.append(text: text)
    output.append(segments.close)
    #expect(
      String(decoding: output.bytes, as: UTF8.self) == String(decoding: writer.bytes, as: UTF8.self)
    )
  }

  @Test("tag segments are what libxml2 writes")
  func segments() {
    let tags = XMLTagSegments("s:Body", attributes: [("xmlns:s", "urn:a&b")])
    #expect(String(decoding: tags.open, as: UTF8.self) == "<s:Body xmlns:s=\"urn:a&amp;b\">")
    #expect(String(decoding: tags.close, as: UTF8.self) == "</s:Body>")
    #expect(String(decoding: tags.empty, as: UTF8.self) == "<s:Body xmlns:s=\"urn:a&amp;b\"/>")
    #expect(String(decoding: tags.head, as: UTF8.self) == "<s:Body xmlns:s=\"urn:a&amp;b\"")
  }

  @Test(
    "characters XML 1.0 cannot carry are refused by name",
    arguments: [
      ("\u{1}", "U+0001"), ("a\u{0}", "U+0000"), ("\u{FFFE}", "U+FFFE"), ("\u{FFFF}", "U+FFFF"),
    ])
  func forbidden(_ text: String, _ name: String) throws {
    var output = XMLOutput()
    let error = try #require(throws: CodecError.self) { try output.append(text: text) }
    #expect(error.reason.contains(name))
  }
}
