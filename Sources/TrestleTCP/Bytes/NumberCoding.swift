/// How a whole number without a sign is written in a field of fixed width.
enum NumberCoding: String, Sendable, CaseIterable {
  case bigEndian = "be"
  case littleEndian = "le"
  /// Decimal digits in ASCII.
  case ascii
  /// Hexadecimal digits in ASCII; written in capitals, read either way.
  case hexadecimal = "hex"
  /// Decimal digits in EBCDIC.
  case ebcdic
  /// Two decimal digits a byte.
  case bcd

  /// The widths in bytes whose every number fits 64 bits.
  var widths: ClosedRange<Int> {
    switch self {
    case .bigEndian, .littleEndian: 1...8
    case .ascii, .ebcdic: 1...18
    case .hexadecimal: 1...16
    case .bcd: 1...9
    }
  }

  /// The number in the bytes; nil when they are no such number, or one wider than 64 bits.
  func number(in bytes: ArraySlice<UInt8>) -> UInt64? {
    guard widths.contains(bytes.count) else { return nil }
    switch self {
    case .bigEndian: return bytes.reduce(0) { $0 << 8 | UInt64($1) }
    case .littleEndian: return bytes.reversed().reduce(0) { $0 << 8 | UInt64($1) }
    case .ascii: return Self.decimal(bytes.lazy.map { $0 &- 0x30 })
    case .ebcdic: return Self.decimal(bytes.lazy.map { $0 &- 0xF0 })
    case .bcd: return Self.decimal(bytes.lazy.flatMap { [$0 >> 4, $0 & 15] })
    case .hexadecimal:
      var number: UInt64 = 0
      for byte in bytes {
        guard let digit = Self.hexadecimalDigit(byte) else { return nil }
        number = number << 4 | UInt64(digit)
      }
      return number
    }
  }

  /// The bytes of a number; nil when it does not fit the width.
  func bytes(of number: UInt64, width: Int) -> [UInt8]? {
    switch self {
    case .bigEndian, .littleEndian:
      guard width >= 8 || number >> UInt64(width * 8) == 0 else { return nil }
      let bytes = (0..<width).map { UInt8(truncatingIfNeeded: number >> UInt64($0 * 8)) }
      return self == .littleEndian ? bytes : bytes.reversed()
    case .ascii: return Self.digits(number, radix: 10, width: width)
    case .hexadecimal: return Self.digits(number, radix: 16, width: width)
    case .ebcdic: return Self.digits(number, radix: 10, width: width)?.map { $0 | 0xF0 }
    case .bcd:
      guard let digits = Self.digits(number, radix: 10, width: width * 2) else { return nil }
      return stride(from: 0, to: digits.count, by: 2).map {
        (digits[$0] & 15) << 4 | digits[$0 + 1] & 15
      }
    }
  }

  /// What a field of a width holds, for messages: `4 ASCII digits`.
  func description(width: Int) -> String {
    switch self {
    case .bigEndian, .littleEndian: width == 1 ? "1 byte" : "\(width) bytes"
    case .ascii: "\(width) ASCII digits"
    case .hexadecimal: "\(width) hexadecimal digits"
    case .ebcdic: "\(width) EBCDIC digits"
    case .bcd: "\(width * 2) BCD digits"
    }
  }

  static func hexadecimalDigit(_ byte: UInt8) -> UInt8? {
    switch byte {
    case 0x30...0x39: byte - 0x30
    case 0x41...0x46: byte - 0x37
    case 0x61...0x66: byte - 0x57
    default: nil
    }
  }

  private static func decimal(_ digits: some Sequence<UInt8>) -> UInt64? {
    var number: UInt64 = 0
    for digit in digits {
      guard digit < 10 else { return nil }
      // At most 18 digits: no overflow.
      number = number &* 10 &+ UInt64(digit)
    }
    return number
  }

  private static func digits(_ number: UInt64, radix: Int, width: Int) -> [UInt8]? {
    let text = String(number, radix: radix, uppercase: true)
    guard text.utf8.count <= width else { return nil }
    return [UInt8](repeating: 0x30, count: width - text.utf8.count) + text.utf8
  }
}
