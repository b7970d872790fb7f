import Testing
import Trestle
import TrestleCore

/// What people who run mocks of legacy systems have complained about, a test for each; docs/mocking.md
/// lists them with these names. Others of that list are tested where the feature is.
@Suite("What users of mocks suffer from")
struct MockPainTests {
  private static func service(_ kind: ShopSystem, _ mock: String) throws -> Service {
    let files = try TemporaryWorkspace(["adapters/shop.yaml": kind.adapter(mock)])
    let system = try files.load(.standard).system(named: "shop")
    #expect(system.diagnostics.map(\.message) == [])
    return try system.mockService()
  }

  /// What a service answers to a body.
  private static func answer(
    _ service: Service, _ body: String, action: String = "\"\""
  ) throws -> (status: Int, text: String) {
    var request = WireRequest(body: Array(body.utf8))
    if case .http = service.codec.wire {
      request.headers = ["Content-Type": "text/xml; charset=utf-8", "SOAPAction": action]
    }
    guard case .now(let response) = service.handle(request) else {
      Issue.record("no answer at once")
      return (0, "")
    }
    return (response.status, String(decoding: response.body, as: UTF8.self))
  }

  private static func xmlRPC(_ method: String, _ id: String) -> String {
    "<methodCall><methodName>\(method)</methodName><params><param><value>\(id)</value></param></params></methodCall>"
  }

  private static func body(_ kind: ShopSystem, _ id: String) -> String {
    switch kind {
    case .soap:
      "<s:Envelope xmlns:s=\"http://schemas.xmlsoap.org/soap/envelope/\"><s:Body><pay><id>\(id)</id></pay></s:Body></s:Envelope>"
    case .xmlRPC: xmlRPC("pay", id)
    case .tcp: "op=pay;id=\(id)"
    }
  }

  @Test(
    "a stub matches whatever the client calls its prefixes",
    arguments: [
      """
      <soap:Envelope xmlns:soap="http://schemas.xmlsoap.org/soap/envelope/"><soap:Body>\
      <pay xmlns="urn:shop"><id>7</id></pay></soap:Body></soap:Envelope>
      """,
      """
      <S:Envelope xmlns:S="http://schemas.xmlsoap.org/soap/envelope/" xmlns:a="urn:shop"><S:Header/><S:Body>\
      <a:pay><a:id>7</a:id></a:pay></S:Body></S:Envelope>
      """,
      """
      <?xml version="1.0"?><!-- by hand --><Envelope xmlns="http://schemas.xmlsoap.org/soap/envelope/">
        <Body><_1:pay xmlns:_1="urn:shop"><_1:id>7</_1:id></_1:pay></Body></Envelope>
      """,
    ])
  func prefixes(_ body: String) throws {
    let service = try Self.service(
      .soap,
      """
        fallback: fault
        stubs:
          - { operation: pay, when: { id: 7 }, reply: { result: by value } }
      """)
    #expect(try Self.answer(service, body).text.contains("by value"))
    let pathed = try Self.service(
      .soap,
      """
        fallback: fault
        stubs:
          - { operation: pay, when_xpath: { "//pay/id": "7" }, reply: { result: by path } }
      """)
    #expect(try Self.answer(pathed, body).text.contains("by path"))
  }

  @Test("fields that are new each time are asked for by their form", arguments: ShopSystem.allCases)
  func volatile(_ kind: ShopSystem) throws {
    let service = try Self.service(
      kind,
      """
        fallback: fault
        stubs:
          - { operation: pay, when: { id: { matches: "^[0-9]{4}-[0-9a-f]{8}$" } }, reply: \(kind.yaml("fits")) }
      """)
    for id in ["2026-0a1b2c3d", "2027-ffffffff"] {
      #expect(try Self.answer(service, Self.body(kind, id)).text.contains("fits"))
    }
    // The protocol over TCP has no words for a mock's own fault: it hangs up.
    guard kind != .tcp else { return }
    let other = try Self.answer(service, Self.body(kind, "2026-x")).text
    #expect(!other.contains("fits"))
    #expect(other.contains("no stub matched pay"))
  }

  @Test(
    "a template of half a megabyte is filled in whole, and only where it has places",
    arguments: ShopSystem.allCases)
  func largeTemplate(_ kind: ShopSystem) throws {
    let half = String(repeating: "x", count: 250_000)
    let service = try Self.service(
      kind,
      """
        stubs:
          - { operation: pay, reply: \(kind.yaml("\(half){{request.id}}\(half)")) }
      """)
    for id in ["1", "22"] {
      #expect(try Self.answer(service, Self.body(kind, id)).text.contains("\(half)\(id)\(half)"))
    }
  }

  @Test(
    "every byte there is goes out as it is, and comes in as it was",
    arguments: ShopSystem.allCases)
  func bytes(_ kind: ShopSystem) throws {
    let all = Array(UInt8.min...UInt8.max)
    let hex = all.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
    let service = try Self.service(
      kind,
      """
        stubs:
          - { operation: pay, raw: { hex: "\(hex)" } }
      """)
    var request = WireRequest(body: Array(Self.body(kind, "1").utf8))
    if kind != .tcp { request.headers = ["Content-Type": "text/xml"] }
    guard case .now(let response) = service.handle(request) else {
      Issue.record("no answer at once")
      return
    }
    #expect(response.body == all)
  }

  @Test("a fault is a fault on the wire, not a value with a good status")
  func faults() throws {
    for kind in ShopSystem.allCases {
      let service = try Self.service(
        kind,
        """
          stubs:
            - { operation: pay, fault: { code: \(kind.faultCode), message: no money } }
        """)
      let (status, text) = try Self.answer(service, Self.body(kind, "1"))
      switch kind {
      case .soap:
        #expect(status == 500)
        #expect(text.contains("<faultstring>no money</faultstring>"))
      // The XML-RPC specification wants 200 whatever is answered.
      case .xmlRPC:
        #expect(status == 200)
        #expect(text.contains("<fault>"))
      case .tcp: #expect(text.contains("m=no money"))
      }
    }
  }

  @Test("a wrong expression is told when the file is loaded, not passed over at each call")
  func wrongExpressions() throws {
    for (condition, place) in [
      (#"when_xpath: { "//pay[": "7" }"#, "XPath 1.0"),
      (#"when: { id: { matches: "(" } }"#, "("),
    ] {
      let files = try TemporaryWorkspace([
        "adapters/shop.yaml": ShopSystem.soap.adapter(
          "  stubs:\n    - { operation: pay, \(condition), reply: { result: no } }")
      ])
      let system = try files.load(.standard).system(named: "shop")
      let told = try #require(system.diagnostics.first)
      #expect(told.severity == .error)
      #expect(told.line == 4)
      #expect(told.message.contains(place), "\(told)")
    }
  }
}
