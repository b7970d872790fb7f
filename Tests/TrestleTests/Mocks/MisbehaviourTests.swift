import Testing
import Trestle
import TrestleCore

/// What a bridge makes of a mock that misbehaves, over sockets, by a clock that the tests move.
@Suite("Misbehaviour of mocks", .timeLimit(.minutes(1)))
struct MisbehaviourTests {
  /// How a call ended: `value`, `timeout`, `decoding`, `fault`, or what kind of transport failure.
  private func outcome(_ body: () async throws(BridgeError) -> Value) async -> String {
    do throws(BridgeError) {
      _ = try await body()
      return "value"
    } catch {
      let kind = (error.cause as? TransportError)?.kind.rawValue
      return error.stage == .transport ? kind ?? "transport" : error.stage.rawValue
    }
  }

  /// Calls `ask` of a system's mock with something wrong, and moves the clock once so many wait by it.
  private func outcome(
    of system: FaultySystem, _ mock: String, waiting: Int = 0, for duration: Duration = .zero
  ) async throws -> String {
    let files = try TemporaryWorkspace(["adapters/host.yaml": system.adapter(mock)])
    let workspace = try files.load(.standard)
    #expect((workspace.diagnostics + workspace.systems.flatMap(\.diagnostics)).map(\.message) == [])
    let clock = ManualClock()
    var running = MockRunner.Options(usesFreePorts: true)
    running.clock = clock
    return try await withMocks(workspace, options: running) { mocks in
      var options = Bridge.Options(endpoints: mocks.endpoints)
      options.clock = clock
      return await withBridge(workspace, options: options) { bridge in
        async let outcome = outcome { () throws(BridgeError) in
          try await bridge.callLegacySystem("host", operation: "ask")
        }
        if waiting > 0 {
          await clock.sleepers(waiting)
          clock.advance(by: duration)
        }
        return await outcome
      }
    }
  }

  private static let http: [FaultySystem] = [.soap, .xmlRPC, .scgi]

  @Test(
    "a connection that ends early is told as interrupted",
    arguments: FaultySystem.allCases,
    ["close: before", "close: inside", "reset: true", "reset: inside"])
  func endsEarly(_ system: FaultySystem, _ fault: String) async throws {
    #expect(try await outcome(of: system, "  misbehave: { \(fault) }") == "interrupted")
  }

  @Test(
    "what changes only the way of a reply leaves the reply",
    arguments: FaultySystem.allCases,
    ["close: after", "split: 3, pause: 1ms", "close: before, chance: 0"])
  func comesThrough(_ system: FaultySystem, _ fault: String) async throws {
    let pieces = fault.hasPrefix("split")
    let files = try TemporaryWorkspace([
      "adapters/host.yaml": system.adapter("  misbehave: { \(fault) }")
    ])
    let workspace = try files.load(.standard)
    #expect((workspace.diagnostics + workspace.systems.flatMap(\.diagnostics)).map(\.message) == [])
    // A connection that ended is no part of this: its end may be noticed only once the next call is on it.
    let connections = fault == "close: after" ? 3 : 1
    let calls = fault == "close: after" ? 1 : pieces ? 2 : 3
    try await withMocks(workspace) { mocks in
      for _ in 0..<connections {
        await withBridge(workspace, options: .init(endpoints: mocks.endpoints)) { bridge in
          for _ in 0..<calls {
            let outcome = await outcome { () throws(BridgeError) in
              try await bridge.callLegacySystem("host", operation: "ask")
            }
            #expect(outcome == "value")
          }
        }
      }
    }
  }

