internal import TrestleCore
internal import TrestleXML

/// What a Content-Type field says (RFC 9110 §8.3).
struct ContentType {
  /// The media type in lower case; empty when the field is missing.
  let essence: String
  let charset: String?
  /// SOAP 1.2's action parameter.
  let action: String?

  init(_ field: String?) {
    guard let field else {
      essence = ""
      charset = nil
      action = nil
      return
    }
    let parts = Self.split(field)
    essence = parts.first?.trimmingXMLSpace().lowercased() ?? ""
    var charset: String?
    var action: String?
    for part in parts.dropFirst() {
      guard let equals = part.firstIndex(of: "=") else { continue }
      let name = part[..<equals].trimmingXMLSpace().lowercased()
      var value = part[part.index(after: equals)...].trimmingXMLSpace()
      if value.count >= 2, value.hasPrefix("\""), value.hasSuffix("\"") {
        value = String(value.dropFirst().dropLast())
      }
      if name == "charset" { charset = value }
      if name == "action" { action = value }
    }
    self.charset = charset
    self.action = action
  }

  /// The parts between semicolons, those inside quotes not counted.
  private static func split(_ field: String) -> [String] {
    var parts: [String] = [""]
    var isQuoted = false
    for character in field {
      if character == "\"" { isQuoted.toggle() }
      if character == ";", !isQuoted {
        parts.append("")
      } else {
        parts[parts.count - 1].append(character)
      }
    }
    return parts
  }
}
