internal import TrestleCore

/// `date("yyyyMMdd")`: a date or time in digits; ISO 8601 to callers. All zeros or spaces mean none.
struct DateField: FieldCodec {
  private enum Part: Sendable {
    case literal(String)
    /// A letter of year, month, day, hour, minute, second, and its digits.
    case digits(Character, Int)
  }

  let pattern: String
  let encoding: TextEncoding
  /// How the digits are written where they are not text: packed with a sign, or two a byte.
  let form: DecimalField.Form?
  private let parts: [Part]
  private let kind: ScalarSchema.Kind

  /// Nil for a pattern of other letters than `yyyy yy MM dd DDD HH mm ss`, or without a whole date or time.
  init?(pattern: String, encoding: TextEncoding, form: DecimalField.Form? = nil) {
    self.pattern = pattern
    self.encoding = encoding
    self.form = form
    var parts: [Part] = []
    var rest = Substring(pattern)
    while let first = rest.first {
      let run = rest.prefix { $0 == first }
      if first.isLetter {
        guard ["yyyy", "yy", "MM", "dd", "DDD", "HH", "mm", "ss"].contains(String(run)) else {
          return nil
        }
        parts.append(.digits(first, run.count))
        rest = rest.dropFirst(run.count)
      } else {
        // Packed digits have no room for anything between them.
        guard form == nil else { return nil }
        parts.append(.literal(String(first)))
        rest = rest.dropFirst()
      }
    }
    self.parts = parts
    let letters = Set(
      parts.compactMap { part in
        if case .digits(let letter, _) = part { return letter }
        return nil
      })
    let hasDate = letters.isSuperset(of: ["y", "M", "d"]) || letters.isSuperset(of: ["y", "D"])
    let hasTime = letters.isSuperset(of: ["H", "m"])
    guard hasDate || hasTime, hasDate || letters.isDisjoint(with: ["y", "M", "d", "D"]),
      !letters.contains("D") || letters.isDisjoint(with: ["M", "d"]),
      hasTime || letters.isDisjoint(with: ["H", "m", "s"])
    else { return nil }
    kind = hasDate ? (hasTime ? .dateTime : .date) : .time
  }

  /// The characters of the pattern.
  private var length: Int {
    parts.reduce(0) { size, part in
      switch part {
      case .literal(let text): size + text.unicodeScalars.count
      case .digits(_, let count): size + count
      }
    }
  }

  var schema: Schema {
    Schema(
      .scalar(ScalarSchema(kind: kind, form: .string, typeName: "date(\(pattern))")),
      isNullable: true)
  }

  func read(_ reader: inout FieldReader) throws(CodecError) -> Value {
    let bytes = try reader.take(size)
    guard let text = try text(of: bytes) else { throw reader.wrong(bytes, "is not \(pattern)") }
    if text.allSatisfy({ $0 == "0" || !$0.isNumber && !$0.isLetter }) { return .null }
    var fields: [Character: Int] = [:]
    var rest = Substring(text)
    for part in parts {
      switch part {
      case .literal(let literal):
        guard rest.hasPrefix(literal) else { throw reader.wrong(bytes, "is not \(pattern)") }
        rest = rest.dropFirst(literal.count)
      case .digits(let letter, let count):
        let digits = rest.prefix(count)
        guard digits.utf8.allSatisfy({ $0 &- 48 < 10 }), let number = Int(digits) else {
          throw reader.wrong(bytes, "is not \(pattern)")
        }
        // Two digits of a year are of the century around 2000: 50 to 99 before it, 00 to 49 after.
        fields[letter] = letter == "y" && count == 2 ? number + (number < 50 ? 2000 : 1900) : number
        rest = rest.dropFirst(count)
      }
    }
    if let ordinal = fields["D"] {
      let date = CalendarDay.date(ofDay: ordinal, in: fields["y"] ?? 0)
      (fields["M"], fields["d"]) = (date?.month ?? 0, date?.day ?? 0)
    }
    guard Self.isPossible(fields) else { throw reader.wrong(bytes, "is no \(kind.rawValue)") }
    return .string(iso(fields))
  }

  var fixedSize: Int? { size }

  /// Packed and BCD digits as a number has them.
  private var decimal: DecimalField? {
    form.map {
      DecimalField(
        form: $0, precision: length, scale: 0, isSigned: false, isEBCDIC: false)
    }
  }

  private var size: Int { decimal?.size ?? length }

