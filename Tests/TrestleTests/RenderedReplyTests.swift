import Testing
import Trestle
import TrestleCore

@Suite("Replies that are written once")
struct RenderedReplyTests {
  private func workspace() throws -> Workspace {
    let files = try TemporaryWorkspace([
      "adapters/shop.yaml": """
      protocol: xml_rpc
      methods: { list: { returns: [string] }, echo: { params: [a], returns: any }, sample: { returns: int } }
      mock:
        responses:
          list: [a, b, "ü & <"]
          echo: "{{request.a}}"
        stubs:
          - { operation: list, when: { params: { contains: 7 } }, fault: { code: 7, message: seven } }
      """
    ])
    return try files.load(.standard)
  }

  private func body(_ service: Service, _ call: Call) throws -> String {
    guard case .now(let response) = service.handle(try service.codec.encode(call)) else {
      return ""
    }
    return String(decoding: response.body, as: UTF8.self)
  }

  @Test("they are the bytes that writing them again gives, call after call")
  func constant() throws {
    let system = try workspace().system(named: "shop")
    let service = try system.mockService()
    let call = Call(operation: "list", parameters: ["params": []])
    let plain = try service.codec.encode(.value(["a", "b", "ü & <"]), answering: call)
    for _ in 0..<3 {
      #expect(try body(service, call) == String(decoding: plain.body, as: UTF8.self))
    }
    let failing = Call(operation: "list", parameters: ["params": [7]])
    let first = try body(service, failing)
    #expect(first.contains("<int>7</int>") && first.contains("seven"))
    #expect(try body(service, failing) == first)
    #expect(try body(service, call) == String(decoding: plain.body, as: UTF8.self))
  }

  @Test("what the request decides is written for each call")
  func templates() throws {
    let service = try workspace().system(named: "shop").mockService()
    for number in Int64(1)...3 {
      let call = Call(operation: "echo", parameters: ["a": .integer(number)])
      #expect(try body(service, call).contains("<int>\(number)</int>"))
    }
  }

  @Test("inside a multicall they are wrapped, and outside of it not")
  func multicall() throws {
    let service = try workspace().system(named: "shop").mockService()
    let alone = try body(service, Call(operation: "sample", parameters: ["params": []]))
    let both = Call(
      operation: "system.multicall",
      parameters: [
        "calls": [["methodName": "sample", "params": []], ["methodName": "sample", "params": []]]
      ])
    let together = try body(service, both)
    #expect(together.matches(of: /<int>/).count == 2)
    #expect(try body(service, Call(operation: "sample", parameters: ["params": []])) == alone)
    #expect(try body(service, both) == together)
  }

  @Test("SOAP has them in the version of each call")
  func versions() throws {
    let service = try Workspace.load(directory: ExampleWorkspaceTests.root)
      .system(named: "credit-scoring").mockService()
    func request(_ namespace: String, _ type: String) -> WireRequest {
      let body = """
        <s:Envelope xmlns:s="\(namespace)"><s:Body><ExplainDecision xmlns="urn:northbank:credit-scoring:2">\
        <applicationId>A</applicationId><language>en</language></ExplainDecision></s:Body></s:Envelope>
        """
      return WireRequest(headers: ["Content-Type": type], body: Array(body.utf8))
    }
    let requests = [
      request("http://schemas.xmlsoap.org/soap/envelope/", "text/xml"),
      request("http://www.w3.org/2003/05/soap-envelope", "application/soap+xml"),
    ]
    var replies: [String] = []
    for request in requests + requests {
      guard case .now(let response) = service.handle(request) else { continue }
      #expect(response.status == 200)
      replies.append(String(decoding: response.body, as: UTF8.self))
    }
    #expect(replies.count == 4)
    #expect(replies[0] == replies[2] && replies[1] == replies[3] && replies[0] != replies[1])
    // What is written without being kept.
    let call = try service.codec.decode(requests[0])
    guard case .now(var reply) = service.responder.respond(to: call) else { return }
    #expect(reply.rendered != nil)
    reply.rendered = nil
    let again = try service.codec.encode(reply, answering: call)
    #expect(String(decoding: again.body, as: UTF8.self) == replies[0])
  }
}
