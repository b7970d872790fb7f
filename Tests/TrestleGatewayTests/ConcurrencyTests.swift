import NIOCore
import NIOPosix
import Testing
import Trestle
import TrestleNet

@testable import TrestleGateway

@Suite("How many requests of a token are answered at once", .timeLimit(.minutes(4)))
struct ConcurrencyTests {
  private static let limited = "limited-0123456789abcdef"
  private static let other = "other-0123456789abcdef"

  /// A server whose one route answers when it is let go, or streams until its client goes.
  private struct Held {
    let port: Int
    /// One for each request that the route has.
    let begun: AsyncStream<Void>
    let letGo: @Sendable () -> Void

    func request(_ token: String, _ path: String = "/held", body: String = "") -> [UInt8] {
      Array(
        ("POST \(path) HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n"
          + "Authorization: Bearer \(token)\r\nContent-Length: \(body.utf8.count)\r\n\r\n\(body)")
          .utf8)
    }

    func ask(_ token: String, _ path: String = "/held") async throws -> RawResponse {
      try #require(RawResponse(try await RawClient.exchange(request(token, path), port: port)))
    }

    /// Asks until there is a place for it, and gives the answer.
    func askUntilLetIn(_ token: String, _ path: String = "/free") async throws -> RawResponse {
      while true {
        let answer = try await ask(token, path)
        if answer.status != 429 { return answer }
      }
    }

    /// Sends some bytes and goes away once the other end has them.
    func abandon(_ bytes: [UInt8], after: () async -> Void) async throws {
      let channel = try await ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
        .connect(host: "127.0.0.1", port: port).get()
      try await channel.writeAndFlush(ByteBuffer(bytes: bytes))
      await after()
      try await channel.close()
    }
  }

  private func serve(_ body: (Held) async throws -> Void) async throws {
    let (opening, gate) = AsyncStream<Void>.makeStream()
    let (begun, began) = AsyncStream<Void>.makeStream()
    let anything = Route.Body(
      shape: [:], summary: "Anything.", isRequired: false, isJSON: false)
    let held = Route(.post, "/held", "held", "Held.", body: anything, answers: []) { _ in
      began.yield()
      for await _ in opening {}
      return .done
    }
    let free = Route(.post, "/free", "free", "Free.", body: anything, answers: []) { _ in .done }
    let stream = Route(.post, "/stream", "stream", "Streams.", body: anything, answers: []) { _ in
      let (events, continuation) = AsyncStream<[UInt8]>.makeStream()
      continuation.yield(Array("data: 1\n\n".utf8))
      // Held by what it is ended by.
      continuation.onTermination = { _ in continuation.finish() }
      return .events(events)
    }
    var client = ClientToken(
      name: "limited", token: try AccessToken(Self.limited), scopes: [.admin])
    client.limits.concurrent = 1
    let another = ClientToken(
      name: "other", token: try AccessToken(Self.other), scopes: [.admin])
    // However busy the machine, who has sent half a body is not given up before the test has seen it.
    var limits = ServerLimits()
    limits.http.bodyTime = .seconds(600)
    let server = RouteServer(
      table: Published(RouteTable([held, free, stream])), host: "127.0.0.1", port: 0, token: nil,
      clients: [client, another], limits: limits)
    let (task, _) = try await server.start()
    do {
      try await body(Held(port: task.port, begun: begun, letGo: { gate.finish() }))
    } catch {
      gate.finish()
      await task.stop()
      throw error
    }
    gate.finish()
    await task.stop()
  }

  @Test("one too many is told to come again, others are answered, and the place is given back")
  func refuses() async throws {
    try await serve { held in
      async let first = held.ask(Self.limited)
      for await _ in held.begun { break }
      let second = try await held.ask(Self.limited, "/free")
      #expect(second.status == 429)
      #expect(second["retry-after"] == "1")
      #expect(second["connection"] == "close")
      #expect(try await held.ask(Self.other, "/free").status == 204)
      held.letGo()
      #expect(try await first.status == 204)
      #expect(try await held.askUntilLetIn(Self.limited).status == 204)
    }
  }

  @Test("a client that hangs up has its place until its call is over, and not longer")
  func abandonedCall() async throws {
    try await serve { held in
      try await held.abandon(held.request(Self.limited)) {
        for await _ in held.begun { break }
      }
      #expect(try await held.ask(Self.limited, "/free").status == 429)
      held.letGo()
      #expect(try await held.askUntilLetIn(Self.limited).status == 204)
    }
  }

  @Test("a client that hangs up in the middle of its body gives its place back")
  func abandonedBody() async throws {
    try await serve { held in
      let whole = held.request(Self.limited, "/free", body: "0123456789")
      try await held.abandon(Array(whole.dropLast(5))) {
        // Its place is taken once its head is there.
        while !Task.isCancelled,
          (try? await held.ask(Self.limited, "/free").status) != 429
        {}
      }
      #expect(try await held.askUntilLetIn(Self.limited).status == 204)
    }
  }

  @Test("a client that hangs up gives the place of its stream back")
  func abandonedStream() async throws {
    try await serve { held in
      try await RawClient.begin(held.request(Self.limited, "/stream"), port: held.port)
      #expect(try await held.askUntilLetIn(Self.limited).status == 204)
    }
  }
}
