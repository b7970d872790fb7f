import Testing
import TrestleCore
import TrestleStore
import TrestleWorkflow

@Suite("I: legacy systems, called all the same way")
struct RowITests {
  func withIntegrator(
    _ systems: Record, _ body: (LegacyAISystemIntegrator, MockLoopClient) async throws -> Void
  ) async throws {
    try await withMocks { mocks in
      let integrator = LegacyAISystemIntegrator(mocks: mocks)
      for system in systems {
        try await integrator.registerLegacySystem(
          system.name, config: ["protocol_adapter": system.value])
      }
      try await body(integrator, mocks)
      await integrator.stop()
    }
  }

  static func envelope(_ body: String) -> String {
    #"<?xml version="1.0" encoding="utf-8"?>"#
      + #"<soap:Envelope xmlns:soap="http://schemas.xmlsoap.org/soap/envelope/">"#
      + "<soap:Body>\(body)</soap:Body></soap:Envelope>"
  }

  // MARK: Adapters

  @Test("I1: the configuration is kept as it was, and adapter and mock are up")
  func registered() async throws {
    let config: Value = [
      "protocol_adapter": ["type": "soap", "port": 8201, "responses": ["GetStock": ["n": 4]]],
      "owner": "warehouse",
    ]
    try await withMocks { mocks in
      let integrator = LegacyAISystemIntegrator(mocks: mocks)
      #expect(await integrator.protocolAdapters.isEmpty)
      #expect(await integrator.legacySystems == [:])
      try await integrator.registerLegacySystem("inventory", config: config)
      #expect(await integrator.legacySystems == ["inventory": config])
      let adapter = try #require(await integrator.protocolAdapters["inventory"])
      #expect(adapter.type == "soap")
      #expect(adapter.config == config["protocol_adapter"])
      let mock = try #require(await mocks.mocks.first)
      #expect(adapter.url == mock.url)
      _ = try await RawHTTP.get("/", port: mock.port)
      await integrator.stop()
    }
  }

  @Test(
    "I2: there is an adapter for each protocol, with a mock named after it",
    arguments: [
      ("soap", "s_soap_adapter", "http"), ("xml_rpc", "s_xmlrpc_adapter", "http"),
      ("custom_tcp", "s_customtcp_adapter", "tcp"), ("rest", "s_rest_adapter", "http"),
    ])
  func protocols(type: String, id: String, scheme: String) async throws {
    try await withIntegrator(["s": ["type": .string(type)]]) { integrator, mocks in
      #expect(await mocks.mocks.map(\.id) == [id])
      let adapter = try #require(await integrator.protocolAdapters["s"])
      #expect(adapter.type == type)
      #expect(adapter.url.hasPrefix(scheme + "://"))
    }
  }

  @Test("I2: any other protocol is told in the words of the document")
  func unknownProtocol() async throws {
    try await withMocks { mocks in
      let integrator = LegacyAISystemIntegrator(mocks: mocks)
      let error = try await workflowError {
        try await integrator.registerLegacySystem(
          "old", config: ["protocol_adapter": ["type": "zebra", "port": 1]])
      }
      #expect(error?.kind == .unsupported)
      #expect(error?.message == "Unsupported protocol: zebra")
      #expect(await integrator.protocolAdapters.isEmpty)
      #expect(await mocks.mocks.isEmpty)
    }
  }

  // MARK: SOAP

