import Testing
import TrestleCore

@testable import TrestleXMLRPC

private func lenient(_ text: String) throws -> XMLRPCDocument {
  try XMLRPCReader().read(Array(text.utf8))
}

private func strict(
  _ text: String, _ dialect: XMLRPCDialect = .strict
) throws -> XMLRPCDocument {
  try XMLRPCReader(XMLRPCReadingOptions(isStrict: true, dialect: dialect)).read(Array(text.utf8))
}

struct Leniency: CustomTestStringConvertible, Sendable {
  let text: String
  let message: XMLRPCMessage
  let warning: String
  var testDescription: String { warning }

  /// A response of one value.
  init(_ value: String, _ wanted: Value, _ warning: String) {
    self.init(responseDocument(value), .response(wanted), warning)
  }

  init(_ text: String, _ message: XMLRPCMessage, _ warning: String) {
    self.text = text
    self.message = message
    self.warning = warning
  }
}

private func faultDocument(_ members: String) -> String {
  "<methodResponse><fault><value><struct>\(members)</struct></value></fault></methodResponse>"
}

private let code = "<member><name>faultCode</name><value><int>1</int></value></member>"
private let words = "<member><name>faultString</name><value>no</value></member>"

@Suite struct XMLRPCReaderTests {
  @Test("a call of the spec is read the same in both modes, without a warning")
  func call() throws {
    let text = """
      <?xml version="1.0"?>
      <methodCall>
        <methodName>sample.sum_All/2:x</methodName>
        <params>
          <param><value><i4>41</i4></value></param>
          <param>
            <value>
              <struct>
                <member><name>lower</name><value><int>18</int></value></member>
                <member><name> a b </name><value>
                  <array><data><value><boolean>1</boolean></value><value/><value> x </value></data></array>
                </value></member>
              </struct>
            </value>
          </param>
        </params>
      </methodCall>

      """
    let wanted = XMLRPCMessage.call(
      method: "sample.sum_All/2:x",
      parameters: [41, ["lower": 18, " a b ": [true, "", " x "]]])
    for document in [try lenient(text), try strict(text)] {
      #expect(document.message == wanted)
      #expect(document.warnings == [])
    }
  }

  @Test(
    "untyped text is a string with its white space, as every server has it",
    arguments: ["", " ", "  a b ", "\n  ", "a&lt;b&amp;&#65;", "<![CDATA[<x>]]>", "a<!-- c -->b"])
  func untyped(_ content: String) throws {
    let wanted = [
      "a&lt;b&amp;&#65;": "a<b&A", "<![CDATA[<x>]]>": "<x>", "a<!-- c -->b": "ab",
    ]
    for text in [responseDocument(content), responseDocument("<string>\(content)</string>")] {
      #expect(try strict(text).message == .response(.string(wanted[content] ?? content)))
    }
  }

  @Test("an empty <params/>, or none, means no parameters")
  func noParameters() throws {
    for text in [
      "<methodCall><methodName>m</methodName><params/></methodCall>",
      "<methodCall><methodName>m</methodName></methodCall>",
    ] {
      #expect(try strict(text).message == .call(method: "m", parameters: []))
    }
  }

  @Test("a fault has a code and a message")
  func fault() throws {
    let text = """
      <methodResponse><fault><value><struct>
      <member><name>faultString</name><value>gone</value></member>
      <member><name>faultCode</name><value><int>-4</int></value></member>
      </struct></value></fault></methodResponse>
      """
    #expect(try strict(text).message == .fault(Fault(code: "-4", message: "gone")))
  }

