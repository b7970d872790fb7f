import Testing
import TrestleCore

@testable import TrestleXMLRPC

private func codec(isStrict: Bool) -> XMLRPCCodec {
  XMLRPCCodec(
    name: "shop",
    methods: [
      XMLRPCMethod(
        name: "sum", parameters: [.init(name: "a", type: .int), .init(name: "b", type: .i8)],
        returns: .i8),
      XMLRPCMethod(name: "ping", parameters: []),
    ], isStrict: isStrict)
}

private func entry(_ name: String, _ params: String) -> String {
  "<value><struct><member><name>methodName</name><value>\(name)</value></member>\(params)</struct>"
    + "</value>"
}

private func params(_ value: String) -> String {
  "<member><name>params</name><value>\(value)</value></member>"
}

private let multicall = callDocument(
  "<array><data>"
    + entry(
      "sum",
      params(
        "<array><data><value>7</value><value><i8>8</i8></value></data></array>"))
    + entry("ping", "") + entry("ping", params("<struct/>")) + "</data></array>",
  method: "system.multicall")

@Suite struct XMLRPCMulticallTests {
  private func request(_ text: String) -> WireRequest {
    WireRequest(headers: ["Content-Type": "text/xml"], body: Array(text.utf8))
  }

  @Test("what the typing of the calls within lets pass is told with the call's place")
  func warnings() throws {
    #expect(
      try codec(isStrict: false).decode(request(multicall)).warnings == [
        "params[0][0].params[0] is the string \"7\" where int is declared",
        "params[0][1] expects params as an array, found none; it is called with no parameters",
        "params[0][2] expects params as an array, found object; it is called with no parameters",
      ])
  }

  @Test("the parameters show wide integers as text, and the calls within have them as declared")
  func wideIntegers() throws {
    let codec = codec(isStrict: false)
    let call = try codec.decode(request(multicall))
    #expect(call.parameters["params"]?[0]?[0]?["params"] == ["7", "8"])
    let responder = codec.introspecting(
      ClosureResponder { call in .value(.object(call.parameters)) })
    guard case .now(let reply) = responder.respond(to: call) else {
      Issue.record("is not answered at once")
      return
    }
    #expect(reply.value?[0] == [["a": 7, "b": "8"]])
    // A call that no codec read is taken apart as well.
    let made = Call(
      operation: "system.multicall", parameters: ["params": [[["methodName": "ping"]]]])
    guard case .now(let other) = responder.respond(to: made) else {
      Issue.record("is not answered at once")
      return
    }
    #expect(other.value == [[.emptyObject]])
  }

  @Test("strict mode refuses each call that is not as declared, in its place")
  func strict() throws {
    let codec = codec(isStrict: true)
    let responder = codec.introspecting(ClosureResponder { _ in .value(1) })
    let call = try codec.decode(request(multicall))
    #expect(call.warnings == [])
    guard case .now(let reply) = responder.respond(to: call) else {
      Issue.record("is not answered at once")
      return
    }
    for place in 0..<3 { #expect(reply.value?[place]?["faultCode"] == -32_602) }
  }
}
