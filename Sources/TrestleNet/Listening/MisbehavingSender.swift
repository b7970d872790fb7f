internal import NIOCore
internal import TrestleCore

#if canImport(Glibc)
  internal import Glibc
#elseif canImport(Musl)
  internal import Musl
#else
  internal import Darwin
#endif

/// Sends the bytes of one reply wrongly, as a mock was told to: what servers of all protocols share.
///
/// Everything happens on the connection's event loop. Others must not write to the connection until
/// `finished` was called.
final class MisbehavingSender {
  /// What is left to be done with the connection.
  enum Ending {
    /// It goes on.
    case open
    /// It is closed in order.
    case close
    /// It has been reset.
    case wasReset
  }

  private let context: ChannelHandlerContext
  private let pacer: Pacer
  private let misbehaviour: Misbehaviour
  private let finished: (Ending) -> Void

  init(
    _ misbehaviour: Misbehaviour, context: ChannelHandlerContext, pacer: Pacer,
    finished: @escaping (Ending) -> Void
  ) {
    self.misbehaviour = misbehaviour
    self.context = context
    self.pacer = pacer
    self.finished = finished
  }

  /// Sends a reply, its head or frame included.
  func send(_ bytes: [UInt8]) {
    var bytes = bytes
    if let noise = misbehaviour.noise {
      bytes = Misbehaviour.randomBytes(noise, seed: misbehaviour.seed)
    }
    switch misbehaviour.closing {
    case .before: return end()
    case .inside: bytes = Array(bytes[..<(bytes.count / 2)])
    case .after, nil: break
    }
    send(misbehaviour.pieces(of: bytes)[...])
  }

  private func send(_ pieces: ArraySlice<[UInt8]>) {
    guard let piece = pieces.first, context.channel.isActive else { return end() }
    let rest = pieces.dropFirst()
    let buffer = context.channel.allocator.buffer(bytes: piece)
    if rest.isEmpty, isLast {
      // Closing throws away what has not left yet.
      let written = context.eventLoop.makePromise(of: Void.self)
      written.futureResult.assumeIsolated().whenComplete { _ in self.end() }
      return context.writeAndFlush(NIOAny(buffer), promise: written)
    }
    context.writeAndFlush(NIOAny(buffer), promise: nil)
    guard !rest.isEmpty else { return end() }
    pacer.after(misbehaviour.pause, on: context.eventLoop) { self.send(rest) }
  }

  private var isLast: Bool { misbehaviour.closing != nil || misbehaviour.noise != nil }

  private func end() {
    guard isLast else { return finished(.open) }
    guard misbehaviour.resets else { return finished(.close) }
    context.channel.reset()
    finished(.wasReset)
  }
}

extension Channel {
  /// Closes the connection with a reset: the peer loses what it has not read, and is told that
  /// something went wrong (`ECONNRESET`).
  func reset() {
    if let provider = self as? any SocketOptionProvider {
      // Where it cannot be had (a socket of this machine), closing at once is the nearest.
      _ = provider.setSoLinger(linger(l_onoff: 1, l_linger: 0))
    }
    close(promise: nil)
  }
}
