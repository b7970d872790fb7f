/// Bytes as people read them: two hexadecimal digits each, written in capitals, read either way.
enum HexadecimalText {
  static func text(of data: some Collection<UInt8>) -> String {
    var digits: [UInt8] = []
    digits.reserveCapacity(data.count * 2)
    for byte in data {
      digits.append(digit(byte >> 4))
      digits.append(digit(byte & 15))
    }
    return String(decoding: digits, as: UTF8.self)
  }

  /// The digit of half a byte.
  static func digit(_ half: UInt8) -> UInt8 { half < 10 ? half | 0x30 : half + 0x37 }

  /// The bytes of a text; nil when it is no hexadecimal text, or has half a byte too many.
  static func bytes(of text: String) -> [UInt8]? {
    let digits = Array(text.utf8)
    guard digits.count % 2 == 0 else { return nil }
    var bytes: [UInt8] = []
    bytes.reserveCapacity(digits.count / 2)
    for position in stride(from: 0, to: digits.count, by: 2) {
      guard let high = NumberCoding.hexadecimalDigit(digits[position]),
        let low = NumberCoding.hexadecimalDigit(digits[position + 1])
      else { return nil }
      bytes.append(high << 4 | low)
    }
    return bytes
  }

  /// The digits, in capitals, that bytes are in an encoding; nil when they are something else.
  static func digits(of data: ArraySlice<UInt8>, in encoding: TextEncoding) -> String? {
    guard let text = try? encoding.text(of: data, path: "", at: 0) else { return nil }
    var digits: [UInt8] = []
    digits.reserveCapacity(data.count)
    for byte in text.utf8 {
      guard let digit = NumberCoding.hexadecimalDigit(byte) else { return nil }
      digits.append(self.digit(digit))
    }
    return String(decoding: digits, as: UTF8.self)
  }
}
