import NIOCore
import NIOPosix

/// A TCP server that answers the first that arrives on a connection with fixed bytes, and closes then
/// or not.
struct CannedServer {
  private let channel: any Channel

  var port: Int { channel.localAddress?.port ?? 0 }

  /// Runs one that sends the answer, if any, once something has arrived, and then closes or not.
  static func run<Result>(
    answer: [UInt8]?, closes: Bool, _ body: (CannedServer) async throws -> Result
  ) async throws -> Result {
    let channel = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
      .childChannelInitializer { channel in
        channel.eventLoop.makeCompletedFuture {
          try channel.pipeline.syncOperations.addHandler(Canned(answer: answer, closes: closes))
        }
      }
      .bind(host: "127.0.0.1", port: 0).get()
    do {
      let result = try await body(CannedServer(channel: channel))
      try await channel.close()
      return result
    } catch {
      try await channel.close()
      throw error
    }
  }

  private final class Canned: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer
    private let answer: [UInt8]?
    private let closes: Bool
    private var hasAnswered = false

    init(answer: [UInt8]?, closes: Bool) {
      self.answer = answer
      self.closes = closes
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
      // One request may arrive in several reads.
      guard !hasAnswered else { return }
      hasAnswered = true
      let written = context.eventLoop.makePromise(of: Void.self)
      if closes {
        let context = NIOLoopBound(context, eventLoop: context.eventLoop)
        written.futureResult.whenComplete { _ in context.value.close(promise: nil) }
      }
      if let answer {
        context.writeAndFlush(Self.wrapOutboundOut(ByteBuffer(bytes: answer)), promise: written)
      } else {
        written.succeed()
      }
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
      context.close(promise: nil)
    }
  }
}
