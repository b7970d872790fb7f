package import TrestleCore

extension Matcher {
  /// Compiles a stub's `when`, an object of conditions on the parameters. What cannot be compiled
  /// matches nothing, so that a broken stub never answers in place of the right one.
  package static func compile(
    when value: Value, parameters schema: Schema, at path: ValuePath,
    problems: inout [ValueProblem]
  ) -> Matcher {
    guard case .object(let record) = value else {
      problems.append(
        ValueProblem(
          .error, "when expects an object of parameter names, found \(value.kindName)", at: path))
      return .not(.any)
    }
    var compiler = MatcherCompiler(problems: problems)
    let matcher = compiler.membersAndLogic(record, schema: schema, at: path)
    problems = compiler.problems
    return matcher
  }

  /// Compiles the condition on a single value.
  package static func compile(
    condition value: Value, schema: Schema = .any, at path: ValuePath,
    problems: inout [ValueProblem]
  ) -> Matcher {
    var compiler = MatcherCompiler(problems: problems)
    let matcher = compiler.compile(value, schema: schema, at: path)
    problems = compiler.problems
    return matcher
  }
}

/// Reads conditions, collecting what is wrong with them.
struct MatcherCompiler {
  var problems: [ValueProblem]

  mutating func compile(_ value: Value, schema: Schema, at path: ValuePath) -> Matcher {
    switch value {
    case .object(let record): return object(record, schema: schema, at: path)
    case .array(let items):
      return .items(
        items.enumerated().map { compile($1, schema: schema.itemSchema, at: path.item($0)) })
    default: return Self.equality(value, schema: schema)
    }
  }

  /// What is declared decides how texts and numbers compare.
  static func equality(_ value: Value, schema: Schema) -> Matcher {
    guard case .scalar(let scalar) = schema.resolved.shape, let text = value.scalarText,
      !value.isNull
    else { return .equals(value) }
    switch scalar.kind {
    case .integer, .decimal, .float, .double:
      return NumberMatch(text).map { .number($0) } ?? .equals(value)
    case .boolean, .base64, .hex: return .equals(value)
    default: return .text(text)
    }
  }

  /// A value as it stands: no word in it asks for anything. `isClosed` lets an object have no other
  /// members.
  private func literal(_ value: Value, schema: Schema, isClosed: Bool) -> Matcher {
    switch value {
    case .object(let record):
      return .members(
        record.members.map {
          Matcher.Member(
            name: $0.name,
            matcher: literal($0.value, schema: schema.memberSchema($0.name), isClosed: isClosed))
        }, isClosed: isClosed)
    case .array(let items):
      return .items(items.map { literal($0, schema: schema.itemSchema, isClosed: isClosed) })
    default: return Self.equality(value, schema: schema)
    }
  }

  /// An object is conditions on members, unless its keys are operators.
  private mutating func object(_ record: Record, schema: Schema, at path: ValuePath) -> Matcher {
    let declared = schema.declaredMembers
    let words = operators(in: record, schema: schema)
    let isScalar =
      if case .scalar = schema.resolved.shape { true } else { false }
    guard !words.isEmpty || isScalar else {
      if declared == nil { warnOfTypingErrors(record, at: path) }
      return members(record, schema: schema, at: path)
    }
    if !isScalar, words.allSatisfy({ $0.value.isLogical }) {
      return membersAndLogic(record, schema: schema, at: path)
    }
    var matchers: [Matcher] = []
    for member in record {
      let place = path.member(member.name)
      guard let word = Matcher.Operator(rawValue: member.name) else {
        matchers.append(
          refuse(
            "unknown operator \"\(member.name)\""
              + Suggestion.clause(for: member.name, among: Matcher.operators),
            at: place, hint: "operators: \(Matcher.operators.joined(separator: ", "))"))
        continue
      }
      matchers.append(compile(word, member.value, schema: schema, at: place))
    }
    return matchers.count == 1 ? matchers[0] : .all(matchers)
  }

  /// The operators among an object's names. What the contract declares is a name; where it does
  /// not tell, words that are often names are such beside other names.
  private func operators(in record: Record, schema: Schema) -> [String: Matcher.Operator] {
    let declared = schema.declaredMembers
    let isOpen: Bool =
      if case .any = schema.resolved.shape { true } else { false }
    var words: [String: Matcher.Operator] = [:]
    for member in record {
      guard let word = Matcher.Operator(rawValue: member.name),
        !(declared?.contains(member.name) ?? false)
      else { continue }
      if isOpen, word.isName(with: member.value) { continue }
      words[member.name] = word
    }
    if isOpen, words.count < record.count,
      words.values.allSatisfy({ [.type, .schema, .length].contains($0) })
    {
      return [:]
    }
    return words
  }

  /// Conditions on members, and beside them `and`, `or` and `not` on the whole.
  mutating func membersAndLogic(
    _ record: Record, schema: Schema, at path: ValuePath
  ) -> Matcher {
    let words = operators(in: record, schema: schema).filter(\.value.isLogical)
    guard !words.isEmpty else { return members(record, schema: schema, at: path) }
    let rest = Record(record.members.filter { words[$0.name] == nil })
    var matchers = rest.isEmpty ? [] : [members(rest, schema: schema, at: path)]
    for member in record {
      guard let word = words[member.name] else { continue }
      matchers.append(compile(word, member.value, schema: schema, at: path.member(member.name)))
    }
    return matchers.count == 1 ? matchers[0] : .all(matchers)
  }

