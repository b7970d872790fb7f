import Foundation
import NIOCore
import NIOPosix
import Synchronization

/// An HTTP server that knows nothing of ours: keeps requests as they came, answers as it is told.
final class RawPeer: Sendable {
  struct Request: Sendable {
    var method: String
    var target: String
    var head: String
    var body: String
  }

  struct Answer: Sendable {
    var status = 200
    var type = "application/json"
    var body = "{}"
  }

  private let seen = Mutex<[Request]>([])
  private let answer: @Sendable (Request) -> Answer

  private init(_ answer: @escaping @Sendable (Request) -> Answer) { self.answer = answer }

  /// What it was asked, in order.
  var requests: [Request] { seen.withLock { $0 } }

  /// Runs one while a body uses it.
  static func run<Result>(
    _ answer: @escaping @Sendable (Request) -> Answer = { _ in Answer() },
    _ body: (RawPeer, _ port: Int) async throws -> Result
  ) async throws -> Result {
    let peer = RawPeer(answer)
    let channel = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
      .childChannelInitializer { channel in
        channel.eventLoop.makeCompletedFuture {
          try channel.pipeline.syncOperations.addHandler(Conversation(peer))
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

  /// A port of this machine that nobody listens on: below those that the system gives to whoever asks
  /// for any, so that no test beside this one is given it.
  static func freePort() async throws -> Int {
    while true {
      let port = Int.random(in: 20_000..<32_000)
      let bootstrap = ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
      guard let channel = try? await bootstrap.bind(host: "127.0.0.1", port: port).get() else {
        continue
      }
      try await channel.close()
      return port
    }
  }

  private func respond(to text: String) -> (answer: String, length: Int)? {
    guard let end = text.range(of: "\r\n\r\n") else { return nil }
    let head = String(text[..<end.lowerBound])
    let lines = head.components(separatedBy: "\r\n")
    let length =
      lines.first { $0.lowercased().hasPrefix("content-length:") }
      .flatMap { Int($0.dropFirst(15).trimmingCharacters(in: .whitespaces)) } ?? 0
    let rest = Array(text[end.upperBound...].utf8)
    guard rest.count >= length else { return nil }
    let words = lines[0].split(separator: " ").map(String.init)
    let request = Request(
      method: words[0], target: words.count > 1 ? words[1] : "", head: head,
      body: String(decoding: rest[..<length], as: UTF8.self))
    seen.withLock { $0.append(request) }
    let answer = self.answer(request)
    let body = request.method == "HEAD" ? "" : answer.body
    return (
      "HTTP/1.1 \(answer.status) Told\r\nContent-Type: \(answer.type)\r\n"
        + "Content-Length: \(answer.body.utf8.count)\r\n\r\n\(body)",
      head.utf8.count + 4 + length
    )
  }

  private final class Conversation: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer
    private let peer: RawPeer
    private var pending: [UInt8] = []

    init(_ peer: RawPeer) { self.peer = peer }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
      pending += Self.unwrapInboundIn(data).readableBytesView
      while let (answer, length) = peer.respond(to: String(decoding: pending, as: UTF8.self)) {
        pending.removeFirst(length)
        context.writeAndFlush(Self.wrapOutboundOut(ByteBuffer(string: answer)), promise: nil)
      }
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
      context.close(promise: nil)
    }
  }
}
