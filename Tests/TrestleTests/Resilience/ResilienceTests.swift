import Testing
import TrestleCore

@testable import Trestle

/// Calls of systems that fail, over sockets, by a clock that the tests move.
@Suite("Systems that fail", .timeLimit(.minutes(1)))
struct ResilienceTests {
  /// Runs a mock, and gives `body` a bridge to it as if it were the live system.
  private func withSystem(
    _ system: FaultySystem, mock: String, keys: String = "", reads: Bool = false,
    clock: (any Clock<Duration>)? = nil,
    _ body: (Bridge, RunningMocks) async throws -> Void
  ) async throws {
    let files = try TemporaryWorkspace(["adapters/host.yaml": system.adapter(mock)])
    var running = MockRunner.Options(usesFreePorts: true)
    running.clock = clock
    try await withMocks(try files.load(.standard), options: running) { mocks in
      let address = try #require(mocks.endpoints["host"])
      let live = try TemporaryWorkspace([
        "adapters/host.yaml": "endpoint: \(address)\n\(keys)" + system.adapter(reads: reads)
      ])
      let workspace = try live.load(.standard)
      #expect(
        (workspace.diagnostics + workspace.systems.flatMap(\.diagnostics)).map(\.message) == [])
      var options = Bridge.Options()
      options.clock = clock
      try await withBridge(workspace, options: options) { bridge in
        try await body(bridge, mocks)
      }
    }
  }

  /// How a call ended: `value`, a transport failure's kind, or another stage.
  private func ask(_ bridge: Bridge) async -> String {
    do throws(BridgeError) {
      _ = try await bridge.callLegacySystem("host", operation: "ask")
      return "value"
    } catch {
      return (error.cause as? TransportError)?.kind.rawValue ?? error.stage.rawValue
    }
  }

  private static let systems: [FaultySystem] = [.soap, .xmlRPC, .tcp]

  @Test(
    "after five failures in a row a live system is left alone, until one call shows that it is back",
    arguments: systems)
  func breaker(_ system: FaultySystem) async throws {
    let clock = ManualClock()
    try await withSystem(system, mock: "", clock: clock) { bridge, mocks in
      _ = try await mocks.setFault(["close": "before"], on: "host")
      for _ in 0..<5 { #expect(await ask(bridge) == "interrupted") }
      do throws(BridgeError) {
        _ = try await bridge.callLegacySystem("host", operation: "ask")
        Issue.record("it was called")
      } catch {
        let cause = error.cause as? TransportError
        #expect(cause?.kind == .circuitOpen)
        #expect(cause?.mayHaveBeenSent == false)
        #expect(cause?.retryAfter == .seconds(5))
        #expect(error.reason == "host failed too often in a row and is not called for now")
        #expect(error.hint == "it is tried again in 5 s; breaker: false in its file turns this off")
        #expect(error.exitCode == 4)
      }
      clock.advance(by: .seconds(5))
      #expect(await ask(bridge) == "interrupted")
      #expect(await ask(bridge) == "circuitOpen")
      _ = try await mocks.clearFaults(of: "host")
      clock.advance(by: .seconds(10))
      #expect(await ask(bridge) == "value")
      #expect(await ask(bridge) == "value")
    }
  }

  @Test("faults are answers, and a breaker that is turned off lets all calls through")
  func answers() async throws {
    try await withSystem(
      .soap, mock: "  stubs: [{ operation: ask, fault: { code: Server, message: no } }]"
    ) {
      bridge, _ in
      for _ in 0..<8 { #expect(await ask(bridge) == "fault") }
    }
    try await withSystem(
      .soap, mock: "  misbehave: { close: before }", keys: "breaker: false\n"
    ) { bridge, _ in
      for _ in 0..<8 { #expect(await ask(bridge) == "interrupted") }
    }
  }

  @Test("what stands before the system counts as its failure: HTTP 502, 503 and 504")
  func gateways() async throws {
    try await withSystem(
      .soap, mock: "  misbehave: { status: 503 }", keys: "breaker: { failures: 2 }\n"
    ) { bridge, _ in
      #expect(await ask(bridge) == "decoding")
      #expect(await ask(bridge) == "decoding")
      #expect(await ask(bridge) == "circuitOpen")
    }
  }

  @Test("a mock may fail as often as a test wants")
  func mock() async throws {
    let files = try TemporaryWorkspace([
      "adapters/host.yaml": FaultySystem.tcp.adapter("  misbehave: { close: before }")
    ])
    let workspace = try files.load(.standard)
    try await withMocks(workspace) { mocks in
      await withBridge(workspace, options: .init(endpoints: mocks.endpoints)) { bridge in
        for _ in 0..<8 { #expect(await ask(bridge) == "interrupted") }
      }
    }
  }

  private static let failsTwice =
    "  misbehave: { sequence: [{ close: before }, { close: before }, none] }"

  @Test("what only reads is called again, after pauses that double")
  func retries() async throws {
    try await withSystem(
      .tcp, mock: Self.failsTwice, keys: "retry: { times: 2, pause: 20ms }\n", reads: true
    ) { bridge, _ in
      let stopwatch = Stopwatch()
      #expect(await ask(bridge) == "value")
      #expect(stopwatch.elapsed >= .milliseconds(60))
    }
  }

  @Test("what writes is never called again")
  func writes() async throws {
    try await withSystem(.tcp, mock: Self.failsTwice, keys: "retry: { times: 5 }\n") { bridge, _ in
      #expect(await ask(bridge) == "interrupted")
      #expect(await ask(bridge) == "interrupted")
      #expect(await ask(bridge) == "value")
    }
  }

  @Test("only so many calls are under way, and only so many wait")
  func limits() async throws {
    let clock = ManualClock()
    try await withSystem(
      .xmlRPC, mock: "  misbehave: { late: 1s }", keys: "limits: { concurrent: 1, waiting: 1 }\n",
      clock: clock
    ) { bridge, _ in
      async let first = ask(bridge)
      // The call's limit, and the mock's delay.
      await clock.sleepers(2)
      async let second = ask(bridge)
      // And how long the second waits for its turn.
      await clock.sleepers(3)
      #expect(await ask(bridge) == "saturated")
      clock.advance(by: .seconds(1))
      #expect(await first == "value")
      await clock.sleepers(2)
      clock.advance(by: .seconds(1))
      #expect(await second == "value")
    }
  }

  @Test("who waits for a turn waits no longer than the call may take")
  func waiting() async throws {
    let clock = ManualClock()
    try await withSystem(
      .xmlRPC, mock: "  misbehave: { late: 100s }", keys: "limits: { concurrent: 1 }\n",
      clock: clock
    ) { bridge, _ in
      async let first = ask(bridge)
      await clock.sleepers(2)
      async let second = ask(bridge)
      await clock.sleepers(3)
      clock.advance(by: .seconds(30))
      #expect(await first == "timeout")
      #expect(await second == "timeout")
    }
  }

  @Test(
    "mistakes in these keys are told",
    arguments: [
      ("retry: { pause: 1s }\n", "times"), ("retry: { times: 2, only: write }\n", "read"),
      ("breaker: { failure: 2 }\n", "failures"), ("limits: { concurrent: 0 }\n", "1"),
    ])
  func mistakes(_ keys: String, _ word: String) throws {
    let files = try TemporaryWorkspace([
      "adapters/host.yaml": keys + FaultySystem.soap.adapter()
    ])
    let workspace = try files.load(.standard)
    let found = workspace.diagnostics + workspace.systems.flatMap(\.diagnostics)
    #expect(found.contains { "\($0.message) \($0.hint ?? "")".contains(word) }, "\(found)")
  }
}
