package import TrestleCore

/// What conditions know beside the value they are asked about.
package struct MatchContext: Sendable {
  /// The time that `now-1d` counts from.
  package var now: @Sendable () -> WallTime

  package init(now: @escaping @Sendable () -> WallTime) { self.now = now }

  /// The system's clock.
  package static let system = MatchContext { .now }
}
