import Synchronization
import Testing
import Trestle

/// Calls over the acknowledged link of ASTM E1381, on sockets.
@Suite("Calls over an acknowledged link")
struct LinkTests {
  private static let analyser = """
    protocol: custom_tcp
    profile: astm
    timeout: 60s
    operations:
      order:
        match: O present
        request: { set: { H-5: HOST, O-2: "1", O-3: "{{request.sample}}", L-2: "1" } }
        reply: none
    mock:
      responses:
        query: { results: [{ code: GLU, value: "5.4", unit: mmol/L, status: F }] }
      stubs:
        - operation: query
          when: { sample: LONG }
          reply: { results: [{ code: TXT, value: "\(String(repeating: "0123456789", count: 100))", unit: g, status: F }] }
        - { operation: query, when: { sample: WRONG }, misbehave: { wrong_check: true } }
        - { operation: query, when: { sample: NAK3 }, misbehave: { nak: 3 } }
        - { operation: query, when: { sample: NAK6 }, misbehave: { nak: 6 } }
        - { operation: query, when: { sample: CUT }, misbehave: { close: inside } }
        - { operation: query, when: { sample: SPLIT }, misbehave: { split: 7 } }
        - { operation: query, when: { sample: LAST }, misbehave: { close: after } }

    """

  /// Runs a body with a bridge to the analyser's mock.
  private func withMock(
    _ adapter: String = Self.analyser, options: Bridge.Options = Bridge.Options(),
    mockOptions: MockRunner.Options = MockRunner.Options(usesFreePorts: true),
    _ body: (Bridge) async throws -> Void
  ) async throws {
    let files = try TemporaryWorkspace(["adapters/lab.yaml": adapter])
    let workspace = try files.load(.standard)
    #expect(workspace.systems.flatMap(\.diagnostics).map(\.message) == [])
    try await withMocks(workspace, options: mockOptions) { mocks in
      var options = options
      options.endpoints = mocks.endpoints
      try await withBridge(workspace, options: options, body)
    }
  }

