/// Makes texts for scalars: plausible, recognisable, and allowed by the scalar's rules.
enum ScalarSample {
  /// The value of a scalar, in its JSON form.
  static func value(for scalar: ScalarSchema, in schema: Schema, named name: String) -> Value {
    value(text(for: scalar, in: schema, named: name), as: scalar)
  }

  /// A text in the JSON form of its type; text that is no number stays text.
  static func value(_ text: String, as scalar: ScalarSchema) -> Value {
    switch scalar.form {
    case .string: return .string(text)
    case .boolean:
      switch text {
      case "true", "1": return .bool(true)
      case "false", "0": return .bool(false)
      default: return .string(text)
      }
    case .number:
      if scalar.kind == .float || scalar.kind == .double, let number = Double(text),
        number.isFinite
      {
        return .double(number)
      }
      if let number = Int64(text) { return .integer(number) }
      return NumberText(text).map { .number($0) } ?? .string(text)
    }
  }

  /// A word for a member's name: the name itself without its plumbing.
  static func word(from name: String) -> String {
    let word = String(name.drop { $0 == "_" })
    return word.isEmpty || word == "text" ? "text" : word
  }

  private static func text(
    for scalar: ScalarSchema, in schema: Schema, named name: String
  ) -> String {
    if let fixed = schema.fixedText { return fixed }
    if let first = scalar.facets.enumeration.first { return first }
    if let text = schema.defaultText { return text }
    return plainText(for: scalar, named: name)
  }

  private static func plainText(for scalar: ScalarSchema, named name: String) -> String {
    let facets = scalar.facets
    switch scalar.kind {
    case .string: return fitted(word(from: name), to: facets)
    case .boolean: return "true"
    case .integer: return facets.minimum ?? "1"
    case .decimal: return facets.minimum ?? "10.50"
    case .float, .double: return facets.minimum ?? "1.5"
    case .base64: return Base64.encode(Array(fitted(word(from: name), to: facets).utf8))
    case .hex: return "53616D706C65"
    case .dateTime: return "2026-01-15T09:30:00Z"
    case .date: return "2026-01-15"
    case .time: return "09:30:00"
    case .duration: return "P1D"
    case .gYear: return "2026"
    case .gYearMonth: return "2026-01"
    case .gMonth: return "--01"
    case .gMonthDay: return "--01-15"
    case .gDay: return "---15"
    case .uri: return "http://example.com/\(word(from: name))"
    case .qualifiedName: return word(from: name)
    }
  }

  /// A word cut or repeated to a length that the facets allow.
  static func fitted(_ word: String, to facets: Facets) -> String {
    let shortest = facets.length ?? facets.minimumLength ?? 0
    let longest = facets.length ?? facets.maximumLength ?? .max
    var scalars = Array(word.unicodeScalars)
    let pattern = scalars
    while scalars.count < shortest, !pattern.isEmpty { scalars += pattern }
    var text = ""
    text.unicodeScalars.append(
      contentsOf: scalars.prefix(max(shortest, min(longest, word.unicodeScalars.count))))
    return text
  }
}
