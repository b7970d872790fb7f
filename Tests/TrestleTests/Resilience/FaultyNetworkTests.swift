import Foundation
import Testing
import TrestleCore

@testable import Trestle

/// Calls over a network that fails, in real time: between bridge and system stands a proxy that fails them.
@Suite("A network that fails", .timeLimit(.minutes(1)))
struct FaultyNetworkTests {
  /// What a call may take.
  private static let limit = Duration.milliseconds(600)
  /// How much longer it takes to be told on a machine that is busy with other tests.
  private static let slack = Duration.seconds(5)
  private static let systems: [FaultySystem] = [.soap, .xmlRPC, .tcp, .tcpChecked]

  @Test(
    "a connection that is cut inside the request, or before the reply is whole, is an interruption",
    arguments: systems,
    [
      FaultProxy.Fault.cutRequest(after: 0), .cutRequest(after: 3), .cutReply(after: 0),
      .cutReply(after: 1), .cutReply(after: 7),
    ])
  func cut(_ system: FaultySystem, _ fault: FaultProxy.Fault) async throws {
    try await expect(.interrupted, of: system, over: fault)
  }

  @Test(
    "a connection that is reset is an interruption, whenever that happens",
    arguments: systems,
    [FaultProxy.Fault.resetAtOnce, .resetAtRequest, .resetReply(after: 0), .resetReply(after: 7)])
  func reset(_ system: FaultySystem, _ fault: FaultProxy.Fault) async throws {
    try await expect(.interrupted, of: system, over: fault)
  }

  @Test(
    "a reply that does not come, comes late or comes too slowly is given up when the time is over",
    arguments: systems,
    [FaultProxy.Fault.silence, .late(milliseconds: 1500), .trickle(milliseconds: 100)])
  func slow(_ system: FaultySystem, _ fault: FaultProxy.Fault) async throws {
    try await expect(.timeout, of: system, over: fault)
  }

  @Test("what is a little late, or trickles in within the time, is a reply", arguments: systems)
  func late(_ system: FaultySystem) async throws {
    try await withNetwork(system, limit: .seconds(20)) { bridge, proxy in
      for fault in [FaultProxy.Fault.none, .late(milliseconds: 20), .trickle(milliseconds: 1)] {
        proxy.fault = fault
        let error = try await ask(bridge)
        #expect(error == nil)
        // The next fault begins with the next connection.
        await bridge.shutdown()
      }
    }
  }

  @Test("a port where nobody listens refuses at once", arguments: systems)
  func refused(_ system: FaultySystem) async throws {
    let port = 1
    let files = try TemporaryWorkspace(["adapters/host.yaml": adapter(system, port)])
    var options = Bridge.Options()
    options.timeout = .seconds(20)
    try await withBridge(try files.load(.standard), options: options) { bridge in
      let start = ContinuousClock.now
      let error = try #require(try await ask(bridge))
      #expect(error.kind == .connect)
      #expect(!error.mayHaveBeenSent)
      #expect(start.duration(to: .now) < Self.slack)
      try expectIdle(bridge)
    }
    #expect(await eventually { Sockets.count(of: [port]) == 0 })
  }

  @Test("calls that fail together leave nothing behind", arguments: systems)
  func together(_ system: FaultySystem) async throws {
    try await withNetwork(system) { bridge, proxy in
      proxy.fault = .silence
      let kinds = try await withThrowingTaskGroup { group in
        for _ in 0..<8 { group.addTask { try await ask(bridge)?.kind } }
        return try await group.reduce(into: []) { $0.append($1) }
      }
      #expect(kinds == Array(repeating: .timeout, count: 8))
    }
  }

  // MARK: -

