internal import TrestleCore

/// Writes parameters as their styles say (RFC 6570, OpenAPI 3.1 §4.8.12).
enum ParameterWriter {
  /// A parameter's text in a path, encoded.
  static func path(_ value: Value, _ parameter: RESTParameter) -> String {
    let style = parameter.style
    if let text = content(value, parameter) { return encoded(text) }
    let name = encoded(parameter.name)
    switch style.kind {
    case .matrix:
      switch value {
      case .array(let items) where style.explodes:
        return items.map { ";\(name)=\(encoded($0))" }.joined()
      case .object(let record) where style.explodes:
        return record.members.map { ";\(encoded($0.name))=\(encoded($0.value))" }.joined()
      default:
        return ";\(name)=\(joined(value, by: ",", equals: ","))"
      }
    case .label:
      return "." + joined(value, by: style.explodes ? "." : ",", equals: style.explodes ? "=" : ",")
    default:
      return joined(value, by: ",", equals: style.explodes ? "=" : ",")
    }
  }

  /// A parameter's part of a query, without a mark before it; empty for an empty list.
  static func query(_ value: Value, _ parameter: RESTParameter) -> String {
    pairs(
      named: parameter.name, content(value, parameter).map { .string($0) } ?? value, parameter.style
    )
    .joined(separator: "&")
  }

  /// `name=value`, as often as the style says.
  static func pairs(named name: String, _ value: Value, _ style: ParameterStyle) -> [String] {
    func pair(_ name: String, _ text: String) -> String {
      // Brackets of a name are part of a style, and are left as they are.
      let name = PercentEncoding.encoded(name) {
        PercentEncoding.isUnreserved($0) || "[]".utf8.contains($0)
      }
      return "\(name)=\(text)"
    }
    func text(_ value: Value) -> String {
      QueryText.encoded(TextTyping.text(value), allowsReserved: style.allowsReserved)
    }
    switch (value, style.kind) {
    case (.object, .deepObject), (.array, .deepObject):
      return deep(name, value).map { pair($0.name, text($0.value)) }
    case (.array(let items), .form) where style.explodes: return items.map { pair(name, text($0)) }
    case (.array(let items), _):
      guard !items.isEmpty else { return [] }
      let separator = QueryText.encoded(String(style.separator), allowsReserved: true)
      return [pair(name, items.map(text).joined(separator: separator))]
    case (.object(let record), .form) where style.explodes:
      return record.members.map { pair($0.name, text($0.value)) }
    case (.object(let record), _):
      let separator = QueryText.encoded(String(style.separator), allowsReserved: true)
      let parts = record.members.flatMap { [QueryText.encoded($0.name), text($0.value)] }
      return [pair(name, parts.joined(separator: separator))]
    default: return [pair(name, text(value))]
    }
  }

  /// `filter[a][b]` and `filter[0]`, down to single values.
  private static func deep(_ name: String, _ value: Value) -> [(name: String, value: Value)] {
    switch value {
    case .object(let record):
      record.members.flatMap { deep("\(name)[\($0.name)]", $0.value) }
    case .array(let items):
      items.enumerated().flatMap { deep("\(name)[\($0.offset)]", $0.element) }
    default: [(name, value)]
    }
  }

  /// A header field's value.
  static func header(_ value: Value, _ parameter: RESTParameter) -> String {
    if let text = content(value, parameter) { return text }
    return header(value, explodes: parameter.style.explodes)
  }

  static func header(_ value: Value, explodes: Bool) -> String {
    switch value {
    case .array(let items): items.map(TextTyping.text).joined(separator: ",")
    case .object(let record):
      record.members.map {
        "\($0.name)\(explodes ? "=" : ",")\(TextTyping.text($0.value))"
      }.joined(separator: ",")
    default: TextTyping.text(value)
    }
  }

  /// The pair in a Cookie field.
  static func cookie(_ value: Value, _ parameter: RESTParameter) -> String {
    let pairs = pairs(
      named: parameter.name, content(value, parameter).map { .string($0) } ?? value, parameter.style
    )
    return pairs.joined(separator: "; ")
  }

  private static func content(_ value: Value, _ parameter: RESTParameter) -> String? {
    guard let content = parameter.content else { return nil }
    return content.form == .json ? JSONWriter.text(value) : TextTyping.text(value)
  }

  private static func joined(_ value: Value, by separator: String, equals: String) -> String {
    switch value {
    case .array(let items): items.map(encoded).joined(separator: separator)
    case .object(let record):
      record.members.map { encoded($0.name) + equals + encoded($0.value) }
        .joined(separator: separator)
    default: encoded(value)
    }
  }

  private static func encoded(_ value: Value) -> String { encoded(TextTyping.text(value)) }
  private static func encoded(_ text: String) -> String { PercentEncoding.encoded(text) }
}
