import NIOCore
import NIOPosix
import Synchronization

/// A server of lines that a test writes: it is shown each line, and answers with the lines it is told
/// to. What it was sent is kept.
final class LinePeer: Sendable {
  enum Turn: Sendable {
    case say([String])
    /// Sends the lines and closes.
    case last([String])

    static func say(_ line: String) -> Turn { .say([line]) }
    static let silence = Turn.say([])
  }

  struct Line: Sendable, Equatable {
    var text: String
    /// Which connection it came on, from 1.
    var connection: Int
  }

  private struct State {
    var lines: [Line] = []
    var connections = 0
    var watchers: [(count: Int, CheckedContinuation<Void, Never>)] = []
  }

  private let hello: [String]
  private let script: @Sendable (Line) -> Turn
  private let state = Mutex(State())

  private init(hello: [String], _ script: @escaping @Sendable (Line) -> Turn) {
    self.hello = hello
    self.script = script
  }

  var lines: [Line] { state.withLock { $0.lines } }
  var texts: [String] { lines.map(\.text) }
  var connections: Int { state.withLock { $0.connections } }

  /// Waits until so many lines have come.
  func lines(_ count: Int) async -> [String] {
    await withCheckedContinuation { continuation in
      let isDone = state.withLock { state in
        if state.lines.count >= count { return true }
        state.watchers.append((count, continuation))
        return false
      }
      if isDone { continuation.resume() }
    }
    return texts
  }

  /// Runs one while a body calls it.
  static func run<Result>(
    hello: [String] = [], _ script: @escaping @Sendable (Line) -> Turn,
    _ body: (LinePeer, _ port: Int) async throws -> Result
  ) async throws -> Result {
    let peer = LinePeer(hello: hello, script)
    let channel = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
      .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
      .childChannelInitializer { channel in
        channel.eventLoop.makeCompletedFuture {
          try channel.pipeline.syncOperations.addHandler(Connection(peer))
        }
      }
      .bind(host: "127.0.0.1", port: 0).get()
    do {
      let result = try await body(peer, channel.localAddress?.port ?? 0)
      try await channel.close()
      return result
    } catch {
      try await channel.close()
      throw error
    }
  }

  private func turn(_ line: Line) -> Turn {
    let due = state.withLock { state in
      state.lines.append(line)
      let due = state.watchers.filter { $0.count <= state.lines.count }
      state.watchers.removeAll { $0.count <= state.lines.count }
      return due
    }
    for (_, continuation) in due { continuation.resume() }
    return script(line)
  }

  private final class Connection: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    private let peer: LinePeer
    private let number: Int
    private var input: [UInt8] = []

    init(_ peer: LinePeer) {
      self.peer = peer
      number = peer.state.withLock { state in
        state.connections += 1
        return state.connections
      }
    }

    func channelActive(context: ChannelHandlerContext) { say(peer.hello, context) }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
      input += Array(Self.unwrapInboundIn(data).readableBytesView)
      while let end = input.firstIndex(of: UInt8(ascii: "\n")) {
        let text = String(decoding: input[..<end], as: UTF8.self)
        input.removeFirst(end + 1)
        switch peer.turn(Line(text: text, connection: number)) {
        case .say(let lines): say(lines, context)
        case .last(let lines):
          say(lines, context)
          context.close(promise: nil)
        }
      }
    }

    private func say(_ lines: [String], _ context: ChannelHandlerContext) {
      guard !lines.isEmpty else { return }
      let text = lines.map { $0 + "\n" }.joined()
      context.writeAndFlush(Self.wrapOutboundOut(ByteBuffer(string: text)), promise: nil)
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
      context.close(promise: nil)
    }
  }
}
