package import TrestleCore

extension Matcher {
  /// The words that ask something of a value other than equality.
  package enum Operator: String, CaseIterable, Sendable {
    case equals, contains, matches, any, absent, not, lt, lte, gt, gte
    case oneOf = "one_of"
  }

  static let operators = Operator.allCases.map(\.rawValue)

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
    var compiler = Compiler(problems: problems)
    let matcher = compiler.members(record, schema: schema, at: path)
    problems = compiler.problems
    return matcher
  }

  private struct Compiler {
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
        return DecimalText(text).map { .number($0, text: text) } ?? .equals(value)
      case .boolean, .base64, .hex: return .equals(value)
      default: return .text(text)
      }
    }

    /// An object is conditions on members, unless its keys are operators.
    private mutating func object(
      _ record: Record, schema: Schema, at path: ValuePath
    ) -> Matcher {
      let declared = schema.declaredMembers
      let words = record.names.filter { name in
        Operator(rawValue: name) != nil && !(declared?.contains(name) ?? false)
      }
      let isScalar =
        if case .scalar = schema.resolved.shape { true } else { false }
      guard !words.isEmpty || isScalar else {
        if declared == nil { warnOfTypingErrors(record, at: path) }
        return members(record, schema: schema, at: path)
      }
      var matchers: [Matcher] = []
      for member in record {
        let place = path.member(member.name)
        guard let word = Operator(rawValue: member.name) else {
          refuse(member.name, at: place)
          matchers.append(.not(.any))
          continue
        }
        matchers.append(compile(word, member.value, schema: schema, at: place))
      }
      return matchers.count == 1 ? matchers[0] : .all(matchers)
    }

    private mutating func refuse(_ word: String, at path: ValuePath) {
      problems.append(
        ValueProblem(
          .error,
          "unknown operator \"\(word)\"" + Suggestion.clause(for: word, among: Matcher.operators),
          at: path, hint: "operators: \(Matcher.operators.joined(separator: ", "))"))
    }

    /// Without a contract an unknown word could be a member's name; one letter off an operator it
    /// is worth a warning.
    private mutating func warnOfTypingErrors(_ record: Record, at path: ValuePath) {
      guard record.count == 1, let name = record.names.first else { return }
      if let near = Suggestion.nearest(to: name, among: Matcher.operators) {
        problems.append(
          ValueProblem(
            .warning,
            "\"\(name)\" is read as a member's name; did you mean the operator \"\(near)\"?",
            at: path.member(name)))
      }
    }

    mutating func members(_ record: Record, schema: Schema, at path: ValuePath) -> Matcher {
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
          return Member(
            name: member.name,
            matcher: compile(
              member.value, schema: schema.memberSchema(member.name),
              at: path.member(member.name)))
        })
    }

    private mutating func compile(
      _ word: Operator, _ value: Value, schema: Schema, at path: ValuePath
    ) -> Matcher {
      switch word {
      case .equals: return Self.equality(value, schema: schema)
      case .any: return value == .bool(false) ? .absent : .any
      case .absent: return value == .bool(false) ? .any : .absent
      case .not: return .not(compile(value, schema: schema, at: path))
      case .contains:
        return .contains(
          text: value.scalarText, item: compile(value, schema: schema.itemSchema, at: path))
      case .matches:
        guard let text = value.scalarText, let pattern = XSDPattern(searching: text) else {
          problems.append(
            ValueProblem(
              .error, "matches expects a regular expression, found \(value)", at: path,
              hint: "as XML Schema has them: classes, groups, | and counts, but no look-ahead, "
                + "back references or lazy counts"))
          return .not(.any)
        }
        return .pattern(pattern, text: text)
      case .lt, .lte, .gt, .gte:
        guard value.order(against: value) != nil, let order = Order(rawValue: word.rawValue) else {
          problems.append(
            ValueProblem(
              .error, "\(word.rawValue) expects a number or text, found \(value.kindName)", at: path
            ))
          return .not(.any)
        }
        return .order(order, value)
      case .oneOf:
        guard case .array(let items) = value else {
          problems.append(
            ValueProblem(.error, "one_of expects a list, found \(value.kindName)", at: path))
          return .not(.any)
        }
        return .oneOf(
          items.enumerated().map { compile($1, schema: schema, at: path.item($0)) })
      }
    }
  }
}

extension Schema {
  /// The names an object may have; nil where any may stand.
  var declaredMembers: Set<String>? {
    guard case .object(let object) = resolved.shape, !object.isOpen else { return nil }
    var names = Set(object.members.map(\.name))
    for variant in object.variants {
      // One level: a contract lists every type that may stand in, however far it is derived.
      guard case .object(let derived) = variant.schema.resolved.shape, !derived.isOpen else {
        return nil
      }
      names.formUnion(derived.members.map(\.name))
    }
    if !object.variants.isEmpty || object.isAbstract { names.insert("_type") }
    return names
  }

  /// The schema of an object's member; `.any` where it is not declared.
  func memberSchema(_ name: String) -> Schema {
    guard case .object(let object) = resolved.shape else { return .any }
    if let member = object.member(named: name) { return member.schema }
    for variant in object.variants {
      guard case .object(let derived) = variant.schema.resolved.shape else { continue }
      if let member = derived.member(named: name) { return member.schema }
    }
    return .any
  }

  /// The schema of a list's items; `.any` where this is no list.
  var itemSchema: Schema {
    guard case .array(let array) = resolved.shape else { return .any }
    return array.item
  }
}
