import Testing
import TrestleCore
import TrestleNet

@Suite struct EndpointTests {
  @Test(
    "HTTP endpoints are read with their default ports",
    arguments: [
      ("http://127.0.0.1:8101/claims", "http://127.0.0.1:8101/claims"),
      ("http://host", "http://host:80/"),
      ("HTTPS://host/a?b=c#d", "https://host:443/a?b=c"),
      ("http://host?x=y", "http://host:80/?x=y"),
      ("https://[::1]:8443/", "https://[::1]:8443/"),
      ("http://[fe80::1]", "http://[fe80::1]:80/"),
    ])
  func http(text: String, canonical: String) throws {
    #expect(try Endpoint(http: text).description == canonical)
  }

  @Test(
    "TCP endpoints are read with and without their scheme",
    arguments: [
      ("tcp://host:9000", "tcp://host:9000"), ("tls://10.0.0.1:9001/", "tls://10.0.0.1:9001"),
      ("host:9000", "tcp://host:9000"), ("[::1]:9000", "tcp://[::1]:9000"),
    ])
  func tcp(text: String, canonical: String) throws {
    #expect(try Endpoint(tcp: text).description == canonical)
  }

  @Test(
    "an unusable HTTP endpoint says what was expected",
    arguments: [
      ("", "no http://"), ("host:80/x", "no http://"), ("ftp://host", "no http://"),
      ("http://", "no host"), ("http:///x", "no host"), ("http://h:x/", "port 'x'"),
      ("http://h:/", "port ''"), ("http://h:70000/", "port '70000'"), ("http://h:-1/", "port '-1'"),
      ("http://u:p@h/", "user name"), ("http://[::1/", "no ]"),
      ("http://[::1]x/", "else than a port"),
      ("http://a b/", "host name"), ("http://h/a b", "character in its path"),
      ("http://h/\r\nX: y", "character in its path"), ("http://h/ü", "character in its path"),
    ])
  func badHTTP(text: String, part: String) {
    let error = #expect(throws: TransportError.self) { try Endpoint(http: text) }
    #expect(error?.kind == .configuration)
    #expect(error?.reason.contains(part) == true, "\(error?.reason ?? "")")
    #expect(error?.hint != nil)
  }

  @Test(
    "an unusable TCP endpoint says what was expected",
    arguments: [
      ("http://h:1", "not the address of a TCP system"), ("tcp://h", "no port"), ("h", "no port"),
      (":9000", "no host"), ("tcp://h:9000/path", "port '9000/path'"), ("", "no host"),
    ])
  func badTCP(text: String, part: String) {
    let error = #expect(throws: TransportError.self) { try Endpoint(tcp: text) }
    #expect(error?.kind == .configuration)
    #expect(error?.reason.contains(part) == true, "\(error?.reason ?? "")")
    #expect(error?.hint != nil)
  }

  @Test("a forgotten scheme is offered")
  func suggests() {
    let error = #expect(throws: TransportError.self) { try Endpoint(http: "127.0.0.1:8101/claims") }
    #expect(error?.hint == "write http://127.0.0.1:8101/claims")
  }

  @Test(
    "durations read as people write them",
    arguments: [
      (.seconds(5), "5 s"), (.milliseconds(250), "250 ms"), (.milliseconds(1500), "1.5 s"),
      (.milliseconds(1050), "1.05 s"), (.zero, "0 ms"),
    ] as [(Duration, String)])
  func durations(duration: Duration, text: String) { #expect(duration.inWords == text) }
}
