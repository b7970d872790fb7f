/// A media type or range (RFC 9110 §8.3.1), without its parameters but for the boundary and charset.
package struct MediaType: Sendable, Hashable, CustomStringConvertible {
  /// In lower case.
  package var type: String
  package var subtype: String
  /// In the order written; names in lower case.
  package var parameters: [Parameter]

  package struct Parameter: Sendable, Hashable {
    package var name: String
    package var value: String
  }

  /// Reads the value of a Content-Type field, or one range of an Accept field; nil for what is neither.
  package init?(_ text: some StringProtocol) {
    var parts = Self.split(text)[...]
    guard let name = parts.popFirst() else { return nil }
    let halves = name.split(separator: "/", omittingEmptySubsequences: false)
    guard halves.count == 2, !halves[0].isEmpty, !halves[1].isEmpty else { return nil }
    type = halves[0].lowercased()
    subtype = halves[1].lowercased()
    parameters = parts.compactMap { part in
      guard let equals = part.firstIndex(of: "=") else { return nil }
      let name = part[..<equals].trimmingBlanks.lowercased()
      return Parameter(name: name, value: Self.unquoted(part[part.index(after: equals)...]))
    }
  }

  /// The parts between semicolons outside of quotes, without blanks around them.
  private static func split(_ text: some StringProtocol) -> [String] {
    var parts = [""]
    var isQuoted = false
    var isEscaped = false
    for character in text {
      if character == ";", !isQuoted {
        parts.append("")
        continue
      }
      if isEscaped {
        isEscaped = false
      } else if character == "\\", isQuoted {
        isEscaped = true
      } else if character == "\"" {
        isQuoted.toggle()
      }
      parts[parts.count - 1].append(character)
    }
    return parts.map { String($0.trimmingBlanks) }
  }

  private static func unquoted(_ text: Substring) -> String {
    let text = text.trimmingBlanks
    guard text.count >= 2, text.first == "\"", text.last == "\"" else { return String(text) }
    var value = ""
    var isEscaped = false
    for character in text.dropFirst().dropLast() {
      if character == "\\", !isEscaped {
        isEscaped = true
      } else {
        value.append(character)
        isEscaped = false
      }
    }
    return value
  }

  private init(type: String, subtype: String) {
    self.type = type
    self.subtype = subtype
    parameters = []
  }

  static let json = MediaType(type: "application", subtype: "json")

  package subscript(parameter name: String) -> String? {
    parameters.first { $0.name == name }?.value
  }

  /// `type/subtype`, without parameters.
  package var description: String { "\(type)/\(subtype)" }

  /// Whether this, a range, covers a type; parameters aside.
  package func covers(_ other: MediaType) -> Bool {
    (type == "*" || type == other.type)
      && (subtype == "*" || subtype == other.subtype
        || (subtype.hasPrefix("*+") && other.subtype.hasSuffix(subtype.dropFirst())))
  }

  /// How closely a range names a type: the exact type goes before `text/*`, which goes before `*/*`.
  package var precision: Int {
    type == "*" ? 0 : subtype == "*" ? 1 : subtype.hasPrefix("*") ? 2 : 3 + parameters.count
  }

  /// How bodies of the type are read and written.
  package var form: BodyForm {
    if subtype == "json" || subtype.hasSuffix("+json") { return .json }
    switch (type, subtype) {
    case ("application", "x-www-form-urlencoded"): return .urlEncoded
    case ("multipart", _): return .multipart
    case ("application", "x-ndjson"), ("application", "jsonl"), ("application", "json-seq"):
      return .jsonLines
    case ("text", _), ("application", "xml"), ("application", "yaml"), ("application", "x-yaml"),
      ("application", "javascript"), ("application", "graphql"):
      return .text
    case ("*", _): return .json
    default: return subtype.hasSuffix("+xml") || subtype.hasSuffix("+yaml") ? .text : .binary
    }
  }
}

/// How bodies are read and written.
package enum BodyForm: Sendable {
  case json
  /// A JSON text a line.
  case jsonLines
  case urlEncoded
  case multipart
  case text
  case binary
}

extension StringProtocol {
  /// The text without blanks and tabs around it.
  var trimmingBlanks: SubSequence {
    var rest = self[...]
    while let first = rest.first, first == " " || first == "\t" { rest.removeFirst() }
    while let last = rest.last, last == " " || last == "\t" { rest.removeLast() }
    return rest
  }
}
