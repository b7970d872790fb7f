package import TrestleCore

/// A declared method.
package struct XMLRPCMethod: Sendable {
  package struct Parameter: Sendable {
    package let name: String
    package let type: XMLRPCType
    /// Whether it may be left out at the end.
    package let isOptional: Bool
    package let summary: String?

    package init(name: String, type: XMLRPCType, isOptional: Bool = false, summary: String? = nil) {
      self.name = name
      self.type = type
      self.isOptional = isOptional
      self.summary = summary
    }
  }

  /// A fault that the method may answer with.
  package struct DeclaredFault: Sendable {
    package let code: Int32
    package let name: String?
    package let message: String?
  }

  package let name: String
  package let summary: String?
  package let effects: Operation.Effects
  /// In wire order; nil when the declaration does not say what the parameters are.
  package let parameters: [Parameter]?
  package let returns: XMLRPCType
  package let faults: [DeclaredFault]

  package init(
    name: String, summary: String? = nil, effects: Operation.Effects = .write,
    parameters: [Parameter]? = nil, returns: XMLRPCType = .any, faults: [DeclaredFault] = []
  ) {
    self.name = name
    self.summary = summary
    self.effects = effects
    self.parameters = parameters
    self.returns = returns
    self.faults = faults
  }

  /// How many parameters a call must have at least.
  var requiredCount: Int {
    guard let parameters else { return 0 }
    return (parameters.lastIndex { !$0.isOptional } ?? -1) + 1
  }

  /// The method as a contract shows it.
  var operation: Operation {
    let method = self
    return Operation(
      name: name, summary: summary, effects: effects, notes: ["XML-RPC \(signature)"],
      schemas: { method.schemas })
  }

  /// `(document: base64, options: struct{…}) → string`
  package var signature: String {
    let list = (parameters ?? []).map {
      "\($0.name): \($0.type.notation)\($0.isOptional ? "?" : "")"
    }
    return "(\(parameters == nil ? "…" : list.joined(separator: ", "))) → \(returns.notation)"
  }

  private var schemas: Operation.Schemas {
    Operation.Schemas(
      input: inputSchema, output: returns.schema,
      faults: faults.map { fault in
        let words = [String(fault.code), fault.message].compactMap(\.self).joined(separator: ": ")
        return Operation.FaultSchema(
          name: fault.name ?? String(fault.code), detail: Schema(.nothing, summary: words))
      })
  }

  private var inputSchema: Schema {
    guard let parameters else { return Self.positionalInput }
    let members = parameters.map { parameter in
      var schema = parameter.type.schema
      schema.summary = parameter.summary
      if parameter.isOptional { schema.isNullable = true }
      return ObjectSchema.Member(
        name: parameter.name, schema: schema, isRequired: !parameter.isOptional)
    }
    return Schema(.object(ObjectSchema(members: members)))
  }

  /// The input of a method whose parameters are not declared: `{"params": […]}`.
  private static let positionalInput = Schema(
    .object(
      ObjectSchema(members: [
        ObjectSchema.Member(
          name: positionalKey, schema: Schema(.array(ArraySchema(item: .any))), isRequired: false)
      ])))

  /// The one parameter that stands for all of them by position.
  static let positionalKey = "params"
}
