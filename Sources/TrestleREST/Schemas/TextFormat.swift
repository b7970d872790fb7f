import TrestleCore

/// The formats of texts that are checked; others pass.
enum TextFormat: String, Sendable {
  case date, dateTime = "date-time", time, duration, uuid, email, idnEmail = "idn-email"
  case hostname, ipv4, ipv6, uri, uriReference = "uri-reference", uriTemplate = "uri-template"
  case jsonPointer = "json-pointer", regex, base64 = "byte"

  /// The format of a name where the dialect gives it a meaning.
  ///
  /// Drafts before 2019-09 knew no times and durations, and what documents of theirs call so is often
  /// something else (`09:30`, `30s`).
  init?(named name: String, in dialect: SchemaLibrary.Dialect) {
    guard let format = TextFormat(rawValue: name) else { return nil }
    switch format {
    case .date, .dateTime, .uuid, .email, .hostname, .ipv4, .ipv6, .uri, .base64: break
    default: guard dialect == .openAPI31 else { return nil }
    }
    self = format
  }

  func admits(_ text: String) -> Bool {
    var text = text
    return text.withUTF8 { FormatCheck.admits($0, as: self) }
  }

  /// What is expected, for an error.
  var expectation: String {
    switch self {
    case .date: "a date such as 2026-01-15"
    case .dateTime: "a date-time such as 2026-01-15T09:30:00Z"
    case .time: "a time such as 09:30:00Z"
    case .duration: "a duration such as P1D"
    case .uuid: "a UUID"
    case .email, .idnEmail: "an e-mail address"
    case .hostname: "a host name"
    case .ipv4: "an IPv4 address"
    case .ipv6: "an IPv6 address"
    case .uri: "a URI with its scheme"
    case .uriReference: "a URI reference"
    case .uriTemplate: "a URI template"
    case .jsonPointer: "a JSON Pointer"
    case .regex: "a regular expression"
    case .base64: "base64 text"
    }
  }

  /// Texts of the format, the plain one first.
  func examples(named name: String) -> [String] {
    let word = String(
      name.lowercased().unicodeScalars.filter {
        $0.isASCII && ($0.properties.isAlphabetic || ("0"..."9").contains($0))
      }.map(Character.init))
    let safe = word.isEmpty ? "name" : word
    return switch self {
    case .date: ["2026-01-15"]
    case .dateTime: ["2026-01-15T09:30:00Z"]
    case .time: ["09:30:00Z"]
    case .duration: ["P1D", "PT1H"]
    case .uuid: ["123e4567-e89b-12d3-a456-426614174000"]
    case .email, .idnEmail: ["user@example.com", "a@example.com", "a@b.io"]
    case .hostname: ["example.com"]
    case .ipv4: ["192.0.2.1"]
    case .ipv6: ["2001:db8::1"]
    case .uri: ["http://example.com/\(safe)", "http://example.com", "urn:\(safe)"]
    case .uriReference: ["/\(safe)", "http://example.com/\(safe)"]
    case .uriTemplate: ["/\(safe)/{id}", "/\(safe)"]
    case .jsonPointer: ["/\(safe)", ""]
    case .regex: ["^[a-z]+$", ".*"]
    case .base64: ["c2FtcGxl", "c2FtcGxlIHRleHQ=", ""]
    }
  }
}
