import Synchronization
import Testing
import Trestle

/// What a custom TCP system's connections do beside calls, through a bridge and a mock on sockets.
@Suite("Conversations of TCP systems")
struct ConversationTests {
  private static let till = """
    protocol: custom_tcp
    timeout: 10s
    frame: { lines: lf }
    layout: { kv: {} }
    operations:
      logon:
        request: { set: { T: LOGON, U: "{{request.user}}" } }
        error: { when: ERR present, code: ERR }
      logoff: { request: { set: { T: LOGOFF } }, reply: none }
      sale:
        request: { set: { T: SALE, A: "{{request.amount}}", N: "{{next('n')}}" } }
        reply: { map: { ok: OK } }
        timeout: 2s
        on_timeout: undo
      undo:
        request: { set: { T: UNDO, N: "{{request.N}}" } }
        reply: { map: { ok: OK } }
        idempotent: true
      status:
        request: { set: { T: STATUS } }
        reply: { map: { ok: OK } }
        idempotent: true
        retry: 2
      price:
        request: { set: { T: PRICE, X: "{{request.article}}" } }
        reply: { map: { seen: SEEN } }
    conversation:
      session:
        on_connect: { operation: logon, parameters: { user: ops } }
        on_disconnect: logoff
      unsolicited: { price: { reply: { seen: "{{request.article}}" } } }
    mock:
      responses: { sale: { ok: "1" }, undo: { ok: "1" }, status: { ok: "1" } }
      stubs:
        - { operation: sale, when: { amount: late }, misbehave: { late: 20s } }
        - { operation: status, misbehave: { close: before } }

    """

  /// Runs a body with the till's mock and a bridge to it; gives the operations the mock saw.
  private func run(
    _ adapter: String = Self.till, options: Bridge.Options = Bridge.Options(),
    isOpenAtEnd: Bool = true,
    _ body: (Bridge) async throws -> Void
  ) async throws -> [String] {
    let files = try TemporaryWorkspace(["adapters/till.yaml": adapter])
    let workspace = try files.load(.standard)
    #expect(workspace.systems.flatMap(\.diagnostics).map(\.message) == [])
    let seen = Mutex<[String]>([])
    let observing = MockRunner.Options(usesFreePorts: true) { event in
      seen.withLock { $0.append(event.call?.operation ?? "\(event.error?.reason ?? "?")") }
    }
    try await withMocks(workspace, options: observing) { mocks in
      var options = options
      options.endpoints = mocks.endpoints
      try await withBridge(workspace, options: options, body)
      // A farewell that nobody answers may still be on its way.
      if isOpenAtEnd { #expect(await eventually { seen.withLock { $0.contains("logoff") } }) }
    }
    return seen.withLock { $0 }
  }

  @Test("a bridge logs on once for many calls, and off at its end")
  func session() async throws {
    let seen = try await run { bridge in
      for _ in 0..<3 {
        let value = try await bridge.callLegacySystem(
          "till", operation: "sale", parameters: ["amount": "1"])
        #expect(value == ["ok": "1"])
      }
    }
    #expect(seen == ["logon", "sale", "sale", "sale", "logoff"])
  }

  @Test("a call without a reply is undone, and the caller is told at once")
  func compensation() async throws {
    let outcomes = Mutex<[Compensation]>([])
    var options = Bridge.Options()
    options.onCompensation = { outcome in outcomes.withLock { $0.append(outcome) } }
    let seen = try await run(options: options) { bridge in
      let error = await #expect(throws: BridgeError.self) {
        try await bridge.callLegacySystem(
          "till", operation: "sale", parameters: ["amount": "late"])
      }
      #expect(error?.stage == .timeout)
      #expect(error?.hint?.hasSuffix("undo follows, as on_timeout says") == true)
    }
    #expect(seen.filter { $0 == "undo" }.count == 1)
    #expect(outcomes.withLock { $0.map(\.operation) } == ["undo"])
    #expect(outcomes.withLock { $0.map(\.failure) } == [nil])
  }

