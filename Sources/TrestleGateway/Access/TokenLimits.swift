/// How much of the gateway a token's holder may take.
public struct TokenLimits: Sendable, Hashable {
  /// How many requests it may send over time; nil for any number.
  public var rate: Rate?
  /// How many of its requests are answered at once; nil for any number.
  public var concurrent: Int?

  /// Limits; none when both are left out.
  public init(rate: Rate? = nil, concurrent: Int? = nil) {
    self.rate = rate
    self.concurrent = concurrent
  }

  /// A number of requests in a time.
  public struct Rate: Sendable, Hashable {
    /// How many a second, in the long run.
    public let perSecond: Double
    /// How many at once, after a pause.
    public let burst: Int

    /// Reads `100/s`, `600/min` or `1000/h`; nil for anything else. The burst is a second's worth, at least one,
    /// when it is left out.
    public init?(_ text: String, burst: Int? = nil) {
      let parts = text.split(separator: "/", omittingEmptySubsequences: false)
      guard parts.count == 2, let count = Int(parts[0]), (1...1_000_000).contains(count),
        let seconds = ["s": 1.0, "min": 60, "h": 3600][String(parts[1])]
      else { return nil }
      perSecond = Double(count) / seconds
      self.burst = burst ?? max(1, Int(perSecond.rounded(.up)))
    }
  }
}