  private func text(of bytes: ArraySlice<UInt8>) throws(CodecError) -> String? {
    guard let decimal else {
      return try encoding.text(of: bytes, path: "", at: bytes.startIndex)
    }
    guard let digits = decimal.digits(of: bytes)?.digits,
      digits.dropLast(length).allSatisfy({ $0 == 0 })
    else { return nil }
    return String(decoding: digits.suffix(length).map { $0 + 48 }, as: UTF8.self)
  }

  private func append(_ text: String, to output: inout [UInt8]) throws(CodecError) {
    if let decimal {
      try decimal.write(.string(text), to: &output)
    } else {
      output += try encoding.bytes(of: text, path: "")
    }
  }

  private static func isPossible(_ fields: [Character: Int]) -> Bool {
    guard (0...24).contains(fields["H"] ?? 0), (0...59).contains(fields["m"] ?? 0),
      (0...60).contains(fields["s"] ?? 0)
    else { return false }
    guard let year = fields["y"], let month = fields["M"], let day = fields["d"] else {
      return true
    }
    return CalendarDay.isPossible(year: year, month: month, day: day)
  }

  private func iso(_ fields: [Character: Int]) -> String {
    func padded(_ letter: Character, _ width: Int) -> String {
      let text = String(fields[letter] ?? 0)
      return String(repeating: "0", count: max(0, width - text.utf8.count)) + text
    }
    let date = "\(padded("y", 4))-\(padded("M", 2))-\(padded("d", 2))"
    let time = "\(padded("H", 2)):\(padded("m", 2)):\(padded("s", 2))"
    return kind == .date ? date : kind == .time ? time : date + "T" + time
  }

  func write(_ value: Value, to output: inout [UInt8]) throws(CodecError) {
    var text = ""
    if value.isNull {
      text = String(
        parts.map { part in
          switch part {
          case .literal(let literal): literal
          case .digits(_, let count): String(repeating: "0", count: count)
          }
        }.joined())
    } else if let written = value.stringValue, isWritten(written) {
      // What a generator wrote by the pattern itself.
      text = written
    } else {
      let fields = try fields(of: value)
      for part in parts {
        switch part {
        case .literal(let literal): text += literal
        case .digits(let letter, let count):
          let digits = String(fields[letter] ?? 0)
          text += String(repeating: "0", count: max(0, count - digits.count)) + digits.suffix(count)
        }
      }
    }
    try append(text, to: &output)
  }

  /// Whether a text is a date or time by the pattern.
  private func isWritten(_ text: String) -> Bool {
    guard form == nil, text.unicodeScalars.count == length,
      let bytes = try? encoding.bytes(of: text, path: "")
    else { return false }
    var reader = FieldReader(bytes)
    return (try? read(&reader)).map { !$0.isNull } ?? false
  }

  private func fields(of value: Value) throws(CodecError) -> [Character: Int] {
    let expected = kind == .date ? "yyyy-MM-dd" : kind == .time ? "HH:mm:ss" : "yyyy-MM-ddTHH:mm:ss"
    guard var text = value.scalarText else { throw .unwritable(value, expected) }
    // Of a moment (`2026-01-15T09:30:00.123Z`) a date or time takes its part.
    if text.utf8.count == 24, text.hasSuffix("Z") {
      text = kind == .date ? String(text.prefix(10)) : String(text.dropLast(5))
      if kind == .time { text = String(text.dropFirst(11)) }
    }
    let letters: [Character] =
      kind == .date
      ? ["y", "M", "d"] : kind == .time ? ["H", "m", "s"] : ["y", "M", "d", "H", "m", "s"]
    let pieces = text.split { "-:T".contains($0) }.map { Int($0) }
    let shape = text.map { $0.isNumber ? "0" : $0 }
    guard pieces.count == letters.count, !pieces.contains(nil),
      shape == expected.map({ $0.isLetter && $0 != "T" ? "0" : $0 })
    else { throw .unwritable(value, expected) }
    var fields: [Character: Int] = [:]
    for (letter, piece) in zip(letters, pieces) { fields[letter] = piece }
    let hasShortYear = parts.contains { part in
      if case .digits("y", 2) = part { return true }
      return false
    }
    if hasShortYear, let year = fields["y"], !(1950...2049).contains(year) {
      throw .unwritable(value, "a year from 1950 to 2049 for \(pattern)")
    }
    guard Self.isPossible(fields) else { throw .unwritable(value, "a possible \(kind.rawValue)") }
    if let year = fields["y"], let month = fields["M"], let day = fields["d"] {
      fields["D"] = CalendarDay.ordinal(year: year, month: month, day: day)
    }
    return fields
  }
}
