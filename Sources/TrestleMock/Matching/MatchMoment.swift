import TrestleCore

/// The moment that a condition names: a date, or so long before or after the call.
package enum MatchMoment: Sendable, Hashable {
  case fixed(String)
  /// `now-1d`: milliseconds from the time of the call.
  case fromNow(Int64, text: String)

  /// Reads `2026-11-28`, `2026-11-28T09:30:00Z`, `now`, `now-1d`, `now+1h30m`; nil for anything else.
  package init?(_ text: String) {
    if text.hasPrefix("now") {
      guard let offset = Self.offset(text.dropFirst(3)) else { return nil }
      self = .fromNow(offset, text: text)
    } else {
      guard MomentText.isMoment(text) else { return nil }
      self = .fixed(text)
    }
  }

  private static let units: [String: Int64] = [
    "ms": 1, "s": 1000, "m": 60_000, "h": 3_600_000, "d": 86_400_000, "w": 604_800_000,
  ]

  private static func offset(_ text: Substring) -> Int64? {
    guard let sign = text.first else { return 0 }
    guard sign == "-" || sign == "+" else { return nil }
    var rest = text.dropFirst()
    guard !rest.isEmpty else { return nil }
    var sum: Int64 = 0
    while !rest.isEmpty {
      let digits = rest.prefix { $0.isASCII && $0.isNumber }
      rest = rest.dropFirst(digits.count)
      let unit = rest.prefix { $0.isASCII && $0.isLetter }
      rest = rest.dropFirst(unit.count)
      // A million weeks is twenty thousand years: beyond it nothing is meant.
      guard let count = Int64(digits), count <= 1_000_000, let scale = units[String(unit)] else {
        return nil
      }
      sum += count * scale
    }
    return sign == "-" ? -sum : sum
  }

  /// Negative, zero or positive as a text's moment is before, the same as or after this one; nil for
  /// a text that is no moment.
  func order(of text: String, now: () -> WallTime) -> Int? {
    switch self {
    case .fixed(let moment): return MomentText.order(of: text, against: moment)
    case .fromNow(let offset, _):
      let moment = WallTime(milliseconds: now().milliseconds + offset)
      return MomentText.order(of: text, against: moment.iso8601)
    }
  }

  var text: String {
    switch self {
    case .fixed(let text), .fromNow(_, let text): text
    }
  }
}
