import Testing
import TrestleCore

@Suite("An address of the web")
struct WebAddressTests {
  // RFC 3986 §5.4, for what names a document of the web.
  @Test(
    "a reference leads where RFC 3986 says",
    arguments: [
      ("g", "http://a/b/c/g"), ("./g", "http://a/b/c/g"), ("g/", "http://a/b/c/g/"),
      ("/g", "http://a/g"), ("//g", "http://g/"), ("?y", "http://a/b/c/d;p?y"),
      ("g?y", "http://a/b/c/g?y"), ("#s", "http://a/b/c/d;p?q"), ("g#s", "http://a/b/c/g"),
      ("g?y#s", "http://a/b/c/g?y"), (";x", "http://a/b/c/;x"), ("", "http://a/b/c/d;p?q"),
      (".", "http://a/b/c/"), ("./", "http://a/b/c/"), ("..", "http://a/b/"),
      ("../g", "http://a/b/g"), ("../..", "http://a/"), ("../../g", "http://a/g"),
      ("../../../g", "http://a/g"), ("/./g", "http://a/g"), ("/../g", "http://a/g"),
      ("g.", "http://a/b/c/g."), ("..g", "http://a/b/c/..g"), ("./../g", "http://a/b/g"),
      ("g/./h", "http://a/b/c/g/h"), ("g;x=1/../y", "http://a/b/c/y"),
      ("g?y/../x", "http://a/b/c/g?y/../x"), ("https://h/x", "https://h/x"),
      (" types 1.xsd ", "http://a/b/c/types%201.xsd"),
    ])
  func resolves(reference: String, target: String) throws {
    let base = try #require(WebAddress("http://a/b/c/d;p?q"))
    #expect(base.resolving(reference)?.description == target)
  }

  @Test(
    "the same place has one text",
    arguments: [
      ("HTTP://Host:80", "http://host/"), ("https://h:443/a#b", "https://h/a"),
      ("https://h:8443?wsdl", "https://h:8443/?wsdl"),
      ("http://[::1]:8080/x", "http://[::1]:8080/x"),
      ("http://[::1]", "http://[::1]/"), ("http://h/a/../b?c d", "http://h/b?c%20d"),
      ("http://h/%20ü", "http://h/%20%C3%BC"),
    ])
  func normalizes(text: String, normalized: String) {
    #expect(WebAddress(text)?.description == normalized)
  }

  @Test(
    "what is no address of the web is none",
    arguments: [
      "", "h/x", "/x", "ftp://h/x", "file:///etc/passwd", "http:", "http://", "http:///x",
      "http://user:secret@h/", "http://h:0/", "http://h:x/", "http://h:70000/", "http://a b/",
      "http://::1/",
    ])
  func refused(text: String) { #expect(WebAddress(text) == nil) }

  @Test("a reference to another scheme leads nowhere")
  func otherScheme() throws {
    let base = try #require(WebAddress("http://a/b"))
    for reference in ["file:///etc/passwd", "urn:x:y", "c:\\types.xsd", "http://u@h/"] {
      #expect(base.resolving(reference) == nil, "\(reference)")
    }
  }
}