  @Test("I3: POST /soap/OPERATION gives what was set in a SOAP envelope, the declaration first")
  func soapMock() async throws {
    let adapter: Value = [
      "type": "soap", "responses": ["GetStock": ["sku": "A-1", "quantity": 4]],
    ]
    try await withIntegrator(["inventory": adapter]) { _, mocks in
      let port = await mocks.port(of: "inventory_soap_adapter")
      let answer = try await RawHTTP.post(
        "/soap/GetStock", Self.envelope("<GetStock><sku>A-1</sku></GetStock>"),
        type: "text/xml; charset=utf-8", port: port)
      #expect(answer.status == 200)
      #expect(answer.headers["content-type"]?.hasPrefix("text/xml") == true)
      #expect(answer.body.hasPrefix("<?xml"))
      #expect(answer.body.contains("http://schemas.xmlsoap.org/soap/envelope/"))
      let body = answer.body.replacing("\n", with: "")
      let range = try #require(body.firstRange(of: "Body>"))
      #expect(
        body[range.upperBound...].hasPrefix(
          "<GetStockResponse><sku>A-1</sku><quantity>4</quantity></GetStockResponse>"))
    }
  }

  @Test(
    "I3: an operation that the path names but not the message is answered with a fault, no JSON")
  func soapMismatch() async throws {
    try await withIntegrator(["i": ["type": "soap", "responses": ["A": ["n": 1]]]]) { _, mocks in
      let port = await mocks.port(of: "i_soap_adapter")
      let answer = try await RawHTTP.post("/soap/A", "{}", type: "application/json", port: port)
      #expect(answer.status >= 400)
      #expect(answer.body.contains("Fault"))
      #expect(answer.json == nil)
    }
  }

  // MARK: XML-RPC

  @Test("I4: a methodCall gets a methodResponse, with all types of XML-RPC in it")
  func xmlRPCMock() async throws {
    let adapter: Value = [
      "type": "xml_rpc",
      "responses": [
        "score.rate": [
          "text": "a < b & c", "number": 7, "real": 1.5, "yes": true, "list": [1, ["x"]],
          "bytes": .bytes([1, 2, 3]), "time": .dateTime("20260504T09:30:00"), "none": [:],
        ]
      ],
    ]
    try await withIntegrator(["scoring": adapter]) { _, mocks in
      let port = await mocks.port(of: "scoring_xmlrpc_adapter")
      let call =
        #"<?xml version="1.0"?><methodCall><methodName>score.rate</methodName>"#
        + "<params><param><value><i4>40</i4></value></param></params></methodCall>"
      let answer = try await RawHTTP.post("/RPC2", call, type: "text/xml", port: port)
      #expect(answer.status == 200)
      let body = answer.body.replacing("\n", with: "")
      #expect(body.hasPrefix("<?xml"))
      for part in [
        "<methodResponse><params><param><value><struct>",
        "<member><name>text</name><value><string>a &lt; b &amp; c</string></value></member>",
        "<value><int>7</int></value>", "<value><double>1.5</double></value>",
        "<value><boolean>1</boolean></value>",
        "<value><array><data><value><int>1</int></value><value><array><data><value><string>x</string></value></data></array></value></data></array></value>",
        "<value><base64>AQID</base64></value>",
        "<value><dateTime.iso8601>20260504T09:30:00</dateTime.iso8601></value>",
      ] { #expect(body.contains(part)) }
    }
  }

  @Test("I4: a fault is a fault on the wire, and for whoever calls")
  func xmlRPCFault() async throws {
    let adapter: Value = [
      "type": "xml_rpc",
      "mock": [
        "stubs": [
          ["operation": "score.rate", "fault": ["code": 4, "message": "no such customer"]]
        ]
      ],
    ]
    try await withIntegrator(["scoring": adapter]) { integrator, mocks in
      let call = "<methodCall><methodName>score.rate</methodName><params/></methodCall>"
      let answer = try await RawHTTP.post(
        "/RPC2", call, type: "text/xml", port: mocks.port(of: "scoring_xmlrpc_adapter"))
      #expect(answer.status == 200)
      #expect(answer.body.contains("<fault>"))
      #expect(answer.body.contains("<int>4</int>"))
      let error = try await workflowError {
        _ = try await integrator.callLegacySystem("scoring", operation: "score.rate")
      }
      #expect(error?.kind == .failed)
      #expect(error?.message == "XML-RPC call failed: 4: no such customer")
    }
  }

  @Test("I4: the client reads the faults and types of a server that is not ours")
  func foreignXMLRPC() async throws {
    let values =
      "<value><struct><member><name>n</name><value><i4>-7</i4></value></member>"
      + "<member><name>t</name><value>bare</value></member>"
      + "<member><name>b</name><value><base64>AQID</base64></value></member>"
      + "<member><name>d</name><value><dateTime.iso8601>20260504T09:30:00</dateTime.iso8601></value></member>"
      + "<member><name>l</name><value><array><data><value><boolean>0</boolean></value></data></array></value></member></struct></value>"
    try await RawPeer.run({ request in
      let isGood = request.body.contains("<methodName>good</methodName>")
      let content =
        isGood
        ? "<params><param>\(values)</param></params>"
        : "<fault><value><struct><member><name>faultCode</name><value><int>9</int></value></member>"
          + "<member><name>faultString</name><value><string>no</string></value></member></struct></value></fault>"
      return .init(
        type: "text/xml",
        body: "<?xml version=\"1.0\"?><methodResponse>\(content)</methodResponse>")
    }) { peer, port in
      let definition = try ExampleWorkflows.definition([
        "legacy_systems": [
          "old": ["protocol": "xml_rpc", "endpoint": .string("http://127.0.0.1:\(port)/RPC2")]
        ],
        "steps": [
          [
            "name": "good", "system": "old", "operation": "good",
            "parameters": ["params": [1, "x"]],
          ],
          ["name": "bad", "system": "old", "operation": "bad"],
        ],
      ])
      let result = try await WorkflowRun(
        definition, options: WorkflowOptions(callsLiveSystems: true)
      ).run()
      let good = result.steps.last { $0.name == "good" }?.reply["output"]
      #expect(good?["n"] == -7)
      #expect(good?["t"] == "bare")
      #expect(good?["l"] == [false])
      #expect(good?["d"]?.scalarText?.hasPrefix("2026") == true)
      let bad = try #require(result.steps.last { $0.name == "bad" })
      #expect(bad.reply["output"]?["code"] == "9")
      #expect(bad.reply["error"] == "old answered with a fault: no")
      #expect(!result.isSuccess)
      #expect(peer.requests.first?.target == "/RPC2")
      #expect(peer.requests.first?.body.contains("<value><int>1</int></value>") == true)
    }
  }
}
