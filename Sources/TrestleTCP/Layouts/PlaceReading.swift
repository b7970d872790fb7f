internal import TrestleCore

/// Reads certain places of messages and passes over the rest.
///
/// What a mock must know of a request are a few places: they need no value of the whole message.
protocol PlaceReading: Sendable {
  /// Gives what stands at the places to a body: texts first, then those that are only to be there (true where they
  /// are), each nil where it is absent. The values lie in memory of the reader's, and are gone after the body.
  ///
  /// False, without a call of the body, for a message that only reading it whole tells right: one that is broken, or odd
  /// enough for a warning, or holds more than a text where a text is asked for.
  func read(_ bytes: [UInt8], _ body: (UnsafeMutableBufferPointer<Value?>) -> Void) -> Bool
}
