extension NumberText {
  /// The number without an exponent, `1500` for `1.5e3`: the form XSD's decimals and integers need.
  ///
  /// Nil for numbers that would grow beyond reason. A fraction that is zero is left out, since it
  /// came from the exponent or says nothing.
  package var plainText: String? {
    guard let mark = text.utf8.firstIndex(where: { $0 | 0x20 == UInt8(ascii: "e") }) else {
      return text
    }
    let power = text[text.utf8.index(after: mark)...]
    guard let exponent = Int(power), abs(exponent) <= 400 else { return nil }
    let mantissa = text[..<mark]
    let sign = mantissa.hasPrefix("-") ? "-" : ""
    let parts = mantissa.drop { $0 == "-" }.split(separator: ".")
    let fraction = parts.count > 1 ? String(parts[1]) : ""
    var digits = String(parts[0]) + fraction
    var point = parts[0].utf8.count + exponent
    if point <= 0 {
      digits = String(repeating: "0", count: 1 - point) + digits
      point = 1
    }
    if point > digits.utf8.count {
      digits += String(repeating: "0", count: point - digits.utf8.count)
    }
    let whole = digits.prefix(point).drop { $0 == "0" }
    var rest = digits.dropFirst(point)
    while rest.last == "0" { rest.removeLast() }
    return sign + (whole.isEmpty ? "0" : whole) + (rest.isEmpty ? "" : "." + rest)
  }
}
