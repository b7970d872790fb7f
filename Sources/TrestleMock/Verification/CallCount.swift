/// How often something is expected to have been called.
package enum CallCount: Sendable, Hashable, CustomStringConvertible {
  case exactly(Int)
  case atLeast(Int)
  case atMost(Int)
  case between(ClosedRange<Int>)

  package static let never = CallCount.exactly(0)
  package static let once = CallCount.exactly(1)

  package func admits(_ count: Int) -> Bool {
    switch self {
    case .exactly(let wanted): count == wanted
    case .atLeast(let least): count >= least
    case .atMost(let most): count <= most
    case .between(let range): range.contains(count)
    }
  }

  /// The count in words: `exactly 2 times`, `never`.
  package var description: String {
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
