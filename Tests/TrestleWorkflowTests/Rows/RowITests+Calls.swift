import Testing
import TrestleCore
import TrestleStore
import TrestleWorkflow

extension RowITests {
  // MARK: Calls

  @Test(
    "I5: whatever the protocol, a call has the same form and the same result",
    arguments: [("soap", "Rate"), ("xml_rpc", "Rate"), ("custom_tcp", "Rate"), ("rest", "/rate")])
  func uniform(type: String, operation: String) async throws {
    let adapter: Value = [
      "type": .string(type),
      "responses": .object(Record([.init(name: operation, value: ["grade": "B"])])),
    ]
    try await withIntegrator(["scoring": adapter]) { integrator, _ in
      let result = try await integrator.callLegacySystem(
        "scoring", operation: type == "rest" ? "POST /rate" : operation,
        parameters: type == "xml_rpc" ? ["params": [["id": 7]]] : ["id": 7])
      #expect(result == ["grade": "B"])
    }
  }

  @Test("I5: a system that nobody registered is told in the words of the document")
  func unknownSystem() async throws {
    try await withIntegrator(["scoring": ["type": "soap"]]) { integrator, _ in
      let error = try await workflowError {
        _ = try await integrator.callLegacySystem("zebra", operation: "Rate")
      }
      #expect(error?.kind == .notFound)
      #expect(error?.message == "No adapter for system: zebra")
      #expect(error?.hint == "systems: scoring")
    }
  }

  @Test(
    "I5: a system that is gone is of the same kind of error, whatever the protocol",
    arguments: [("soap", "SOAP"), ("xml_rpc", "XML-RPC"), ("custom_tcp", "TCP"), ("rest", "REST")])
  func unreachable(type: String, word: String) async throws {
    // The port that a mock leaves may be somebody else's at once: then another is tried.
    for _ in 0..<5 {
      let error = try await errorOfSystemThatIsGone(type)
      guard error?.kind == .unreachable else { continue }
      #expect(error?.message.hasPrefix("\(word) call failed: ") == true)
      return
    }
    Issue.record("a system that is gone is not told as unreachable")
  }

  func errorOfSystemThatIsGone(_ type: String) async throws -> WorkflowError? {
    try await withMocks { mocks in
      let integrator = LegacyAISystemIntegrator(mocks: mocks)
      try await integrator.registerLegacySystem(
        "gone", config: ["protocol_adapter": ["type": .string(type)]])
      await mocks.stop()
      let error = try await workflowError {
        _ = try await integrator.callLegacySystem(
          "gone", operation: type == "rest" ? "GET /x" : "X")
      }
      await integrator.stop()
      return error
    }
  }

  @Test(
    "I6: an envelope has the operation with its parameters, escaped, in the namespace of SOAP 1.1")
  func envelope() async throws {
    try await withSOAPPeer { integratorCall, peer in
      _ = try await integratorCall([
        "text": #"<evil attr="x">&amp;</evil> ]]> 'q'"#, "none": nil, "list": ["a", "b"],
        "nested": ["deep": ["n": 1]], "yes": true,
      ])
      let request = try #require(peer.requests.first)
      let head = request.head.lowercased()
      #expect(head.contains("content-type: text/xml; charset=utf-8"))
      #expect(head.contains("\r\nsoapaction: "))
      #expect(request.method == "POST")
      #expect(request.body.hasPrefix("<?xml "))
      #expect(request.body.contains("http://schemas.xmlsoap.org/soap/envelope/"))
      #expect(!request.body.contains("<evil"))
      #expect(request.body.contains("&lt;evil"))
      #expect(request.body.contains("&amp;amp;"))
      let body = request.body.replacing("\n", with: "")
      #expect(body.contains("<list>a</list><list>b</list>"))
      #expect(body.contains("<nested><deep><n>1</n></deep></nested>"))
      #expect(body.contains("<yes>true</yes>"))
      #expect(body.contains("nil=\"true\"") && body.contains("<none "))
    }
  }

