/// How long something took, in words.
enum DurationText {
  /// As people say it: `12 ms`, `1.24 s`, `2 min 5 s`, `3 h 20 min`.
  static func short(_ duration: Duration) -> String { short(microseconds: microseconds(duration)) }

  static func short(microseconds: Int64) -> String {
    switch microseconds {
    case ..<1000: return microseconds <= 0 ? "0 ms" : "\(brief(microseconds, per: 1000, 2)) ms"
    case ..<10_000: return "\(brief(microseconds, per: 1000, 1)) ms"
    case ..<1_000_000: return "\(microseconds / 1000) ms"
    case ..<60_000_000: return "\(brief(microseconds, per: 1_000_000, 2)) s"
    case ..<3_600_000_000: return parts(microseconds / 1_000_000, 60, "min", "s")
    default: return parts(microseconds / 60_000_000, 60, "h", "min")
    }
  }

  /// Seconds with three places, as JUnit has its times: `0.012`.
  static func seconds(_ duration: Duration) -> String {
    decimal(max(0, microseconds(duration)), per: 1_000_000, 3)
  }

  static func microseconds(_ duration: Duration) -> Int64 {
    let (seconds, attoseconds) = duration.components
    return seconds * 1_000_000 + attoseconds / 1_000_000_000_000
  }

  /// Cut off, not rounded: a time that is told has passed.
  private static func decimal(_ value: Int64, per unit: Int64, _ places: Int) -> String {
    var scale: Int64 = 1
    for _ in 0..<places { scale *= 10 }
    let rest = "\(value % unit * scale / unit)"
    return "\(value / unit)." + String(repeating: "0", count: places - rest.count) + rest
  }

  /// Without noughts at its end.
  private static func brief(_ value: Int64, per unit: Int64, _ places: Int) -> String {
    var text = decimal(value, per: unit, places)
    while text.last == "0" { text.removeLast() }
    if text.last == "." { text.removeLast() }
    return text
  }

  private static func parts(_ value: Int64, _ unit: Int64, _ large: String, _ small: String)
    -> String
  {
    value % unit == 0
      ? "\(value / unit) \(large)" : "\(value / unit) \(large) \(value % unit) \(small)"
  }
}
