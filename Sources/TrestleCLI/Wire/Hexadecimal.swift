/// Bytes as hexadecimal digits.
enum Hexadecimal {
  private static let digits = Array("0123456789abcdef".utf8)

  /// Two digits a byte.
  static func text(_ bytes: some Sequence<UInt8>) -> String {
    var text: [UInt8] = []
    for byte in bytes {
      text.append(digits[Int(byte >> 4)])
      text.append(digits[Int(byte & 15)])
    }
    return String(decoding: text, as: UTF8.self)
  }

  /// The bytes of digits in pairs, white space skipped; nil when anything else is there.
  static func bytes(_ text: some Sequence<UInt8>) -> [UInt8]? {
    var bytes: [UInt8] = []
    var high: UInt8?
    for symbol in text {
      let digit: UInt8
      switch symbol {
      case 0x20, 0x09, 0x0A, 0x0D: continue
      case UInt8(ascii: "0")...UInt8(ascii: "9"): digit = symbol - UInt8(ascii: "0")
      case UInt8(ascii: "a")...UInt8(ascii: "f"): digit = symbol - UInt8(ascii: "a") + 10
      case UInt8(ascii: "A")...UInt8(ascii: "F"): digit = symbol - UInt8(ascii: "A") + 10
      default: return nil
      }
      if let first = high {
        bytes.append(first << 4 | digit)
        high = nil
      } else {
        high = digit
      }
    }
    return high == nil ? bytes : nil
  }

  /// Lines of offset, sixteen bytes and their text.
  static func dump(_ bytes: [UInt8]) -> [String] {
    stride(from: 0, to: bytes.count, by: 16).map { start in
      let row = bytes[start..<min(start + 16, bytes.count)]
      let offset = text([
        UInt8(truncatingIfNeeded: start >> 16), UInt8(start >> 8 & 0xFF), UInt8(start & 0xFF),
      ])
      let pairs = row.map { text([$0]) }.joined(separator: " ")
      let padding = String(repeating: " ", count: 48 - pairs.count)
      let letters = String(
        decoding: row.map { (0x20..<0x7F).contains($0) ? $0 : 0x2E }, as: UTF8.self)
      return "\(offset)  \(pairs)\(padding)  \(letters)"
    }
  }
}
