package import TrestleCore

/// A message that a service sends to its clients without being asked: an advice, a feed, an echo.
package struct ScheduledMessage: Sendable {
  /// When it is sent first, counted from the connection's opening.
  package var delay: Duration
  /// How often it is sent again; nil for once.
  package var every: Duration?
  /// Writes it, anew each time.
  package var request: @Sendable () throws(CodecError) -> WireRequest

  package init(
    after delay: Duration, every: Duration? = nil,
    request: @escaping @Sendable () throws(CodecError) -> WireRequest
  ) {
    self.delay = delay
    self.every = every
    self.request = request
  }
}

/// What a service sends by itself.
struct Announcements: Sendable {
  /// Sent when a connection opens.
  var greeting: @Sendable () -> [WireResponse] = { [] }
  var messages: [ScheduledMessage] = []
}