  @Test(
    "what only reads goes on over connections that end after each reply",
    arguments: FaultySystem.allCases)
  func goesOn(_ system: FaultySystem) async throws {
    let files = try TemporaryWorkspace([
      "adapters/host.yaml": "retry: { times: 3, pause: 1ms }\n"
        + system.adapter("  misbehave: { close: after }", reads: true)
    ])
    let workspace = try files.load(.standard)
    #expect((workspace.diagnostics + workspace.systems.flatMap(\.diagnostics)).map(\.message) == [])
    try await withMocks(workspace) { mocks in
      await withBridge(workspace, options: .init(endpoints: mocks.endpoints)) { bridge in
        for _ in 0..<3 {
          // With what was wrong, where a call fails.
          await #expect(throws: Never.self) {
            _ = try await bridge.callLegacySystem("host", operation: "ask")
          }
        }
      }
    }
  }

  @Test(
    "what only reads is asked again as often as its file says, without a contract too",
    arguments: FaultySystem.allCases)
  func asksAgain(_ system: FaultySystem) async throws {
    let files = try TemporaryWorkspace([
      "adapters/host.yaml": "retry: { times: 3, pause: 1ms }\n"
        + system.adapter("  misbehave: { close: before }", reads: true)
    ])
    let workspace = try files.load(.standard)
    #expect(workspace.systems[0].operation(named: "ask")?.effects == .read)
    try await withMocks(workspace) { mocks in
      await withBridge(workspace, options: .init(endpoints: mocks.endpoints)) { bridge in
        let error = await #expect(throws: BridgeError.self) {
          try await bridge.callLegacySystem("host", operation: "ask")
        }
        #expect(error?.reason.hasSuffix("; it was tried 4 times") == true, "\(error?.reason ?? "")")
      }
    }
  }

  @Test(
    "a message that is none is told as one that cannot be read",
    arguments: [
      ("damage: empty", [.xmlRPC, .scgi]), ("damage: garbage", FaultySystem.allCases),
      ("damage: truncated", http), ("damage: unclosed_tag", http),
      ("damage: bad_character", [.soap]), ("status: 503", http),
      ("status: 200, body: '<html><body>Login</body></html>'", http),
      ("body: '<html><body>Login</body></html>'", FaultySystem.allCases),
      ("charset: x-none", http), ("wrong_length: -5", http),
    ])
  func unreadable(_ fault: String, _ systems: [FaultySystem]) async throws {
    for system in systems {
      let outcome = try await outcome(of: system, "  misbehave: { \(fault) }")
      #expect(outcome == "decoding", "\(system)")
    }
  }

  @Test(
    "less than the message is a reply where the protocol cannot tell, or forgives it",
    arguments: [
      ("damage: empty", [FaultySystem.soap, .tcp, .tcpChecked]),
      ("damage: truncated", [.tcp, .tcpChecked]), ("wrong_length: -5", [.tcp]),
      ("damage: bad_character", [.xmlRPC, .scgi]),
    ])
  func forgiven(_ fault: String, _ systems: [FaultySystem]) async throws {
    for system in systems {
      let outcome = try await outcome(of: system, "  misbehave: { \(fault) }")
      #expect(outcome == "value", "\(system)")
    }
  }

  @Test("a wrong check is told as a breach of the protocol")
  func wrongCheck() async throws {
    #expect(
      try await outcome(of: .tcpChecked, "  misbehave: { wrong_check: true }")
        == "protocolViolation")
  }

  @Test("noise in place of a reply is told as a breach of the protocol", arguments: http)
  func noise(_ system: FaultySystem) async throws {
    #expect(
      try await outcome(of: system, "  seed: 1\n  misbehave: { noise: 64 }") == "protocolViolation")
  }

  @Test(
    "what never comes is given up after the time that the system has, and not before",
    arguments: FaultySystem.allCases,
    [
      ("late: 60s", 2), ("drip: { pieces: 6, over: 50s }", 2), ("accept: 60s", 2),
      ("late: { from: 40s, to: 50s }", 2),
    ])
  func timesOut(_ system: FaultySystem, _ fault: (String, Int)) async throws {
    let mock = "  misbehave: { \(fault.0) }"
    let outcome = try await outcome(of: system, mock, waiting: fault.1, for: .seconds(31))
    #expect(outcome == "timeout")
  }

  @Test("a reply that is late, but in time, is a reply", arguments: FaultySystem.allCases)
  func late(_ system: FaultySystem) async throws {
    let outcome = try await outcome(
      of: system, "  misbehave: { late: 20s }", waiting: 2, for: .seconds(20))
    #expect(outcome == "value")
  }

  @Test(
    "a length that says too much makes the bridge wait for the rest",
    arguments: [FaultySystem.soap, .xmlRPC, .tcp])
  func tooLong(_ system: FaultySystem) async throws {
    let outcome = try await outcome(
      of: system, "  misbehave: { wrong_length: 5 }", waiting: 1, for: .seconds(31))
    #expect(outcome == "timeout")
  }

  @Test("over SCGI, where the connection's end is the reply's, too long is interrupted")
  func tooLongOverSCGI() async throws {
    #expect(try await outcome(of: .scgi, "  misbehave: { wrong_length: 5 }") == "interrupted")
  }

  @Test("a system that nobody listens for cannot be connected to", arguments: FaultySystem.allCases)
  func refused(_ system: FaultySystem) async throws {
    #expect(try await outcome(of: system, "  misbehave: { accept: refused }") == "connect")
  }

  @Test("a connection may be reset before anything is said", arguments: FaultySystem.allCases)
  func acceptedAndReset(_ system: FaultySystem) async throws {
    let outcome = try await outcome(of: system, "  misbehave: { accept: reset }")
    #expect(["interrupted", "connect"].contains(outcome), "\(outcome)")
  }

  @Test("a sequence goes from call to call, on every protocol", arguments: FaultySystem.allCases)
  func sequence(_ system: FaultySystem) async throws {
    let mock = "  misbehave: { sequence: [{ close: before }, none, { reset: true }], cycle: true }"
    let files = try TemporaryWorkspace(["adapters/host.yaml": system.adapter(mock)])
    let workspace = try files.load(.standard)
    try await withMocks(workspace) { mocks in
      await withBridge(workspace, options: .init(endpoints: mocks.endpoints)) { bridge in
        var outcomes: [String] = []
        for _ in 0..<4 {
          outcomes.append(
            await outcome { () throws(BridgeError) in
              try await bridge.callLegacySystem("host", operation: "ask")
            })
        }
        #expect(outcomes == ["interrupted", "value", "interrupted", "interrupted"])
      }
    }
  }

  @Test("faults are set, listed and cleared while a mock runs", arguments: FaultySystem.allCases)
  func dynamic(_ system: FaultySystem) async throws {
    let files = try TemporaryWorkspace(["adapters/host.yaml": system.adapter()])
    let workspace = try files.load(.standard)
    try await withMocks(workspace) { mocks in
      let options = Bridge.Options(endpoints: mocks.endpoints)
      func call() async -> String {
        // A bridge for each call: what a refused connection left behind is not looked at here.
        await withBridge(workspace, options: options) { bridge in
          await outcome { () throws(BridgeError) in
            try await bridge.callLegacySystem("host", operation: "ask")
          }
        }
      }
      #expect(await call() == "value")
      let id = try await mocks.setFault(["close": "before", "times": 1], on: "host")
      #expect(await call() == "interrupted")
      #expect(await call() == "value")
      #expect(try mocks.faults(of: "host").map(\.id) == [id])
      #expect(try mocks.faults(of: "host").first?.isOver == true)
      try await mocks.setFault(["accept": "refused"], on: "host", id: "down")
      #expect(await call() == "connect")
      #expect(try await mocks.clearFaults(of: "host", id: "down") == 1)
      #expect(await call() == "value")
      let error = await #expect(throws: MockControlError.self) {
        try await mocks.setFault(["closed": "before"], on: "host")
      }
      #expect(error?.problems.first?.message.contains("did you mean \"close\"?") == true)
      await #expect(throws: MockControlError.self) { try await mocks.clearFaults(of: "hosts") }
    }
  }

  @Test("in this process, without a socket, a call ends alike", arguments: FaultySystem.allCases)
  func inProcess(_ system: FaultySystem) async throws {
    for (fault, expected) in [
      ("close: before", "interrupted"), ("reset: inside", "interrupted"),
      ("close: after", "value"), ("damage: garbage", "decoding"), ("split: 3", "value"),
    ] {
      let files = try TemporaryWorkspace([
        "adapters/host.yaml": system.adapter("  misbehave: { \(fault) }")
      ])
      let bridge = Bridge(try files.load(.standard), options: Bridge.Options(usesMocks: true))
      let outcome = await outcome { () throws(BridgeError) in
        try await bridge.callLegacySystem("host", operation: "ask")
      }
      #expect(outcome == expected, "\(fault)")
    }
  }

  @Test("in this process too, the clock decides", arguments: FaultySystem.allCases)
  func inProcessLate(_ system: FaultySystem) async throws {
    let files = try TemporaryWorkspace([
      "adapters/host.yaml": system.adapter("  misbehave: { late: 60s }")
    ])
    let clock = ManualClock()
    var options = Bridge.Options(usesMocks: true)
    options.clock = clock
    let bridge = Bridge(try files.load(.standard), options: options)
    async let ended = outcome { () throws(BridgeError) in
      try await bridge.callLegacySystem("host", operation: "ask")
    }
    await clock.sleepers(2)
    clock.advance(by: .seconds(30))
    #expect(await ended == "timeout")
  }

  @Test(
    "what a protocol cannot do is told with its place and what would do instead",
    arguments: [
      (FaultySystem.tcp, "status: 503", "status: messages in frames have no status"),
      (.tcpChecked, "wrong_length: 5", "wrong_length: the frame of replies says no length"),
      (.soap, "wrong_check: true", "wrong_check: HTTP messages carry no check"),
      (.xmlRPC, "clos: before", "unknown key \"clos\"; did you mean \"close\"?"),
      (.scgi, "sequence: [nothing]", "expects an object, or none, found"),
    ])
  func told(_ system: FaultySystem, _ fault: String, _ message: String) throws {
    let files = try TemporaryWorkspace([
      "adapters/host.yaml": system.adapter("  misbehave: { \(fault) }")
    ])
    let workspace = try files.load(.standard)
    let found = workspace.diagnostics + workspace.systems.flatMap(\.diagnostics)
    let mistake = found.first { $0.message.contains(message) }
    #expect(mistake != nil, "\(found)")
    #expect(mistake?.line != nil && mistake?.column != nil)
  }
}
