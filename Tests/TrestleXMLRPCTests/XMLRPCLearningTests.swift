import Testing
import TrestleCore

@testable import TrestleXMLRPC

@Suite("Learning methods from what services say of them")
struct XMLRPCLearningTests {
  private func method(_ signatures: Value?, _ help: String = "", name: String = "m") -> XMLRPCMethod
  {
    XMLRPCMethod(learned: name, signatures: signatures, help: help)
  }

  @Test(
    "signatures become types",
    arguments: [
      ([["int", "string", "i4"]], "(param1: string, param2: int) → int"),
      (["array", "string"], "(param1: string) → [any]"),
      (["string"], "() → string"),
      (
        [["struct", "dateTime.iso8601", "base64", "i8", "double", "boolean", "nil"]],
        "(param1: dateTime, param2: base64, param3: i8, param4: double, param5: boolean, param6: nil) → struct"
      ),
      (
        [["bool", "str", "list", "dict", "float", "mixed", "OpaqueRef"]],
        "(param1: string, param2: [any], param3: struct, param4: double, param5: any, param6: any) → boolean"
      ),
      ([["int", "int"], ["int", "int", "string"]], "(param1: int, param2: string?) → int"),
      ([["int", "int"], ["string", "string"]], "(param1: any) → any"),
      ("signatures not supported", "(…) → any"), ("undef", "(…) → any"), ([], "(…) → any"),
      ([42, "string", ["array"], true], "(param1: string, param2: [any], param3: boolean?) → int"),
      ([["array"], ["array"]], "(param1: [any]) → [any]"), ([["array"]], "() → [any]"),
      ([["struct": "struct"], 3.1415], "(param1: double) → struct"), ([[]], "(…) → any"),
      ([[1, 2]], "(…) → any"), (nil, "(…) → any"),
    ] as [(Value?, String)])
  func signatures(_ value: Value?, _ expected: String) {
    #expect(method(value).signature == expected)
  }

  @Test(
    "names come from what documents them",
    arguments: [
      ("@param int x  First\n@param string y", "(x: int, y: string) → int"),
      ("@param int $x First\n@param string $y", "(x: int, y: string) → int"),
      ("@param $x int\n@param $y string", "(x: int, y: string) → int"),
      (":param x: first\n:param str y: second", "(x: int, y: string) → int"),
      ("m(x, y)\nAdds them.", "(x: int, y: string) → int"),
      ("int m(int x, string y = 'a')", "(x: int, y: string) → int"),
      ("m(x: int, y: struct{a: int, b: int}) → int", "(x: int, y: string) → int"),
      ("Like m(x, y) but other.", "(param1: int, param2: string) → int"),
      ("@param int x\n@param string x", "(param1: int, param2: string) → int"),
      ("@param int x", "(param1: int, param2: string) → int"),
      ("@param int x\n@param string y  the name (optional)", "(x: int, y: string?) → int"),
      ("@param int x (default 1)\n@param string y", "(x: int, y: string) → int"),
    ])
  func names(_ help: String, _ expected: String) {
    #expect(method([["int", "int", "string"]], help).signature == expected)
  }

  @Test("flags at the end may be left out, others not")
  func flags() {
    #expect(
      method([["int", "boolean", "string", "boolean", "boolean"]]).signature
        == "(param1: boolean, param2: string, param3: boolean?, param4: boolean?) → int")
  }

  @Test(
    "the first paragraph is the summary",
    arguments: [
      ("Stops it.\n\n@return boolean", "Stops it."), ("  Stops\n  it.\n\nMore.", "Stops it."),
      ("<p>Stops <i>it</i> &amp; waits.</p><p>More.</p>", "Stops it & waits."),
      ("a < b &lt; c", "a < b < c"), ("m(a, b)\nStops it.", "Stops it."),
      (String(repeating: "word ", count: 60), String(repeating: "word ", count: 32) + "…"),
    ])
  func summary(_ help: String, _ expected: String) {
    #expect(method(nil, help).summary == expected)
    #expect(method(nil, "").summary == nil)
    #expect(method(nil, "No help is available for this method.").summary == nil)
  }

  @Test(
    "what is named like a reader is one",
    arguments: [
      ("getInfo", true), ("supervisor.getAllProcessInfo", true), ("d.list_files", true),
      ("aria2.tellStatus", true), ("isReady", true), ("VM.get_all", true), ("version", true),
      ("getNextNumber", false), ("get_and_clear", false), ("readAndReset", false),
      ("startProcess", false), ("listen", false), ("getSessionInfo", false), ("issue", false),
      ("", false), ("a.", false),
    ])
  func effects(_ name: String, _ isReader: Bool) {
    #expect(XMLRPCMethod.isNamedLikeReader(name) == isReader)
  }

  @Test("a learned method is declared as the reader of declarations reads it")
  func declaration() {
    let learned = method(
      [["struct", "int", "array", "boolean"]],
      "Words.\n@param int a  The \"a\": #1\n@param array b\n@param boolean c",
      name: "getAll")
    var declarations = XMLRPCDeclarations()
    let read = declarations.methods(["getAll": .object(learned.declaration)])
    #expect(declarations.problems.isEmpty)
    #expect(read.first?.signature == learned.signature)
    #expect(read.first?.effects == .read && read.first?.summary == "Words.")
    #expect(read.first?.parameters?.first?.summary == "The \"a\": #1")
  }
}
