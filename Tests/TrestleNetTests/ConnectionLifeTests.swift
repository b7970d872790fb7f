import NIOCore
import NIOPosix
import Testing
import TrestleCore

@testable import TrestleNet

@Suite("What is left of connections")
struct ConnectionLifeTests {
  /// A handler that nothing here keeps. Touched on its event loop alone while the channel lives.
  private final class Held: @unchecked Sendable {
    weak var handler: (any ChannelHandler)?
  }

  private static let handlers: [String: @Sendable (any EventLoop) -> any ChannelHandler] = [
    "a client's over HTTP": {
      PlainConnection(PlainPool(host: "h", port: 1, limits: .init(), on: $0))
    },
    "a server's over HTTP": { _ in
      HTTPConnection(service: .echo(), limits: HTTPServerLimits(), isSecure: false)
    },
    "a server's in frames": { _ in
      FramedConnection(service: .echo(), framing: LineFraming(), limits: FramedServerLimits())
    },
  ]

  @Test("a connection that is closed is gone", arguments: handlers.keys.sorted())
  func gone(_ name: String) async throws {
    let make = try #require(Self.handlers[name])
    let server = try await HTTPServer(.echo()).start(port: 0)
    let held = Held()
    let channel = try await ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
      .channelInitializer { channel in
        channel.eventLoop.makeCompletedFuture {
          let handler = make(channel.eventLoop)
          held.handler = handler
          try channel.pipeline.syncOperations.addHandler(handler)
        }
      }
      .connect(host: "127.0.0.1", port: server.port).get()
    #expect(held.handler != nil)
    try await channel.close()
    #expect(await eventually { held.handler == nil })
    await server.shutdown()
  }
}
