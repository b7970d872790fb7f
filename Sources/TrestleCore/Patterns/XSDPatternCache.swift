internal import Synchronization

/// Patterns that were compiled before: values are validated far more often than contracts are loaded,
/// and large contracts say the same pattern hundreds of times.
enum XSDPatternCache {
  /// Beyond this the cache starts anew: contracts come and go in a long-running service.
  private static let maximumCount = 2_000

  private static let patterns = Mutex<[String: XSDPattern?]>([:])

  /// The compiled pattern of a text, or nil where it cannot be one.
  static func pattern(_ text: String) -> XSDPattern? {
    if let known = patterns.withLock({ $0[text] }) { return known }
    let pattern = XSDPattern(text)
    patterns.withLock { patterns in
      if patterns.count >= maximumCount { patterns.removeAll() }
      patterns[text] = .some(pattern)
    }
    return pattern
  }
}
