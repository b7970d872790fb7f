internal import TrestleCore
internal import TrestleXML

/// The operations of a contract's chosen ports, compiled.
struct SOAPContract {
  let context: PlanContext
  private(set) var operations: [SOAPOperation] = []
  private(set) var httpOperations: [HTTPOperation] = []
  let preferredVersion: SOAPVersion
  private(set) var contract: Contract

  init(_ definitions: WSDLDefinitions, service: String?, port: String?) {
    context = PlanContext(components: definitions.components)
    let builder = SchemaBuilder(context: context)
    var diagnostics = definitions.diagnostics
    let chosen = definitions.services.filter { service == nil || $0.name.local == service }
    if let service, chosen.isEmpty {
      diagnostics.append(Self.unknown("service", service, definitions.services.map(\.name.local)))
    }
    let ports = chosen.flatMap { service in
      service.ports.filter { port == nil || $0.name == port }.map { (service, $0) }
    }
    if let port, ports.isEmpty, !chosen.isEmpty {
      diagnostics.append(Self.unknown("port", port, chosen.flatMap(\.ports).map(\.name)))
    }
    var names = PortNames()
    var listed: [TrestleCore.Operation] = []
    var versions: [SOAPVersion] = []
    for (service, port) in ports {
      guard let version = port.binding.kind.version else { continue }
      if !versions.contains(version) { versions.append(version) }
      let path = port.path
      for operation in port.binding.operations where operation.problems.isEmpty {
        switch names.place(operation, port: port.name, service: service.name.local) {
        case .known(let position): operations[position].add(path: path, version, operation)
        case .new(let name):
          diagnostics += Self.remarks(on: operation)
          var compiled = SOAPOperation(operation, name: name, version: version, context: context)
          compiled.add(path: path, version, operation)
          operations.append(compiled)
        }
      }
    }
    listed = operations.map { Self.operation($0, builder) }
    // After all of SOAP's, which keep the plain names.
    for (service, port) in ports {
      guard case .http(let verb) = port.binding.kind else { continue }
      for operation in port.binding.operations where operation.problems.isEmpty {
        guard operation.exchange.isCallable else { continue }
        do throws(HTTPForm.Refusal) {
          let name = names.name(operation, port: port.name, service: service.name.local)
          let compiled = try HTTPOperation(
            operation, name: name, verb: verb, context: context, builder: builder)
          httpOperations.append(compiled)
          listed.append(
            TrestleCore.Operation(
              name: name, summary: compiled.documentation, effects: verb == "GET" ? .read : .write,
              isOneWay: compiled.isOneWay, notes: compiled.notes
            ) { compiled.schemas(builder) })
        } catch {
          diagnostics.append(
            Diagnostic(
              .warning,
              "the operation \(operation.name) of the http port \(port.name) is left out: \(error.reason)",
              operations: [operation.name]))
        }
      }
    }
    preferredVersion = versions.first ?? .soap11
    contract = Contract(
      name: chosen.first.map(\.name.local).flatMap { $0.isEmpty ? nil : $0 } ?? definitions.name,
      documentation: chosen.first?.documentation ?? definitions.documentation,
      operations: listed, hasHeaders: true, diagnostics: diagnostics)
    contract.namespaces = definitions.namespaces
  }

  private static func unknown(_ kind: String, _ name: String, _ known: [String]) -> Diagnostic {
    Diagnostic(
      .error,
      "the contract has no \(kind) \"\(name)\"" + Suggestion.clause(for: name, among: known),
      hint: known.isEmpty ? nil : "it has " + known.joined(separator: ", "))
  }

  /// What is worth knowing about an operation that works all the same.
  private static func remarks(on operation: WSDLOperation) -> [Diagnostic] {
    [operation.input, operation.output].compactMap { $0 }.flatMap(\.attachments).map { part in
      Diagnostic(
        .warning,
        "the part \"\(part.name)\" of the operation \(operation.name) travels as an attachment (mime:content), which is not sent or read yet",
        hint: "the operation works without it; WSDL 1.1 §5")
    }
  }

  private static func operation(
    _ plan: SOAPOperation, _ builder: SchemaBuilder
  ) -> TrestleCore.Operation {
    TrestleCore.Operation(
      name: plan.name, summary: plan.documentation, isOneWay: plan.isOneWay, notes: plan.notes
    ) {
      TrestleCore.Operation.Schemas(
        input: plan.isCallable ? builder.schema(of: plan.input) : .nothing,
        output: plan.output.map { builder.schema(of: $0) } ?? .nothing,
        faults: plan.faults.map {
          TrestleCore.Operation.FaultSchema(name: $0.name, detail: builder.detail(of: $0))
        },
        headers: (
          builder.headers(plan.input.headers), builder.headers(plan.output?.headers ?? [])
        ))
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
