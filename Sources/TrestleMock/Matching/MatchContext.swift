package import TrestleCore

/// What conditions know beside the value they are asked about.
///
/// One object for all calls of a mock: handing it down through conditions copies nothing.
package final class MatchContext: Sendable {
  /// The time that `now-1d` counts from.
  package let now: @Sendable () -> WallTime

  package init(now: @escaping @Sendable () -> WallTime) { self.now = now }

  /// The system's clock.
  package static let system = MatchContext { .now }
}
