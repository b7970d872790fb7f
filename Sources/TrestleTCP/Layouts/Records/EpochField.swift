internal import TrestleCore

/// `epoch32`, `epoch64`, `epoch64 millis`: a moment as seconds or milliseconds since 1970 in UTC.
struct EpochField: FieldCodec {
  /// 4 or 8 bytes; 4 without a sign, so that they last until 2106.
  var width: Int
  var isMilliseconds: Bool
  var isLittleEndian: Bool

  /// The years 0001 to 9999, which ISO 8601 can write.
  private static let seconds: ClosedRange<Int64> = -62_135_596_800...253_402_300_799

  private var coding: NumberCoding { isLittleEndian ? .littleEndian : .bigEndian }
  private var perSecond: Int64 { isMilliseconds ? 1000 : 1 }

  func read(_ reader: inout FieldReader) throws(CodecError) -> Value {
    let bytes = try reader.take(width)
    let number = Int64(bitPattern: coding.number(in: bytes) ?? 0)
    let seconds = number / perSecond - (number % perSecond < 0 ? 1 : 0)
    guard Self.seconds.contains(seconds) else {
      throw reader.wrong(bytes, "is no moment of the years 1 to 9999")
    }
    let time = WallTime(milliseconds: number * (1000 / perSecond))
    return .string(
      time.formatted(
        isMilliseconds ? "yyyy-MM-dd'T'HH:mm:ss.SSS'Z'" : "yyyy-MM-dd'T'HH:mm:ss'Z'"))
  }

  func write(_ value: Value, to output: inout [UInt8]) throws(CodecError) {
    var number: Int64 = 0
    if !value.isNull {
      guard let text = value.scalarText, let time = WallTime(iso8601: text) else {
        throw .unwritable(value, expected)
      }
      // The clock's own text has milliseconds, of which a field of seconds holds the whole ones.
      let parts = time.milliseconds.quotientAndRemainder(dividingBy: 1000 / perSecond)
      number = parts.quotient - (parts.remainder < 0 ? 1 : 0)
    }
    let raw = UInt64(bitPattern: number)
    guard let bytes = coding.bytes(of: raw, width: width) else {
      throw .unwritable(value, "a moment of the years 1970 to 2106")
    }
    output += bytes
  }

  private var expected: String {
    isMilliseconds ? "yyyy-MM-ddTHH:mm:ss.SSSZ" : "yyyy-MM-ddTHH:mm:ssZ"
  }

  var schema: Schema {
    Schema(
      .scalar(
        ScalarSchema(kind: .dateTime, form: .string, typeName: "epoch\(width * 8)")))
  }

  var fixedSize: Int? { width }
}

extension WallTime {
  /// A moment as ISO 8601 writes it in UTC, to the second or to the millisecond; nil for anything else.
  fileprivate init?(iso8601 text: String) {
    var digits = text
    guard digits.hasSuffix("Z") || !digits.contains("+") else { return nil }
    if digits.hasSuffix("Z") { digits.removeLast() }
    let halves = digits.split(separator: ".", omittingEmptySubsequences: false)
    guard let whole = halves.first, halves.count <= 2,
      whole.map({ $0.isNumber ? "0" : $0 }) == Array("0000-00-00T00:00:00")
    else { return nil }
    let numbers = whole.split { "-:T".contains($0) }.compactMap { Int64($0) }
    guard numbers.count == 6 else { return nil }
    var milliseconds: Int64 = 0
    if halves.count == 2 {
      guard halves[1].utf8.count == 3, let number = Int64(halves[1]), number >= 0 else {
        return nil
      }
      milliseconds = number
    }
    let (year, month, day) = (numbers[0], numbers[1], numbers[2])
    guard year >= 1, CalendarDay.isPossible(year: Int(year), month: Int(month), day: Int(day)),
      numbers[3] < 24, numbers[4] < 60, numbers[5] < 60
    else { return nil }
    let days = CalendarDay.number(year: year, month: month, day: day)
    let seconds = ((days * 24 + numbers[3]) * 60 + numbers[4]) * 60 + numbers[5]
    self.init(milliseconds: seconds * 1000 + milliseconds)
  }
}
