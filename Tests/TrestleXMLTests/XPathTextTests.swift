import Testing
import TrestleXML

@Suite("XPath as text")
struct XPathTextTests {
  @Test(
    "names of elements become tests of local names; all others stay",
    arguments: [
      ("//a", "//*[local-name()='a']"),
      ("/a/b[1]", "/*[local-name()='a']/*[local-name()='b'][1]"),
      (
        "//a[@id='x' and b>3]/text()",
        "//*[local-name()='a'][@id='x' and *[local-name()='b']>3]/text()"
      ),
      ("count(//a) * 2 div 3", "count(//*[local-name()='a']) * 2 div 3"),
      (
        "child::a | descendant :: b",
        "child::*[local-name()='a'] | descendant ::*[local-name()='b']"
      ),
      ("attribute::a", "attribute::a"),
      ("//div/div", "//*[local-name()='div']/*[local-name()='div']"),
      ("//*[local-name()='a']", "//*[local-name()='a']"), ("../a/.", "../*[local-name()='a']/."),
      ("a.b-c", "*[local-name()='a.b-c']"), ("'a/b'", "'a/b'"), ("//ä", "//*[local-name()='ä']"),
      ("$v + a", "$v + *[local-name()='a']"), ("a[", "*[local-name()='a']["), ("'open", "'open"),
    ])
  func localNames(expression: String, expected: String) {
    let text = XPathText(expression)
    #expect(text.prefixes == [])
    #expect(text.byLocalNames.filter { $0 != " " } == expected.filter { $0 != " " })
  }

  @Test("prefixes are told, each once")
  func prefixes() {
    #expect(XPathText("//s:a/t:b[s:c = 'u:v']/@w:x | t:*").prefixes == ["s", "t", "w"])
  }

  @Test("what expressions may cost on one document is limited")
  func hostile() throws {
    let many = String(repeating: "<a><b/></a>", count: 10_000)
    let document = try XMLQueryDocument(
      XMLDocument(Array("<r>\(many)</r>".utf8)), namespaces: [:])
    #expect(document.result(of: try XMLCompiledQuery("count(//a[count(//b) > 1])")) == .failure)
    // The limit is that of the request, not of each expression.
    #expect(document.result(of: try XMLCompiledQuery("count(//a)")) == .failure)
    #expect(throws: XMLFailure.self) { try XMLCompiledQuery("//a[") }
  }
}
