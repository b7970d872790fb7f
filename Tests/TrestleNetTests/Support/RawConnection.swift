import NIOCore
import NIOPosix

/// A bare TCP connection: sends the bytes it is told to, shows what comes back.
struct RawConnection {
  private let channel: any Channel
  private var chunks: AsyncStream<[UInt8]>.Iterator
  private(set) var received: [UInt8] = []

  init(to port: Int) async throws {
    let (stream, continuation) = AsyncStream<[UInt8]>.makeStream()
    channel = try await ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
      .channelOption(.tcpOption(.tcp_nodelay), value: 1)
      .channelOption(.allowRemoteHalfClosure, value: true)
      .channelInitializer { channel in
        channel.eventLoop.makeCompletedFuture {
          try channel.pipeline.syncOperations.addHandler(Collector(continuation))
        }
      }
      .connect(host: "127.0.0.1", port: port).get()
    chunks = stream.makeAsyncIterator()
  }

  func send(_ text: String) async throws { try await send(Array(text.utf8)) }

  func send(_ bytes: [UInt8]) async throws {
    try await channel.writeAndFlush(ByteBuffer(bytes: bytes))
  }

  func closeSending() async throws { try await channel.close(mode: .output) }

  func close() async throws { try await channel.close() }

  /// Everything received so far, once it ends with some text or the peer has closed.
  mutating func read(until end: String) async -> String {
    while !received.reversed().starts(with: end.utf8.reversed()), let chunk = await next() {
      received += chunk
    }
    return String(decoding: received, as: UTF8.self)
  }

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
    private let continuation: AsyncStream<[UInt8]>.Continuation

    init(_ continuation: AsyncStream<[UInt8]>.Continuation) { self.continuation = continuation }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
      continuation.yield(Array(Self.unwrapInboundIn(data).readableBytesView))
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
      if event as? ChannelEvent == .inputClosed { continuation.finish() }
    }

    func channelInactive(context: ChannelHandlerContext) { continuation.finish() }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
      context.close(promise: nil)
    }
  }
}
