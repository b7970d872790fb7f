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
  private let parts: [Part]
  private let kind: ScalarSchema.Kind

  /// Nil for a pattern of other letters than `yyyy yy MM dd HH mm ss`, or without a whole date or time.
  init?(pattern: String, encoding: TextEncoding) {
    self.pattern = pattern
    self.encoding = encoding
    var parts: [Part] = []
    var rest = Substring(pattern)
    while let first = rest.first {
      let run = rest.prefix { $0 == first }
      if first.isLetter {
        guard ["yyyy", "yy", "MM", "dd", "HH", "mm", "ss"].contains(String(run)) else { return nil }
        parts.append(.digits(first, run.count))
        rest = rest.dropFirst(run.count)
      } else {
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
    let hasDate = letters.isSuperset(of: ["y", "M", "d"])
    let hasTime = letters.isSuperset(of: ["H", "m"])
    guard hasDate || hasTime, hasDate || letters.isDisjoint(with: ["y", "M", "d"]),
      hasTime || letters.isDisjoint(with: ["H", "m", "s"])
    else { return nil }
    kind = hasDate ? (hasTime ? .dateTime : .date) : .time
  }

  private var size: Int {
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
    let text = try encoding.text(of: bytes, path: "", at: bytes.startIndex)
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
    guard Self.isPossible(fields) else { throw reader.wrong(bytes, "is no \(kind.rawValue)") }
    return .string(iso(fields))
  }

  private static func isPossible(_ fields: [Character: Int]) -> Bool {
    guard (0...24).contains(fields["H"] ?? 0), (0...59).contains(fields["m"] ?? 0),
      (0...60).contains(fields["s"] ?? 0)
    else { return false }
    guard let year = fields["y"], let month = fields["M"], let day = fields["d"] else {
      return true
    }
    let isLeap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
    let days = [31, isLeap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]
    return (1...12).contains(month) && (1...days[month - 1]).contains(day)
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
    output += try encoding.bytes(of: text, path: "")
  }

  private func fields(of value: Value) throws(CodecError) -> [Character: Int] {
    let expected = kind == .date ? "yyyy-MM-dd" : kind == .time ? "HH:mm:ss" : "yyyy-MM-ddTHH:mm:ss"
    guard let text = value.scalarText else { throw .unwritable(value, expected) }
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
    return fields
  }
}
