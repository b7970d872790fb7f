internal import TrestleCore

/// What a `Content-Type` field says (RFC 9110 §8.3).
enum ContentType {
  /// The charset parameter, without its quotes; nil when there is none.
  static func charset(of field: String?) -> String? {
    // Most fields have no parameters at all.
    guard let field, let start = field.utf8.firstIndex(of: UInt8(ascii: ";")) else { return nil }
    for parameter in field[start...].utf8.split(separator: UInt8(ascii: ";")) {
      let parts = parameter.split(separator: UInt8(ascii: "="), maxSplits: 1)
      guard parts.count == 2, trimmed(parts[0]).isEqualIgnoringCase("charset") else { continue }
      let value = trimmed(parts[1]).filter { $0 != "\"" && $0 != "'" }
      return value.isEmpty ? nil : value
    }
    return nil
  }

  /// Whether the media type is XML; the spec asks for text/xml.
  static func isXML(_ field: String?) -> Bool {
    guard let field else { return false }
    let end = field.utf8.firstIndex(of: UInt8(ascii: ";")) ?? field.endIndex
    let name = trimmed(field[..<end].utf8)
    return name.isEqualIgnoringCase("text/xml") || name.isEqualIgnoringCase("application/xml")
  }

  private static func trimmed(_ text: Substring.UTF8View) -> String {
    var text = text
    while text.first == 0x20 || text.first == 0x09 { text.removeFirst() }
    while text.last == 0x20 || text.last == 0x09 { text.removeLast() }
    return String(Substring(text))
  }
}
