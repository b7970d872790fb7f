import NIOCore
import NIOPosix
import Synchronization

/// A proxy that knows CONNECT alone: makes the tunnel it is asked for, and keeps what it was asked.
final class TunnelProxy: Sendable {
  private let seen = Mutex<[String]>([])

  /// The header sections it was sent.
  var heads: [String] { seen.withLock { $0 } }

  static func run<Result>(
    _ body: (TunnelProxy, _ port: Int) async throws -> Result
  ) async throws -> Result {
    let proxy = TunnelProxy()
    let channel = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
      .childChannelInitializer { channel in
        channel.eventLoop.makeCompletedFuture {
          try channel.pipeline.syncOperations.addHandler(Near(proxy))
        }
      }
      .bind(host: "127.0.0.1", port: 0).get()
    do {
      let result = try await body(proxy, channel.localAddress?.port ?? 0)
      try await channel.close()
      return result
    } catch {
      try await channel.close()
      throw error
    }
  }

  /// The client's side of a tunnel.
  private final class Near: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    private let proxy: TunnelProxy
    private var head: [UInt8] = []
    private var far: (any Channel)?

    init(_ proxy: TunnelProxy) { self.proxy = proxy }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
      let bytes = Self.unwrapInboundIn(data)
      if let far {
        far.writeAndFlush(bytes, promise: nil)
        return
      }
      head += Array(bytes.readableBytesView)
      guard head.suffix(4).elementsEqual("\r\n\r\n".utf8) else { return }
      let text = String(decoding: head, as: UTF8.self)
      proxy.seen.withLock { $0.append(text) }
      let target = text.split(separator: " ")[1].split(separator: ":")
      let near = context.channel
      let bound = NIOLoopBound((self, context), eventLoop: context.eventLoop)
      ClientBootstrap(group: context.eventLoop)
        .channelInitializer { channel in
          channel.eventLoop.makeCompletedFuture {
            try channel.pipeline.syncOperations.addHandler(Far(near))
          }
        }
        .connect(host: String(target[0]), port: Int(target[1]) ?? 0)
        .whenSuccess { channel in
          bound.value.0.far = channel
          let answer = ByteBuffer(string: "HTTP/1.1 200 Connection established\r\n\r\n")
          bound.value.1.writeAndFlush(Self.wrapOutboundOut(answer), promise: nil)
        }
    }

    func channelInactive(context: ChannelHandlerContext) { far?.close(promise: nil) }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
      context.close(promise: nil)
    }
  }

  /// The server's side.
  private final class Far: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer
    private let near: any Channel

    init(_ near: any Channel) { self.near = near }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
      near.writeAndFlush(Self.unwrapInboundIn(data), promise: nil)
    }

    func channelInactive(context: ChannelHandlerContext) { near.close(promise: nil) }
  }
}
