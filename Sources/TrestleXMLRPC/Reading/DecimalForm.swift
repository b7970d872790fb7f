/// How a decimal number is written: `[+-]? digits? (. digits?)? ([eE] [+-]? digits)?`, with a digit
/// before or after the point.
struct DecimalForm {
  private(set) var isNumber = false
  private(set) var hasPoint = false
  private(set) var hasExponent = false
  private var isNegative = false
  private var whole = 0..<0
  private var fraction = 0..<0
  private var exponent = 0..<0

  init(_ text: UnsafeBufferPointer<UInt8>) {
    var position = 0
    func isSign(_ position: Int) -> Bool {
      position < text.count
        && (text[position] == UInt8(ascii: "+") || text[position] == UInt8(ascii: "-"))
    }
    func digits() -> Range<Int> {
      let start = position
      while position < text.count, text[position] &- 48 < 10 { position += 1 }
      return start..<position
    }
    if isSign(0) {
      isNegative = text[0] == UInt8(ascii: "-")
      position = 1
    }
    whole = digits()
    if position < text.count, text[position] == UInt8(ascii: ".") {
      hasPoint = true
      position += 1
      fraction = digits()
    }
    guard !whole.isEmpty || !fraction.isEmpty else { return }
    if position < text.count, text[position] | 0x20 == UInt8(ascii: "e") {
      hasExponent = true
      let start = position + 1
      position = isSign(start) ? start + 1 : start
      guard !digits().isEmpty else { return }
      exponent = start..<position
    }
    isNumber = position == text.count
  }

  /// Whether a digit before the exponent is none of the zeros.
  func isNonzero(_ text: UnsafeBufferPointer<UInt8>) -> Bool {
    text[whole].contains { $0 != UInt8(ascii: "0") }
      || text[fraction].contains { $0 != UInt8(ascii: "0") }
  }

  /// The same number in JSON's grammar (RFC 8259 §6): no plus, no leading zero, digits on both sides
  /// of the point.
  func jsonText(of text: UnsafeBufferPointer<UInt8>) -> String {
    func slice(_ range: Range<Int>) -> String { String(decoding: text[range], as: UTF8.self) }
    let significant = slice(whole).drop { $0 == "0" }
    var result = (isNegative ? "-" : "") + (significant.isEmpty ? "0" : significant)
    if !fraction.isEmpty { result += "." + slice(fraction) }
    if hasExponent { result += "e" + slice(exponent) }
    return result
  }
}