  @Test("I6: a namespace is a setting of the system")
  func namespace() async throws {
    try await withSOAPPeer(["namespace": "urn:scores"]) { call, peer in
      _ = try await call(["id": 7])
      let body = try #require(peer.requests.first?.body)
      #expect(body.contains("\"urn:scores\""))
    }
  }

  @Test("I7: a fault is taken apart, whatever its status, and tells its code and words")
  func fault() async throws {
    let fault =
      "<soap:Fault><faultcode>soap:Client</faultcode><faultstring>no such id</faultstring>"
      + "<detail><reason>gone</reason></detail></soap:Fault>"
    try await withSOAPPeer(status: 500, body: fault) { call, _ in
      let result = try await call(["id": 7])
      #expect(result.reply["success"] == false)
      let output = try #require(result.reply["output"])
      #expect(output["code"] == "Client")
      #expect(output["message"] == "no such id")
      #expect(JSONWriter.text(output["detail"] ?? .null).contains("gone"))
      #expect(result.reply["error"] == "old answered with a fault: no such id")
    }
    let adapter: Value = [
      "type": "soap",
      "mock": [
        "stubs": [["operation": "Rate", "fault": ["code": "Client", "message": "no such id"]]]
      ],
    ]
    try await withIntegrator(["scoring": adapter]) { integrator, mocks in
      let answer = try await RawHTTP.post(
        "/soap/Rate", Self.envelope("<Rate/>"), type: "text/xml",
        port: mocks.port(of: "scoring_soap_adapter"))
      #expect(answer.status == 500)
      #expect(answer.body.contains("<faultstring>no such id</faultstring>"))
      let error = try await workflowError {
        _ = try await integrator.callLegacySystem("scoring", operation: "Rate")
      }
      #expect(error?.message == "SOAP call failed: Client: no such id")
    }
  }

  @Test("I7: an answer that is no envelope is a failed call")
  func noEnvelope() async throws {
    try await RawPeer.run({ _ in .init(status: 502, type: "text/html", body: "<html>down</html>") })
    { _, port in
      let step = try await Self.soapCall(to: port, [:], [:])
      #expect(step.reply["success"] == false)
      #expect(step.reply["error"]?.stringValue?.contains("502") == true)
    }
  }

  static let reply =
    #"<RateResponse kind="new"><grade>B</grade><reason>one</reason><reason>two</reason>"#
    + #"<deep><n>1</n></deep><empty/><space>  </space><limit unit="EUR">25</limit></RateResponse>"#

  @Test("I8: flat replies are read as the document does: local names, the last one wins")
  func flat() async throws {
    try await withSOAPPeer(["reply": "flat"], body: Self.reply) { call, _ in
      let output = try await call([:]).reply["output"]
      #expect(output?["grade"] == "B")
      #expect(output?["reason"] == "two")
      #expect(output?["n"] == "1")
      #expect(output?["empty"] == nil)
      #expect(output?["space"] == "  ")
      #expect(output?["limit"] == "25")
      #expect(output?["unit"] == nil && output?["_unit"] == nil)
      #expect(output?["Envelope"] == nil)
      #expect(output?["Body"] == nil)
    }
  }

  @Test("I8: structured replies keep nesting, lists, attributes and blanks")
  func structured() async throws {
    try await withSOAPPeer(body: Self.reply) { call, _ in
      let output = try await call([:]).reply["output"]
      #expect(output?["grade"] == "B")
      #expect(output?["reason"] == ["one", "two"])
      #expect(output?["deep"] == ["n": "1"])
      #expect(output?["_kind"] == "new")
      #expect(output?["limit"] == ["_unit": "EUR", "_text": "25"])
      #expect(output?["space"] == "  ")
    }
  }

  // MARK: TCP

