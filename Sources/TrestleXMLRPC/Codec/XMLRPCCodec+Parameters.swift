package import TrestleCore

/// The way between named parameters and positions on the wire.
extension XMLRPCCodec: PositionalCodec {
  // MARK: - To the wire

  func wireParameters(of call: Call) throws(CodecError) -> [XMLRPCWriter.Parameter] {
    guard let method = methods[call.operation] else {
      guard let asking = XMLRPCIntrospection.method(named: call.operation)?.parameters else {
        guard contract.isOpen else { throw unknownMethod(call.operation) }
        return Self.undeclared(call.parameters)
      }
      // What a service makes of a question is its own affair: positions are not counted.
      return Self.positional(call.parameters, asking) == nil
        ? try named(call.parameters, asking) : Self.undeclared(call.parameters)
    }
    guard let declared = method.parameters else { return Self.undeclared(call.parameters) }
    if let values = Self.positional(call.parameters, declared) {
      try checkCount(values.count, of: method)
      return zip(values, declared).map { value, parameter in
        XMLRPCWriter.Parameter(value, as: parameter.type)
      }
    }
    return try named(call.parameters, declared)
  }

  /// Parameters without a declaration: the array `params`, or one struct of whatever names there are.
  private static func undeclared(_ parameters: Record) -> [XMLRPCWriter.Parameter] {
    if parameters.isEmpty { return [] }
    if let values = positional(parameters, []) { return values.map { XMLRPCWriter.Parameter($0) } }
    return [XMLRPCWriter.Parameter(.object(parameters))]
  }

  /// The values of `{"params": […]}`; nil where parameters are named.
  private static func positional(
    _ parameters: Record, _ declared: [XMLRPCMethod.Parameter]
  ) -> [Value]? {
    guard parameters.count == 1, case .array(let values) = parameters[XMLRPCMethod.positionalKey],
      !declared.contains(where: { $0.name == XMLRPCMethod.positionalKey })
    else { return nil }
    return values
  }

  package static var positionalKey: String { XMLRPCMethod.positionalKey }

  /// The values of `{"params": […]}` under the declared names; one too many stays unnamed, and so does
  /// what is not declared.
  package func named(_ parameters: Record, of operation: String) -> Record {
    let method = methods[operation] ?? XMLRPCIntrospection.method(named: operation)
    guard let declared = method?.parameters,
      let values = Self.positional(parameters, declared), values.count <= declared.count
    else { return parameters }
    return Record(
      uniqueMembers: zip(declared, values).map { Record.Member(name: $0.name, value: $1) })
  }

  private func named(
    _ parameters: Record, _ declared: [XMLRPCMethod.Parameter]
  ) throws(CodecError) -> [XMLRPCWriter.Parameter] {
    let known = declared.map(\.name)
    if let name = parameters.names.first(where: { !known.contains($0) }) {
      let hint =
        known.isEmpty ? "it takes no parameters" : "it takes \(known.joined(separator: ", "))"
      throw CodecError(
        path: name,
        reason: "is no parameter of the method" + Suggestion.clause(for: name, among: known),
        hint: hint, code: XMLRPCFaultCode.invalidParameters)
    }
    var written: [XMLRPCWriter.Parameter] = []
    var leftOut: String?
    for parameter in declared {
      let value = parameters[parameter.name]
      let isLeftOut =
        value.map { $0.isNull && writer.options.leavesOutNull(isOptional: true) } ?? true
      if parameter.isOptional, isLeftOut {
        leftOut = leftOut ?? parameter.name
        continue
      }
      guard let value else {
        throw CodecError(
          path: parameter.name,
          reason: "is missing: the method takes it as \(parameter.type.notation)",
          code: XMLRPCFaultCode.invalidParameters)
      }
      if let leftOut {
        throw CodecError(
          path: leftOut, reason: "is left out, but \(parameter.name) after it is given",
          hint: "give both: XML-RPC passes parameters by position",
          code: XMLRPCFaultCode.invalidParameters)
      }
      written.append(
        XMLRPCWriter.Parameter(value, as: parameter.type, name: parameter.name))
    }
    return written
  }

  // MARK: - From the wire

  /// A call as it was read, with its parameters named and typed as declared.
  func call(_ name: String, _ values: [Value]) throws(CodecError) -> Call {
    if name == XMLRPCIntrospection.multicall, methods[name] == nil { return multicall(values) }
    var (call, typing) = try typedCall(name, values)
    call.warnings = typing.allWarnings
    return call
  }

  /// The call, and what the typing has to say of it.
  func typedCall(
    _ name: String, _ values: [Value]
  ) throws(CodecError) -> (Call, XMLRPCTyping) {
    var typing = XMLRPCTyping(isStrict: isStrict, isReply: false)
    guard let method = methods[name], let declared = method.parameters else {
      guard contract.isOpen || methods[name] != nil || XMLRPCIntrospection.isSystemMethod(name)
      else { throw unknownMethod(name) }
      let shown = try typing.typed(.array(values), as: .any)
      return (Call(operation: name, parameters: [XMLRPCMethod.positionalKey: shown]), typing)
    }
    try checkCount(values.count, of: method)
    var parameters = Record()
    parameters.reserveCapacity(values.count)
    for (index, (value, parameter)) in zip(values, declared).enumerated() {
      let isLeftOut = value.isNull && parameter.isOptional
      let typed =
        isLeftOut ? value : try typing.typed(value, as: parameter.type, at: "params[\(index)]")
      parameters.append(unique: parameter.name, typed)
    }
    return (Call(operation: name, parameters: parameters), typing)
  }

  private func checkCount(_ count: Int, of method: XMLRPCMethod) throws(CodecError) {
    let declared = method.parameters?.count ?? 0
    let required = method.requiredCount
    guard count < required || count > declared else { return }
    let wanted = required == declared ? "\(declared)" : "\(required) to \(declared)"
    throw CodecError(
      reason: "\(method.name) takes \(wanted) parameter\(wanted == "1" ? "" : "s"), found \(count)",
      hint: "its signature is \(method.signature)", code: XMLRPCFaultCode.invalidParameters)
  }

  func unknownMethod(_ name: String) -> CodecError {
    let known = contract.operations.map(\.name)
    return CodecError(
      reason: "there is no method \(XMLRPCLexical.excerpt(name.utf8))"
        + Suggestion.clause(for: name, among: known),
      code: XMLRPCFaultCode.methodNotFound)
  }
}