  @Test(
    "lenient mode reads what is met in the wild and says so; strict mode refuses it",
    arguments: [
      Leniency("<int> 7 </int>", 7, "line 1: white space around"),
      Leniency(
        "<struct><member><value><int>1</int></value><name>a</name></member></struct>", ["a": 1],
        "before its <name>"),
      Leniency(
        "<struct><member><name>a</name><value>1</value></member><member><name>b</name>"
          + "<value>2</value></member><member><name>a</name><value>3</value></member></struct>",
        ["a": "3", "b": "2"], "more than one member \"a\""),
      Leniency("<struct><member><name>a</name></member></struct>", ["a": .null], "has no <value>"),
      Leniency("<struct><member><value>x</value></member></struct>", ["": "x"], "has no <name>"),
      Leniency(
        "<struct><member><name>x<value>a</value></name><value>1</value></member></struct>",
        ["a": "1"], "the text \"x\" stands where no text belongs"),
      Leniency(
        "<struct><member><name>a</name><value>1</value></member><member><name>b</name>"
          + "<value>2</value></member><member><name>a</name><value>3</value></member>"
          + "<member><name>b</name><value>4</value></member></struct>",
        ["a": "3", "b": "4"], "more than one member \"b\""),
      Leniency("<struct><member><name/></member></struct>", ["": .null], "[\"\"], line 1: a"),
      Leniency("<array><value>x</value><value><i8>2</i8></value></array>", ["x", 2], "[1], line"),
      Leniency("<base64>QR==</base64>", .bytes([0x41]), "bits of no whole byte"),
      Leniency("<double>1e-999</double>", 0.0, "too small for a double"),
      Leniency(
        "<ex:dom><html><i4 a='1'>5</i4>text</html></ex:dom>", .null, "its content is passed over"),
      Leniency(
        "<methodResponse><params><param/></params></methodResponse>", .response(.null),
        "the <param> of the response has no <value>"),
      Leniency(
        faultDocument(
          words + "<member><name>faultCode</name><value><boolean>1</boolean></value></member>"),
        .fault(Fault(code: "1", message: "no")), "expects <int>, found boolean"),
      Leniency("<array/>", [], "without <data>"),
      Leniency("<array><value>x</value></array>", ["x"], "without <data>"),
      Leniency(
        "<array><data><value>x</value></data><data><value>y</value></data></array>", ["x", "y"],
        "more than one <data>"),
      Leniency("<spam>5</spam>", "5", "<spam> is no type"),
      Leniency("<integer>5</integer>", "5", "did you mean \"biginteger\""),
      Leniency("junk<int>5</int>", 5, "the text \"junk\" stands where no text belongs"),
      Leniency("<int>5</int>junk", 5, "the text \"junk\""),
      Leniency("<struct>junk</struct>", .emptyObject, "the text \"junk\""),
      Leniency("<array><data/><extra><x/></extra></array>", [], "unknown element <extra>"),
      Leniency("<string lang='de'>x</string>", "x", "attributes of <string>"),
      Leniency(
        "<struct><member><name><value><int>1</int></value></name><value>x</value></member></struct>",
        ["1": "x"], "its text is taken as the name"),
      Leniency("<nil/>", .null, "<nil> is an extension"),
      Leniency("<i8>5</i8>", 5, "<i8> is an extension"),
      Leniency("<ex:nil/>", .null, "prefix of <ex:nil> is declared nowhere"),
      Leniency(
        "<methodResponse xmlns='urn:x'><params><param><value>a</value></param></params></methodResponse>",
        .response("a"), "the namespace \"urn:x\""),
      Leniency("<methodResponse><params/></methodResponse>", .response(.null), "has no <param>"),
      Leniency(
        "<methodCall><params/><methodName>m</methodName></methodCall>",
        .call(method: "m", parameters: []), "<methodName> stands after <params>"),
      Leniency(
        "<methodCall><methodName>gloom&amp;doom</methodName></methodCall>",
        .call(method: "gloom&doom", parameters: []), "characters that the spec does not allow"),
      Leniency(
        "<methodCall><methodName> m </methodName></methodCall>",
        .call(method: "m", parameters: []), "white space around the text of <methodName>"),
      Leniency(
        faultDocument(code), .fault(Fault(code: "1", message: "")), "fault.faultString, line"),
      Leniency(
        faultDocument(words), .fault(Fault(code: "", message: "no")), "fault.faultCode, line"),
      Leniency(
        faultDocument(words + "<member><name>faultCode</name><value>E7</value></member>"),
        .fault(Fault(code: "E7", message: "no")), "expects <int>, found string"),
      Leniency(
        faultDocument(code + words + "<member><name>at</name><value>x</value></member>"),
        .fault(Fault(code: "1", message: "no", detail: ["at": "x"])), "kept as its detail"),
      Leniency(
        " \n<?xml version='1.0'?>" + responseDocument("x"), .response("x"),
        "the white space before the document"),
      Leniency(
        "<br /><b>Warning</b>: mysql_connect() in x.php\n<?xml version='1.0'?>"
          + responseDocument("x"), .response("x"), "the text before the document is passed over"),
      Leniency(
        responseDocument("x") + "\n<!-- ok -->\n0\n", .response("x"), "the text after the document"),
      Leniency("a\u{1}b", "a\u{FFFD}b", "a character that XML cannot carry is replaced"),
      Leniency("a&#1;b&#x1F;<![CDATA[&#1;]]>", "a\u{FFFD}b\u{FFFD}&#1;", "2 characters"),
    ])
  func leniency(_ row: Leniency) throws {
    let reader = XMLRPCReader(XMLRPCReadingOptions(dialect: .strict))
    let document = try reader.read(Array(row.text.utf8))
    #expect(document.message == row.message)
    #expect(document.warnings.count >= 1)
    #expect(document.warnings.contains { $0.contains(row.warning) }, "\(document.warnings)")
    #expect(throws: CodecError.self) { try strict(row.text) }
  }

