internal import TrestleCore

/// The keys of `misbehave`.
extension AdapterSchema {
  /// When something is done wrong.
  private static let occasion: [AdapterKey] = [
    AdapterKey(
      "chance", .anything, "Of how many calls it is done, from 0 to 1; all when left out."),
    AdapterKey(
      "first", .integer(1...1_000_000_000),
      "Of how many calls, counted from the first; the others are answered as they should be."),
    AdapterKey("times", .integer(1...1_000_000_000), "How often it is done before it is over."),
    AdapterKey(
      "sequence", .list(.either([.object(oneMisbehaviour), .oneOf(["none"])])),
      "What is done wrong with one call after the other, none for nothing."),
    AdapterKey("cycle", .flag, "Whether the sequence begins again; over when left out."),
  ]

  /// One thing done wrong with a reply.
  private static let oneMisbehaviour: [AdapterKey] = [
    AdapterKey(
      "late",
      .either([
        .duration,
        .object([
          AdapterKey("from", .duration, "The shortest of a uniform delay."),
          AdapterKey("to", .duration, "The longest of a uniform delay."),
          AdapterKey("mean", .duration, "The middle of a normal delay."),
          AdapterKey("deviation", .duration, "The standard deviation of a normal delay."),
          AdapterKey("median", .duration, "The middle of a log-normal delay."),
          AdapterKey(
            "sigma", .anything, "The spread of a log-normal delay, of its logarithm: 0.4 is usual."),
          AdapterKey("least", .duration, "What a delay is raised to."),
          AdapterKey("most", .duration, "What a delay is lowered to."),
        ]),
      ]), "How long the reply is held back: a time, or how chance draws it."),
    AdapterKey(
      "drip",
      .either([
        .duration,
        .object([
          AdapterKey("pieces", .integer(2...10_000), "In how many pieces; 10 when left out."),
          AdapterKey("over", .duration, "How long it takes from the first piece to the last."),
          AdapterKey("bytes", .integer(1...1_000_000), "How many bytes each piece has."),
          AdapterKey("every", .duration, "How long each piece is held back; 20ms when left out."),
        ]),
      ]), "Over what time the reply is sent, in pieces."),
    AdapterKey("split", .integer(2...10_000), "In how many pieces it is sent."),
    AdapterKey("pause", .duration, "How long each piece is held back; 20ms when left out."),
    AdapterKey(
      "glued", .integer(2...1000),
      "How many replies are sent as one, of which this is the first (TCP)."),
    AdapterKey(
      "wrong_length", .integer(-1_000_000...1_000_000),
      "What its Content-Length, or its frame's length, says above the right one."),
    AdapterKey(
      "wrong_check", .flag, "Whether a byte is changed after the checks were made (TCP)."),
    AdapterKey(
      "nak", .integer(1...1000),
      "How many of the client's next frames are refused (TCP over a link)."),
    AdapterKey(
      "close", .oneOf(["before", "inside", "after"]),
      "When the connection is closed too early."),
    AdapterKey(
      "reset", .either([.flag, .oneOf(["before", "inside", "after"])]),
      "When the connection is reset (RST); true is before."),
    AdapterKey(
      "damage", .oneOf(["empty", "garbage", "truncated", "unclosed_tag", "bad_character"]),
      "What becomes of the message, whose frame or head is right for what is left."),
    AdapterKey(
      "noise", .integer(1...1_000_000),
      "How many random bytes are sent in place of all of it; then the connection is closed."),
    AdapterKey("status", .integer(200...599), "The HTTP status, without an envelope (HTTP, SCGI)."),
    AdapterKey("headers", .map(.text), "HTTP header fields in place of its own (HTTP, SCGI)."),
    AdapterKey("body", .text, "The message in place of the right one, as text."),
    AdapterKey(
      "charset", .text, "The charset that the message claims to be in (HTTP, SCGI)."),
  ]

  /// The keys of a stub's `misbehave`.
  package static let misbehaviour = oneMisbehaviour + occasion

  /// The keys of the system's own.
  package static let systemMisbehaviour =
    misbehaviour + [
      AdapterKey("operation", .text, "The operation it concerns; all when left out."),
      AdapterKey(
        "accept", .either([.oneOf(["refused", "reset"]), .duration]),
        "What becomes of connections: refused (nobody listens), reset at once, or not read from for a time."
      ),
    ]
}
