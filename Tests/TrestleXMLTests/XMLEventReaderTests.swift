import Testing
import TrestleCore

@testable import TrestleXML

/// Writes down events as text: `<{ns}name a=v`, `text`, `>`.
private final class Transcript: XMLEventHandler {
  let outcome = XMLHandlerOutcome()
  var events: [String] = []

  func startElement(_ element: borrowing XMLStartElement) {
    var event = "<" + element.name.description
    for index in 0..<element.attributeCount {
      event += " \(element.attributeName(index))=\(element.attributeValue(index))"
    }
    events.append(event)
  }

  func endElement() { events.append(">") }

  func text(_ bytes: UnsafeBufferPointer<UInt8>) {
    let piece = String(decoding: bytes, as: UTF8.self)
    if let last = events.last, last.hasPrefix("\"") {
      events[events.count - 1] = last + piece
    } else {
      events.append("\"" + piece)
    }
  }
}

private func events(
  _ bytes: [UInt8], charset: String? = nil, limits: XMLLimits = .message
) throws -> [String] {
  let transcript = Transcript()
  try XMLEventReader(symbols: XMLSymbolTable()).read(
    bytes, charset: charset, limits: limits, into: transcript)
  return transcript.events
}

private func events(_ text: String) throws -> [String] { try events(Array(text.utf8)) }

