/// How often something is expected to have been called.
public enum CallCount: Sendable, Hashable, CustomStringConvertible {
  /// So often and no other.
  case exactly(Int)
  /// So often or more.
  case atLeast(Int)
  /// So often or less.
  case atMost(Int)
  /// A number of the range.
  case between(ClosedRange<Int>)

  /// Not at all.
  public static let never = CallCount.exactly(0)
  /// One time.
  public static let once = CallCount.exactly(1)

  /// Whether so many are as expected.
  public func admits(_ count: Int) -> Bool {
    switch self {
    case .exactly(let wanted): count == wanted
    case .atLeast(let least): count >= least
    case .atMost(let most): count <= most
    case .between(let range): range.contains(count)
    }
  }

  /// The count in words: `exactly 2 times`, `never`.
  public var description: String {
    switch self {
    case .exactly(0): "never"
    case .exactly(let count): "exactly \(Self.times(count))"
    case .atLeast(let count): "at least \(Self.times(count))"
    case .atMost(let count): "at most \(Self.times(count))"
    case .between(let range): "\(range.lowerBound) to \(range.upperBound) times"
    }
  }

  static func times(_ count: Int) -> String { count == 1 ? "once" : "\(count) times" }
}
