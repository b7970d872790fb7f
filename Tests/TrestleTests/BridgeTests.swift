import Synchronization
import Testing
import Trestle
import TrestleNet

@Suite("The bridge")
struct BridgeTests {
  private func bridge(
    _ adapter: String = "protocol: upper-echo\n", options: Bridge.Options = .init(usesMocks: true)
  ) throws -> Bridge {
    let files = try TemporaryWorkspace(["adapters/parrot.yaml": adapter])
    return Bridge(try files.load(), options: options)
  }

  private func failure(
    _ bridge: Bridge, _ system: String = "parrot", _ operation: String = "shout",
    _ parameters: Value = ["text": "a"]
  ) async -> BridgeError? {
    await #expect(throws: BridgeError.self) {
      try await bridge.callLegacySystem(system, operation: operation, parameters: parameters)
    }
  }

  @Test("an unknown system ends at look-up")
  func unknownSystem() async throws {
    let error = await failure(try bridge(), "parot")
    #expect(error?.stage == .lookup)
    #expect(error?.reason == "No adapter for system: parot; did you mean \"parrot\"?")
    #expect(error?.exitCode == 2)
  }

  @Test("an unknown operation ends at look-up, with the nearest name and a few others")
  func unknownOperation() async throws {
    let error = await failure(try bridge(), "parrot", "shuot")
    #expect(error?.stage == .lookup)
    #expect(error?.reason == "parrot has no operation \"shuot\"; did you mean \"shout\"?")
    #expect(error?.hint == "operations: shout")
    #expect(error?.exitCode == 2)
  }

  @Test("a reply that nobody set up ends as a fault of its own kind", arguments: [true, false])
  func unmatched(usesMocks: Bool) async throws {
    let files = try TemporaryWorkspace([
      "adapters/parrot.yaml": "protocol: upper-echo\nmock: { fallback: fault }\n"
    ])
    let workspace = try files.load()
    try await withMocks(workspace) { mocks in
      let options = Bridge.Options(endpoints: mocks.endpoints, usesMocks: usesMocks)
      await withBridge(workspace, options: options) { bridge in
        let error = await failure(bridge)
        #expect(error?.stage == .fault)
        #expect(error?.fault?.isUnmatched == true)
        #expect(error?.exitCode == 6)
      }
    }
  }

  @Test(
    "a request may be sent again where its operation only reads", arguments: ["read", "write"])
  func repeatable(effects: String) async throws {
    let seen = Mutex<[Bool]>([])
    var options = Bridge.Options(usesMocks: true)
    options.observer = { event in
      if case .sending(let request, _) = event {
        seen.withLock { $0.append(request.isRepeatable) }
      }
    }
    let adapter = "protocol: upper-echo\noperations: { shout: { effects: \(effects) } }\n"
    let bridge = try bridge(adapter, options: options)
    _ = try await bridge.callLegacySystem("parrot", operation: "shout", parameters: ["text": "a"])
    #expect(seen.withLock { $0 } == [effects == "read"])
  }

  @Test("a refused connection ends at transport")
  func refused() async throws {
    let bridge = try bridge(options: .init(endpoints: ["parrot": "tcp://127.0.0.1:1"]))
    let error = await failure(bridge)
    #expect(error?.stage == .transport)
    #expect(error?.exitCode == 4)
    await bridge.shutdown()
  }

  @Test(
    "an endpoint that cannot be used is bad configuration", arguments: ["http://x/", "tcp://x"])
  func badEndpoint(endpoint: String) async throws {
    let error = await failure(try bridge(options: .init(endpoints: ["parrot": endpoint])))
    #expect(error?.stage == .transport)
    #expect(error?.exitCode == 3)
  }

  @Test("a system with neither endpoint nor mock port says what to do")
  func noEndpoint() async throws {
    let error = await failure(try bridge(options: .init()))
    #expect(error?.description.contains("put endpoint: into adapters/parrot.yaml") == true)
    #expect(error?.exitCode == 3)
  }

  @Test("a reply that is none of the protocol ends at decoding")
  func badReply() async throws {
    // The toy's mock writes a line feed in a reply as two lines, of which the second is nonsense.
    let files = try TemporaryWorkspace([
      "adapters/parrot.yaml":
        "protocol: upper-echo\nmock: { responses: { shout: { text: \"a\\nb\" } } }\n"
    ])
    let workspace = try files.load(
      .toy.registering("upper-echo") { definition, _ in
        BrokenCodec(inner: UpperEchoCodec(definition))
      })
    let bridge = Bridge(workspace, options: .init(usesMocks: true))
    let error = await failure(bridge)
    #expect(error?.stage == .decoding)
    #expect(error?.exitCode == 5)
  }

  @Test("parameters that are no object end at validation")
  func parametersOfAnotherKind() async throws {
    let error = await failure(try bridge(), "parrot", "shout", [1, 2])
    #expect(error?.stage == .validation)
    #expect(error?.exitCode == 2)
  }

  @Test("parameters that break the contract end at validation, and nothing is sent")
  func parametersAgainstTheContract() async throws {
    // Nobody listens there: sending would end at transport.
    let bridge = try bridge(options: .init(endpoints: ["parrot": "tcp://127.0.0.1:1"]))
    let error = await failure(bridge, "parrot", "shout", ["txt": "a"])
    #expect(error?.stage == .validation)
    #expect(error?.description.contains("txt") == true)
    #expect(error?.description.contains("\"text\"") == true)
    #expect(error?.exitCode == 2)
  }

  @Test("parameters that the codec cannot write end at encoding, with their path")
  func unwritable() async throws {
    let options = Bridge.Options(usesMocks: true, checksParameters: false)
    let error = await failure(try bridge(options: options), "parrot", "shout", ["text": [1]])
    #expect(error?.stage == .encoding)
    #expect(error?.path == "text")
    #expect(error?.exitCode == 2)
  }
}

/// Answers what it cannot read itself.
private struct BrokenCodec: Codec {
  let inner: UpperEchoCodec
  var contract: Contract { inner.contract }
  var wire: Wire { inner.wire }

  func encode(_ call: Call) throws(CodecError) -> WireRequest { try inner.encode(call) }
  func decode(_ request: WireRequest) throws(CodecError) -> Call { try inner.decode(request) }

  func encode(_ reply: Reply, answering call: Call) throws(CodecError) -> WireResponse {
    WireResponse(body: Array("WHAT?".utf8))
  }

  func decode(_ response: WireResponse, answering call: Call) throws(CodecError) -> Reply {
    try inner.decode(response, answering: call)
  }

  func refuse(_ request: WireRequest, because error: CodecError) -> WireResponse? { nil }
}
