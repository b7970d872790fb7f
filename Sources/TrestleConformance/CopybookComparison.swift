internal import TrestleCore

/// How texts are compared.
enum CopybookTexts {
  /// As they are.
  case exact
  /// Without the spaces around them and without control characters.
  case trimmed
  /// Besides, by their ASCII characters alone: the expecting tool's page of its own has few others,
  /// and takes a soft hyphen for a hyphen and a broken bar for a bar.
  case basic
}

/// Compares a record with the one expected, which leaves out what is empty.
struct CopybookComparison {
  let texts: CopybookTexts

  /// The first difference, with its place; nil where there is none.
  func difference(_ found: Value?, _ expected: Value?, at place: String) -> String? {
    switch (found, expected) {
    case (.object(let left)?, .object(let right)?): return difference(left, right, at: place)
    case (.array(let left)?, .array(let right)?):
      for position in 0..<max(left.count, right.count) {
        let difference = difference(
          position < left.count ? left[position] : nil,
          position < right.count ? right[position] : nil, at: "\(place)[\(position)]")
        if let difference { return difference }
      }
      return nil
    default:
      if isEmpty(found), isEmpty(expected) { return nil }
      if let found, let expected, isAlike(found, expected) { return nil }
      return "\(place): found \(found.map { "\($0)" } ?? "nothing"), expected "
        + (expected.map { "\($0)" } ?? "nothing")
    }
  }

  private func difference(
    _ found: TrestleCore.Record, _ expected: TrestleCore.Record, at place: String
  ) -> String? {
    var left: [String: Value] = [:]
    for member in found { left[member.name.replacing("-", with: "_")] = member.value }
    var right = expected.filter { !isOwn($0.name) }
    // Some lists keep the record's own name around its fields.
    if place.isEmpty, right.count == 1, left[right[0].name] == nil,
      let inner = right[0].value.objectValue
    {
      right = inner.filter { !isOwn($0.name) }
    }
    let names = Set(left.keys).union(right.map(\.name))
    for name in names.sorted() where !isOwn(name) {
      let wanted = right.first { $0.name == name }?.value
      if let difference = difference(left[name], wanted, at: "\(place).\(name)") {
        return difference
      }
    }
    return nil
  }

  /// What the expecting tool adds of its own, and what it leaves away.
  private func isOwn(_ name: String) -> Bool {
    name == "File_Id" || name == "Record_Id" || name == "Record_Byte_Length"
      || name.hasPrefix("Seg_Id") || name.hasSuffix("_debug") || name.hasPrefix("FILLER")
  }

  private func isEmpty(_ value: Value?) -> Bool {
    switch value {
    case nil, .null?: true
    case .string(let text)?: plain(text).isEmpty
    case .array(let items)?: items.allSatisfy { isEmpty($0) }
    case .object(let record)?: record.allSatisfy { isEmpty($0.value) || isOwn($0.name) }
    default: false
    }
  }

  /// A text as the expecting tool has it: control characters of the upper half are spaces to it, and
  /// line feed and carriage return are the other way round.
  private func plain(_ text: String) -> String {
    let scalars = text.unicodeScalars.map { scalar -> Unicode.Scalar in
      switch scalar.value {
      case 0x80..<0xA0: " "
      case 0x0D: texts == .exact ? "\n" : " "
      case ..<0x20, 0x7F: texts == .exact ? scalar : " "
      case 0xAD where texts == .basic: "-"
      case 0xA6 where texts == .basic: "|"
      case 0xA0...: texts == .basic ? " " : scalar
      default: scalar
      }
    }
    guard texts != .exact else { return String(String.UnicodeScalarView(scalars)) }
    var rest = scalars[...].drop { $0 == " " }
    while rest.last == " " { rest.removeLast() }
    return String(String.UnicodeScalarView(rest))
  }

  private func isAlike(_ found: Value, _ expected: Value) -> Bool {
    if case .string(let text) = expected { return plain(found.scalarText ?? "") == plain(text) }
    guard let right = expected.scalarText else { return false }
    if case .double(let number) = found, let other = Double(right) {
      return number == other || Float(number) == Float(other)
    }
    guard let left = found.scalarText else { return false }
    return Decimal(left) != nil && Decimal(left) == Decimal(right)
  }

  /// A number by its value: digits without zeros at their ends, and where the point is.
  private struct Decimal: Equatable {
    var isNegative: Bool
    var digits: [UInt8]
    var exponent: Int

    init?(_ text: String) {
      let parts = text.uppercased().split(separator: "E", maxSplits: 1)
      guard let mantissa = parts.first else { return nil }
      exponent = parts.count > 1 ? Int(parts[1]) ?? 0 : 0
      isNegative = mantissa.hasPrefix("-")
      digits = []
      var hasPoint = false
      for byte in mantissa.utf8 {
        if byte &- 48 < 10 {
          digits.append(byte - 48)
          if hasPoint { exponent -= 1 }
        } else if byte == UInt8(ascii: ".") {
          hasPoint = true
        } else if byte != UInt8(ascii: "-"), byte != UInt8(ascii: "+") {
          return nil
        }
      }
      guard !digits.isEmpty else { return nil }
      while digits.last == 0 {
        digits.removeLast()
        exponent += 1
      }
      digits = Array(digits.drop { $0 == 0 })
      if digits.isEmpty {
        exponent = 0
        isNegative = false
      }
    }
  }
}
