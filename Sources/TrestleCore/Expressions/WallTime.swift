/// A moment in UTC, to the millisecond.
package struct WallTime: Sendable, Hashable {
  /// Milliseconds since 1970-01-01T00:00:00Z.
  package var milliseconds: Int64

  package init(milliseconds: Int64) { self.milliseconds = milliseconds }

  /// The system clock's time.
  package static var now: WallTime {
    WallTime(milliseconds: SystemTime.wall / 1_000_000)
  }

  /// ISO 8601 in UTC: `2026-11-22T10:11:12.345Z`.
  package var iso8601: String { formatted("yyyy-MM-dd'T'HH:mm:ss.SSS'Z'") }

  /// The time in UTC by a pattern of `yyyy yy MM dd HH mm ss SSS`; text in single quotes and
  /// everything that is no letter stands for itself.
  ///
  /// Check patterns at load with `WallTime.problem(inPattern:)`; other letters come out as they are.
  package func formatted(_ pattern: String) -> String {
    let date = civilDate
    let day = milliseconds - date.dayStart
    var output = ""
    Self.scan(pattern) { piece in
      switch piece {
      case .text(let text): output += text
      case .field(let field):
        let number =
          switch field {
          case "yyyy": date.year
          case "yy": date.year % 100
          case "MM": date.month
          case "dd": date.day
          case "HH": day / 3_600_000
          case "mm": day / 60_000 % 60
          case "ss": day / 1000 % 60
          default: day % 1000
          }
        let digits = String(number)
        output += String(repeating: "0", count: max(0, field.utf8.count - digits.utf8.count))
        output += digits
      case .unknown(let letters): output += letters
      }
    }
    return output
  }

  /// What is wrong with a pattern, or nil.
  package static func problem(inPattern pattern: String) -> String? {
    var problem: String?
    scan(pattern) { piece in
      guard case .unknown(let letters) = piece else { return }
      problem =
        "unknown pattern letters \"\(letters)\" (known: \(fields.joined(separator: " ")); put text in single quotes)"
    }
    return problem
  }

  private static let fields = ["yyyy", "yy", "MM", "dd", "HH", "mm", "ss", "SSS"]

  private enum Piece {
    case text(String)
    case field(String)
    case unknown(String)
  }

  private static func scan(_ pattern: String, _ body: (Piece) -> Void) {
    var rest = Substring(pattern)
    while let first = rest.first {
      if first == "'" {
        let quoted = rest.dropFirst().prefix { $0 != "'" }
        body(.text(quoted.isEmpty ? "'" : String(quoted)))
        rest = rest[quoted.endIndex...].dropFirst()
      } else if first.isASCII, first.isLetter {
        let letters = String(rest.prefix { $0 == first })
        rest = rest.dropFirst(letters.count)
        body(fields.contains(letters) ? .field(letters) : .unknown(letters))
      } else {
        rest = rest.dropFirst()
        body(.text(String(first)))
      }
    }
  }

  /// Days to a date of the Gregorian calendar, by counting years from March so that the leap day
  /// comes last (Howard Hinnant, "chrono-compatible low-level date algorithms").
  private var civilDate: (year: Int64, month: Int64, day: Int64, dayStart: Int64) {
    let perDay: Int64 = 86_400_000
    let days = milliseconds / perDay - (milliseconds % perDay < 0 ? 1 : 0)
    let shifted = days + 719_468
    let era = (shifted >= 0 ? shifted : shifted - 146_096) / 146_097
    let dayOfEra = shifted - era * 146_097
    let yearOfEra =
      (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
    let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
    let shiftedMonth = (5 * dayOfYear + 2) / 153
    let day = dayOfYear - (153 * shiftedMonth + 2) / 5 + 1
    let month = shiftedMonth < 10 ? shiftedMonth + 3 : shiftedMonth - 9
    return (yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month, day, days * perDay)
  }

  /// The same day and time of a month so many months on; the last day of one that is shorter.
  func movedBy(months: Int64) -> WallTime {
    let date = civilDate
    let count = date.year * 12 + date.month - 1 + months
    let year = count >= 0 ? count / 12 : -((11 - count) / 12)
    let month = count - year * 12 + 1
    let isLeap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
    let longest: Int64 = month == 2 ? (isLeap ? 29 : 28) : [4, 6, 9, 11].contains(month) ? 30 : 31
    return WallTime(
      milliseconds: Self.days(year: year, month: month, day: min(date.day, longest)) * 86_400_000
        + milliseconds - date.dayStart)
  }

  /// Days from 1970-01-01 to a date; the other way round than `civilDate`.
  private static func days(year: Int64, month: Int64, day: Int64) -> Int64 {
    let shiftedYear = month <= 2 ? year - 1 : year
    let era = (shiftedYear >= 0 ? shiftedYear : shiftedYear - 399) / 400
    let yearOfEra = shiftedYear - era * 400
    let dayOfYear = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1
    return era * 146_097 + yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear - 719_468
  }

  /// Reads a date or a time of ISO 8601, `2026-11-22` or `2026-11-22T10:11:12.345+01:00`, as lists and
  /// databases write them too: a space for the T, no zone for UTC. Nil for anything else.
  package init?(iso8601 text: String) {
    let bytes = Array(text.utf8)
    var position = 0
    func number(_ count: Int, after separator: String = "") -> Int64? {
      if !separator.isEmpty {
        guard position < bytes.count,
          separator.utf8.contains(bytes[position])
        else { return nil }
        position += 1
      }
      guard position + count <= bytes.count else { return nil }
      var number: Int64 = 0
      for byte in bytes[position..<position + count] {
        guard byte &- 48 < 10 else { return nil }
        number = number * 10 + Int64(byte - 48)
      }
      position += count
      return number
    }
    guard let year = number(4), let month = number(2, after: "-"), let day = number(2, after: "-"),
      (1...12).contains(month), (1...31).contains(day)
    else { return nil }
    self.init(milliseconds: Self.days(year: year, month: month, day: day) * 86_400_000)
    // The 31st of a month that has none is a mistake, not the first of the next.
    guard civilDate.day == day else { return nil }
    if position == bytes.count { return }
    if bytes[position] == UInt8(ascii: "T") || bytes[position] == UInt8(ascii: " ") {
      guard let hour = number(2, after: "T "), let minute = number(2, after: ":"), hour < 25,
        minute < 60
      else { return nil }
      milliseconds += hour * 3_600_000 + minute * 60_000
      if position < bytes.count, bytes[position] == UInt8(ascii: ":") {
        guard let second = number(2, after: ":"), second < 61 else { return nil }
        milliseconds += second * 1000
      }
      if position < bytes.count, bytes[position] == UInt8(ascii: ".") {
        position += 1
        var unit: Int64 = 100
        while position < bytes.count, bytes[position] &- 48 < 10 {
          milliseconds += Int64(bytes[position] - 48) * unit
          unit /= 10
          position += 1
        }
      }
    }
    if position == bytes.count || bytes[position...].elementsEqual("Z".utf8) { return }
    let isWest = bytes[position] == UInt8(ascii: "-")
    guard let hour = number(2, after: "+-"), let minute = number(2, after: ":"),
      position == bytes.count
    else { return nil }
    milliseconds -= (isWest ? -1 : 1) * (hour * 3_600_000 + minute * 60_000)
  }

  /// The time by a pattern, or as `unix` (seconds) or `epoch` (milliseconds) since 1970.
  ///
  /// - Throws: `ExpressionError` for letters that no pattern has.
  package func written(_ pattern: String) throws(ExpressionError) -> String {
    switch pattern {
    case "unix": return String(milliseconds / 1000)
    case "epoch": return String(milliseconds)
    default:
      if let problem = Self.problem(inPattern: pattern) { throw ExpressionError(problem) }
      return formatted(pattern)
    }
  }
}

extension PureFunction {
  /// `date(text, pattern)` and `date(text, pattern, shift)`.
  func movedDate(_ arguments: [Value?]) throws(ExpressionError) -> String {
    let written = try text(arguments[0])
    guard var time = WallTime(iso8601: written) else {
      throw ExpressionError(
        "date() expects a date or time of ISO 8601, like 2026-11-22, found \"\(written)\"")
    }
    if arguments.count > 2 { time = try TimeShift(text(arguments[2])).applied(to: time) }
    return try time.written(text(arguments[1]))
  }
}
