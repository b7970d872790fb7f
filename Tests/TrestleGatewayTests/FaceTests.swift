import Synchronization
import Testing
import Trestle

@testable import TrestleGateway

@Suite("Faces of other protocols on the gateway's port", .timeLimit(.minutes(1)))
struct FaceTests {
  private func serve(
    _ route: Route, _ body: (_ port: Int) async throws -> Void
  ) async throws {
    let server = RouteServer(
      table: Published(RouteTable([route])), host: "127.0.0.1", port: 0, token: nil,
      limits: ServerLimits())
    let (task, _) = try await server.start()
    do {
      try await body(task.port)
    } catch {
      await task.stop()
      throw error
    }
    await task.stop()
  }

  private static func request(_ port: Int, _ body: String = "raw") -> [UInt8] {
    Array(
      ("POST /own HTTP/1.1\r\nHost: 127.0.0.1:\(port)\r\nConnection: close\r\n"
        + "Content-Type: text/odd\r\nX-Own: a\r\nContent-Length: \(body.utf8.count)\r\n\r\n\(body)")
        .utf8)
  }

  @Test("a route may read a body of its own, and all fields")
  func readsRawBodies() async throws {
    var route = Route(
      .post, "/own", "own", "Own.",
      body: Route.Body(shape: [:], summary: "Anything.", isJSON: false), answers: []
    ) { request in
      let own = request.values(of: "X-Own").joined()
      return APIResponse(body: .text(request.body + Array(own.utf8), type: "text/plain"))
    }
    route.isDescribed = false
    try await serve(route) { port in
      let answer = try await RawClient.exchange(Self.request(port), port: port)
      #expect(RawResponse(answer)?.body == Array("rawa".utf8))
    }
  }

  @Test("events are sent as they come, and end with their stream")
  func streams() async throws {
    let route = Route(
      .post, "/own", "own", "Own.",
      body: Route.Body(shape: [:], summary: "Anything.", isJSON: false), answers: []
    ) { _ in
      let (events, continuation) = AsyncStream<[UInt8]>.makeStream()
      continuation.yield(Array("data: 1\n\n".utf8))
      continuation.yield(Array("data: 2\n\n".utf8))
      continuation.finish()
      return .events(events)
    }
    try await serve(route) { port in
      let answer = try #require(
        RawResponse(try await RawClient.exchange(Self.request(port), port: port)))
      #expect(answer["content-type"] == "text/event-stream")
      #expect(answer["x-accel-buffering"] == "no")
      #expect(String(decoding: answer.body, as: UTF8.self) == "data: 1\n\ndata: 2\n\n")
    }
  }

  @Test("a client that goes away ends the stream")
  func endsWithTheClient() async throws {
    let (ends, end) = AsyncStream<Void>.makeStream()
    let route = Route(
      .post, "/own", "own", "Own.",
      body: Route.Body(shape: [:], summary: "Anything.", isJSON: false), answers: []
    ) { _ in
      let (events, continuation) = AsyncStream<[UInt8]>.makeStream()
      continuation.onTermination = { _ in end.finish() }
      continuation.yield(Array("data: 1\n\n".utf8))
      return .events(events)
    }
    try await serve(route) { port in
      try await RawClient.begin(Self.request(port), port: port)
      for await _ in ends {}
    }
  }
}
