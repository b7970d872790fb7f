internal import TrestleCore

/// What a `Content-Type` field says (RFC 9110 §8.3).
enum ContentType {
  /// The charset parameter, without its quotes; nil when there is none.
  static func charset(of field: String?) -> String? {
    guard let field else { return nil }
    for parameter in field.split(separator: ";").dropFirst() {
      let parts = parameter.split(separator: "=", maxSplits: 1)
      guard parts.count == 2, String(trimmed(parts[0])).isEqualIgnoringCase("charset") else {
        continue
      }
      let value = trimmed(parts[1]).filter { $0 != "\"" && $0 != "'" }
      return value.isEmpty ? nil : String(value)
    }
    return nil
  }

  /// Whether the media type is XML; the spec asks for text/xml.
  static func isXML(_ field: String?) -> Bool {
    guard let type = field?.split(separator: ";").first else { return false }
    let name = String(trimmed(type))
    return name.isEqualIgnoringCase("text/xml") || name.isEqualIgnoringCase("application/xml")
  }

  private static func trimmed(_ text: Substring) -> Substring {
    var text = text
    while text.first == " " || text.first == "\t" { text.removeFirst() }
    while text.last == " " || text.last == "\t" { text.removeLast() }
    return text
  }
}
