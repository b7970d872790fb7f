/// Tells how long ago it was made, by any clock.
package struct Stopwatch: Sendable {
  private let read: @Sendable () -> Duration

  /// Starts it.
  package init(_ clock: any Clock<Duration> = ContinuousClock()) {
    read = Self.reader(of: clock)
  }

  package var elapsed: Duration { read() }

  private static func reader<C: Clock>(of clock: C) -> @Sendable () -> Duration
  where C.Duration == Duration {
    let start = clock.now
    return { start.duration(to: clock.now) }
  }
}
