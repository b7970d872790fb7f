internal import TrestleCore

extension SessionDefinition {
  /// Parameters with what shows the session among them, as the operation declares them. What the
  /// caller gave stays.
  func placing(
    _ token: Value, in parameters: Record, of operation: Operation?
  ) throws(ExpressionError) -> Record {
    switch place {
    case .header, .cookie: return parameters
    case .member(let name): return Self.adding(token, as: name, to: parameters, of: operation)
    case .first(let template):
      let values = try Self.values(template, token)
      return Self.joining(values, parameters, operation, namesOf: { $0.prefix(values.count) }) {
        values + $0
      }
    case .last(let template):
      let values = try Self.values(template, token)
      return Self.joining(values, parameters, operation, namesOf: { $0.suffix(values.count) }) {
        $0 + values
      }
    }
  }

  private struct TokenEnvironment: ExpressionEnvironment {
    let token: Value
    func value(of name: String) -> Value? { name == "token" ? token : nil }
  }

  private static func values(
    _ template: Template, _ token: Value
  ) throws(ExpressionError) -> [Value] {
    try template.render(in: TokenEnvironment(token: token)).arrayValue ?? []
  }

  /// Parameters by position get the values beside theirs; declared ones get them under their names.
  private static func joining(
    _ values: [Value], _ parameters: Record, _ operation: Operation?,
    namesOf: (ArraySlice<String>) -> ArraySlice<String>, positions: ([Value]) -> [Value]
  ) -> Record {
    if parameters.count == 1, case .array(let given)? = parameters[positionalKey] {
      return [positionalKey: .array(positions(given))]
    }
    let declared = declaredNames(of: operation)
    guard declared.count >= values.count else {
      // Nothing is declared: whatever has names goes as one struct.
      return [positionalKey: .array(positions(parameters.isEmpty ? [] : [.object(parameters)]))]
    }
    var parameters = parameters
    for (name, value) in zip(namesOf(declared[...]), values) where parameters[name] == nil {
      parameters[name] = value
    }
    return parameters
  }

  private static func adding(
    _ token: Value, as name: String, to parameters: Record, of operation: Operation?
  ) -> Record {
    var parameters = parameters
    let declared = declaredNames(of: operation)
    if parameters.count == 1, case .array(let given)? = parameters[positionalKey] {
      var given = given
      var record = given.first?.objectValue ?? [:]
      if record[name] == nil { record[name] = token }
      given.replaceSubrange(..<min(1, given.count), with: [.object(record)])
      return [positionalKey: .array(given)]
    }
    if declared.count == 1, declared[0] != name {
      var record = parameters[declared[0]]?.objectValue ?? [:]
      if record[name] == nil { record[name] = token }
      parameters[declared[0]] = .object(record)
    } else if parameters[name] == nil {
      parameters[name] = token
    }
    return parameters
  }

  /// The one parameter that stands for all of them by position.
  private static let positionalKey = "params"

  private static func declaredNames(of operation: Operation?) -> [String] {
    guard case .object(let object)? = operation?.input.resolved.shape, !object.isOpen else {
      return []
    }
    let names = object.members.map(\.name)
    return names == [positionalKey] ? [] : names
  }
}

extension Contract {
  /// Says of the parameters that a session fills in that callers may leave them out.
  mutating func fillIn(_ session: SessionDefinition) {
    for operation in operations where session.concerns(operation.name) {
      set(operation.leavingOut(session))
    }
  }
}

extension Operation {
  fileprivate func leavingOut(_ session: SessionDefinition) -> Operation {
    let operation = self
    return Operation(
      name: name, summary: summary, effects: effects, isOneWay: isOneWay, notes: notes
    ) {
      Schemas(
        input: session.leavingOut(operation.input), output: operation.output,
        faults: operation.faults, headers: operation.headers)
    }
  }
}

extension SessionDefinition {
  fileprivate func leavingOut(_ input: Schema) -> Schema {
    guard case .object(var object) = input.resolved.shape, !object.isOpen else { return input }
    for position in filledPositions(object.members.map(\.name)) {
      object.members[position].isRequired = false
      object.members[position].isSampled = false
      object.members[position].schema.summary = "filled in by the session when left out"
    }
    var schema = input.resolved
    schema.shape = .object(object)
    return schema
  }

  private func filledPositions(_ names: [String]) -> Range<Int> {
    switch place {
    case .first(let template): return 0..<min(names.count, template.itemCount)
    case .last(let template): return max(0, names.count - template.itemCount)..<names.count
    case .member(let name):
      return names.firstIndex(of: name).map { $0..<$0 + 1 } ?? 0..<0
    case .header, .cookie: return 0..<0
    }
  }
}