@Suite struct XMLEventReaderTests {
  @Test("elements, attributes and text arrive in order with their namespaces")
  func order() throws {
    #expect(
      try events("<a xmlns='u' xmlns:p='v' p:x='1' y='2'>one<p:b/>t&amp;&#x41;<![CDATA[<]]></a>")
        == ["<{u}a {v}x=1 y=2", "\"one", "<{v}b", ">", "\"t&A<", ">"])
  }

  @Test("signs in comments and CDATA sections of a long document are no tags")
  func longSections() throws {
    let filling = String(repeating: "x", count: 70_000)
    for content in [
      "<![CDATA[a < '\(filling)]]>", "<!-- a < \"\(filling) -->", "<!----><b/>\(filling)",
    ] {
      _ = try events("<a>\(content)</a>")
    }
    #expect(throws: CodecError.self) { try events("<a><!-- --><b c='\(filling)'/></a>") }
    #expect(throws: CodecError.self) { try events("<a><![CDATA[ \(filling)</a>") }
    #expect(throws: CodecError.self) { try events("<a><!-- -- \(filling) --></a>") }
    _ = try events("<a><![CDATA[ ]] ]>\(filling)]]]>]]&gt;</a>")
  }

  @Test("a comment that holds two dashes is refused before libxml2 copies it for each of them")
  func dashes() throws {
    let error = try #require(throws: CodecError.self) { try events("<a>!<!-- a -- b --></a>") }
    #expect(error.reason == "not well-formed: a comment at byte 4 holds \"--\"")
    #expect(
      try events("<a>!<!----><![CDATA[<!-- a -- b -->]]><!-- c --></a>")
        == ["<a", "\"!<!-- a -- b -->", ">"])
    for text in ["<a><!", "<a><!-", "<a><!--", "<a><!---", "<a><!-->", "<a><![CDATA[", "<!"] {
      #expect(throws: CodecError.self) { try events(text) }
    }
  }

  @Test("comments and CDATA sections are told to those who ask")
  func sections() throws {
    final class Observer: XMLEventHandler {
      let outcome = XMLHandlerOutcome()
      let observesSections: Bool
      var events: [String] = []

      init(_ observesSections: Bool) { self.observesSections = observesSections }

      func text(_ bytes: UnsafeBufferPointer<UInt8>) {
        events.append(String(decoding: bytes, as: UTF8.self))
      }

      func comment() { events.append("comment") }

      func characterData() { events.append("section") }
    }
    let reader = XMLEventReader(symbols: XMLSymbolTable())
    for (observes, wanted) in [
      (true, ["a", "comment", "section", "<"]), (false, ["a", "<"]),
      (true, ["a", "comment", "section", "<"]),
    ] {
      let observer = Observer(observes)
      try reader.read(Array("<a>a<!-- x --><![CDATA[<]]></a>".utf8), into: observer)
      #expect(observer.events == wanted)
    }
  }

  @Test("a parser's words stand on one line")
  func oneLine() throws {
    let error = try #require(throws: CodecError.self) {
      try events(Array("<a>".utf8) + [0xE9, 0x3C, 0x2F, 0x76])
    }
    #expect(!error.reason.contains { $0.isNewline })
  }

  @Test(
    "what is no well-formed document within the limits is refused",
    arguments: [
      "", "x", "<a>", "<a></b>", "<a/><b/>", "<a/>junk", "<a>&nope;</a>", "<p:a/>",
      "<!DOCTYPE a><a/>", "<!DOCTYPE a [<!ENTITY x 'y'>]><a>&x;</a>", "<?pi x?><a/>",
      "<a>\u{0}</a>", "<a b='1' b='2'/>", "<?xml version='1.0' encoding='UTF-7'?><a/>",
      "<?xml version='1.0' encoding='windows-1252'?><a/>",
    ])
  func refused(_ text: String) {
    #expect(throws: CodecError.self) { try events(text) }
  }

  @Test("a mistake is told with its line and column")
  func place() throws {
    let error = try #require(throws: CodecError.self) { try events("<a>\n  <b></c>\n</a>") }
    #expect(error.line == 2)
    #expect(error.reason.contains("mismatch"))
  }

  @Test("depth, element count, attribute count and tag length are limits")
  func limits() throws {
    let deep = String(repeating: "<a>", count: 65) + String(repeating: "</a>", count: 65)
    #expect(throws: CodecError.self) { try events(deep) }
    let many = "<a>" + String(repeating: "<b/>", count: 50_000) + "</a>"
    #expect(throws: CodecError.self) { try events(many) }
    let wide = "<a " + (0..<65).map { "x\($0)='1'" }.joined(separator: " ") + "/>"
    #expect(throws: CodecError.self) { try events(wide) }
    let long = "<a x='" + String(repeating: "y", count: 70_000) + "'/>"
    let error = try #require(throws: CodecError.self) { try events(long) }
    #expect(error.reason.contains("longer than 65536"))
  }

  @Test("UTF-16 with a mark, ISO-8859-1 and US-ASCII are read")
  func encodings() throws {
    let text = "<?xml version='1.0' encoding='UTF-16'?><a>é</a>"
    var little: [UInt8] = [0xFF, 0xFE]
    var big: [UInt8] = [0xFE, 0xFF]
    for unit in text.utf16 {
      little += [UInt8(unit & 0xFF), UInt8(unit >> 8)]
      big += [UInt8(unit >> 8), UInt8(unit & 0xFF)]
    }
    #expect(try events(little) == ["<a", "\"é", ">"])
    #expect(try events(big) == ["<a", "\"é", ">"])
    let latin = Array("<?xml version='1.0' encoding='ISO-8859-1'?><a>".utf8) + [0xE9]
    #expect(try events(latin + Array("</a>".utf8)) == ["<a", "\"é", ">"])
    #expect(
      try events(Array("<a>".utf8) + [0xE9] + Array("</a>".utf8), charset: "ISO-8859-1")
        == ["<a", "\"é", ">"])
    #expect(throws: CodecError.self) {
      try events(Array("<a>".utf8) + [0xE9] + Array("</a>".utf8), charset: "us-ascii")
    }
  }

  @Test("one reader reads many documents, good ones after bad ones")
  func reuse() throws {
    let table = XMLSymbolTable()
    let known = table.symbol(for: QualifiedName("u", "a"))
    final class Symbols: XMLEventHandler {
      let outcome = XMLHandlerOutcome()
      var found: [XMLSymbol] = []
      func startElement(_ element: borrowing XMLStartElement) {
        found.append(element.symbol)
      }
    }
    let reader = XMLEventReader(symbols: table)
    for round in 0..<50 {
      let handler = Symbols()
      try reader.read(Array("<x:a xmlns:x='u'><b\(round)/></x:a>".utf8), into: handler)
      #expect(handler.found == [known, .unknown])
      #expect(throws: CodecError.self) { try reader.read(Array("<a".utf8), into: Symbols()) }
    }
    let late = table.symbol(for: QualifiedName("", "b1"))
    let handler = Symbols()
    try reader.read(Array("<b1/>".utf8), into: handler)
    #expect(handler.found == [late])
  }

  @Test("every one of many names has its own symbol, again and again")
  func manyNames() throws {
    let table = XMLSymbolTable()
    let known = (0..<1000).map { table.symbol(for: QualifiedName("u\($0 % 7)", "n\($0)")) }
    final class Symbols: XMLEventHandler {
      let outcome = XMLHandlerOutcome()
      var found: [XMLSymbol] = []
      func startElement(_ element: borrowing XMLStartElement) { found.append(element.symbol) }
    }
    let reader = XMLEventReader(symbols: table)
    let children = (0..<1000).map { "<n\($0) xmlns='u\($0 % 7)'/><n\($0) xmlns='v'/>" }.joined()
    let document = Array("<r>\(children)</r>".utf8)
    for _ in 0..<3 {
      let handler = Symbols()
      try reader.read(document, into: handler)
      #expect(handler.found == [.unknown] + known.flatMap { [$0, .unknown] })
    }
  }

  @Test("an undeclared prefix is passed over only where the limits say so")
  func undeclaredPrefix() throws {
    var limits = XMLLimits.message
    limits.toleratesUndeclaredPrefixes = true
    #expect(try events(Array("<a><ex:nil/></a>".utf8), limits: limits) == ["<a", "<nil", ">", ">"])
  }

  @Test("a handler's error stops the parse and is the one reported")
  func handlerError() throws {
    final class Refusing: XMLEventHandler {
      let outcome = XMLHandlerOutcome()
      var count = 0
      func startElement(_ element: borrowing XMLStartElement) {
        count += 1
        fail(CodecError(path: "a", reason: "is not wanted"))
      }
    }
    let handler = Refusing()
    let error = try #require(throws: CodecError.self) {
      try XMLEventReader(symbols: XMLSymbolTable()).read(Array("<a><b/></c>".utf8), into: handler)
    }
    #expect(error.reason == "is not wanted")
    #expect(handler.count == 1)
  }

  @Test("many readers fail at once without mixing up their errors")
  func concurrentErrors() async throws {
    await withTaskGroup(of: Bool.self) { group in
      for line in 1...200 {
        group.addTask {
          let text = String(repeating: "\n", count: line - 1) + "<a></b>"
          do throws(CodecError) {
            try XMLEventReader(symbols: XMLSymbolTable()).read(
              Array(text.utf8), into: WellFormednessCheck())
            return false
          } catch {
            return error.line == line
          }
        }
      }
      for await isRight in group { #expect(isRight) }
    }
  }
}