  @Test("what is marked idempotent is tried again as often as it says, and no more")
  func retries() async throws {
    let seen = try await run(isOpenAtEnd: false) { bridge in
      let error = await #expect(throws: BridgeError.self) {
        try await bridge.callLegacySystem("till", operation: "status")
      }
      #expect(error?.stage == .transport)
      #expect(error?.reason.hasSuffix("; it was tried 3 times") == true)
    }
    #expect(seen.filter { $0 == "status" }.count == 3)
    #expect(seen.filter { $0 == "logon" }.count >= 3, "each attempt needed a connection of its own")
  }

  @Test("each attempt has the whole of its time")
  func timeOfAttempts() async throws {
    let adapter = Self.till.replacing(
      "misbehave: { close: before }", with: "misbehave: { late: 20s }"
    )
    .replacing("retry: 2", with: "retry: 2\n    timeout: 150ms")
    let start = ContinuousClock.now
    let seen = try await run(adapter, isOpenAtEnd: false) { bridge in
      let error = await #expect(throws: BridgeError.self) {
        try await bridge.callLegacySystem("till", operation: "status")
      }
      #expect(error?.reason.hasSuffix(" ms; it was tried 3 times") == true)
    }
    #expect(seen.contains("logon"))
    #expect(ContinuousClock.now - start >= .milliseconds(3 * 150 + 2 * 50))
  }

  @Test("what a mock sends by itself reaches the bridge, is answered, and confuses no call")
  func unsolicited() async throws {
    let told = Mutex<[String]>([])
    var options = Bridge.Options()
    options.onUnsolicited = { system, call in
      told.withLock { $0.append("\(system) \(call.parameters["article"]?.scalarText ?? "?")") }
    }
    let adapter =
      Self.till
      + "  sends: [{ operation: price, parameters: { article: A-1 }, after: 1ms, every: 5ms }]\n"
    let seen = try await run(adapter, options: options) { bridge in
      let hasCome = try await eventually {
        let value = try await bridge.callLegacySystem(
          "till", operation: "sale", parameters: ["amount": "1"])
        #expect(value == ["ok": "1"])
        return told.withLock { $0.count >= 3 }
      }
      #expect(hasCome)
    }
    #expect(told.withLock { Set($0) } == ["till A-1"])
    #expect(Set(seen) == ["logon", "sale", "logoff"], "the answers are nobody's calls")
  }

  @Test("where only a pause ends a message, calls and a mock understand each other")
  func quiet() async throws {
    let files = try TemporaryWorkspace([
      "adapters/scale.yaml": """
      protocol: custom_tcp
      frame: { quiet: 40ms }
      layout: { kv: {} }
      operations: { weigh: { request: { set: { Q: W } }, reply: { map: { grams: G as int } } } }
      mock: { responses: { weigh: { grams: 1250 } } }

      """
    ])
    let workspace = try files.load(.standard)
    try await withMocks(workspace) { mocks in
      try await withBridge(workspace, options: .init(endpoints: mocks.endpoints)) { bridge in
        for _ in 0..<2 {
          let value = try await bridge.callLegacySystem("scale", operation: "weigh")
          #expect(value == ["grams": 1250])
        }
      }
    }
  }

  @Test("a logon that is refused is told with what the system said")
  func refused() async throws {
    let adapter = Self.till.replacing(
      "  stubs:", with: "  stubs:\n    - { operation: logon, fault: { code: E1 } }")
    let files = try TemporaryWorkspace(["adapters/till.yaml": adapter])
    let workspace = try files.load(.standard)
    try await withMocks(workspace) { mocks in
      await withBridge(workspace, options: .init(endpoints: mocks.endpoints)) { bridge in
        let error = await #expect(throws: BridgeError.self) {
          try await bridge.callLegacySystem("till", operation: "status")
        }
        #expect(error?.reason.contains("refused logon: E1") == true)
      }
    }
  }
}
