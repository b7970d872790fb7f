/// Characters that XML 1.0 §2.2 does not allow, in texts to be written.
enum InvalidCharacters {
  /// The text with U+FFFD for each such character, or without them.
  static func mended(_ text: String, _ policy: InvalidCharacterPolicy) -> String {
    guard text.utf8.contains(where: { isSuspect($0) }),
      text.unicodeScalars.contains(where: { isInvalid($0) })
    else { return text }
    var mended = String.UnicodeScalarView()
    for scalar in text.unicodeScalars {
      if !isInvalid(scalar) {
        mended.append(scalar)
      } else if policy == .replace {
        mended.append("\u{FFFD}")
      }
    }
    return String(mended)
  }

  /// The first byte of every such character, and of some others.
  private static func isSuspect(_ unit: UInt8) -> Bool {
    unit == 0xEF || (unit < 0x20 && unit != 0x09 && unit != 0x0A && unit != 0x0D)
  }

  private static func isInvalid(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.value {
    case 0x09, 0x0A, 0x0D: false
    case 0..<0x20, 0xFFFE, 0xFFFF: true
    default: false
    }
  }
}
