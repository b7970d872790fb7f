import NIOCore
import NIOPosix
import Synchronization

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// A TCP proxy that does to connections what bad networks do; knows nothing of what goes over them.
final class FaultProxy: Sendable {
  /// What it does.
  enum Fault: Sendable, Hashable {
    /// Passes everything on.
    case none
    /// Passes everything on so much later, each way.
    case late(milliseconds: Int64)
    /// Ends both connections when so many bytes have gone to the server.
    case cutRequest(after: Int)
    /// Ends both connections when so many bytes have gone to the client.
    case cutReply(after: Int)
    /// Passes what the server sends on byte by byte, with a pause before each.
    case trickle(milliseconds: Int64)
    /// Resets the client's connection as soon as it is there.
    case resetAtOnce
    /// Resets it at the first bytes of the request.
    case resetAtRequest
    /// Resets it when so many bytes have gone to the client.
    case resetReply(after: Int)
    /// Takes what comes, and never answers.
    case silence
  }

  private struct State {
    var fault = Fault.none
    var accepted = 0
    var open = 0
  }

  private let state = Mutex(State())
  fileprivate let target: Int

  private init(to target: Int) { self.target = target }

  /// What it does to connections that begin from now on.
  var fault: Fault {
    get { state.withLock { $0.fault } }
    set { state.withLock { $0.fault = newValue } }
  }

  /// How many connections it took.
  var accepted: Int { state.withLock { $0.accepted } }

  /// How many of its connections are open, those to the server among them.
  var open: Int { state.withLock { $0.open } }

