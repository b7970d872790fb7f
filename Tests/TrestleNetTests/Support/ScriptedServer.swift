import NIOCore
import NIOPosix
import Synchronization

/// An HTTP server that a test writes: it is shown each whole request as text, and sends the bytes it
/// is told to. What it was sent is kept.
final class ScriptedServer: Sendable {
  /// What becomes of a request.
  enum Turn: Sendable {
    /// Sends bytes, and keeps the connection.
    case answer([UInt8])
    /// Sends bytes and closes.
    case last([UInt8])
    /// Closes without a word.
    case close

    /// A whole response with a body, kept alive.
    static func response(_ status: String, _ fields: [String] = [], _ body: String = "") -> Turn {
      response(status, fields, bytes: Array(body.utf8))
    }

    static func response(_ status: String, _ fields: [String] = [], bytes: [UInt8]) -> Turn {
      var head = "HTTP/1.1 \(status)\r\n"
      for field in fields { head += field + "\r\n" }
      head += "Content-Length: \(bytes.count)\r\n\r\n"
      var message = Array(head.utf8)
      message += bytes
      return .answer(message)
    }

    static func ok(_ body: String = "ok") -> Turn { .response("200 OK", [], body) }
  }

  /// A request as it arrived.
  struct Request: Sendable {
    /// The request line: `POST /x HTTP/1.1`.
    var line: String
    /// The whole header section.
    var head: String
    var body: [UInt8]
    /// Which connection it came on, from 1.
    var connection: Int

    /// The value of a header field; nil when there is none.
    func field(_ name: String) -> String? {
      for line in head.split(separator: "\r\n").dropFirst() {
        guard let colon = line.firstIndex(of: ":") else { continue }
        guard line[..<colon].lowercased() == name.lowercased() else { continue }
        return String(line[line.index(after: colon)...].drop { $0 == " " })
      }
      return nil
    }
  }

  typealias Script = @Sendable (Request, _ number: Int) -> Turn

  private struct State {
    var requests: [Request] = []
    var connections = 0
  }

  private let script: Script
  private let state = Mutex(State())

  private init(_ script: @escaping Script) { self.script = script }

  var requests: [Request] { state.withLock { $0.requests } }
  var connections: Int { state.withLock { $0.connections } }

  /// Runs one while a body calls it.
  static func run<Result>(
    _ script: @escaping Script, _ body: (ScriptedServer, _ port: Int) async throws -> Result
  ) async throws -> Result {
    let server = ScriptedServer(script)
    let channel = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
      .childChannelInitializer { channel in
        channel.eventLoop.makeCompletedFuture {
          try channel.pipeline.syncOperations.addHandler(Connection(server))
        }
      }
      .bind(host: "127.0.0.1", port: 0).get()
    do {
      let result = try await body(server, channel.localAddress?.port ?? 0)
      try await channel.close()
      return result
    } catch {
      try await channel.close()
      throw error
    }
  }

  private func turn(_ request: Request) -> Turn {
    let number = state.withLock { state in
      state.requests.append(request)
      return state.requests.count
    }
    return script(request, number)
  }

  private final class Connection: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    private let server: ScriptedServer
    private let number: Int
    private var input: [UInt8] = []

    init(_ server: ScriptedServer) {
      self.server = server
      number = server.state.withLock { state in
        state.connections += 1
        return state.connections
      }
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
      input += Array(Self.unwrapInboundIn(data).readableBytesView)
      while let request = next() {
        switch server.turn(request) {
        case .answer(let bytes):
          context.writeAndFlush(Self.wrapOutboundOut(ByteBuffer(bytes: bytes)), promise: nil)
        case .last(let bytes):
          let written = context.eventLoop.makePromise(of: Void.self)
          let context = NIOLoopBound(context, eventLoop: context.eventLoop)
          written.futureResult.whenComplete { _ in context.value.close(promise: nil) }
          context.value.writeAndFlush(
            Self.wrapOutboundOut(ByteBuffer(bytes: bytes)), promise: written)
        case .close: context.close(promise: nil)
        }
      }
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
      context.close(promise: nil)
    }

    private func next() -> Request? {
      guard let end = input.firstRange(of: Array("\r\n\r\n".utf8)) else { return nil }
      let head = String(decoding: input[..<end.lowerBound], as: UTF8.self)
      var request = Request(
        line: String(head.prefix { $0 != "\r\n" }), head: head, body: [], connection: number)
      let length = request.field("Content-Length").flatMap { Int($0) } ?? 0
      guard input.count >= end.upperBound + length else { return nil }
      request.body = Array(input[end.upperBound..<end.upperBound + length])
      input.removeFirst(end.upperBound + length)
      return request
    }
  }
}
