import NIOCore
import NIOPosix

/// A bare TCP connection: sends the bytes it is told to, shows what comes back.
struct RawConnection {
  private let channel: any Channel
  private var chunks: AsyncStream<[UInt8]>.Iterator
  private(set) var received: [UInt8] = []

  /// Connects, and sends the first bytes at once: a server gives up clients that say nothing, and a test may have to
  /// wait long for its turn.
  init(to port: Int, sending bytes: [UInt8] = []) async throws {
    let (stream, continuation) = AsyncStream<[UInt8]>.makeStream()
    channel = try await ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
      .channelOption(.tcpOption(.tcp_nodelay), value: 1)
      .channelInitializer { channel in
        channel.eventLoop.makeCompletedFuture {
          try channel.pipeline.syncOperations.addHandler(Collector(continuation, sending: bytes))
        }
      }
      .connect(host: "127.0.0.1", port: port).get()
    chunks = stream.makeAsyncIterator()
  }

  func close() async throws { try await channel.close() }

  /// Everything received once there are that many bytes or the peer has closed.
  mutating func read(count: Int) async -> [UInt8] {
    while received.count < count, let chunk = await next() { received += chunk }
    return received
  }

  /// Everything the peer sent until it closed.
  mutating func readToEnd() async -> String {
    while let chunk = await next() { received += chunk }
    return String(decoding: received, as: UTF8.self)
  }

  private mutating func next() async -> [UInt8]? { await chunks.next(isolation: #isolation) }

  private final class Collector: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer
    private let continuation: AsyncStream<[UInt8]>.Continuation
    private let bytes: [UInt8]

    init(_ continuation: AsyncStream<[UInt8]>.Continuation, sending bytes: [UInt8]) {
      self.continuation = continuation
      self.bytes = bytes
    }

    func channelActive(context: ChannelHandlerContext) {
      guard !bytes.isEmpty else { return }
      context.writeAndFlush(Self.wrapOutboundOut(ByteBuffer(bytes: bytes)), promise: nil)
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
      continuation.yield(Array(Self.unwrapInboundIn(data).readableBytesView))
    }

    func channelInactive(context: ChannelHandlerContext) { continuation.finish() }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
      context.close(promise: nil)
    }
  }
}
