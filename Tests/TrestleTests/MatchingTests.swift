import Testing
import Trestle
import TrestleCore

/// The same stubs on every protocol: what the engine asks is the call and what it came in.
@Suite("Matching on every protocol")
struct MatchingTests {
  enum System: String, CaseIterable, Sendable {
    case soap, rpc, tcp

    var declaration: String {
      switch self {
      case .soap: "protocol: soap\nnamespace: urn:shop"
      case .rpc:
        """
        protocol: xml_rpc
        methods: { find: { params: [{ name: id, type: string }, { name: amount, type: double }], returns: any } }
        """
      case .tcp:
        """
        protocol: custom_tcp
        frame: { lines: lf }
        layout: { body: xml }
        operations:
          find:
            request: { set: { Find: { id: "{{request.id}}", amount: "{{request.amount}}" } } }
            reply: { map: { hit: Found/hit } }
            error: { when: Failed/code present, code: Failed/code, message: Failed/message }
        """
      }
    }

    var xpath: String {
      switch self {
      case .soap: "//find/id"
      case .rpc: "//param[1]//string"
      case .tcp: "/Find/id"
      }
    }
  }

  private func workspace(_ system: System, _ mock: String) throws -> Workspace {
    let files = try TemporaryWorkspace([
      "adapters/shop.yaml": system.declaration + "\nmock:\n  fallback: fault\n  stubs:\n" + mock
    ])
    return try files.load(.standard)
  }

  /// What the mock answers over a socket: the value of `hit`, or the fault.
  private func answer(
    _ system: System, _ mock: String, _ parameters: Value
  ) async throws -> (hit: String?, fault: Fault?) {
    let workspace = try workspace(system, mock)
    #expect(workspace.systems.flatMap(\.diagnostics).filter { $0.severity == .error } == [])
    return try await withMocks(workspace) { mocks in
      try await withBridge(workspace, options: .init(endpoints: mocks.endpoints)) { bridge in
        let reply = try await bridge.call("shop", operation: "find", parameters: parameters)
        return (reply.value?["hit"]?.scalarText, reply.fault)
      }
    }
  }

  private static func stub(_ name: String, _ conditions: String) -> String {
    "    - { name: \(name), operation: find, \(conditions), reply: { hit: \(name) } }\n"
  }

