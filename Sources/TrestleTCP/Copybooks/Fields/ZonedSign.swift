internal import TrestleCore

/// Where a DISPLAY number has its sign, and how its digits are written.
struct ZonedSign: Sendable {
  /// How the digit that carries the sign is written where text is not EBCDIC.
  enum Overpunch: String, Sendable, CaseIterable {
    /// `{ABC…I` and `}JKL…R`: what a mainframe's signed digits become when text is converted.
    case letters
    /// `0…9` and `p…y`: what COBOL on PCs writes.
    case digits
  }

  var isLeading = false
  /// `SEPARATE CHARACTER`: `+` or `-`.
  var isSeparate = false
  var overpunch = Overpunch.letters

  // MARK: Reading

  /// The number; nil for bytes that are none. Spaces and low-values around it do not count.
  func decimal(in bytes: ArraySlice<UInt8>, encoding: TextEncoding) -> DecimalDigits? {
    let space = encoding.byte(of: " ")
    var rest = bytes.drop { $0 == space || $0 == 0 }
    while let last = rest.last, last == space || last == 0 { rest.removeLast() }
    var isNegative = false
    // A sign of its own is taken at either end, also where the picture has none: hosts are not strict.
    let minus = encoding.byte(of: "-"), plus = encoding.byte(of: "+")
    if let first = rest.first, first == minus || first == plus {
      isNegative = first == minus
      rest.removeFirst()
    } else if let last = rest.last, last == minus || last == plus {
      isNegative = last == minus
      rest.removeLast()
    }
    guard !rest.isEmpty else { return nil }
    var digits: [UInt8] = []
    digits.reserveCapacity(rest.count)
    let signed = isLeading ? rest.startIndex : rest.endIndex - 1
    for (position, byte) in zip(rest.indices, rest) {
      if let digit = Self.digit(byte, encoding) {
        digits.append(digit)
      } else if position == signed, !isSeparate, let (digit, minus) = lastDigit(byte, encoding) {
        digits.append(digit)
        isNegative = minus
      } else {
        return nil
      }
    }
    return DecimalDigits(isNegative: isNegative, digits: digits)
  }

  private static func digit(_ byte: UInt8, _ encoding: TextEncoding) -> UInt8? {
    let digit = byte &- encoding.byte(of: "0")
    return digit < 10 ? digit : nil
  }

  /// The digit and sign of an overpunched byte.
  private func lastDigit(
    _ byte: UInt8, _ encoding: TextEncoding
  ) -> (digit: UInt8, isNegative: Bool)? {
    if case .ebcdic = encoding {
      guard byte & 15 < 10, byte >> 4 >= 10 else { return nil }
      return (byte & 15, byte >> 4 == 0xB || byte >> 4 == 0xD)
    }
    return Self.digit(ofLetter: byte)
  }

  /// The digit and sign of an overpunched character.
  static func digit(ofLetter byte: UInt8) -> (digit: UInt8, isNegative: Bool)? {
    switch byte {
    case UInt8(ascii: "{"): (0, false)
    case UInt8(ascii: "A")...UInt8(ascii: "I"): (byte - 0x40, false)
    case UInt8(ascii: "}"): (0, true)
    case UInt8(ascii: "J")...UInt8(ascii: "R"): (byte - 0x49, true)
    // The zone 7 is minus on PCs.
    case 0x70...0x79: (byte - 0x70, true)
    default: nil
    }
  }

  // MARK: Writing

  func bytes(of decimal: DecimalDigits, isSigned: Bool, encoding: TextEncoding) -> [UInt8] {
    let zero = encoding.byte(of: "0")
    var bytes = decimal.digits.map { $0 + zero }
    if isSeparate {
      bytes.insert(
        encoding.byte(of: decimal.isNegative ? "-" : "+"), at: isLeading ? 0 : bytes.count)
    } else if isSigned, !bytes.isEmpty {
      let position = isLeading ? 0 : bytes.count - 1
      bytes[position] = overpunched(
        decimal.digits[position], isNegative: decimal.isNegative, encoding)
    }
    return bytes
  }

  private func overpunched(
    _ digit: UInt8, isNegative: Bool, _ encoding: TextEncoding
  ) -> UInt8 {
    if case .ebcdic = encoding { return digit | (isNegative ? 0xD0 : 0xC0) }
    if overpunch == .digits { return digit | (isNegative ? 0x70 : 0x30) }
    return Self.letter(of: digit, isNegative: isNegative)
  }

  /// The character of an overpunched digit: `{ABCDEFGHI`, `}JKLMNOPQR`.
  static func letter(of digit: UInt8, isNegative: Bool) -> UInt8 {
    switch (digit, isNegative) {
    case (0, false): UInt8(ascii: "{")
    case (0, true): UInt8(ascii: "}")
    case (_, false): digit + 0x40
    case (_, true): digit + 0x49
    }
  }
}
