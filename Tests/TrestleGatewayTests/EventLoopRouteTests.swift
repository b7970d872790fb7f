import NIOCore
import NIOPosix
import Testing
import Trestle

@testable import TrestleGateway

@Suite("Where routes are answered", .timeLimit(.minutes(1)))
struct EventLoopRouteTests {
  /// Whether a route runs on its connection's event loop, also after it has waited for something.
  private func places(of route: Route, body: String) async throws -> String {
    var route = route
    route.handle = { _ in
      let atFirst = MultiThreadedEventLoopGroup.currentEventLoop != nil
      try await MultiThreadedEventLoopGroup.singleton.next().submit {}.get()
      let later = MultiThreadedEventLoopGroup.currentEventLoop != nil
      return APIResponse(body: .text(Array("\(atFirst) \(later)".utf8), type: "text/plain"))
    }
    let server = RouteServer(
      table: Published(RouteTable([route])), host: "127.0.0.1", port: 0, token: nil,
      limits: ServerLimits())
    let (task, _) = try await server.start()
    var answer: Result<String, any Error>
    do {
      let request =
        "POST /own HTTP/1.1\r\nHost: 127.0.0.1:\(task.port)\r\nConnection: close\r\n"
        + "Content-Length: \(body.utf8.count)\r\n\r\n\(body)"
      answer = .success(
        String(
          decoding: try await RawClient.exchange(Array(request.utf8), port: task.port),
          as: UTF8.self))
    } catch {
      answer = .failure(error)
    }
    await task.stop()
    return try answer.get()
  }

  private var route: Route {
    Route(
      .post, "/own", "own", "Own.",
      body: Route.Body(shape: [:], summary: "Anything.", isJSON: false, limit: 1 << 20), answers: []
    ) { _ in .done }
  }

  @Test("a brief one is answered on its connection's event loop")
  func brief() async throws {
    #expect(try await places(of: route.brief, body: "x").suffix(9) == "true true")
  }

  @Test("others leave it to those who wait, and so does a long body")
  func others() async throws {
    #expect(try await places(of: route, body: "x").suffix(11) == "false false")
    let long = String(repeating: "x", count: 100_000)
    #expect(try await places(of: route.brief, body: long).suffix(11) == "false false")
  }
}
