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
      return try Self.joining(
        values, parameters, operation, isFirst: true, namesOf: { $0.prefix(values.count) })
    case .last(let template):
      let values = try Self.values(template, token)
      return try Self.joining(
        values, parameters, operation, isFirst: false, namesOf: { $0.suffix(values.count) })
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

  /// Parameters by position get the values beside theirs; declared ones get them under their names. A
  /// method that declares fewer than there are values is none that wants them.
  private static func joining(
    _ values: [Value], _ parameters: Record, _ operation: Operation?, isFirst: Bool,
    namesOf: (ArraySlice<String>) -> ArraySlice<String>
  ) throws(ExpressionError) -> Record {
    func positions(_ given: [Value]) -> Record {
      [positionalKey: .array(isFirst ? values + given : given + values)]
    }
    let declared = declaredNames(of: operation)
    if let declared, declared.count < values.count { return parameters }
    if parameters.count == 1, case .array(let given)? = parameters[positionalKey] {
      guard let declared else { return positions(given) }
      if given.count == declared.count { return parameters }
      guard isFirst || given.count + values.count == declared.count else {
        throw ExpressionError(
          "what it sends comes last, so that all \(declared.count - values.count) parameters"
            + " before it must be given")
      }
      return positions(given)
    }
    guard let declared else {
      // Nothing is declared: whatever has names goes as one struct.
      return positions(parameters.isEmpty ? [] : [.object(parameters)])
    }
    var parameters = parameters
    for (name, value) in zip(namesOf(declared[...]), values) where parameters[name] == nil {
      parameters[name] = value
    }
    return parameters
  }

  /// The token as a member: of the parameters, or of the one struct that a call has. A call without a
  /// struct has no place for it, and goes without.
  private static func adding(
    _ token: Value, as name: String, to parameters: Record, of operation: Operation?
  ) -> Record {
    var parameters = parameters
    let declared = declaredNames(of: operation)
    if parameters.count == 1, case .array(var given)? = parameters[positionalKey] {
      guard let record = Self.adding(token, as: name, to: given.first) else { return parameters }
      given.replaceSubrange(..<min(1, given.count), with: [.object(record)])
      return [positionalKey: .array(given)]
    }
    guard let declared, !declared.contains(name) else {
      if parameters[name] == nil { parameters[name] = token }
      return parameters
    }
    guard declared.count == 1, let only = declared.first, takesStruct(only, of: operation),
      let record = Self.adding(token, as: name, to: parameters[only])
    else { return parameters }
    parameters[only] = .object(record)
    return parameters
  }

  /// The struct with the token in it; nil where something else stands in its place.
  private static func adding(_ token: Value, as name: String, to value: Value?) -> Record? {
    guard var record = value.map({ $0.objectValue }) ?? [:] else { return nil }
    if record[name] == nil { record[name] = token }
    return record
  }

  private static func takesStruct(_ name: String, of operation: Operation?) -> Bool {
    guard case .object(let input)? = operation?.input.resolved.shape else { return false }
    switch input.member(named: name)?.schema.resolved.shape {
    case .object, .any: return true
    default: return false
    }
  }

  /// The one parameter that stands for all of them by position.
  private static let positionalKey = "params"

  /// The declared parameters in wire order; nil where nothing is declared.
  private static func declaredNames(of operation: Operation?) -> [String]? {
    guard case .object(let object)? = operation?.input.resolved.shape, !object.isOpen else {
      return nil
    }
    let names = object.members.map(\.name)
    return names == [positionalKey] ? nil : names
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
    case .first(let template) where template.itemCount <= names.count:
      return 0..<template.itemCount
    case .last(let template) where template.itemCount <= names.count:
      return (names.count - template.itemCount)..<names.count
    case .first, .last: return 0..<0
    case .member(let name):
      return names.firstIndex(of: name).map { $0..<$0 + 1 } ?? 0..<0
    case .header, .cookie: return 0..<0
    }
  }
}
