package import TrestleCore

/// How calls of one system fare when it is slow, full or gone: what an adapter file says under `retry`,
/// `breaker` and `limits`.
package struct ResilienceSettings: Sendable, Hashable {
  struct Retry: Sendable, Hashable {
    /// How often a call that only reads is made again.
    var times = 0
    /// How long until the first of them; each further one waits twice as long.
    var pause: Duration = .milliseconds(50)
    /// Which part of the calls of a while may be repeated ones, in percent.
    var budget = 20
  }

  struct Breaker: Sendable, Hashable {
    /// So many failures in a row open it.
    var failures = 5
    /// How long it stays open the first time; twice as long after each probe that fails.
    var open: Duration = .seconds(5)
  }

  struct Limits: Sendable, Hashable {
    /// How many calls are under way at most.
    var concurrent = 256
    /// How many more wait for their turn at most.
    var waiting = 1024
  }

  enum BreakerRule: Sendable, Hashable {
    /// One for the live system, none for its mock, which may fail as often as a test wants.
    case usual
    case none
    case own(Breaker)
  }

  var retry = Retry()
  var breaker = BreakerRule.usual
  var limits = Limits()

  /// The breaker for calls of the live system, or of its mock.
  func breaker(isLive: Bool) -> Breaker? {
    switch breaker {
    case .usual: isLive ? Breaker() : nil
    case .none: nil
    case .own(let own): own
    }
  }

  /// What a checked file says.
  package init(_ document: Record) {
    func integer(_ value: Value?, _ key: String) -> Int? {
      (value?[key]?.integerValue ?? value?[key]?.scalarText.flatMap { Int64($0) })
        .flatMap { Int(exactly: $0) }
    }
    func duration(_ value: Value?, _ key: String) -> Duration? {
      value?[key]?.scalarText.flatMap { Duration(written: $0) }
    }
    if let written = document["retry"] {
      retry.times = integer(written, "times") ?? 0
      retry.pause = duration(written, "pause") ?? retry.pause
      retry.budget = integer(written, "budget") ?? retry.budget
    }
    switch document["breaker"] {
    case nil: breaker = .usual
    case .bool(false)?: breaker = .none
    case let written?:
      var own = Breaker()
      own.failures = integer(written, "failures") ?? own.failures
      own.open = duration(written, "open") ?? own.open
      breaker = .own(own)
    }
    if let written = document["limits"] {
      limits.concurrent = integer(written, "concurrent") ?? limits.concurrent
      limits.waiting = integer(written, "waiting") ?? limits.waiting
    }
  }
}
