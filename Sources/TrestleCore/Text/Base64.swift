/// Base64 (RFC 4648 §4), with the white space that RFC 2045 and XSD allow on reading.
package enum Base64 {
  private static let alphabet: [UInt8] = Array(
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)

  private static let values: [UInt8] = {
    var table = [UInt8](repeating: 0xFF, count: 256)
    for (value, symbol) in alphabet.enumerated() { table[Int(symbol)] = UInt8(value) }
    return table
  }()

  /// The padded text of some bytes, without line breaks.
  package static func encode(_ bytes: [UInt8]) -> String {
    let size = (bytes.count + 2) / 3 * 4
    return String(unsafeUninitializedCapacity: size) { output in
      var index = 0
      var position = 0
      while position < bytes.count {
        let first = bytes[position]
        let second = position + 1 < bytes.count ? bytes[position + 1] : 0
        let third = position + 2 < bytes.count ? bytes[position + 2] : 0
        output[index] = alphabet[Int(first >> 2)]
        output[index + 1] = alphabet[Int((first & 0x03) << 4 | second >> 4)]
        output[index + 2] =
          position + 1 < bytes.count
          ? alphabet[Int((second & 0x0F) << 2 | third >> 6)] : UInt8(ascii: "=")
        output[index + 3] =
          position + 2 < bytes.count ? alphabet[Int(third & 0x3F)] : UInt8(ascii: "=")
        index += 4
        position += 3
      }
      return index
    }
  }

  /// The bytes of a text, or nil when it is not base64.
  ///
  /// White space is skipped. Padding is required only when `strict`.
  package static func decode(_ text: some Sequence<UInt8>, strict: Bool = false) -> [UInt8]? {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(text.underestimatedCount / 4 * 3)
    var bits: UInt32 = 0
    var symbols = 0
    var padding = 0
    for symbol in text {
      switch symbol {
      case 0x20, 0x09, 0x0A, 0x0D: continue
      case UInt8(ascii: "="): padding += 1
      default:
        let value = values[Int(symbol)]
        guard value != 0xFF, padding == 0 else { return nil }
        bits = bits << 6 | UInt32(value)
        symbols += 1
        if symbols == 4 {
          bytes.append(UInt8(truncatingIfNeeded: bits >> 16))
          bytes.append(UInt8(truncatingIfNeeded: bits >> 8))
          bytes.append(UInt8(truncatingIfNeeded: bits))
          bits = 0
          symbols = 0
        }
      }
    }
    switch symbols {
    case 0: return padding == 0 || (!strict && padding <= 2) ? bytes : nil
    case 2:
      guard padding == 2 || (!strict && padding == 0) else { return nil }
      bytes.append(UInt8(truncatingIfNeeded: bits >> 4))
    case 3:
      guard padding == 1 || (!strict && padding == 0) else { return nil }
      bytes.append(UInt8(truncatingIfNeeded: bits >> 10))
      bytes.append(UInt8(truncatingIfNeeded: bits >> 2))
    default: return nil
    }
    return bytes
  }

  /// Whether the bits after the last whole byte of a padded text are zero, as RFC 4648 §3.5 asks of
  /// whoever encodes.
  package static func endsInZeroBits(_ text: some BidirectionalCollection<UInt8>) -> Bool {
    var padding = 0
    for symbol in text.reversed() {
      switch symbol {
      case 0x20, 0x09, 0x0A, 0x0D: continue
      case UInt8(ascii: "="): padding += 1
      default:
        let unused: UInt8 = padding == 2 ? 0x0F : padding == 1 ? 0x03 : 0
        return values[Int(symbol)] & unused == 0
      }
    }
    return true
  }
}