  /// A call over a bad network fails with a kind of error in its time; one over a good network does not, after it.
  private func expect(
    _ kind: TransportError.Kind, of system: FaultySystem, over fault: FaultProxy.Fault
  ) async throws {
    try await withNetwork(system) { bridge, proxy in
      proxy.fault = fault
      let start = ContinuousClock.now
      let error = try #require(try await ask(bridge))
      #expect(start.duration(to: .now) < Self.limit + Self.slack)
      #expect(error.kind == kind, "\(error)")
      #expect(error.hint != nil)
      #expect(proxy.accepted >= 1)
      try expectIdle(bridge)
      proxy.fault = .none
      let isBack = try await eventually { try await ask(bridge) == nil }
      #expect(isBack)
    }
  }

  /// Runs a mock with a proxy before it and a bridge to the proxy; nothing of them is left after the body.
  private func withNetwork(
    _ system: FaultySystem, limit: Duration = limit,
    _ body: (Bridge, FaultProxy) async throws -> Void
  ) async throws {
    let files = try TemporaryWorkspace(["adapters/host.yaml": system.adapter()])
    var ports: Set<Int> = []
    try await withMocks(try files.load(.standard)) { mocks in
      let mock = try #require(mocks.mocks.first).port
      try await FaultProxy.run(before: mock) { proxy, port in
        ports = [mock, port]
        #expect(Sockets.count(of: ports) == 2, "those that listen")
        let live = try TemporaryWorkspace(["adapters/host.yaml": adapter(system, port)])
        var options = Bridge.Options()
        options.timeout = limit
        try await withBridge(try live.load(.standard), options: options) { bridge in
          try await body(bridge, proxy)
          try expectIdle(bridge)
        }
        #expect(await eventually { proxy.open == 0 }, "the proxy has connections left")
      }
    }
    #expect(await eventually { Sockets.count(of: ports) == 0 }, "sockets are left")
  }

  private func adapter(_ system: FaultySystem, _ port: Int) -> String {
    let scheme = system == .tcp || system == .tcpChecked ? "tcp" : "http"
    let path = scheme == "http" ? "/host" : ""
    return "endpoint: \(scheme)://127.0.0.1:\(port)\(path)\n" + system.adapter()
  }

  /// No call is under way, none waits.
  private func expectIdle(_ bridge: Bridge) throws {
    let host = try bridge.workspace.system(named: "host")
    let load = bridge.transports.guardian(of: host, bridge.options).load
    #expect(load.underWay == 0)
    #expect(load.waiting == 0)
  }

  /// Why a call gave nothing; nil where it gave what it should.
  private func ask(_ bridge: Bridge) async throws -> TransportError? {
    do throws(BridgeError) {
      _ = try await bridge.callLegacySystem("host", operation: "ask")
      return nil
    } catch {
      let cause = try #require(error.cause as? TransportError, "\(error)")
      #expect(error.stage == (cause.kind == .timeout ? .timeout : .transport))
      return cause
    }
  }
}

/// The sockets of this process. `/proc/net/tcp` would not do: it leaves some out while others come and go.
private enum Sockets {
  /// How many have one of some ports at either end; other tests open others meanwhile.
  static func count(of ports: Set<Int>) -> Int {
    let files = (try? FileManager.default.contentsOfDirectory(atPath: "/dev/fd")) ?? []
    return files.compactMap { Int32($0) }.count { file in
      [port(file, getsockname), port(file, getpeername)].contains { ports.contains($0 ?? -1) }
    }
  }

  private typealias NameOfEnd = (
    Int32, UnsafeMutablePointer<sockaddr>, UnsafeMutablePointer<socklen_t>
  ) -> Int32

  private static func port(_ file: Int32, _ name: NameOfEnd) -> Int? {
    var address = sockaddr_in()
    var size = socklen_t(MemoryLayout<sockaddr_in>.size)
    let code = withUnsafeMutablePointer(to: &address) {
      $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { name(file, $0, &size) }
    }
    guard code == 0, Int32(address.sin_family) == AF_INET else { return nil }
    return Int(UInt16(bigEndian: address.sin_port))
  }
}
