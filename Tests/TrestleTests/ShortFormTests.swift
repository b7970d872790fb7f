import Testing
import Trestle
import TrestleCore
import TrestleNet

/// Systems in the short form, without a contract: `{NAME: {protocol_adapter: {type, port, responses}}}`.
@Suite("Systems in the short form")
struct ShortFormTests {
  private func workspace(_ type: String = "soap") throws -> (TemporaryWorkspace, Workspace) {
    let files = try TemporaryWorkspace([
      "adapters/inventory.yaml": """
      inventory:
        protocol_adapter:
          type: \(type)
          port: 8110
          responses:
            GetStock: { sku: "{{request.sku}}", quantity: 4 }
      """
    ])
    return (files, try files.load(.standard))
  }

  @Test("what its mock answers is listed")
  func listed() throws {
    let (_, workspace) = try workspace()
    let system = try workspace.system(named: "inventory")
    #expect(system.diagnostics == [])
    #expect(system.contract.isOpen)
    #expect(system.contract.operations.map(\.name) == ["GetStock"])
  }

  @Test("it is called in process and over a socket", arguments: [true, false])
  func called(usesMocks: Bool) async throws {
    let (_, workspace) = try workspace()
    try await withMocks(workspace) { mocks in
      let options = Bridge.Options(endpoints: mocks.endpoints, usesMocks: usesMocks)
      try await withBridge(workspace, options: options) { bridge throws(BridgeError) in
        let reply = try await bridge.callLegacySystem(
          "inventory", operation: "GetStock", parameters: ["sku": "A<1"])
        #expect(reply == ["sku": "A<1", "quantity": "4"])
      }
    }
  }

  @Test("XML-RPC works the same, its parameters in a list")
  func xmlRPC() async throws {
    let files = try TemporaryWorkspace([
      "adapters/a.yaml":
        "a: { protocol_adapter: { type: xml_rpc, responses: { add: \"{{request.params[1]}}\" } } }\n"
    ])
    let workspace = try files.load(.standard)
    #expect(try workspace.system(named: "a").diagnostics == [])
    let bridge = Bridge(workspace, options: .init(usesMocks: true))
    let reply = try await bridge.callLegacySystem(
      "a", operation: "add", parameters: ["params": [1, ["x": 2]]])
    #expect(reply == ["x": 2])
  }

  @Test("a mistake in a method is told at its key")
  func misdeclaredMethod() throws {
    let files = try TemporaryWorkspace([
      "adapters/a.yaml": """
      protocol: xml_rpc
      methods:
        math.add:
          params:
            - { name: a, type: int }
            - { name: b, type: itn }
          returns: int
      """
    ])
    let found = try files.load(.standard).system(named: "a").diagnostics.map(\.description)
    #expect(found.count == 1)
    #expect(found.first?.hasPrefix("adapters/a.yaml:6:26: error: ") == true, "\(found)")
  }

  @Test("the mock answers at /soap/OPERATION to an envelope put together by hand")
  func byHand() async throws {
    let (_, workspace) = try workspace()
    try await withMocks(workspace) { mocks in
      let mock = try #require(mocks.mocks.first)
      let envelope = """
        <?xml version="1.0" encoding="utf-8"?>
        <soap:Envelope xmlns:soap="http://schemas.xmlsoap.org/soap/envelope/">
            <soap:Body>
                <GetStock>
                    <sku>A-1</sku>
                </GetStock>
            </soap:Body>
        </soap:Envelope>
        """
      let endpoint = "http://\(mock.host):\(mock.port)/soap/GetStock"
      let response = try await withHTTPTransport(endpoint) { transport in
        try await transport.exchange(
          WireRequest(
            headers: ["Content-Type": "text/xml; charset=utf-8"], body: Array(envelope.utf8)),
          timeout: .seconds(5))
      }
      let text = String(decoding: response.body, as: UTF8.self)
      #expect(response.status == 200)
      #expect(text.contains("<sku>A-1</sku>"), "\(text)")
    }
  }

  @Test("an operation that nobody set up is told, with what is")
  func unknownOperation() async throws {
    let (_, workspace) = try workspace()
    let bridge = Bridge(workspace, options: .init(usesMocks: true))
    let error = await #expect(throws: BridgeError.self) {
      try await bridge.callLegacySystem("inventory", operation: "GetPrice")
    }
    #expect(error?.exitCode == 6)
    #expect(error?.reason.hasPrefix("SOAP call failed: no stub matched GetPrice") == true)
    #expect(error?.description.contains("set up: GetStock") == true)
  }
}