  @Test("a warning names the place in the data and the line")
  func place() throws {
    let text = """
      <methodCall><methodName>m</methodName><params>
      <param><value>x</value></param>
      <param><value><struct><member><name>sizes</name><value><array><data>
      <value><int>1</int></value>
      <value><int> 2 </int></value></data></array></value></member></struct></value></param>
      </params></methodCall>
      """
    #expect(
      try lenient(text).warnings == [
        "params[1].sizes[1], line 5: white space around the text of <int> is left out"
      ])
    let error = try #require(throws: CodecError.self) { try strict(text) }
    #expect(error.path == "params[1].sizes[1]")
    #expect(error.line == 5)
    #expect(error.code == "-32600")
  }

  @Test("what goes wrong many times is told twenty times and counted")
  func manyWarnings() throws {
    let items = String(repeating: "<value><int> 1 </int></value>", count: 100)
    let warnings = try lenient(responseDocument("<array><data>\(items)</data></array>")).warnings
    #expect(warnings.count == 21)
    #expect(warnings.last == "and 80 more departures from the spec")
  }

  @Test("what is told once is counted")
  func repeatedOnce() throws {
    let items = String(repeating: "<value><string a='1'/></value>", count: 3)
    #expect(
      try lenient(responseDocument("<array><data>\(items)</data></array>")).warnings == [
        "[0], line 1: the attributes of <string> are passed over: XML-RPC has none (and 2 more)"
      ])
  }

  @Test("comments and CDATA sections are told once each in lenient mode, and taken in both")
  func sections() throws {
    let text = responseDocument("a<!-- 1 --><![CDATA[<b>]]><!-- 2 --><![CDATA[c]]>")
    let document = try lenient(text)
    #expect(document.message == .response("a<b>c"))
    #expect(
      document.warnings == [
        "line 1: comments are passed over (and 1 more)",
        "line 1: a CDATA section is read as text (and 1 more)",
      ])
    #expect(try strict(text).message == document.message)
    #expect(try strict(text).warnings == [])
  }

  @Test("base64 of no text is null where peers mean it, and strictly none")
  func emptyBase64() throws {
    #expect(throws: CodecError.self) { try strict(responseDocument("<base64></base64>")) }
    #expect(try strict(responseDocument("<base64>\n</base64>")).message == .response(.bytes([])))
    let document = try lenient(responseDocument("<base64/>"))
    #expect(document.message == .response(.null))
    #expect(document.warnings.count == 1)
  }

  @Test("Apache's trees are null with a warning, in its own dialect's strict mode too")
  func trees() throws {
    let text = responseDocument(
      "<ex:dom xmlns:ex='http://ws.apache.org/xmlrpc/namespaces/extensions'><a/></ex:dom>")
    #expect(try strict(text, .apache).message == .response(.null))
    #expect(try strict(text, .apache).warnings.count == 1)
    #expect(throws: CodecError.self) { try strict(text, .i8) }
  }

  @Test("the size that is taken, and the elements with it, can be raised")
  func megabytes() throws {
    let items = String(repeating: "<value><i4>7</i4></value>", count: 100_000)
    let many = Array(responseDocument("<array><data>\(items)</data></array>").utf8)
    #expect(try XMLRPCReader().read(many).warnings == [])
    let long = Array(responseDocument(String(repeating: "x", count: 5 << 20)).utf8)
    #expect(throws: CodecError.self) { try XMLRPCReader().read(long) }
    var options = XMLRPCReadingOptions(isStrict: true)
    options.maximumMegabytes = 6
    #expect(try XMLRPCReader(options).read(long).warnings == [])
  }

  @Test(
    "what cannot be told is refused in both modes",
    arguments: [
      ("", "-32700"), ("   ", "-32700"), ("hello", "-32700"), ("<methodCall>", "-32700"),
      ("<html><body/></html>", "-32600"), ("<methodCall/>", "-32600"),
      ("<methodCall><methodName/></methodCall>", "-32600"),
      ("<methodCall><methodName><f/></methodName></methodCall>", "-32600"),
      ("<methodCall><methodName>a</methodName><methodName>b</methodName></methodCall>", "-32600"),
      ("<methodCall><methodName>a</methodName><params/><params/></methodCall>", "-32600"),
      ("<methodResponse/>", "-32600"), ("<methodResponse><foo/></methodResponse>", "-32600"),
      ("<methodResponse><params><param/><param/></params></methodResponse>", "-32600"),
      ("<methodCall><methodName>m</methodName><params><param/></params></methodCall>", "-32600"),
      (
        responseDocument(
          "<struct><member><name><value>a</value><value>b</value></name><value/></member></struct>"),
        "-32600"
      ),
      ("<methodResponse><params/><fault/></methodResponse>", "-32600"),
      ("<methodResponse><fault/></methodResponse>", "-32600"),
      ("<methodResponse><fault><value>x</value></fault></methodResponse>", "-32600"),
      ("<methodResponse><params><param><int>1</int></param></params></methodResponse>", "-32600"),
      (
        "<methodResponse><params><param><value/></param><param><value/></param></params></methodResponse>",
        "-32600"
      ),
      (responseDocument("<int>1</int><int>2</int>"), "-32600"),
      (responseDocument("<int>two</int>"), "-32600"),
      (responseDocument("<int><int>2</int></int>"), "-32600"),
      (responseDocument("<spam><int>2</int></spam>"), "-32600"),
      (
        responseDocument("<struct><member><name>a</name><name>b</name></member></struct>"), "-32600"
      ),
      (responseDocument("<struct><value>a</value></struct>"), "-32600"),
      (responseDocument("<array><data><int>1</int></data></array>"), "-32600"),
      (responseDocument("&#+1;"), "-32700"), (responseDocument("&nope;"), "-32700"),
      ("<?xml version='1.0' encoding='UTF-7'?>" + responseDocument("x"), "-32701"),
    ])
  func refused(_ text: String, _ code: String) throws {
    for read in [lenient, { try strict($0) }] {
      let error = try #require(throws: CodecError.self) { _ = try read(text) }
      #expect(error.code == code)
      #expect(!error.reason.isEmpty)
    }
  }

  @Test("a dialect's extensions are read in its strict mode, and warned of in no mode")
  func dialects() throws {
    let nils = responseDocument(
      "<array><data><value><nil/></value><value><i8>5</i8></value></data></array>")
    #expect(try strict(nils, .i8).message == .response([.null, 5]))
    #expect(try lenient(nils).warnings == [])
    let apache = """
      <methodResponse xmlns:ex="http://ws.apache.org/xmlrpc/namespaces/extensions"><params><param>
      <value><array><data><value><ex:nil/></value><value><ex:i1>5</ex:i1></value>
      <value><ex:i2>6</ex:i2></value><value><ex:i8>7</ex:i8></value><value><ex:float>1.5</ex:float></value>
      <value><ex:dateTime>2024-01-02T03:04:05.678Z</ex:dateTime></value>
      <value><ex:serializable>rO0A</ex:serializable></value></data></array></value>
      </param></params></methodResponse>
      """
    let wanted: Value = [
      .null, 5, 6, 7, 1.5, .dateTime("2024-01-02T03:04:05.678Z"), .bytes([0xAC, 0xED, 0]),
    ]
    #expect(try strict(apache, .apache).message == .response(wanted))
    #expect(throws: CodecError.self) { try strict(apache, .i8) }
    #expect(try lenient(apache).message == .response(wanted))
  }

  @Test("wide integers take the form that is asked for")
  func wideIntegers() throws {
    let text = responseDocument(
      "<array><data><value><i8>5</i8></value><value><int>6</int></value>"
        + "<value><biginteger>98765432100123456789</biginteger></value></data></array>")
    func read(_ form: XMLRPCReadingOptions.WideIntegers) throws -> XMLRPCMessage {
      try XMLRPCReader(XMLRPCReadingOptions(dialect: .apache, wideIntegers: form))
        .read(Array(text.utf8)).message
    }
    let big = try #require(NumberText("98765432100123456789"))
    let five = try #require(NumberText("5"))
    #expect(try read(.integer) == .response([5, 6, .number(big)]))
    #expect(try read(.text) == .response(["5", 6, "98765432100123456789"]))
    #expect(try read(.number) == .response([.number(five), 6, .number(big)]))
  }

  @Test("the encodings of old servers are read in lenient mode with a warning")
  func encodings() throws {
    func document(_ encoding: String, _ text: [UInt8]) -> [UInt8] {
      let parts = responseDocument("%").split(separator: "%")
      return Array("<?xml version='1.0' encoding='\(encoding)'?>\(parts[0])".utf8) + text
        + Array(parts[1].utf8)
    }
    for (encoding, bytes, text) in [
      ("cp1251", [0xCC, 0xE8, 0xF0], "Мир"), ("windows-1252", [0x80, 0xE9], "€é"),
      ("KOI8-R", [0xED, 0xC9, 0xD2], "Мир"), ("iso-8859-15", [0xA4], "€"),
      ("iso-8859-2", [0xB9], "š"), ("windows-1250", [0x9A], "š"),
    ] as [(String, [UInt8], String)] {
      let read = try XMLRPCReader().read(document(encoding, bytes))
      #expect(read.message == .response(.string(text)))
      #expect(read.warnings.count == 1)
      #expect(throws: CodecError.self) {
        try XMLRPCReader(XMLRPCReadingOptions(isStrict: true)).read(document(encoding, bytes))
      }
    }
    // The four that every reader takes: no warning, and the transport's word comes first.
    #expect(try XMLRPCReader().read(document("ISO-8859-1", [0xE9])).warnings == [])
    let latin = document("UTF-8", [0xE9])
    #expect(try XMLRPCReader().read(latin, charset: "iso-8859-1").message == .response("é"))
    let error = try #require(throws: CodecError.self) { try XMLRPCReader().read(latin) }
    #expect(error.code == "-32702")
  }

  @Test("characters that XML cannot carry are refused, replaced or left out, as told")
  func invalidCharacters() throws {
    let text = Array(responseDocument("a\u{1}b").utf8)
    func read(_ policy: InvalidCharacterPolicy) throws -> XMLRPCMessage {
      try XMLRPCReader(XMLRPCReadingOptions(invalidCharacters: policy)).read(text).message
    }
    #expect(try read(.replace) == .response("a\u{FFFD}b"))
    #expect(try read(.strip) == .response("ab"))
    #expect(throws: CodecError.self) { try read(.error) }
  }

  @Test("a text of megabytes is read in one piece, with line breaks in base64 left out")
  func longTexts() throws {
    let long = String(repeating: "x&amp;", count: 500_000)
    #expect(
      try strict(responseDocument(long)).message
        == .response(.string(String(repeating: "x&", count: 500_000))))
    let line = String(repeating: "QUJD", count: 19) + "\r\n"
    let base64 = responseDocument("<base64>\n\(String(repeating: line, count: 20_000))</base64>")
    guard case .response(.bytes(let bytes)) = try strict(base64).message else {
      Issue.record("is no bytes")
      return
    }
    #expect(bytes.count == 20_000 * 57)
    let tooLong = responseDocument(String(repeating: "x", count: 4 << 20))
    #expect(throws: CodecError.self) { try lenient(tooLong) }
  }
}
