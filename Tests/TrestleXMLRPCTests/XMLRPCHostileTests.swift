import Testing
import TrestleCore

@testable import TrestleXMLRPC

@Suite struct XMLRPCHostileTests {
  private static let calc = XMLRPCCodec(
    name: "calc",
    methods: [
      XMLRPCMethod(
        name: "calc.add", parameters: [.init(name: "a", type: .int), .init(name: "b", type: .int)],
        returns: .int)
    ])

  @Test(
    "hostile documents are refused with a fault, whatever stands before them",
    arguments: [
      "<!DOCTYPE methodCall>", "<!DOCTYPE m [<!ENTITY x SYSTEM 'file:///etc/passwd'>]>",
      "<?xml version='1.0'?><!DOCTYPE m [<!ENTITY % p SYSTEM 'http://127.0.0.1/x'> %p;]>",
      "junk <!DOCTYPE m [<!ATTLIST int x CDATA 'y'>]>", "<!doctype html>",
    ])
  func documentTypes(_ head: String) throws {
    let text = head + callDocument("<int>1</int>", "<int>2</int>", method: "calc.add")
    try expectRefused(Array(text.utf8))
  }

  @Test("shapes without end are refused")
  func shapes() throws {
    let levels = 2_000
    let deep =
      String(repeating: "<array><data><value>", count: levels)
      + String(repeating: "</value></data></array>", count: levels)
    try expectRefused(Array(callDocument(deep, "<int>1</int>", method: "calc.add").utf8))
    let wide = "<int \((0..<20_000).map { "a\($0)='1'" }.joined(separator: " "))>1</int>"
    try expectRefused(Array(callDocument(wide, "<int>1</int>", method: "calc.add").utf8))
    let many = "<array><data>\(String(repeating: "<value/>", count: 260_000))</data></array>"
    try expectRefused(Array(callDocument(many, "<int>1</int>", method: "calc.add").utf8))
    let digits = String(repeating: "1", count: 100_000)
    try expectRefused(
      Array(callDocument("<double>0.\(digits)</double>", "<int>1</int>", method: "calc.add").utf8))
    try expectRefused(
      Array(callDocument("<int>\(digits)</int>", "<int>1</int>", method: "calc.add").utf8))
  }

  @Test(
    "parameters that are not as declared are refused as such",
    arguments: [
      ("<string>ab</string>", "-32602"), ("<string>a&#1;b</string>", "-32702"),
      ("<double>1e999</double>", "-32600"), ("<int>1e5</int>", "-32600"),
      ("<nil>x</nil>", "-32600"),
      ("<struct><member><name>__proto__</name><value>1</value></member></struct>", "-32602"),
      ("<string>adm<!-- -->in</string>", "-32602"),
    ])
  func parameters(_ value: String, _ code: String) throws {
    let text = callDocument(value, "<int>2</int>", method: "calc.add")
    let error = try expectRefused(Array(text.utf8))
    #expect(error.code == code)
  }

  @Test("a method nobody declared is named in the fault, escaped")
  func methodNames() throws {
    for name in ["../../etc/passwd", "&lt;svg/onload=alert(1)&gt;", "calc.ad"] {
      let error = try expectRefused(Array(callDocument("<int>1</int>", method: name).utf8))
      #expect(error.code == "-32601")
    }
    let text = callDocument(method: "<![CDATA[<svg>]]>")
    let request = WireRequest(headers: ["Content-Type": "text/xml"], body: Array(text.utf8))
    let error = try #require(throws: CodecError.self) { try Self.calc.decode(request) }
    let response = try #require(Self.calc.refuse(request, because: error))
    #expect(!response.body.text.contains("<svg>"))
    #expect(response.body.text.contains("&lt;svg&gt;"))
  }

  @Test("a document cut at any byte gives a typed error, and never a value")
  func cut() throws {
    let whole = try Fixture.bytes("python-response.xml")
    let end = try #require(whole.lastIndex(of: UInt8(ascii: ">")))
    for count in 0..<end {
      #expect(throws: CodecError.self) { try XMLRPCReader().read(Array(whole[..<count])) }
    }
  }

  @Test("a document with any byte changed gives a value or a typed error", arguments: 0..<8)
  func mutated(_ seed: Int) throws {
    let whole = try Fixture.bytes("python-call.xml")
    var generator = SeededGenerator(seed: UInt64(seed))
    for _ in 0..<150 {
      var bytes = whole
      for _ in 0..<Int.random(in: 1...4, using: &generator) {
        bytes[Int.random(in: bytes.indices, using: &generator)] = UInt8.random(
          in: 0...255, using: &generator)
      }
      for isStrict in [true, false] {
        do throws(CodecError) {
          _ = try XMLRPCReader(XMLRPCReadingOptions(isStrict: isStrict)).read(bytes)
        } catch {
          #expect(!error.reason.isEmpty)
        }
      }
    }
  }

  @discardableResult
  private func expectRefused(
    _ body: [UInt8], sourceLocation: SourceLocation = #_sourceLocation
  ) throws -> CodecError {
    let request = WireRequest(headers: ["Content-Type": "text/xml"], body: body)
    let error = try #require(throws: CodecError.self, sourceLocation: sourceLocation) {
      try Self.calc.decode(request)
    }
    let response = try #require(
      Self.calc.refuse(request, because: error), sourceLocation: sourceLocation)
    #expect(response.status == 200, sourceLocation: sourceLocation)
    let answer = try XMLRPCReader(XMLRPCReadingOptions(isStrict: true)).read(response.body).message
    guard case .fault = answer else {
      Issue.record("is \(answer)", sourceLocation: sourceLocation)
      return error
    }
    return error
  }
}