  @Test("conditions on parameters hold alike", arguments: System.allCases)
  func parameters(system: System) async throws {
    let stubs =
      Self.stub("regex", #"when: { id: { matches: "^X\\d+$" } }"#)
      + Self.stub("range", "when: { or: [{ amount: { gt: 100 } }, { id: { ends_with: Z } }] }")
      + Self.stub("type", "when: { id: { type: integer } }")
      + Self.stub("first", "priority: 1, when: { id: X7, amount: { lt: 0 } }")
    #expect(try await answer(system, stubs, ["id": "X12", "amount": 5]).hit == "regex")
    #expect(try await answer(system, stubs, ["id": "a", "amount": 100.5]).hit == "range")
    #expect(try await answer(system, stubs, ["id": "aZ", "amount": 5]).hit == "range")
    #expect(try await answer(system, stubs, ["id": "12", "amount": 5]).hit == "type")
    #expect(try await answer(system, stubs, ["id": "X7", "amount": -1]).hit == "first")
  }

  @Test("XPath is asked of the request as it came", arguments: System.allCases)
  func xpath(system: System) async throws {
    let stubs =
      Self.stub("one", #"when_xpath: { "\#(system.xpath)": { starts_with: A } }"#)
      + Self.stub(
        "count",
        #"when_xpath: { "count(\#(system.xpath)) = 1": true, "//nothing": { absent: true } }"#)
    #expect(try await answer(system, stubs, ["id": "A1", "amount": 5]).hit == "one")
    #expect(try await answer(system, stubs, ["id": "B1", "amount": 5]).hit == "count")
  }

  @Test(
    "the sender is a condition, and so are header fields where there are some",
    arguments: System.allCases)
  func transport(system: System) async throws {
    var stubs = Self.stub("nobody", #"when_transport: { peer: { matches: "^10[.]" } }"#)
    if system != .tcp {
      stubs += Self.stub(
        "xml",
        #"when_transport: { headers: { content-TYPE: { contains: xml } }, method: POST, peer: { matches: "^127" } }"#
      )
    } else {
      stubs += Self.stub("xml", #"when_transport: { peer: { matches: "^127" } }"#)
    }
    #expect(try await answer(system, stubs, ["id": "A1", "amount": 5]).hit == "xml")
  }

  @Test(
    "a near miss reaches the caller, over a socket and in the same process",
    arguments: System.allCases)
  func nearMiss(system: System) async throws {
    let stubs =
      Self.stub("far", "when: { id: Q, amount: 9 }")
      + Self.stub("near", #"when: { id: A1, amount: { gt: 100 } }"#)
      + Self.stub("query", #"when: { id: A1 }, when_xpath: { "\#(system.xpath)": B }"#)
    let fault = try #require(try await answer(system, stubs, ["id": "A1", "amount": 5]).fault)
    #expect(fault.isUnmatched)
    #expect(fault.message.contains("find"))
    #expect(fault.message.contains("near"))
    let workspace = try workspace(system, stubs)
    try await withBridge(workspace, options: .init(usesMocks: true)) { bridge in
      let reply = try await bridge.call(
        "shop", operation: "find", parameters: ["id": "A1", "amount": 5])
      let miss = try #require(reply.fault?.detail["nearMiss"])
      #expect(miss["stubs"] == 3)
      #expect(
        miss["suggestion"]?.scalarText?.contains("operation: find\n  when:\n    id: \"A1\"") == true
      )
      let paths = (miss["nearest"]?.arrayValue ?? []).flatMap {
        $0["differences"]?.arrayValue ?? []
      }
      .compactMap { $0["path"]?.scalarText }
      #expect(paths.contains("amount") && paths.contains("xpath \(system.xpath)"))
    }
  }

  @Test("a contract's prefixes are known; a wrong one is told with the nearest")
  func prefixes() throws {
    let root = try Workspace.load(directory: ExampleWorkspaceTests.root)
    let system = try root.system(named: "credit-scoring")
    #expect(system.diagnostics.filter { $0.severity == .error } == [])
    let workspace = try workspace(
      .soap,
      Self.stub("a", #"when_xpath: { "//soup:Body": true }"#)
        + Self.stub("b", #"when_xpath: { "//a[": true }"#))
    let messages = workspace.systems.flatMap(\.diagnostics).map(\.message)
    #expect(messages.contains { $0.hasPrefix(#"unknown prefix "soup"; did you mean "soap"?"#) })
    #expect(messages.contains { $0 == #""//a[" is not XPath 1.0"# })
  }

  @Test(
    "whatever prefixes a client takes, names are matched by namespace",
    arguments: ["s", "soapenv", "x"])
  func clientPrefixes(prefix: String) throws {
    let workspace = try workspace(
      .soap,
      #"    - { operation: find, when_xpath: { "/soap:Envelope/soap:Body/u:find/id": "1" }, reply: { hit: yes } }"#
        + "\n  namespaces: { u: \"urn:shop\" }")
    let service = try workspace.system(named: "shop").mockService()
    let envelope = """
      <\(prefix):Envelope xmlns:\(prefix)="http://schemas.xmlsoap.org/soap/envelope/"><\(prefix):Body>\
      <q:find xmlns:q="urn:shop"><id>1</id></q:find></\(prefix):Body></\(prefix):Envelope>
      """
    let request = WireRequest(headers: ["Content-Type": "text/xml"], body: Array(envelope.utf8))
    guard case .now(let response) = service.handle(request) else { return }
    #expect(String(decoding: response.body, as: UTF8.self).contains("yes"))
  }

  @Test("what a TCP request does not have is told when the file is loaded")
  func withoutHeaders() throws {
    let workspace = try workspace(.tcp, Self.stub("a", "when_transport: { headers: { A: b } }"))
    let messages = workspace.systems.flatMap(\.diagnostics).map(\.message)
    #expect(messages == ["a request over TCP has no headers; only its peer can be asked for"])
  }

  @Test("the calls of a multicall have its header fields, and no XML of their own")
  func multicall() throws {
    let workspace = try workspace(
      .rpc,
      Self.stub("xpath", #"when_xpath: { "//string": { any: true } }"#)
        + Self.stub("header", "when_transport: { headers: { X-A: b } }"))
    let service = try workspace.system(named: "shop").mockService()
    let call: Value = ["methodName": "find", "params": ["1", .double(1)]]
    var request = try service.codec.encode(
      Call(operation: "system.multicall", parameters: ["calls": [call, call]]))
    request.headers["X-A"] = "b"
    guard case .now(let response) = service.handle(request) else { return }
    let text = String(decoding: response.body, as: UTF8.self)
    #expect(text.contains("header") && !text.contains("xpath"))
  }
}
