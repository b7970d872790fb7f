import Foundation
import Synchronization
import Testing
import TrestleCore
import TrestleNet

/// What becomes of connections to a server that does not let everybody in.
@Suite("Servers that refuse", .timeLimit(.minutes(1)))
struct ConnectionPolicyTests {
  private let service = Service(
    codec: EchoCodec(), responder: ClosureResponder { .value(.string($0.operation)) })

  /// Whether a line is answered over a connection of its own.
  private func answers(at port: Int) async -> Bool {
    guard var client = try? await RawConnection(to: port) else { return false }
    guard (try? await client.send("a\n")) != nil else { return false }
    return await client.read(until: "a\n") == "a\n"
  }

  @Test("a server that refuses for a while is found again in the same place")
  func again() async throws {
    try await FramedServer(service, framing: LineFraming()).whileRunning { server in
      #expect(await answers(at: server.port))
      var open = try await RawConnection(to: server.port)
      try await open.send("a\n")
      #expect(await open.read(until: "a\n") == "a\n")
      await server.refuseConnections()
      #expect(await open.readToEnd() == "a\n", "connections that were open are reset")
      #expect(await !answers(at: server.port))
      await server.refuseConnections()
      try await server.acceptConnections()
      try await server.acceptConnections()
      #expect(await answers(at: server.port))
    }
  }

  @Test("a server on a socket of this machine too")
  func socket() async throws {
    let path = FileManager.default.temporaryDirectory
      .appendingPathComponent("t-\(UInt32.random(in: 0 ... .max)).sock").path
    let server = try await HTTPServer(service).start(at: .socket(path))
    #expect(FileManager.default.fileExists(atPath: path))
    await server.refuseConnections()
    #expect(!FileManager.default.fileExists(atPath: path))
    try await server.acceptConnections()
    #expect(FileManager.default.fileExists(atPath: path))
    await server.shutdown(grace: .zero)
    #expect(!FileManager.default.fileExists(atPath: path))
  }

  @Test("a server that is shut down does not come back")
  func shut() async throws {
    let server = try await FramedServer(service, framing: LineFraming()).start(port: 0)
    await server.shutdown(grace: .zero)
    try await server.acceptConnections()
    #expect(await !answers(at: server.port))
  }

  @Test("each connection is asked about: reset, held back until its time, let in")
  func acceptance() async throws {
    let clock = ManualClock()
    let asked = Mutex([Acceptance.reset, .late(.seconds(60))])
    let policy = ConnectionPolicy(clock: clock) {
      asked.withLock { $0.isEmpty ? nil : $0.removeFirst() }
    }
    try await FramedServer(service, framing: LineFraming(), policy: policy).whileRunning { server in
      #expect(await !answers(at: server.port))
      async let late = answers(at: server.port)
      await clock.sleepers(1)
      #expect(await answers(at: server.port), "others are let in meanwhile")
      clock.advance(by: .seconds(60))
      #expect(await late)
    }
  }
}
