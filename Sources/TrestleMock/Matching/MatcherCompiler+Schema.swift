import TrestleCore

extension MatcherCompiler {
  /// The words of JSON Schema that a `schema` may have.
  private enum Keyword: String, CaseIterable {
    case type, properties, required, items, `enum`, const, minimum, maximum, pattern
    case additionalProperties, minLength, maxLength, minItems, maxItems
  }

  /// Compiles a JSON Schema of the common words into conditions.
  mutating func schema(_ value: Value, at path: ValuePath) -> Matcher {
    guard case .object(let record) = value else {
      return refuse("schema expects an object of JSON Schema, found \(value.kindName)", at: path)
    }
    var matchers: [Matcher] = []
    for member in record {
      let place = path.member(member.name)
      guard let word = Keyword(rawValue: member.name) else {
        matchers.append(
          refuse(
            "unknown word \"\(member.name)\" of JSON Schema"
              + Suggestion.clause(for: member.name, among: Keyword.allCases.map(\.rawValue)),
            at: place, hint: "known: \(Keyword.allCases.map(\.rawValue).joined(separator: ", "))"))
        continue
      }
      matchers.append(keyword(word, member.value, of: record, at: place))
    }
    return .all(matchers)
  }

  private mutating func keyword(
    _ word: Keyword, _ value: Value, of schema: Record, at path: ValuePath
  ) -> Matcher {
    switch word {
    case .type:
      if case .array(let items) = value {
        return .oneOf(items.enumerated().map { type($1, at: path.item($0)) })
      }
      return type(value, at: path)
    case .properties:
      let members = value.objectValue?.members ?? []
      return .oneOf([
        .not(.type(.object)),
        .members(
          members.map {
            Matcher.Member(
              name: $0.name,
              matcher: .oneOf([.absent, self.schema($0.value, at: path.member($0.name))]))
          }),
      ])
    case .additionalProperties:
      guard value == .bool(false) else { return .any }
      let names = schema["properties"]?.objectValue?.names ?? []
      return .members(
        names.map { Matcher.Member(name: $0, matcher: .oneOf([.absent, .any])) }, isClosed: true)
    case .required:
      let names = (value.arrayValue ?? []).compactMap(\.stringValue)
      return .members(names.map { Matcher.Member(name: $0, matcher: .any) })
    case .items: return .oneOf([.not(.type(.list)), .allItems(self.schema(value, at: path))])
    case .enum: return .oneOf((value.arrayValue ?? []).map { .equals($0) })
    case .const: return .equals(value)
    case .minimum: return .order(.gte, value)
    case .maximum: return .order(.lte, value)
    case .pattern: return pattern(value, word: "pattern", at: path)
    case .minLength, .minItems: return .length(.order(.gte, value))
    case .maxLength, .maxItems: return .length(.order(.lte, value))
    }
  }
}
