import TrestleCore

/// Holds values against the JSON Schemas of the OpenAPI document: the words that the document uses, and an
/// unknown word is a finding of its own.
struct SchemaCheck {
  let document: Value

  /// What is wrong with a value, each with its place.
  func findings(in value: Value, against schema: Value, at place: String = "") -> [String] {
    guard case .object(let words) = schema else { return ["\(place): the schema is no object"] }
    if let reference = words["$ref"]?.stringValue {
      guard let found = resolve(reference) else { return ["\(place): nothing at \(reference)"] }
      return findings(in: value, against: found, at: place)
    }
    return words.flatMap { findings($0.name, $0.value, of: words, in: value, at: place) }
  }

  private func findings(
    _ word: String, _ rule: Value, of schema: Record, in value: Value, at place: String
  ) -> [String] {
    switch word {
    case "description", "title", "$schema", "default", "example", "examples", "contentEncoding",
      "x-trestle-type", "x-trestle-choice":
      return []
    case "const":
      return value == rule ? [] : ["\(place): expects \(rule), found \(value)"]
    case "minLength":
      guard let text = value.stringValue, let least = rule.integerValue else { return [] }
      return text.unicodeScalars.count >= least ? [] : ["\(place): is shorter than \(least)"]
    case "maxLength":
      guard let text = value.stringValue, let most = rule.integerValue else { return [] }
      return text.unicodeScalars.count <= most ? [] : ["\(place): is longer than \(most)"]
    case "minItems":
      guard let items = value.arrayValue, let least = rule.integerValue else { return [] }
      return items.count >= least ? [] : ["\(place): has fewer than \(least) items"]
    case "maxItems":
      guard let items = value.arrayValue, let most = rule.integerValue else { return [] }
      return items.count <= most ? [] : ["\(place): has more than \(most) items"]
    case "allOf":
      return (rule.arrayValue ?? []).flatMap { findings(in: value, against: $0, at: place) }
    case "not":
      return findings(in: value, against: rule).isEmpty
        ? ["\(place): fits what it must not: \(rule)"] : []
    case "type":
      let types = rule.arrayValue?.compactMap(\.stringValue) ?? [rule.stringValue ?? ""]
      return types.contains { Self.isOfType($0, value) }
        ? [] : ["\(place): expects \(types.joined(separator: " or ")), found \(value)"]
    case "enum":
      return rule.arrayValue?.contains(value) == true
        ? [] : ["\(place): \(value) is none of \(rule)"]
    case "minimum":
      guard let least = rule.integerValue, let number = value.integerValue else { return [] }
      return number >= least ? [] : ["\(place): \(number) is below \(least)"]
    case "maximum":
      guard let most = rule.integerValue, let number = value.integerValue else { return [] }
      return number <= most ? [] : ["\(place): \(number) is above \(most)"]
    case "pattern":
      guard let text = value.stringValue, let pattern = try? Regex(rule.stringValue ?? "") else {
        return []
      }
      return text.contains(pattern) ? [] : ["\(place): \"\(text)\" does not match \(rule)"]
    case "anyOf":
      let alternatives = rule.arrayValue ?? []
      return alternatives.contains { findings(in: value, against: $0).isEmpty }
        ? [] : ["\(place): fits none of anyOf: \(value)"]
    case "items":
      return (value.arrayValue ?? []).enumerated().flatMap {
        findings(in: $0.element, against: rule, at: "\(place)/\($0.offset)")
      }
    case "required":
      guard let record = value.objectValue else { return [] }
      return (rule.arrayValue ?? []).compactMap(\.stringValue).filter { record[$0] == nil }
        .map { "\(place): lacks \($0)" }
    case "properties":
      return (value.objectValue ?? [:]).flatMap { member in
        rule[member.name].map {
          findings(in: member.value, against: $0, at: "\(place)/\(member.name)")
        } ?? []
      }
    case "additionalProperties":
      let named = schema["properties"]?.objectValue ?? [:]
      return (value.objectValue ?? [:]).filter { named[$0.name] == nil }.flatMap { member in
        rule == .bool(false)
          ? ["\(place): \(member.name) is not declared"]
          : findings(in: member.value, against: rule, at: "\(place)/\(member.name)")
      }
    default: return ["\(place): the check does not know \(word)"]
    }
  }

  private func resolve(_ reference: String) -> Value? {
    reference.dropFirst(2).split(separator: "/").reduce(document as Value?) { $0?[String($1)] }
  }

  private static func isOfType(_ type: String, _ value: Value) -> Bool {
    switch type {
    case "object": value.objectValue != nil
    case "array": value.arrayValue != nil
    case "string": value.stringValue != nil
    case "boolean": value.boolValue != nil
    case "null": value.isNull
    case "integer": value.integerValue != nil
    case "number": value.kindName == "number"
    default: false
    }
  }
}
