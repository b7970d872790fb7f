/// How far a moment is moved: `+3d`, `-2h30m`, `+1M` (a month), `+1y -1d`.
///
/// Months and years are those of the calendar: a month after January 31 is the last of February.
package struct TimeShift: Sendable, Hashable {
  private var milliseconds: Int64 = 0
  private var months: Int64 = 0

  /// The units by their letters, as patterns have them: `M` is a month, `m` a minute.
  private static let units: [(name: String, milliseconds: Int64, months: Int64)] = [
    ("ms", 1, 0), ("s", 1000, 0), ("m", 60_000, 0), ("h", 3_600_000, 0), ("d", 86_400_000, 0),
    ("w", 604_800_000, 0), ("M", 0, 1), ("y", 0, 12),
  ]

  /// - Throws: `ExpressionError` for what is no shift.
  package init(_ text: String) throws(ExpressionError) {
    let mistake = ExpressionError(
      "\"\(text)\" is no time to add",
      hint: "write a sign, a number and ms, s, m, h, d, w, M (months) or y: '+3d', '-1M', '+1h30m'")
    var rest = Substring(text.filter { $0 != " " })
    var sign: Int64?
    guard !rest.isEmpty else { throw mistake }
    while let first = rest.first {
      if first == "+" || first == "-" {
        sign = first == "-" ? -1 : 1
        rest.removeFirst()
      }
      let digits = rest.prefix { $0.isASCII && $0.isNumber }
      rest.removeFirst(digits.count)
      let letters = rest.prefix { $0.isASCII && $0.isLetter }
      rest.removeFirst(letters.count)
      guard let sign, let count = Int64(digits), count <= 1_000_000_000,
        let unit = Self.units.first(where: { $0.name == letters })
      else { throw mistake }
      // A billion of the largest unit is within 64 bits; a few more of them are not meant.
      milliseconds &+= sign * count * unit.milliseconds
      months &+= sign * count * unit.months
    }
    guard abs(months) <= 120_000, abs(milliseconds) <= 400_000_000_000_000 else {
      throw ExpressionError("\"\(text)\" is more than ten thousand years")
    }
  }

  /// A moment moved.
  package func applied(to time: WallTime) -> WallTime {
    var time = time
    if months != 0 { time = time.movedBy(months: months) }
    time.milliseconds += milliseconds
    return time
  }
}
