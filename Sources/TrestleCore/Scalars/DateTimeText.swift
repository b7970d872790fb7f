/// A date, a time or a part of one, read from its XSD lexical form (XSD 1.0 part 2 §3.2.7 to
/// §3.2.14) and put on one time line for comparing. Nothing here allocates.
struct DateTimeText {
  typealias Bytes = UnsafeBufferPointer<UInt8>

  /// Seconds since 1970-01-01T00:00:00, in UTC where a zone is told, else as written.
  private let seconds: Int64
  /// The digits of the fraction of a second, without trailing zeros.
  private let fraction: Slice<Bytes>
  private let hasZone: Bool

  /// Reads the text of a kind; nil when it is none.
  ///
  /// `allowsBasicForm` also takes ISO 8601's form without hyphens, `20260115T09:30:00`, which is
  /// how XML-RPC writes its dates.
  init?(_ bytes: Bytes, kind: ScalarSchema.Kind, allowsBasicForm: Bool = false) {
    var reader = Reader(bytes)
    // What a kind leaves out is filled in with a leap year's first of January.
    var year: Int64 = 1972
    var month = 1
    var day = 1
    var time = Time(seconds: 0, fraction: bytes[0..<0])
    switch kind {
    case .dateTime, .date:
      if allowsBasicForm, reader.isBasicDate {
        guard let digits = reader.number(4), let first = reader.number(2),
          let second = reader.number(2)
        else { return nil }
        (year, month, day) = (Int64(digits), first, second)
      } else {
        guard let read = reader.year(), reader.take("-"), let first = reader.number(2),
          reader.take("-"), let second = reader.number(2)
        else { return nil }
        (year, month, day) = (read, first, second)
      }
      if kind == .dateTime {
        guard reader.take("T"), let read = reader.time() else { return nil }
        time = read
      }
    case .time:
      guard let read = reader.time() else { return nil }
      time = read
    case .gYear:
      guard let read = reader.year() else { return nil }
      year = read
    case .gYearMonth:
      guard let read = reader.year(), reader.take("-"), let first = reader.number(2) else {
        return nil
      }
      (year, month) = (read, first)
    case .gMonth:
      guard reader.take("-"), reader.take("-"), let first = reader.number(2) else { return nil }
      month = first
      // `--04--`: as XSD 1.0 part 2 §3.2.14 had it until its second edition.
      reader.takeOldMonthEnd()
    case .gMonthDay:
      guard reader.take("-"), reader.take("-"), let first = reader.number(2), reader.take("-"),
        let second = reader.number(2)
      else { return nil }
      (month, day) = (first, second)
    case .gDay:
      guard reader.take("-"), reader.take("-"), reader.take("-"), let second = reader.number(2)
      else { return nil }
      day = second
    default: return nil
    }
    guard (1...12).contains(month), day >= 1, day <= Self.days(in: month, of: year),
      let zone = reader.zone(), reader.isAtEnd
    else { return nil }
    hasZone = zone.isTold
    fraction = time.fraction
    seconds =
      Self.dayNumber(year, month, day) * 86_400 + Int64(time.seconds)
      - Int64(zone.minutes) * 60
  }

  /// Less, equal or greater, where a missing zone is UTC.
  func comparedInUTC(to other: DateTimeText) -> Int {
    if seconds != other.seconds { return seconds < other.seconds ? -1 : 1 }
    if fraction.elementsEqual(other.fraction) { return 0 }
    return fraction.lexicographicallyPrecedes(other.fraction) ? -1 : 1
  }

  /// Less, equal or greater; nil where a missing zone leaves it open (XSD 1.0 part 2 §3.2.7.4).
  func compared(to other: DateTimeText) -> Int? {
    guard hasZone == other.hasZone else {
      let difference = seconds - other.seconds
      // A zone is at most 14 hours from UTC.
      guard abs(difference) > 14 * 3600 else { return nil }
      return difference < 0 ? -1 : 1
    }
    if seconds != other.seconds { return seconds < other.seconds ? -1 : 1 }
    for (left, right) in zip(fraction, other.fraction) where left != right {
      return left < right ? -1 : 1
    }
    return (fraction.count - other.fraction.count).signum()
  }

  private static func days(in month: Int, of year: Int64) -> Int {
    switch month {
    case 2: isLeap(year) ? 29 : 28
    case 4, 6, 9, 11: 30
    default: 31
    }
  }

