package import TrestleCore

/// What of misbehaviour a protocol's messages can show.
package struct WireAbilities: Sendable, Hashable {
  /// Whether messages have a status and header fields (HTTP, SCGI).
  package var hasStatus: Bool
  /// Whether messages say their length.
  package var statesLength: Bool
  /// Whether frames are acknowledged, or refused, one by one.
  package var hasLink: Bool
  /// Whether they are frames of a stream, of which several may leave together.
  package var isFramed: Bool

  /// What goes over a codec's wire.
  package init(_ wire: Wire) {
    switch wire {
    case .http:
      (hasStatus, statesLength, hasLink, isFramed) = (true, true, false, false)
    case .framed(let framing, _):
      (hasStatus, isFramed) = (false, true)
      statesLength = framing.replies.statesLength
      hasLink = framing.linkLayer != nil
    }
  }

  /// Why a key of `misbehave` cannot be done, and what would do instead; nil where it can.
  func objection(to key: String) -> (reason: String, hint: String)? {
    switch key {
    case "status" where !hasStatus, "headers" where !hasStatus, "charset" where !hasStatus:
      (
        "messages in frames have no \(key == "charset" ? "declared charset" : key)",
        "fault: answers with an error of the protocol's own, body: with any other message"
      )
    case "wrong_length" where !statesLength:
      (
        "the frame of replies says no length",
        "close: inside or damage: truncated ends them too early"
      )
    case "wrong_check" where !isFramed:
      (
        "HTTP messages carry no check",
        "damage: truncated, garbage or unclosed_tag breaks the message"
      )
    case "glued" where !isFramed:
      (
        "an HTTP client waits for each reply before it asks again",
        "split or drip changes its pieces"
      )
    case "nak" where !hasLink:
      ("there is no link whose frames could be refused", "reset: before refuses the connection")
    default: nil
    }
  }
}
