internal import Trestle

/// Something that a route takes in its path, its query or its header fields.
struct Parameter: Sendable {
  enum Place: String, Sendable {
    case path, query, header
  }

  enum Kind: Sendable {
    case text
    case integer(ClosedRange<Int64>)
    case flag
    /// `30s`, `5m`.
    case duration
    /// Text that a function takes, of which a pattern tells.
    case written(pattern: String, expectation: String, isRight: @Sendable (String) -> Bool)
    case oneOf([String])
  }

  var name: String
  var place: Place
  var kind: Kind
  /// One sentence.
  var summary: String
  /// Whether it may stand often.
  var isRepeated: Bool

  static func path(_ name: String, _ summary: String, as kind: Kind = .text) -> Parameter {
    Parameter(name: name, place: .path, kind: kind, summary: summary, isRepeated: false)
  }

  static func query(
    _ name: String, _ summary: String, as kind: Kind = .text, isRepeated: Bool = false
  ) -> Parameter {
    Parameter(name: name, place: .query, kind: kind, summary: summary, isRepeated: isRepeated)
  }

  static func header(_ name: String, _ summary: String, as kind: Kind = .text) -> Parameter {
    Parameter(name: name, place: .header, kind: kind, summary: summary, isRepeated: false)
  }

  static let system = path("system", "The system's name.")
  static let scope = query("scope", "The scope; the one that calls share without it.")
}

extension Parameter.Kind {
  /// What a value should have been; nil where it is right.
  func refusal(of text: String) -> String? {
    switch self {
    case .text: nil
    case .integer(let range):
      Int64(text).map(range.contains) == true
        ? nil
        : range.upperBound == .max
          ? "a whole number from \(range.lowerBound)"
          : "a whole number from \(range.lowerBound) to \(range.upperBound)"
    case .flag: ["", "true", "false"].contains(text) ? nil : "true or false"
    case .written(_, let expectation, let isRight): isRight(text) ? nil : expectation
    case .duration: Duration(written: text) == nil ? "a duration like 30s, 5m or 2h" : nil
    case .oneOf(let words): words.contains(text) ? nil : words.joined(separator: " or ")
    }
  }

  /// The JSON Schema of a value.
  var shape: Value {
    switch self {
    case .text: ["type": "string"]
    case .integer(let range):
      range.upperBound == .max
        ? ["type": "integer", "minimum": .integer(range.lowerBound)]
        : [
          "type": "integer", "minimum": .integer(range.lowerBound),
          "maximum": .integer(range.upperBound),
        ]
    case .flag: ["type": "boolean"]
    case .duration:
      ["type": "string", "pattern": #"^(?=.*[1-9])[0-9]+(\.[0-9]+)?(ms|s|m|h)?$"#]
    case .written(let pattern, _, _): ["type": "string", "pattern": .string(pattern)]
    case .oneOf(let words): ["enum": .array(words.map { .string($0) })]
    }
  }
}