  /// Runs one before a port of this machine while a body uses it.
  static func run<Result>(
    before target: Int, _ body: (FaultProxy, _ port: Int) async throws -> Result
  ) async throws -> Result {
    let proxy = FaultProxy(to: target)
    let channel = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
      .childChannelInitializer { channel in
        channel.eventLoop.makeCompletedFuture {
          try channel.pipeline.syncOperations.addHandler(ClientSide(proxy))
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

  fileprivate func opened(accepted: Bool) {
    state.withLock {
      $0.open += 1
      if accepted { $0.accepted += 1 }
    }
  }

  fileprivate func closed() { state.withLock { $0.open -= 1 } }
}

/// The client's side of a connection.
private final class ClientSide: ChannelInboundHandler {
  typealias InboundIn = ByteBuffer

  private let proxy: FaultProxy
  private let fault: FaultProxy.Fault
  private var server: (any Channel)?
  /// What came before the server's side was there.
  private var early: [ByteBuffer] = []
  private var count = 0

  init(_ proxy: FaultProxy) {
    self.proxy = proxy
    fault = proxy.fault
  }

  func channelActive(context: ChannelHandlerContext) {
    proxy.opened(accepted: true)
    if fault == .resetAtOnce { return context.channel.reset() }
    if fault == .silence { return }
    let client = context.channel
    let bound = NIOLoopBound(self, eventLoop: context.eventLoop)
    ClientBootstrap(group: context.eventLoop)
      .channelInitializer { [proxy, fault] channel in
        channel.eventLoop.makeCompletedFuture {
          try channel.pipeline.syncOperations.addHandler(ServerSide(proxy, fault, client))
        }
      }
      .connect(host: "127.0.0.1", port: proxy.target)
      .whenComplete { result in
        guard case .success(let channel) = result, client.isActive else {
          if case .success(let channel) = result { channel.close(promise: nil) }
          return client.close(promise: nil)
        }
        bound.value.server = channel
        let early = bound.value.early
        bound.value.early = []
        for bytes in early { channel.writeAndFlush(bytes, promise: nil) }
      }
  }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    var bytes = Self.unwrapInboundIn(data)
    count += bytes.readableBytes
    switch fault {
    case .silence: return
    case .resetAtRequest: return context.channel.reset()
    case .cutRequest(let limit) where count >= limit:
      let left = max(0, limit - (count - bytes.readableBytes))
      if let part = bytes.readSlice(length: left), left > 0 { pass(part, context) }
      let bound = NIOLoopBound(self, eventLoop: context.eventLoop)
      let client = context.channel
      // What was let through goes out first.
      context.eventLoop.execute {
        bound.value.server?.close(promise: nil)
        client.close(promise: nil)
      }
    case .late(let milliseconds):
      let bound = NIOLoopBound((self, context), eventLoop: context.eventLoop)
      context.eventLoop.scheduleTask(in: .milliseconds(milliseconds)) { [bytes] in
        bound.value.0.pass(bytes, bound.value.1)
      }
    default: pass(bytes, context)
    }
  }

  private func pass(_ bytes: ByteBuffer, _ context: ChannelHandlerContext) {
    guard let server else { return early.append(bytes) }
    server.writeAndFlush(bytes, promise: nil)
  }

  func channelInactive(context: ChannelHandlerContext) {
    proxy.closed()
    server?.close(promise: nil)
  }

  func errorCaught(context: ChannelHandlerContext, error: any Error) {
    context.close(promise: nil)
  }
}

/// The server's side of a connection.
private final class ServerSide: ChannelInboundHandler {
  typealias InboundIn = ByteBuffer

  private let proxy: FaultProxy
  private let fault: FaultProxy.Fault
  private let client: any Channel
  private var count = 0
  private var isDone = false
  private var waiting = ByteBuffer()
  private var isTrickling = false

  init(_ proxy: FaultProxy, _ fault: FaultProxy.Fault, _ client: any Channel) {
    self.proxy = proxy
    self.fault = fault
    self.client = client
  }

  func channelActive(context: ChannelHandlerContext) { proxy.opened(accepted: false) }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    guard !isDone else { return }
    var bytes = Self.unwrapInboundIn(data)
    count += bytes.readableBytes
    switch fault {
    case .cutReply(let limit) where count >= limit:
      end(&bytes, limit) { $0.close(promise: nil) }
    case .resetReply(let limit) where count >= limit:
      end(&bytes, limit) { $0.reset() }
    case .late(let milliseconds):
      context.eventLoop.scheduleTask(in: .milliseconds(milliseconds)) { [client, bytes] in
        client.writeAndFlush(bytes, promise: nil)
      }
    case .trickle(let milliseconds):
      waiting.writeBuffer(&bytes)
      if !isTrickling { trickle(milliseconds, context) }
    default: client.writeAndFlush(bytes, promise: nil)
    }
  }

  /// Sends what is left up to a limit, and then ends the client's connection.
  private func end(
    _ bytes: inout ByteBuffer, _ limit: Int, _ how: @escaping @Sendable (any Channel) -> Void
  ) {
    isDone = true
    let left = max(0, limit - (count - bytes.readableBytes))
    guard left > 0, let part = bytes.readSlice(length: left) else { return how(client) }
    client.writeAndFlush(part).whenComplete { [client] _ in how(client) }
  }

  private func trickle(_ milliseconds: Int64, _ context: ChannelHandlerContext) {
    isTrickling = true
    let bound = NIOLoopBound((self, context), eventLoop: context.eventLoop)
    context.eventLoop.scheduleTask(in: .milliseconds(milliseconds)) {
      let (side, context) = bound.value
      guard side.client.isActive, let byte = side.waiting.readSlice(length: 1) else {
        side.isTrickling = false
        return
      }
      side.client.writeAndFlush(byte, promise: nil)
      side.trickle(milliseconds, context)
    }
  }

  func channelInactive(context: ChannelHandlerContext) {
    proxy.closed()
    // What is late has to get through before the end does.
    if case .late(let milliseconds) = fault {
      context.eventLoop.scheduleTask(in: .milliseconds(milliseconds)) { [client] in
        client.close(promise: nil)
      }
    } else {
      client.close(promise: nil)
    }
  }

  func errorCaught(context: ChannelHandlerContext, error: any Error) {
    context.close(promise: nil)
  }
}

extension Channel {
  /// Closes the connection with a reset instead of an end.
  fileprivate func reset() {
    guard let provider = self as? any SocketOptionProvider else { return close(promise: nil) }
    provider.setSoLinger(linger(l_onoff: 1, l_linger: 0)).whenComplete { _ in
      self.close(promise: nil)
    }
  }
}
