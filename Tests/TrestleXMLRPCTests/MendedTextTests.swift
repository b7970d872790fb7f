import Testing
import TrestleCore

@testable import TrestleXMLRPC

private func document(_ encoding: String?, _ text: [UInt8]) -> [UInt8] {
  let parts = responseDocument("%").split(separator: "%")
  let prolog = encoding.map { "<?xml version='1.0' encoding='\($0)'?>" } ?? ""
  return Array((prolog + parts[0]).utf8) + text + Array(parts[1].utf8)
}

private func read(
  _ bytes: [UInt8], _ policy: InvalidCharacterPolicy = .replace
) throws -> XMLRPCDocument {
  try XMLRPCReader(XMLRPCReadingOptions(invalidCharacters: policy)).read(bytes)
}

private func read(
  _ text: String, _ policy: InvalidCharacterPolicy = .replace
) throws -> XMLRPCDocument {
  try read(Array(text.utf8), policy)
}

private func strictError(_ bytes: [UInt8]) throws -> CodecError {
  try #require(throws: CodecError.self) {
    try XMLRPCReader(XMLRPCReadingOptions(isStrict: true)).read(bytes)
  }
}

@Suite struct MendedTextTests {
  // MARK: - Encodings

  @Test(
    "single-byte encodings are read by their names and the names that peers have for them",
    arguments: [
      ("windows-1253", [0xE1], "α"), ("windows-1254", [0xF0], "ğ"), ("ISO-8859-5", [0xBC], "М"),
      ("ISO-8859-7", [0xE1], "α"), ("ISO-8859-9", [0xFD], "ı"), ("KOI8-U", [0xA4], "є"),
      ("cp866", [0x8C, 0xA8, 0xE0], "Мир"), ("IBM866", [0x8C], "М"), ("latin-1", [0xE9], "é"),
      ("latin1", [0xE9], "é"), ("ISO8859-1", [0xE9], "é"), ("ISO_8859-1:1987", [0xE9], "é"),
      ("8859_1", [0xE9], "é"), ("CP-1252", [0x80], "€"), ("x-cp1251", [0xCC], "М"),
      ("latin-2", [0xB9], "š"), ("UTF_8", [0xC3, 0xA9], "é"),
    ] as [(String, [UInt8], String)])
  func encodings(_ name: String, _ bytes: [UInt8], _ text: String) throws {
    let mended = try read(document(name, bytes))
    #expect(mended.message == .response(.string(text)))
    // What every reader takes has nothing to be warned of.
    #expect(mended.warnings.count == (name == "latin1" ? 0 : 1))
    guard name != "latin1" else { return }
    #expect(throws: CodecError.self) {
      try XMLRPCReader(XMLRPCReadingOptions(isStrict: true)).read(document(name, bytes))
    }
  }

  @Test("bytes that an encoding has nothing for are told, and refused where characters are")
  func undefinedBytes() throws {
    let bytes = document("windows-1252", [0x61, 0x81, 0x8D, 0x62])
    let replaced = try read(bytes)
    #expect(replaced.message == .response("a\u{FFFD}\u{FFFD}b"))
    #expect(replaced.warnings.last?.hasPrefix("2 bytes that windows-1252 has no") == true)
    #expect(try read(bytes, .strip).message == .response("ab"))
    let error = try #require(throws: CodecError.self) { try read(bytes, .error) }
    #expect(error.code == "-32702")
  }

  @Test("without a declared encoding, what is not UTF-8 is windows-1252")
  func undeclaredEncoding() throws {
    let mended = try read(document(nil, [0x80, 0xE9]))
    #expect(mended.message == .response("€é"))
    #expect(
      mended.warnings == [
        "the document names no encoding and is not UTF-8; it is read as windows-1252"
      ])
    #expect(try strictError(document(nil, [0xE9])).code == "-32702")
    #expect(throws: CodecError.self) {
      try XMLRPCReader().read(document(nil, [0xE9]), charset: "utf-8")
    }
  }

  @Test("a byte order mark goes before the declaration that follows blank lines")
  func mark() throws {
    for head in ["\u{FEFF}\n", "\n\u{FEFF}", "\u{FEFF}\u{FEFF}"] {
      let bytes = Array(head.utf8) + document("ISO-8859-1", Array("é".utf8))
      let mended = try read(bytes)
      #expect(mended.message == .response("é"))
      #expect(mended.warnings == ["the white space before the document is passed over"])
    }
  }

  @Test("mended text may be longer than what is taken, the text that came may not")
  func longerText() throws {
    let long = document("windows-1251", Array(repeating: 0xCC, count: (4 << 20) - 200))
    #expect(long.count < 4 << 20)
    guard case .response(.string(let text)) = try read(long).message else {
      Issue.record("is no text")
      return
    }
    #expect(text.utf8.count == 2 * ((4 << 20) - 200))
  }

  // MARK: - Around the document

  @Test(
    "what stands before the root is passed over, and the encoding it declares is kept",
    arguments: [
      "<?xml version='1.0' encoding='ISO-8859-1'?>\n<br /><b>Warning</b>: x in y.php<br />\n",
      "<?xml version='1.0' encoding='ISO-8859-1'?><?xml version='1.0'?>",
      "<?xml version='1.0'?>\n<?xml version='1.0' encoding='ISO-8859-1'?>",
      "<!-- log: <?xml version='1.0'?> -->\n<?xml version='1.0' encoding='ISO-8859-1'?>\n",
      "Notice: <?xml version='1.0' encoding='ISO-8859-1'?>\nNotice",
      "<!-- open <?xml version='1.0' encoding='ISO-8859-1'?>",
      "<?xml version='1.0' encoding='ISO-8859-1'?>\n<?php echo ?>",
    ])
  func heads(_ head: String) throws {
    let mended = try read(Array(head.utf8) + document(nil, [0xE9]))
    #expect(mended.message == .response("é"))
    #expect(mended.warnings.count == 1)
    #expect(mended.warnings[0].hasPrefix("the text before the document is passed over: "))
  }

  @Test("comments without an end, by the thousand, take no time")
  func unendedComments() throws {
    let head = String(repeating: "<!-- <?xml ", count: 20_000)
    let clock = ContinuousClock()
    let start = clock.now
    #expect(try read(head + responseDocument("x")).message == .response("x"))
    let time = clock.now - start
    #expect(time < .seconds(10))
  }

  @Test("lines and columns after what was passed over are those of the document that came")
  func places() throws {
    let head = "\n\nWarning: x\n<?xml version='1.0'?>\n"
    let mended = try read(head + responseDocument("\n<int> 1 </int>"))
    #expect(mended.warnings.last?.hasPrefix("line 6: white space") == true)
    let error = try #require(throws: CodecError.self) {
      try read(head + responseDocument("\n<int>x</int>"))
    }
    #expect(error.line == 6)
    let malformed = try #require(throws: CodecError.self) {
      try read(head + "<methodResponse>\n</methodresponse>")
    }
    #expect(malformed.line == 6)
    #expect(malformed.code == "-32700")
  }

  // MARK: - Characters

  @Test(
    "characters that XML cannot carry are mended, NUL among them",
    arguments: [
      ("a\u{0}b", "a\u{FFFD}b"), ("a&#0;b", "a\u{FFFD}b"), ("&#000000000000001;", "\u{FFFD}"),
      ("&#x0000000000000001F;", "\u{FFFD}"),
      ("a\u{1}<![CDATA[\u{1}&#1; --> &#1;]]>", "a\u{FFFD}\u{FFFD}&#1; --> &#1;"),
      ("\u{1}<!-- &#1; ]]> &#1; -->&#1;", "\u{FFFD}\u{FFFD}"),
    ])
  func characters(_ text: String, _ wanted: String) throws {
    #expect(try read(responseDocument(text)).message == .response(.string(wanted)))
    #expect(try strictError(Array(responseDocument(text).utf8)).code == "-32702")
    #expect(throws: CodecError.self) { try read(responseDocument(text), .error) }
  }

  @Test("a warning of characters tells their number and the first one's line")
  func characterPlaces() throws {
    #expect(
      try read(responseDocument("\n\u{1}")).warnings == [
        "line 2: a character that XML cannot carry is replaced by U+FFFD"
      ])
    #expect(
      try read(responseDocument("\n\u{1}\n\u{2}"), .strip).warnings == [
        "2 characters that XML cannot carry are left out, the first in line 2"
      ])
  }

  @Test("NULs after the root are passed over")
  func trailingNULs() throws {
    let mended = try read(responseDocument("x") + "\n\u{0}\u{0}", .error)
    #expect(mended.message == .response("x"))
    #expect(mended.warnings == ["the NUL bytes after the document are passed over"])
  }

  @Test("UTF-16 without a mark is not taken for text with NULs in it")
  func unmarkedUTF16() {
    let bytes: [UInt8] = Array(responseDocument("x").utf8.map { [$0, 0] as [UInt8] }.joined())
    #expect(throws: CodecError.self) { try read(bytes, .strip) }
  }

  @Test("HTML's entities become their characters, but in CDATA sections and comments")
  func entities() throws {
    let mended = try read(
      responseDocument("&laquo;&nbsp;&amp;&Omega;&euro;&lt;<![CDATA[&nbsp;]]>"), .error)
    #expect(mended.message == .response("«\u{A0}&Ω€<&nbsp;"))
    #expect(
      mended.warnings[0].hasPrefix("4 entities are HTML's, not XML's, the first &laquo; in line 1"))
    #expect(try read(responseDocument("&yuml;&thetasym;")).message == .response("ÿϑ"))
    #expect(throws: CodecError.self) { try read(responseDocument("&nbsp;&nope;")) }
  }

  @Test("a fault tells a parser's words on one line")
  func oneLine() throws {
    let codec = XMLRPCCodec(name: "open", methods: nil)
    let bytes = Array("<methodCall><methodName>".utf8) + [0xE9, 0x3C, 0x2F]
    let request = WireRequest(headers: ["Content-Type": "text/xml; charset=utf-8"], body: bytes)
    let error = try #require(throws: CodecError.self) { try codec.decode(request) }
    #expect(error.code == "-32702")
    #expect(!error.description.contains { $0.isNewline })
  }
}
