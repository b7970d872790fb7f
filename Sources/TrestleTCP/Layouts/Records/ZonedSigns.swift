/// How a digit in ASCII carries the sign of a zoned number.
enum ZonedSigns: String, Sendable, CaseIterable {
  /// As EBCDIC's zones look in ASCII: `{A`-`I` for plus, `}J`-`R` for minus.
  case translated
  /// Plus digits as they are, minus ones as `p`-`y`.
  case standard
  /// Plus digits as they are, minus ones with the zone 2 (CA Realia).
  case realia
  /// Plus digits as they are, minus ones with the zone 8 (Tandem).
  case tandem

  /// The zone of minus digits; nil where letters stand for them.
  private var minusZone: UInt8? {
    switch self {
    case .translated: nil
    case .standard: 0x70
    case .realia: 0x20
    case .tandem: 0x80
    }
  }

  /// The digit and sign of a byte; nil for what is none.
  func digit(of byte: UInt8) -> (digit: UInt8, isNegative: Bool)? {
    if byte &- 0x30 < 10 { return (byte - 0x30, false) }
    if let minusZone { return byte &- minusZone < 10 ? (byte - minusZone, true) : nil }
    switch byte {
    case UInt8(ascii: "{"): return (0, false)
    case UInt8(ascii: "A")...UInt8(ascii: "I"): return (byte - 0x40, false)
    case UInt8(ascii: "}"): return (0, true)
    case UInt8(ascii: "J")...UInt8(ascii: "R"): return (byte - 0x49, true)
    // Micro Focus writes the zone 7 for minus.
    case 0x70...0x79: return (byte - 0x70, true)
    default: return nil
    }
  }

  /// The byte of a digit, which is below 10.
  func byte(of digit: UInt8, isNegative: Bool) -> UInt8 {
    if let minusZone { return digit | (isNegative ? minusZone : 0x30) }
    switch (digit, isNegative) {
    case (0, false): return UInt8(ascii: "{")
    case (0, true): return UInt8(ascii: "}")
    case (_, false): return digit + 0x40
    case (_, true): return digit + 0x49
    }
  }
}