  @Test("I9: without any settings a message is JSON behind four bytes of its length")
  func tcpMock() async throws {
    let adapter: Value = ["type": "custom_tcp", "responses": ["reserve": ["id": "R-1"]]]
    try await withIntegrator(["old": adapter]) { integrator, mocks in
      let call = Array(#"{"operation":"reserve","parameters":{"sku":"A-1"}}"#.utf8)
      var connection = try await RawConnection(
        to: mocks.port(of: "old_customtcp_adapter"),
        sending: [0, 0, 0, UInt8(call.count)] + call)
      let reply = #"{"result":{"id":"R-1"}}"#
      let bytes = await connection.read(count: 4 + reply.utf8.count)
      #expect(bytes.prefix(4) == [0, 0, 0, UInt8(reply.utf8.count)])
      #expect(String(decoding: bytes.dropFirst(4), as: UTF8.self) == reply)
      try await connection.close()
      #expect(
        try await integrator.callLegacySystem("old", operation: "reserve", parameters: ["sku": "A"])
          == ["id": "R-1"])
    }
  }

  static let lines: Value = [
    "type": "custom_tcp", "frame": ["lines": "crlf"],
    "layout": ["kv": ["separator": ";", "assign": "=", "order": ["CMD", "ID"]]],
    "operations": [
      "status": [
        "request": ["set": ["CMD": "STAT", "ID": "{{request.device}}"]],
        "reply": ["map": ["state": "ST"]],
      ]
    ],
    "responses": ["status": ["state": "on"]],
  ]

  @Test("I9: a text protocol is declared: its frames, its layout, its operations")
  func tcpText() async throws {
    try await withIntegrator(["boiler": Self.lines]) { integrator, mocks in
      var connection = try await RawConnection(
        to: mocks.port(of: "boiler_customtcp_adapter"), sending: Array("CMD=STAT;ID=7\r\n".utf8))
      let bytes = await connection.read(count: 7)
      #expect(String(decoding: bytes, as: UTF8.self) == "ST=on\r\n")
      try await connection.close()
      #expect(
        try await integrator.callLegacySystem(
          "boiler", operation: "status", parameters: ["device": "7"]) == ["state": "on"])
    }
  }

  @Test("I9: many calls at once get each its own reply")
  func tcpCorrelation() async throws {
    let adapter: Value = [
      "type": "custom_tcp", "responses": ["echo": ["n": "{{request.n}}"]],
    ]
    try await withIntegrator(["old": adapter]) { integrator, _ in
      try await withThrowingTaskGroup(of: (Int64, Value).self) { group in
        for number in 0..<50 as Range<Int64> {
          group.addTask {
            let reply = try await integrator.callLegacySystem(
              "old", operation: "echo", parameters: ["n": .integer(number)])
            return (number, reply)
          }
        }
        for try await (number, reply) in group { #expect(reply == ["n": .integer(number)]) }
      }
    }
  }

  // MARK: A SOAP server that is not ours

  func withSOAPPeer(
    _ settings: Record = [:], status: Int = 200, body: String = "<RateResponse/>",
    _ use: (_ call: (Value) async throws -> RunStep, RawPeer) async throws -> Void
  ) async throws {
    let answer = RawPeer.Answer(
      status: status, type: "text/xml; charset=utf-8", body: Self.envelope(body))
    try await RawPeer.run({ _ in answer }) { peer, port in
      try await use({ try await Self.soapCall(to: port, settings, $0) }, peer)
    }
  }

  /// The step that called `Rate` of a SOAP system with parameters.
  static func soapCall(
    to port: Int, _ settings: Record, _ parameters: Value
  ) async throws -> RunStep {
    var system: Record = [
      "protocol": "soap", "endpoint": .string("http://127.0.0.1:\(port)/scores"),
    ]
    for member in settings { system[member.name] = member.value }
    let definition = try ExampleWorkflows.definition([
      "legacy_systems": ["old": .object(system)],
      "steps": [
        ["name": "rate", "system": "old", "operation": "Rate", "parameters": parameters]
      ],
    ])
    let result = try await WorkflowRun(
      definition, options: WorkflowOptions(callsLiveSystems: true)
    ).run()
    return try #require(result.steps.last { $0.name == "rate" })
  }
}