  /// A problem, and what matches nothing.
  mutating func refuse(_ message: String, at path: ValuePath, hint: String? = nil) -> Matcher {
    problems.append(ValueProblem(.error, message, at: path, hint: hint))
    return .not(.any)
  }

  /// Without a contract an unknown word could be a member's name; one letter off an operator it
  /// is worth a warning.
  private mutating func warnOfTypingErrors(_ record: Record, at path: ValuePath) {
    guard record.count == 1, let name = record.names.first,
      Matcher.Operator(rawValue: name) == nil,
      let near = Suggestion.nearest(to: name, among: Matcher.operators)
    else { return }
    problems.append(
      ValueProblem(
        .warning, "\"\(name)\" is read as a member's name; did you mean the operator \"\(near)\"?",
        at: path.member(name)))
  }

  private mutating func members(
    _ record: Record, schema: Schema, at path: ValuePath
  ) -> Matcher {
    let declared = schema.declaredMembers
    return .members(
      record.members.map { member in
        if let declared, !declared.contains(member.name) {
          problems.append(
            ValueProblem(
              .warning,
              "the contract has no \"\(member.name)\" here, so this never matches"
                + Suggestion.clause(for: member.name, among: declared.sorted()),
              at: path.member(member.name)))
        }
        return Matcher.Member(
          name: member.name,
          matcher: compile(
            member.value, schema: schema.memberSchema(member.name), at: path.member(member.name)))
      })
  }

  private mutating func compile(
    _ word: Matcher.Operator, _ value: Value, schema: Schema, at path: ValuePath
  ) -> Matcher {
    switch word {
    case .equals: return literal(value, schema: schema, isClosed: false)
    case .deepEquals: return literal(value, schema: schema, isClosed: true)
    case .any: return value == .bool(false) ? .absent : .any
    case .absent: return value == .bool(false) ? .any : .absent
    case .not: return .not(compile(value, schema: schema, at: path))
    case .contains:
      return .contains(
        text: value.scalarText, item: compile(value, schema: schema.itemSchema, at: path))
    case .startsWith: return text(value, word, at: path) { .startsWith($0) }
    case .endsWith: return text(value, word, at: path) { .endsWith($0) }
    case .equalsIgnoringCase:
      return text(value, word, at: path) { .equalsIgnoringCase($0.lowercased()) }
    case .matches: return pattern(value, word: "matches", at: path)
    case .lt, .lte, .gt, .gte:
      guard value.order(against: value) != nil, let order = Matcher.Order(rawValue: word.rawValue)
      else {
        return refuse(
          "\(word.rawValue) expects a number or text, found \(value.kindName)", at: path)
      }
      return .order(order, value)
    case .before, .after, .sameTime:
      guard let order = Matcher.MomentOrder(rawValue: word.rawValue),
        let moment = value.stringValue.flatMap(MatchMoment.init)
      else {
        return refuse(
          "\(word.rawValue) expects a date or an offset from now, found \(value)", at: path,
          hint: "such as \"2026-11-28\", \"2026-11-28T09:30:00Z\", now, now-1d, now+2h30m")
      }
      return .moment(order, moment)
    case .type: return type(value, at: path)
    case .schema: return self.schema(value, at: path)
    case .anyItem: return .anyItem(compile(value, schema: schema.itemSchema, at: path))
    case .allItems: return .allItems(compile(value, schema: schema.itemSchema, at: path))
    case .length: return .length(compile(value, schema: Self.count, at: path))
    case .oneOf, .or:
      return list(value, word, schema: schema, at: path).map { .oneOf($0) } ?? .not(.any)
    case .and: return list(value, word, schema: schema, at: path).map { .all($0) } ?? .not(.any)
    }
  }

  private static let count = Schema(
    .scalar(ScalarSchema(kind: .integer, form: .number, typeName: "integer")))

  private mutating func text(
    _ value: Value, _ word: Matcher.Operator, at path: ValuePath, _ make: (String) -> Matcher
  ) -> Matcher {
    guard let text = value.scalarText, !value.isNull else {
      return refuse("\(word.rawValue) expects a text, found \(value.kindName)", at: path)
    }
    return make(text)
  }

  private mutating func list(
    _ value: Value, _ word: Matcher.Operator, schema: Schema, at path: ValuePath
  ) -> [Matcher]? {
    guard case .array(let items) = value else {
      _ = refuse("\(word.rawValue) expects a list, found \(value.kindName)", at: path)
      return nil
    }
    return items.enumerated().map { compile($1, schema: schema, at: path.item($0)) }
  }

  mutating func type(_ value: Value, at path: ValuePath) -> Matcher {
    if let type = value.stringValue.flatMap(MatchType.init(word:)) { return .type(type) }
    let words = MatchType.allCases.map(\.rawValue)
    return refuse(
      "unknown type \(value)" + Suggestion.clause(for: value.scalarText ?? "", among: words),
      at: path, hint: "types: \(words.joined(separator: ", "))")
  }

  mutating func pattern(_ value: Value, word: String, at path: ValuePath) -> Matcher {
    guard let text = value.scalarText else {
      return refuse("\(word) expects a regular expression, found \(value.kindName)", at: path)
    }
    do throws(RegularExpression.Problem) {
      return .pattern(try RegularExpression(text), text: text)
    } catch {
      return refuse(
        "\(word) expects a regular expression, found \(value)", at: path,
        hint: "\(error.reason); the language is RE2's, without look-around and back references")
    }
  }
}
