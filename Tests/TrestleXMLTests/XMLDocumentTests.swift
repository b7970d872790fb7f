import Testing

@testable import TrestleXML

private func document(_ text: String, limits: XMLLimits = .message) throws -> XMLDocument {
  try XMLDocument(Array(text.utf8), limits: limits)
}

@Suite struct XMLDocumentTests {
  @Test("elements are walked by name, with attributes, text and lines")
  func walk() throws {
    let root = try document(
      """
      <a xmlns='u' xmlns:p='v' x='1' p:x='2'>one<p:b>two</p:b>
      three<!-- no --><c><![CDATA[<four>]]></c><c/></a>
      """
    ).root
    #expect(root.name == QualifiedName("u", "a"))
    #expect(root.children.map(\.localName) == ["b", "c", "c"])
    #expect(root.text == "one\nthree")
    #expect(root.deepText == "onetwo\nthree<four>")
    #expect(root.attribute("x") == "1")
    #expect(root.attribute("v", "x") == "2")
    #expect(root.attribute("y") == nil)
    #expect(root.attributes.map(\.name.description) == ["x", "{v}x"])
    #expect(root.child("v", "b")?.text == "two")
    #expect(root.children("u", "c").count == 2)
    #expect(root.child("u", "c")?.line == 2)
    #expect(root.child("u", "c")?.parent == root)
  }

  @Test("QNames in content are resolved by the declarations in scope")
  func scope() throws {
    let root = try document("<a xmlns='u' xmlns:p='v'><b xmlns='' xmlns:p='w'><c/></b></a>").root
    let inner = try #require(root.firstChild?.firstChild)
    #expect(root.qualifiedName(" p:x ") == QualifiedName("v", "x"))
    #expect(root.qualifiedName("x") == QualifiedName("u", "x"))
    #expect(inner.qualifiedName("p:x") == QualifiedName("w", "x"))
    #expect(inner.qualifiedName("x") == QualifiedName("", "x"))
    #expect(inner.qualifiedName("q:x") == nil)
    #expect(inner.qualifiedName("p:") == nil)
    #expect(inner.qualifiedName("xml:lang") == QualifiedName(XMLNamespaces.xml, "lang"))
  }

  @Test("what is not well-formed is told with its line")
  func malformed() throws {
    let error = try #require(throws: XMLFailure.self) { try document("<a>\n<b>\n</a>") }
    #expect(error.line == 3)
    #expect(throws: XMLFailure.self) { try document("") }
    #expect(throws: XMLFailure.self) { try document("<a/>\u{0}") }
    #expect(throws: XMLFailure.self) { try document("<!DOCTYPE a><a/>") }
    #expect(throws: XMLFailure.self) { try document("<?pi?><a/>") }
  }

  @Test("a contract may have a document type and other encodings, but reads no external entity")
  func contractProfile() throws {
    let text = """
      <?xml version='1.0' encoding='windows-1252'?>
      <!DOCTYPE a SYSTEM 'file:///etc/passwd' [
        <!ENTITY n 'name'><!ENTITY x SYSTEM 'file:///etc/passwd'>
      ]>
      <?pi?><a b='&n;'><c>&n;&x;</c></a>
      """
    let root = try document(text, limits: .contract).root
    #expect(root.attribute("b") == "name")
    #expect(root.firstChild?.text == "name")
    let bytes = Array("<?xml version='1.0' encoding='windows-1252'?><a>".utf8) + [0x80]
    #expect(
      try XMLDocument(bytes + Array("</a>".utf8), limits: .contract).root.text == "€")
  }

  @Test("a contract's undeclared prefix is a problem with a line, not the end")
  func undeclaredPrefix() throws {
    let tree = try document("<a>\n<p:b/></a>", limits: .contract)
    #expect(tree.problems.first?.line == 2)
    #expect(tree.root.firstChild != nil)
  }

  @Test("entities that grow a contract are refused")
  func amplification() throws {
    let filling = String(repeating: "x", count: 50_000)
    let references = String(repeating: "&e;", count: 5_000)
    #expect(throws: XMLFailure.self) {
      try document(
        "<!DOCTYPE a [<!ENTITY e '\(filling)'>]><a>\(references)</a>", limits: .contract)
    }
    var nested = "<!DOCTYPE a [<!ENTITY e0 'xxxxxxxxxx'>"
    for level in 1...9 {
      nested += "<!ENTITY e\(level) '\(String(repeating: "&e\(level - 1);", count: 10))'>"
    }
    #expect(throws: XMLFailure.self) {
      try document(nested + "]><a>&e9;</a>", limits: .contract)
    }
    #expect(throws: XMLFailure.self) {
      try document(nested + "]><a b='&e9;'/>", limits: .contract)
    }
  }

  @Test("a subtree is written with the declarations its content needs")
  func writing() throws {
    let root = try document("<a xmlns='u' xmlns:p='v' xmlns:q='w'><p:b t='q:x'>1&amp;2</p:b></a>")
      .root
    let inner = try #require(root.firstChild)
    let whole = try XMLDocument(inner.serialized())
    #expect(whole.root.name == QualifiedName("v", "b"))
    #expect(whole.root.qualifiedName("q:x") == QualifiedName("w", "x"))
    #expect(whole.root.text == "1&2")
    #expect(
      String(decoding: inner.serialized(keepsScope: false), as: UTF8.self)
        == "<p:b xmlns:p=\"v\" t=\"q:x\">1&amp;2</p:b>")
  }

  @Test("XPath finds elements, attributes, text and values")
  func xpath() throws {
    let root = try document("<a xmlns='u'><b c='1'>x</b><b c='2'>y</b></a>").root
    let names = ["p": "u"]
    guard case .nodes(let nodes) = try root.query("p:b", namespaces: names) else {
      Issue.record("a path gives nodes")
      return
    }
    #expect(nodes.compactMap(\.element).map(\.text) == ["x", "y"])
    #expect(try root.query("//p:b[2]/@c", namespaces: names).text == "2")
    #expect(try root.query("count(p:b)", namespaces: names).text == "2")
    #expect(try root.query("p:b = 'y'", namespaces: names).isTrue)
    #expect(try !root.query("p:d", namespaces: names).isTrue)
  }

  @Test(
    "XPath that is wrong or endless gives an error", arguments: ["a[", "q:b", "nope()", endless])
  func wrongXPath(_ expression: String) throws {
    let root = try document("<a>" + String(repeating: "<b/>", count: 1_000) + "</a>").root
    let error = try #require(throws: XMLFailure.self) { try root.query(expression) }
    #expect(error.reason.contains("XPath"))
  }

  private static let endless = "count(//b[count(//b[count(//b) > 1]) > 1])"
}