  private static func isLeap(_ year: Int64) -> Bool {
    // There is no year zero: the year before 1 is -1, which leaps as 0 would.
    let year = year < 0 ? year + 1 : year
    return year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
  }

  /// The day's number, 0 for 1970-01-01, in the proleptic Gregorian calendar.
  static func dayNumber(_ year: Int64, _ month: Int, _ day: Int) -> Int64 {
    // Years begin in March here, so that a leap day is a year's last.
    let astronomical = year < 0 ? year + 1 : year
    let shifted = month <= 2 ? astronomical - 1 : astronomical
    let era = (shifted >= 0 ? shifted : shifted - 399) / 400
    let yearOfEra = shifted - era * 400
    let dayOfYear = Int64((153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1)
    let dayOfEra = yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear
    return era * 146_097 + dayOfEra - 719_468
  }

  private struct Time {
    var seconds: Int
    var fraction: Slice<Bytes>
  }

  private struct Reader {
    private let bytes: Bytes
    private var position = 0

    init(_ bytes: Bytes) { self.bytes = bytes }

    var isAtEnd: Bool { position == bytes.count }

    var isBasicDate: Bool {
      bytes.count >= 8 && bytes[..<8].allSatisfy { $0 &- 48 < 10 }
        && (bytes.count == 8 || bytes[8] == UInt8(ascii: "T"))
    }

    mutating func take(_ symbol: Unicode.Scalar) -> Bool {
      guard position < bytes.count, bytes[position] == UInt8(ascii: symbol) else { return false }
      position += 1
      return true
    }

    /// Takes two hyphens, where there are two.
    mutating func takeOldMonthEnd() {
      guard bytes.count - position >= 2, bytes[position] == UInt8(ascii: "-"),
        bytes[position + 1] == UInt8(ascii: "-")
      else { return }
      position += 2
    }

    mutating func number(_ digits: Int) -> Int? {
      guard bytes.count - position >= digits else { return nil }
      var number = 0
      for _ in 0..<digits {
        guard bytes[position] &- 48 < 10 else { return nil }
        number = number * 10 + Int(bytes[position] &- 48)
        position += 1
      }
      return number
    }

    /// Four digits or more; more than four only without a leading zero; never zero.
    mutating func year() -> Int64? {
      let isNegative = take("-")
      let start = position
      var year: Int64 = 0
      while position < bytes.count, bytes[position] &- 48 < 10 {
        // A cycle of the calendar is 400 years: beyond this bound only the place in it is kept.
        if year > 1_000_000_000 { year = year % 400 + 400_000_000 }
        year = year * 10 + Int64(bytes[position] &- 48)
        position += 1
      }
      let count = position - start
      guard count >= 4, count == 4 || bytes[start] != UInt8(ascii: "0"), year != 0 else {
        return nil
      }
      return isNegative ? -year : year
    }

    /// `hh:mm:ss`, a fraction if any; `24:00:00` is the end of a day.
    mutating func time() -> Time? {
      guard let hours = number(2), take(":"), let minutes = number(2), take(":"),
        let seconds = number(2), hours <= 24, minutes < 60, seconds < 60
      else { return nil }
      var fraction = bytes[position..<position]
      if take(".") {
        let start = position
        while position < bytes.count, bytes[position] &- 48 < 10 { position += 1 }
        guard position > start else { return nil }
        var end = position
        while end > start, bytes[end - 1] == UInt8(ascii: "0") { end -= 1 }
        fraction = bytes[start..<end]
      }
      if hours == 24 { guard minutes == 0, seconds == 0, fraction.isEmpty else { return nil } }
      return Time(seconds: hours * 3600 + minutes * 60 + seconds, fraction: fraction)
    }

    /// `Z`, `+hh:mm`, `-hh:mm` up to 14:00, or nothing.
    mutating func zone() -> (minutes: Int, isTold: Bool)? {
      if isAtEnd { return (0, false) }
      if take("Z") { return (0, true) }
      let isNegative = take("-")
      guard isNegative || take("+"), let hours = number(2), take(":"), let minutes = number(2),
        minutes < 60, hours < 14 || (hours == 14 && minutes == 0)
      else { return nil }
      let offset = hours * 60 + minutes
      return (isNegative ? -offset : offset, true)
    }
  }
}
