internal import NIOCore
internal import TrestleCore

/// Replies that are sent wrongly on purpose.
extension FramedConnection {
  /// Sends a reply's frame as a mock was told to.
  func send(_ frame: [UInt8], misbehaving misbehaviour: Misbehaviour) {
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
    let isPlain =
      !misbehaviour.isPieced && misbehaviour.noise == nil && misbehaviour.closing == nil
    if !isPlain, !isHoldingBack, let context {
      // Other replies wait for this one's end, and what was answered before leaves first.
      flush()
      isHoldingBack = true
      return MisbehavingSender(misbehaviour, context: context, pacer: pacer) {
        [weak self] ending in
        guard let self else { return }
        if ending == .wasReset { return wasReset() }
        release(closing: ending == .close)
      }.send(frame)
    }
    if misbehaviour.closing == .before { return flushAndClose() }
    output.writeBytes(misbehaviour.closing == .inside ? Array(frame[..<(frame.count / 2)]) : frame)
    if misbehaviour.glued > 1, !isHoldingBack {
      hold(repliesToCome: misbehaviour.glued - 1)
    } else if repliesToGlue > 0 {
      glued()
    }
    if misbehaviour.closing != nil { flushAndClose() }
  }

  // MARK: Gluing

  /// The longest that replies wait for others; a client that asks no more would wait for ever.
  private static let longestGluing = Duration.seconds(1)

  private func hold(repliesToCome count: Int) {
    isHoldingBack = true
    repliesToGlue = count
    holdings += 1
    let holding = holdings
    guard let eventLoop = context?.eventLoop else { return }
    pacer.after(Self.longestGluing, on: eventLoop) { [weak self] in
      guard let self, repliesToGlue > 0, holdings == holding else { return }
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
    if closing || closesAfterHolding { return flushAndClose() }
    // What came meanwhile may have had to wait.
    proceed()
    flush()
  }
}
