/// Bytes written as two hexadecimal digits each.
package enum HexText {
  package static func encode(_ bytes: [UInt8]) -> String {
    let digits = Array("0123456789abcdef".utf8)
    var text: [UInt8] = []
    text.reserveCapacity(bytes.count * 2)
    for byte in bytes {
      text.append(digits[Int(byte >> 4)])
      text.append(digits[Int(byte & 15)])
    }
    return String(decoding: text, as: UTF8.self)
  }

  /// The bytes of a text; white space between digits means nothing. Nil for anything else in it, and for
  /// half a byte.
  package static func decode(_ text: String) -> [UInt8]? {
    var bytes: [UInt8] = []
    var high: UInt8?
    for symbol in text.utf8 {
      let digit: UInt8
      switch symbol {
      case UInt8(ascii: "0")...UInt8(ascii: "9"): digit = symbol - 48
      case UInt8(ascii: "a")...UInt8(ascii: "f"): digit = symbol - 87
      case UInt8(ascii: "A")...UInt8(ascii: "F"): digit = symbol - 55
      case 0x20, 0x09, 0x0A, 0x0D: continue
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
}
