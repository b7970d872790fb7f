/// A few bytes of a message with the wrong ones marked, for errors:
/// `30 31 [2d 30 30 31] 7b 22 "01[-001]{""`.
struct HexWindow: CustomStringConvertible {
  private let before: ArraySlice<UInt8>
  private let wrong: ArraySlice<UInt8>
  private let after: ArraySlice<UInt8>
  private let isCutBefore: Bool
  private let isCutAfter: Bool
  private let isWrongCut: Bool

  private static let context = 8
  private static let longest = 16

  /// `range` is in the indices of `bytes`; what lies outside of them is left away.
  init(_ bytes: ArraySlice<UInt8>, wrong range: Range<Int>) {
    let range = range.clamped(to: bytes.startIndex..<bytes.endIndex)
    before = bytes[..<range.lowerBound].suffix(Self.context)
    wrong = bytes[range].prefix(Self.longest)
    isWrongCut = range.count > Self.longest
    after = isWrongCut ? [] : bytes[range.upperBound...].prefix(Self.context)
    isCutBefore = before.startIndex > bytes.startIndex
    isCutAfter = isWrongCut || after.endIndex < bytes.endIndex
  }

  var description: String {
    if before.isEmpty, wrong.isEmpty, after.isEmpty { return "no bytes" }
    var hex: [String] = []
    if isCutBefore { hex.append("…") }
    hex += before.map(Self.hexadecimal)
    hex.append("[" + wrong.map(Self.hexadecimal).joined(separator: " ") + "]")
    hex += after.map(Self.hexadecimal)
    if isCutAfter { hex.append("…") }
    let text = Self.text(before) + "[" + Self.text(wrong) + "]" + Self.text(after)
    return hex.joined(separator: " ") + " \"\(text)\""
  }

  static func hexadecimal(_ byte: UInt8) -> String {
    (byte < 16 ? "0" : "") + String(byte, radix: 16)
  }

  private static func text(_ bytes: ArraySlice<UInt8>) -> String {
    String(
      decoding: bytes.map { (0x20..<0x7F).contains($0) ? $0 : UInt8(ascii: ".") }, as: UTF8.self)
  }
}
