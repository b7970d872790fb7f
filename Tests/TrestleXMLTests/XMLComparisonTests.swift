import Testing

@testable import TrestleXML

private func difference(
  _ first: String, _ second: String, names: Set<QualifiedName> = []
) -> String? {
  XMLComparison.difference(
    Array(first.utf8), Array(second.utf8), qualifiedNameElements: names)
}

private let xsi = "xmlns:i='http://www.w3.org/2001/XMLSchema-instance'"

@Suite struct XMLComparisonTests {
  @Test(
    "documents that mean the same are equal",
    arguments: [
      ("<a/>", "<?xml version='1.0'?>\n<a></a>"),
      ("<p:a xmlns:p='u'/>", "<a xmlns='u' xmlns:q='unused'/>"),
      ("<a x='1' y='2'/>", "<a y='2' x='1'/>"),
      ("<a><b/><c/></a>", "<a>\n  <b/> <!-- c --> <c/>\n</a>"),
      ("<a>x<![CDATA[y]]></a>", "<a>x&#121;</a>"),
      (
        "<a \(xsi) xmlns:p='u' i:type='p:t'/>",
        "<a xmlns:j='http://www.w3.org/2001/XMLSchema-instance' xmlns='' xmlns:q='u' j:type=' q:t'/>"
      ),
      (
        "<faultcode xmlns:p='u'>p:Client</faultcode>", "<faultcode xmlns:q='u'>q:Client</faultcode>"
      ),
      (
        "<e:a xmlns:e='http://schemas.xmlsoap.org/soap/encoding/' xmlns:p='u' e:arrayType='p:t[2]'/>",
        "<e:a xmlns:e='http://schemas.xmlsoap.org/soap/encoding/' xmlns:q='u' e:arrayType='q:t[2]'/>"
      ),
    ])
  func equal(_ first: String, _ second: String) {
    #expect(difference(first, second) == nil)
    #expect(difference(second, first) == nil)
  }

  @Test(
    "the first difference is named with its path",
    arguments: [
      ("<a/>", "<b/>", "/a: element a"),
      ("<a/>", "<a xmlns='u'/>", "/a: element a against {u}a"),
      ("<a><b/><b>1</b></a>", "<a><b/><b>2</b></a>", "/a/b[2]: text \"1\" against \"2\""),
      ("<a x='1'/>", "<a x='2'/>", "/a/@x"),
      ("<a x='1'/>", "<a/>", "lacks the attribute x"),
      ("<a/>", "<a x='1'/>", "has the attribute x"),
      ("<a><b/></a>", "<a/>", "/a: lacks the element b"),
      ("<a/>", "<a><b/></a>", "/a: has the element b"),
      ("<a> </a>", "<a/>", "lacks the text"),
      ("<a>x<b/></a>", "<a><b/>x</a>", "/a: the text"),
      ("<a \(xsi) xmlns:p='u' i:type='p:t'/>", "<a \(xsi) xmlns:p='v' i:type='p:t'/>", "type: "),
      ("<a>", "<a/>", "first document cannot be read"),
      ("<a/>", "<a>", "second document cannot be read"),
    ])
  func different(_ first: String, _ second: String, _ expected: String) throws {
    let found = try #require(difference(first, second))
    #expect(found.contains(expected))
  }

  @Test("text is compared as a QName only where it is said to be one")
  func flagged() {
    let first = "<a xmlns:p='u'>p:x</a>"
    let second = "<a xmlns:q='u'>q:x</a>"
    #expect(difference(first, second) != nil)
    #expect(difference(first, second, names: [QualifiedName("", "a")]) == nil)
    let one = Array("<a xmlns:p='u' b='p:x'/>".utf8)
    let other = Array("<a xmlns:q='u' b='q:x'/>".utf8)
    #expect(XMLComparison.difference(one, other) != nil)
    #expect(
      XMLComparison.difference(one, other, qualifiedNameAttributes: [QualifiedName("", "b")])
        == nil)
  }
}
