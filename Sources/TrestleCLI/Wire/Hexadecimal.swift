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

  /// Lines of offset, sixteen bytes and their text.
  static func dump(_ bytes: [UInt8]) -> [String] {
    stride(from: 0, to: bytes.count, by: 16).map { start in
      dumpLine(bytes[start..<min(start + 16, bytes.count)], at: start)
    }
  }

  /// What stands before the bytes of a line: six digits and two spaces.
  static let offsetWidth = 8

  /// One line of a dump.
  static func dumpLine(_ row: ArraySlice<UInt8>, at start: Int) -> String {
    let offset = text([
      UInt8(truncatingIfNeeded: start >> 16), UInt8(start >> 8 & 0xFF), UInt8(start & 0xFF),
    ])
    let pairs = row.map { text([$0]) }.joined(separator: " ")
    let padding = String(repeating: " ", count: max(0, 47 - pairs.count))
    let letters = String(
      decoding: row.map { (0x20..<0x7F).contains($0) ? $0 : 0x2E }, as: UTF8.self)
    return "\(offset)  \(pairs)\(padding)   \(letters)"
  }
}
