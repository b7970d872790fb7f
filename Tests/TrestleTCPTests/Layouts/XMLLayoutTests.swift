import Testing
import TrestleCore
import TrestleXML

@testable import TrestleTCP

@Suite("XML layout")
struct XMLLayoutTests {
  @Test(
    "documents and values are each other's",
    arguments: [
      ("<a/>", ["a": ""]),
      ("<a>x</a>", ["a": "x"]),
      ("<a> x </a>", ["a": " x "]),
      ("<a b=\"1\"/>", ["a": ["_b": "1"]]),
      ("<a b=\"1\">x</a>", ["a": ["_b": "1", "_text": "x"]]),
      ("<a><b>1</b><c>2</c></a>", ["a": ["b": "1", "c": "2"]]),
      ("<a><b>1</b><b>2</b></a>", ["a": ["b": ["1", "2"]]]),
      ("<a><b><c/></b><b/></a>", ["a": ["b": [["c": ""], ""]]]),
      ("<a>&lt;&amp;&gt;&#13;\u{20AC}</a>", ["a": "<&>\r€"]),
      ("<a b=\"&lt;&quot;&#10;\"/>", ["a": ["_b": "<\"\n"]]),
    ] as [(String, Value)])
  func roundTrip(_ document: String, _ value: Value) throws {
    let layout = XMLLayout()
    #expect(try layout.decode(Array(document.utf8)).value == value)
    #expect(String(decoding: try layout.encode(value), as: UTF8.self) == document)
  }

  @Test("what the names of the definition are built of is what the writer gives for any name")
  func segments() throws {
    let value: Value = ["Env": ["_id": "7", "Bal": ["_ccy": "EUR", "_text": "1"], "X": ""]]
    let known = XMLLayout(names: ["Env", "_id", "Bal", "_ccy", "X"])
    #expect(try known.encode(value) == XMLLayout().encode(value))
    let writer = try #require(XMLWriter())
    writer.startElement("Env")
    writer.attribute("id", "7")
    writer.startElement("Bal")
    writer.attribute("ccy", "EUR")
    writer.text("1")
    writer.endElement()
    writer.startElement("X")
    writer.endElement()
    writer.endElement()
    #expect(try known.encode(value) == writer.bytes)
  }

  @Test(
    "namespaces, comments, CDATA and blanks between elements do not show in the value",
    arguments: [
      "<p:a xmlns:p=\"urn:x\"><p:b>1</p:b></p:a>", "<a xmlns=\"urn:x\">\n  <b>1</b>\n</a>",
      "<a><!-- c --><b><![CDATA[1]]></b></a>", "<?xml version=\"1.0\"?><a><b>1</b></a>",
      "<a xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\" xsi:schemaLocation=\"u l\"><b>1</b></a>",
    ])
  func lenient(_ document: String) throws {
    #expect(try XMLLayout().decode(Array(document.utf8)).value == ["a": ["b": "1"]])
  }

  @Test("null is xsi:nil both ways")
  func null() throws {
    let value: Value = ["a": ["b": nil]]
    let bytes = try XMLLayout().encode(value)
    #expect(try XMLLayout().decode(bytes).value == value)
  }

  @Test("text among elements is kept, with a warning that its places are lost")
  func mixed() throws {
    let message = try XMLLayout().decode(Array("<a>x<b/>y</a>".utf8))
    #expect(message.value == ["a": ["b": "", "_text": "xy"]])
    #expect(message.warnings.count == 1)
  }

  @Test("ISO-8859-1 is honoured both ways; a character it lacks becomes a reference")
  func latin1() throws {
    let layout = XMLLayout(encoding: .latin1, hasDeclaration: true)
    let value: Value = ["a": ["_b": "é", "_text": "ü€"]]
    let bytes = try layout.encode(value)
    #expect(
      bytes == Array(ascii: "<?xml version=\"1.0\" encoding=\"ISO-8859-1\"?>\n<a b=\"") + [0xE9]
        + Array(ascii: "\">") + [0xFC] + Array(ascii: "&#8364;</a>"))
    #expect(try layout.decode(bytes).value == value)
    // Without a declaration the layout says what the bytes are; with one the document does.
    let bare = Array(ascii: "<a>") + [0xE9] + Array(ascii: "</a>")
    #expect(try layout.decode(bare).value == ["a": "é"])
    let declared = Array("<?xml version=\"1.0\" encoding=\"utf-8\"?><a>é</a>".utf8)
    #expect(try layout.decode(declared).value == ["a": "é"])
    #expect(throws: CodecError.self) { try XMLLayout().decode(bare) }
  }

  @Test("a namespace stands on the root")
  func namespace() throws {
    let layout = XMLLayout(namespace: "urn:bench")
    let bytes = try layout.encode(["Q": ["s": "A"]])
    #expect(String(decoding: bytes, as: UTF8.self) == "<Q xmlns=\"urn:bench\"><s>A</s></Q>")
    #expect(
      String(decoding: try layout.encode(["Q": "A"]), as: UTF8.self)
        == "<Q xmlns=\"urn:bench\">A</Q>")
  }

  @Test(
    "what no document can hold is refused with its path",
    arguments: [
      (["a": 1, "b": 2], "layout.xml"),
      ("text", "layout.xml"),
      (["a": ["b c": 1]], "a.b c"),
      (["a": ["_1": 1]], "a._1"),
      (["a": ["b": ["\u{0}"]]], "a.b"),
      (["a": ["_b": ["x"]]], "a._b"),
      (["a": ["b": [["c"]]]], "a.b[0]"),
      (["a": ["x><y": 1]], "a.x><y"),
    ] as [(Value, String)])
  func refused(_ value: Value, _ path: String) {
    let error = #expect(throws: CodecError.self) { try XMLLayout().encode(value) }
    #expect(error?.path == path)
  }

  @Test("what is no document shows how it begins")
  func notXML() {
    let error = #expect(throws: CodecError.self) { try XMLLayout().decode(Array(ascii: "PING")) }
    #expect(error?.reason.hasSuffix("[50] 49 4e 47 \"[P]ING\"") == true)
  }

  @Test("a document with thousands of different names costs no more than one with few")
  func manyNames() throws {
    let document = "<a>" + (0..<40_000).map { "<n\($0)/>" }.joined() + "</a>"
    #expect(try XMLLayout().decode(Array(document.utf8)).value["a"]?.objectValue?.count == 40_000)
  }
}
