internal import TrestleCore
internal import TrestleXML

/// The SOAP operations of a contract's chosen ports, compiled.
struct SOAPContract {
  let context: PlanContext
  let operations: [SOAPOperation]
  let preferredVersion: SOAPVersion
  let contract: Contract

  init(_ definitions: WSDLDefinitions, service: String?, port: String?) {
    let context = PlanContext(components: definitions.components)
    var compiled: [SOAPOperation] = []
    var positions: [String: Int] = [:]
    var versions: [SOAPVersion] = []
    var diagnostics = definitions.diagnostics
    let chosen = definitions.services.filter { service == nil || $0.name.local == service }
    if let service, chosen.isEmpty {
      diagnostics.append(Self.unknown("service", service, definitions.services.map(\.name.local)))
    }
    let ports = chosen.flatMap(\.ports).filter { port == nil || $0.name == port }
    if let port, ports.isEmpty, !chosen.isEmpty {
      diagnostics.append(Self.unknown("port", port, chosen.flatMap(\.ports).map(\.name)))
    }
    for port in ports {
      let version: SOAPVersion
      switch port.binding.kind {
      case .soap11: version = .soap11
      case .soap12: version = .soap12
      case .http, .other: continue
      }
      if !versions.contains(version) { versions.append(version) }
      for operation in port.binding.operations {
        if let position = positions[operation.name] {
          if compiled[position].actions[version] == nil {
            compiled[position].actions[version] = operation.action ?? ""
          }
          continue
        }
        if let problem = Self.unsupported(operation) {
          diagnostics.append(
            Diagnostic(
              .warning, "the operation \(operation.name) is not available: \(problem)",
              operations: [operation.name]))
          continue
        }
        guard operation.problems.isEmpty else { continue }
        positions[operation.name] = compiled.count
        compiled.append(SOAPOperation(operation, version: version, context: context))
      }
    }
    let builder = SchemaBuilder(context: context)
    self.context = context
    operations = compiled
    preferredVersion = versions.first ?? .soap11
    contract = Contract(
      name: chosen.first.map(\.name.local).flatMap { $0.isEmpty ? nil : $0 } ?? definitions.name,
      documentation: chosen.first?.documentation ?? definitions.documentation,
      operations: compiled.map { Self.operation($0, builder) }, diagnostics: diagnostics)
  }

  private static func unknown(_ kind: String, _ name: String, _ known: [String]) -> Diagnostic {
    Diagnostic(
      .error,
      "the contract has no \(kind) \"\(name)\"" + Suggestion.clause(for: name, among: known),
      hint: known.isEmpty ? nil : "it has " + known.joined(separator: ", "))
  }

  /// What keeps a well-defined operation from being written and read today.
  private static func unsupported(_ operation: WSDLOperation) -> String? {
    let messages = [operation.input, operation.output].compactMap { $0 }
    if messages.contains(where: { !$0.attachments.isEmpty }) {
      return "parts carried as attachments (mime:content) are not supported yet"
    }
    if operation.input == nil {
      return "notifications (output without input) are not supported yet"
    }
    return nil
  }

  private static func operation(
    _ plan: SOAPOperation, _ builder: SchemaBuilder
  ) -> TrestleCore.Operation {
    TrestleCore.Operation(
      name: plan.name, summary: plan.documentation, isOneWay: plan.isOneWay, notes: plan.notes
    ) {
      TrestleCore.Operation.Schemas(
        input: builder.schema(of: plan.input),
        output: plan.output.map { builder.schema(of: $0) } ?? .nothing,
        faults: plan.faults.map {
          TrestleCore.Operation.FaultSchema(name: $0.name, detail: builder.detail(of: $0))
        })
    }
  }
}

/// The components of a contract that there is none of.
struct NoComponents: XSDComponents {
  func element(_ name: QualifiedName) -> XSDElement? { nil }
  func type(_ name: QualifiedName) -> XSDType? { nil }
  func derivedTypes(of name: QualifiedName) -> [QualifiedName] { [] }
  func substitutes(for head: QualifiedName) -> [XSDElement] { [] }
}
