import Testing
import TrestleCore

@testable import TrestleXMLRPC

@Suite struct XMLRPCIntrospectionTests {
  private let codec = makeCodec(classifierDefinition).codec

  /// A service that echoes, and whose answers to one operation take time.
  private struct Echo: Responder {
    func respond(to call: Call) -> Answer {
      switch call.operation {
      case "classifier.ping": .later { .value(.null) }
      case "classifier.open": .now(.value(.object(call.parameters)))
      default: .now(.fault(Fault(code: "UnknownLabel", message: "no label")))
      }
    }
  }

  private func call(
    _ method: String, _ parameters: [Value], operations: [String] = []
  ) async throws -> Reply {
    let service = Service(
      codec: codec, responder: codec.introspecting(Echo(), operations: operations))
    let call = Call(operation: method, parameters: ["params": .array(parameters)])
    let response: WireResponse?
    switch service.handle(try codec.encode(call)) {
    case .now(let answer): response = answer
    case .later(let body): response = await body()
    case .close: response = nil
    }
    return try codec.decode(try #require(response), answering: call)
  }

  @Test("system.listMethods names what is declared, what else is answered, and itself")
  func listMethods() async throws {
    let reply = try await call(
      "system.listMethods", [], operations: ["stubbed", "classifier.ping"])
    #expect(
      reply.value == [
        "classifier.classify", "classifier.ping", "classifier.open", "stubbed",
        "system.getCapabilities", "system.listMethods", "system.methodHelp",
        "system.methodSignature", "system.multicall",
      ])
  }

  @Test(
    "system.methodSignature gives a signature for each number of parameters",
    arguments: [
      (
        "classifier.classify",
        [["struct", "base64", "struct"], ["struct", "base64", "struct", "dateTime.iso8601"]]
      ),
      ("classifier.ping", [["nil"]]), ("classifier.open", "undef"),
      ("system.listMethods", [["array"]]), ("system.multicall", [["array", "array"]]),
    ] as [(String, Value)])
  func methodSignature(_ name: String, _ wanted: Value) async throws {
    #expect(try await call("system.methodSignature", [.string(name)]).value == wanted)
  }

  @Test("system.methodHelp gives the summary and the signature with names")
  func methodHelp() async throws {
    let help = try await call("system.methodHelp", ["classifier.classify"]).value?.stringValue
    #expect(
      help?.hasPrefix("What kind of document this is.\nclassifier.classify(document: base64")
        == true)
    #expect(try await call("system.methodHelp", ["classifier.open"]).value == "")
  }

  @Test(
    "questions about nothing are faults",
    arguments: [
      ("system.methodHelp", ["classifier.clasify"], "-32601"), ("system.methodHelp", [5], "-32602"),
      ("system.methodSignature", [], "-32602"), ("system.listMethods", [1], "-32602"),
      ("system.multicall", [5], "-32602"), ("system.nope", [], "-32601"),
    ] as [(String, [Value], String)])
  func faults(_ method: String, _ parameters: [Value], _ code: String) async throws {
    if method == "system.nope" {
      #expect(throws: CodecError.self) { try codec.encode(Call(operation: method)) }
      return
    }
    #expect(try await call(method, parameters).fault?.code == code)
  }

  @Test("system.getCapabilities tells the extensions in use")
  func capabilities() async throws {
    let value = try await call("system.getCapabilities", []).value
    #expect(value?["faults_interop"]?["specVersion"] == 20_010_516)
    #expect(value?["nil"] != nil)
    #expect(value?["system.multicall"] != nil)
  }

  @Test("system.multicall answers in order, faults and slow answers in their places")
  func multicall() async throws {
    func entry(_ method: String, _ parameters: Value...) -> Value {
      ["methodName": .string(method), "params": .array(parameters)]
    }
    let reply = try await call(
      "system.multicall",
      [
        [
          entry("classifier.open", 1), entry("classifier.ping"), entry("classifier.open", 2),
          entry("classifier.classify", .bytes([1]), .emptyObject), entry("nobody"),
          entry("classifier.ping", 1), entry("system.multicall", []), 5,
          ["methodName": "classifier.open"], ["methodName": "classifier.open", "params": 5],
          entry("system.methodHelp", "system.listMethods"),
        ]
      ])
    let results = try #require(reply.value?.arrayValue)
    #expect(results.count == 11)
    #expect(results[0] == [["params": [1]]])
    #expect(results[1] == [.null])
    #expect(results[2] == [["params": [2]]])
    #expect(results[3] == ["faultCode": 404, "faultString": "no label"])
    #expect(results[4]["faultCode"] == -32_601)
    #expect(results[5]["faultCode"] == -32_602)
    #expect(results[6]["faultString"] == "system.multicall cannot be called by itself")
    #expect(results[7]["faultCode"] == -32_602)
    #expect(results[8] == [["params": []]])
    #expect(results[9]["faultCode"] == -32_602)
    #expect(results[10] == ["The names of all methods.\nsystem.listMethods() → [string]"])
  }

  @Test("each result of a multicall is written as its method declares it")
  func multicallTypes() throws {
    let codec = XMLRPCCodec(
      name: "typed",
      methods: [
        XMLRPCMethod(name: "size", parameters: [.init(name: "of", type: .i8)], returns: .i8),
        XMLRPCMethod(name: "bad", returns: .int),
      ])
    let service = Service(
      codec: codec,
      responder: codec.introspecting(
        ClosureResponder { call in
          call.operation == "size" ? .value(call.parameters["of"] ?? .null) : .value("no number")
        }))
    let text = callDocument(
      "<array><data><value><struct><member><name>methodName</name><value>size</value></member>"
        + "<member><name>params</name><value><array><data><value><i8>5</i8></value></data></array>"
        + "</value></member></struct></value><value><struct><member><name>methodName</name>"
        + "<value>bad</value></member></struct></value></data></array>",
      method: "system.multicall")
    let request = WireRequest(headers: ["Content-Type": "text/xml"], body: Array(text.utf8))
    guard case .now(let response) = service.handle(request) else {
      Issue.record("is not answered at once")
      return
    }
    #expect(
      response.body.text.contains(
        "<array><data><value><array><data><value><i8>5</i8></value></data></array></value>"
          + "<value><struct><member><name>faultCode</name><value><int>-32603</int></value>"))
  }

  @Test("a multicall of more calls than a service makes for one message is refused")
  func tooManyCalls() async throws {
    let calls = Array(repeating: Value.object(["methodName": "classifier.open"]), count: 1_001)
    #expect(try await call("system.multicall", [.array(calls)]).fault?.code == "-32602")
  }

  @Test("a method that is declared under a name of system.* goes to the responder")
  func declaredSystemMethod() async throws {
    let codec = XMLRPCCodec(
      name: "own", methods: [XMLRPCMethod(name: "system.listMethods", returns: .string)])
    let responder = codec.introspecting(ClosureResponder { _ in .value("mine") })
    guard case .now(let reply) = responder.respond(to: Call(operation: "system.listMethods")) else {
      Issue.record("is not answered at once")
      return
    }
    #expect(reply.value == "mine")
  }
}