  /// What a call to a peer that answers by a script fails with.
  private func failure(
    _ operation: String = "query", link: String = "{}",
    _ script: @escaping @Sendable (AnalyserPeer.Unit, Int) -> [UInt8]
  ) async throws -> BridgeError {
    try await AnalyserPeer.run(script) { peer in
      let files = try TemporaryWorkspace([
        "adapters/lab.yaml": Self.analyser + "frame: { link: { astm: \(link) } }\n"
      ])
      var options = Bridge.Options()
      options.endpoints = ["lab": "tcp://127.0.0.1:\(peer.port)"]
      var failure: BridgeError?
      let workspace = try files.load(.standard)
      await withBridge(workspace, options: options) { bridge in
        failure = await #expect(throws: BridgeError.self) {
          try await bridge.callLegacySystem(
            "lab", operation: operation,
            parameters: operation == "order"
              ? ["sample": "S1"] : ["sample": "S1", "sender": "HOST"])
        }
      }
      return try #require(failure)
    }
  }

  private static let acknowledge: [UInt8] = [0x06]
  private static let refuse: [UInt8] = [0x15]

  private func query(_ bridge: Bridge, _ sample: String) async throws -> Value {
    try await bridge.callLegacySystem(
      "lab", operation: "query", parameters: ["sample": .string(sample), "sender": "HOST"])
  }

  private func expectGlucose(_ bridge: Bridge, _ sample: String) async throws {
    let value = try await query(bridge, sample)
    #expect(value == Self.glucose)
  }

  private static let glucose: Value = [
    "results": [["code": "GLU", "value": "5.4", "unit": "mmol/L", "status": "F"]]
  ]

  @Test("calls go through client and mock, one after the other on one connection")
  func calls() async throws {
    try await withMock { bridge in
      for _ in 0..<20 { try await expectGlucose(bridge, "S1") }
    }
  }

  @Test("records longer than a frame are joined again")
  func long() async throws {
    try await withMock { bridge in
      let value = try await query(bridge, "LONG")
      #expect(value["results"]?[0]?["value"]?.scalarText?.utf8.count == 1000)
    }
  }

  @Test("a call without a reply ends when the mock has taken it")
  func oneWay() async throws {
    let seen = Mutex<[String]>([])
    let mocks = MockRunner.Options(usesFreePorts: true) { event in
      seen.withLock { $0.append(event.call?.operation ?? "?") }
    }
    try await withMock(mockOptions: mocks) { bridge in
      for _ in 0..<3 {
        _ = try await bridge.callLegacySystem(
          "lab", operation: "order", parameters: ["sample": "S1"])
      }
      try await expectGlucose(bridge, "S1")
      #expect(seen.withLock { $0 } == ["order", "order", "order", "query"])
    }
  }

  @Test(
    "a mock's frame with a wrong check is refused until the mock gives up, and the call fails then")
  func wrongCheck() async throws {
    try await withMock { bridge in
      let error = await #expect(throws: BridgeError.self) { try await query(bridge, "WRONG") }
      #expect(error?.stage == .transport)
      #expect(error?.reason.contains("gave up sending: frame ") == true, "\(error?.reason ?? "")")
      try await expectGlucose(bridge, "S1")
    }
  }

  @Test("a mock refuses as many frames as it is told to")
  func naks() async throws {
    try await withMock { bridge in
      try await expectGlucose(bridge, "NAK3")
      try await expectGlucose(bridge, "NAK6")
      let error = await #expect(throws: BridgeError.self) { try await query(bridge, "S1") }
      #expect(error?.stage == .transport)
      #expect(error?.reason.contains("refused frame 1 six times (NAK)") == true)
      try await expectGlucose(bridge, "S1")
    }
  }

  @Test("a reply that the mock cuts off is told, and one in pieces or before a close is read")
  func misbehaved() async throws {
    try await withMock { bridge in
      let error = await #expect(throws: BridgeError.self) { try await query(bridge, "CUT") }
      #expect(error?.stage == .transport)
      try await expectGlucose(bridge, "SPLIT")
      try await expectGlucose(bridge, "LAST")
      try await expectGlucose(bridge, "S1")
    }
  }

  @Test("what the instrument sends by itself reaches the bridge, and calls give way to it")
  func unsolicited() async throws {
    let told = Mutex(0)
    var options = Bridge.Options()
    options.onUnsolicited = { _, _ in told.withLock { $0 += 1 } }
    let adapter =
      Self.analyser.replacing(
        "    reply: none\n",
        with: """
              reply: none
            upload:
              match: R present
              request: { set: { H-5: LAB, R-2: "1", R-4: "{{request.value}}", L-2: "1" } }
              reply: none
          conversation: { unsolicited: { upload: {} } }

          """)
      + "  sends: [{ operation: upload, parameters: { value: \"7\" }, after: 1ms, every: 300ms }]\n"
    try await withMock(adapter, options: options) { bridge in
      let hasCome = try await eventually {
        _ = try await bridge.callLegacySystem(
          "lab", operation: "order", parameters: ["sample": "S1"])
        return told.withLock { $0 >= 3 }
      }
      #expect(hasCome)
    }
  }

  @Test("a peer that refuses a frame six times fails the call at once")
  func refused() async throws {
    for operation in ["query", "order"] {
      let error = try await failure(operation) { unit, _ in
        switch unit {
        case .enquiry: Self.acknowledge
        case .frame(2): Self.refuse
        case .frame: Self.acknowledge
        default: []
        }
      }
      #expect(error.stage == .transport)
      #expect(error.reason.contains("refused frame 2 six times (NAK)"), "\(error.reason)")
    }
  }

  @Test("a frame that is taken at the second or third time fails nothing")
  func refusedOnce() async throws {
    let reply = Array(
      "\u{5}\u{2}1H|\\^&\rR|1|^^^GLU|5.4|mmol/L||||F\rL|1\r\u{3}".utf8)
    let sum = String(reply[2...].reduce(UInt8(0), &+), radix: 16, uppercase: true)
    let digits = (sum.utf8.count < 2 ? "0" : "") + sum
    let wire = Array(reply.dropFirst()) + Array("\(digits)\r\n".utf8)
    try await AnalyserPeer.run { unit, times in
      switch unit {
      case .enquiry: Self.acknowledge
      case .frame(1): times < 3 ? Self.refuse : Self.acknowledge
      case .frame: Self.acknowledge
      case .end: [0x05]
      // First the ENQ is acknowledged, then the frame, which comes twice.
      case .acknowledge: times < 3 ? wire : [0x04]
      case .refuse: []
      }
    } _: { peer in
      let files = try TemporaryWorkspace(["adapters/lab.yaml": Self.analyser])
      var options = Bridge.Options()
      options.endpoints = ["lab": "tcp://127.0.0.1:\(peer.port)"]
      let workspace = try files.load(.standard)
      try await withBridge(workspace, options: options) { bridge in
        let value = try await query(bridge, "S1")
        #expect(value == Self.glucose)
      }
    }
  }

  @Test("a busy or silent peer, and one that speaks something else, are told as that")
  func unwilling() async throws {
    let busy = try await failure(link: "{ tries: 2, busy_pause: 10ms }") { unit, _ in
      unit == .enquiry ? Self.refuse : []
    }
    #expect(busy.reason.contains("is busy: it refused ENQ two times (NAK)"), "\(busy.reason)")
    let silent = try await failure(link: "{ timeout: 1s }") { _, _ in [] }
    #expect(silent.stage == .timeout)
    #expect(silent.reason.contains("gave no answer to ENQ within 1 s"), "\(silent.reason)")
    let other = try await failure(link: "{ timeout: 1s }") { _, _ in Array("220 hello\r\n".utf8) }
    #expect(other.reason.contains("bytes and no answer to ENQ within 1 s"), "\(other.reason)")
    let late = try await failure("order", link: "{ timeout: 1s }") { unit, _ in
      unit == .enquiry ? Self.acknowledge : []
    }
    #expect(late.reason.contains("gave no answer to frame 1 within 1 s"), "\(late.reason)")
  }

  @Test("a reply that stops in its middle is told when the time is over")
  func stops() async throws {
    let error = try await failure(link: "{ receive_timeout: 1s }") { unit, _ in
      switch unit {
      case .enquiry, .frame: Self.acknowledge
      case .end: [0x05]
      default: []
      }
    }
    #expect(error.reason.contains("sent nothing after ENQ within 1 s"), "\(error.reason)")
  }
}
