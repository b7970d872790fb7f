/// Days of the Gregorian calendar.
enum CalendarDay {
  static func isLeap(_ year: Int) -> Bool { year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) }

  /// The days of each month.
  static func lengths(of year: Int) -> [Int] {
    [31, isLeap(year) ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]
  }

  static func isPossible(year: Int, month: Int, day: Int) -> Bool {
    (1...12).contains(month) && (1...lengths(of: year)[month - 1]).contains(day)
  }

  /// Which day of its year a date is, from 1.
  static func ordinal(year: Int, month: Int, day: Int) -> Int {
    lengths(of: year).prefix(month - 1).reduce(day, +)
  }

  /// The month and day of a year's day; nil where the year does not have it.
  static func date(ofDay ordinal: Int, in year: Int) -> (month: Int, day: Int)? {
    guard ordinal >= 1 else { return nil }
    var rest = ordinal
    for (index, length) in lengths(of: year).enumerated() {
      if rest <= length { return (index + 1, rest) }
      rest -= length
    }
    return nil
  }

  /// Days since 1970-01-01, by counting years from March so that the leap day comes last.
  static func number(year: Int64, month: Int64, day: Int64) -> Int64 {
    let shifted = month <= 2 ? year - 1 : year
    let era = (shifted >= 0 ? shifted : shifted - 399) / 400
    let yearOfEra = shifted - era * 400
    let dayOfYear = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1
    let dayOfEra = yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear
    return era * 146_097 + dayOfEra - 719_468
  }
}
