import NIOCore
import NIOPosix
import Synchronization

/// An instrument at the other end of an ASTM link that answers as a test says, byte for byte.
///
/// Units of the link come one at a time, as each waits for its answer: a read holds one, or the EOT of
/// a transfer with what follows it.
struct AnalyserPeer {
  enum Unit: Hashable {
    case enquiry, end, acknowledge, refuse
    /// A frame, by its number.
    case frame(Int)
  }

  private let channel: any Channel
  var port: Int { channel.localAddress?.port ?? 0 }

  /// Runs one while a body calls it; the script is told of each unit and how often it came.
  static func run<Result>(
    _ script: @escaping @Sendable (Unit, _ times: Int) -> [UInt8],
    _ body: (AnalyserPeer) async throws -> Result
  ) async throws -> Result {
    let channel = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
      .childChannelInitializer { channel in
        channel.eventLoop.makeCompletedFuture {
          try channel.pipeline.syncOperations.addHandler(Handler(script))
        }
      }
      .bind(host: "127.0.0.1", port: 0).get()
    do {
      let result = try await body(AnalyserPeer(channel: channel))
      try await channel.close()
      return result
    } catch {
      try await channel.close()
      throw error
    }
  }

  private final class Handler: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer
    private let script: @Sendable (Unit, Int) -> [UInt8]
    private var counts: [Unit: Int] = [:]

    init(_ script: @escaping @Sendable (Unit, Int) -> [UInt8]) { self.script = script }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
      let bytes = Array(Self.unwrapInboundIn(data).readableBytesView)
      for unit in Self.units(bytes) {
        counts[unit, default: 0] += 1
        let answer = script(unit, counts[unit] ?? 0)
        guard !answer.isEmpty else { continue }
        context.writeAndFlush(Self.wrapOutboundOut(ByteBuffer(bytes: answer)), promise: nil)
      }
    }

    private static func units(_ bytes: [UInt8]) -> [Unit] {
      var units: [Unit] = []
      var isInside = false
      for (position, byte) in bytes.enumerated() {
        switch byte {
        case 0x02:
          units.append(.frame(position + 1 < bytes.count ? Int(bytes[position + 1]) - 0x30 : 0))
          isInside = true
        case 0x0A: isInside = false
        case 0x04 where !isInside: units.append(.end)
        case 0x05 where !isInside: units.append(.enquiry)
        case 0x06 where !isInside: units.append(.acknowledge)
        case 0x15 where !isInside: units.append(.refuse)
        default: break
        }
      }
      return units
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
      context.close(promise: nil)
    }
  }
}
