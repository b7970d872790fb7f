#if canImport(Glibc)
  internal import Glibc
#elseif canImport(Musl)
  internal import Musl
#elseif canImport(Darwin)
  internal import Darwin
#endif

/// A moment in UTC, to the millisecond.
package struct WallTime: Sendable, Hashable {
  /// Milliseconds since 1970-01-01T00:00:00Z.
  package var milliseconds: Int64

  package init(milliseconds: Int64) { self.milliseconds = milliseconds }

  /// The system clock's time.
  package static var now: WallTime {
    var time = timespec()
    clock_gettime(CLOCK_REALTIME, &time)
    return WallTime(milliseconds: Int64(time.tv_sec) * 1000 + Int64(time.tv_nsec) / 1_000_000)
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
}
