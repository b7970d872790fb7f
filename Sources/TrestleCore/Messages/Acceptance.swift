/// What becomes of a client's connection.
package enum Acceptance: Sendable, Hashable {
  /// Nobody listens.
  case refused
  /// It is reset as soon as it is there.
  case reset
  /// Nothing is read from it for so long.
  case late(Duration)
}
