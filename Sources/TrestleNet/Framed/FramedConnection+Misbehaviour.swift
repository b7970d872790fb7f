internal import NIOCore
internal import TrestleCore

/// Replies that are sent wrongly on purpose.
extension FramedConnection {
  /// Sends a reply's frame as a mock was told to.
  func send(_ frame: [UInt8], misbehaving misbehaviour: Misbehaviour) {
    if misbehaviour.closing == .before { return flushAndClose() }
    if misbehaviour.refusals > 0, framing.linkLayer != nil {
      context?.triggerUserOutboundEvent(
        LinkRefusals(count: misbehaviour.refusals), promise: nil)
    }
    var frame = frame
    if misbehaviour.lengthError != 0 {
      frame =
        framing.replies.misstatingLength(of: frame, by: misbehaviour.lengthError) ?? frame
    }
    if misbehaviour.breaksCheck { frame.alterOneByte() }
    if misbehaviour.closing == .inside { frame = Array(frame[..<(frame.count / 2)]) }
    let closes = misbehaviour.closing != nil
    if misbehaviour.pieces > 1, !isHoldingBack {
      flush()
      return drip(
        frame.pieces(misbehaviour.pieces)[...], pause: TimeAmount(misbehaviour.pause),
        closes: closes)
    }
    output.writeBytes(frame)
    if misbehaviour.glued > 1, !isHoldingBack {
      hold(repliesToCome: misbehaviour.glued - 1)
    } else if repliesToGlue > 0 {
      glued()
    }
    if closes { flushAndClose() }
  }

  /// Sends piece after piece; other replies wait for the last.
  private func drip(_ pieces: ArraySlice<[UInt8]>, pause: TimeAmount, closes: Bool) {
    guard let context, let piece = pieces.first else { return release(closing: closes) }
    isHoldingBack = true
    context.writeAndFlush(
      Self.wrapOutboundOut(context.channel.allocator.buffer(bytes: piece)), promise: nil)
    let rest = pieces.dropFirst()
    guard !rest.isEmpty else { return release(closing: closes) }
    context.eventLoop.assumeIsolated().scheduleTask(in: pause) { [weak self] in
      self?.drip(rest, pause: pause, closes: closes)
    }
  }

  // MARK: Gluing

  /// The longest that replies wait for others; a client that asks no more would wait for ever.
  private static let longestGluing = TimeAmount.seconds(1)

  private func hold(repliesToCome count: Int) {
    isHoldingBack = true
    repliesToGlue = count
    context?.eventLoop.assumeIsolated().scheduleTask(in: Self.longestGluing) { [weak self] in
      guard let self, repliesToGlue > 0 else { return }
      release(closing: false)
    }
  }

  /// One more reply has joined those that wait.
  func glued() {
    repliesToGlue -= 1
    if repliesToGlue == 0 { release(closing: false) }
  }

  /// Sends what was held back.
  private func release(closing: Bool) {
    isHoldingBack = false
    repliesToGlue = 0
    flush()
    if closing || closesAfterHolding { flushAndClose() }
  }
}

extension [UInt8] {
  /// Changes a byte in the middle that is a letter or digit, so that the bytes remain text; any byte
  /// where none is.
  fileprivate mutating func alterOneByte() {
    let isPlain = { (byte: UInt8) in
      (0x31...0x38).contains(byte) || (0x42...0x59).contains(byte) || (0x62...0x79).contains(byte)
    }
    let order = Swift.Array(indices[(count / 2)...]) + indices[..<(count / 2)].reversed()
    guard let place = order.first(where: { isPlain(self[$0]) }) ?? order.first else { return }
    self[place] ^= 0x01
  }

  /// The bytes in so many pieces of about the same size.
  fileprivate func pieces(_ wanted: Int) -> [[UInt8]] {
    let size = Swift.max(1, (count + wanted - 1) / wanted)
    return stride(from: 0, to: count, by: size).map {
      Swift.Array(self[$0..<Swift.min($0 + size, count)])
    }
  }
}
