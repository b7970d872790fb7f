internal import TrestleXML

/// Declarations for what rpc/literal puts into a Body: no schema of the contract declares the wrapper,
/// it follows from the binding (WSDL 1.1 §3.5).
struct RPCWrappers {
  /// A namespace of ours, so that no wrapper meets an element of the contract by the same name.
  static let namespace = "urn:trestle:rpc"

  /// The declarations a wrapper of a name may be of: overloaded operations share one.
  private(set) var candidates: [QualifiedName: [String]] = [:]
  private var declarations: [(name: String, parts: [WSDLPart])] = []

  init(_ services: [WSDLService]) {
    for operation in services.flatMap(\.ports).flatMap(\.binding.operations)
    where operation.style == .rpc && operation.problems.isEmpty {
      add(operation.input, named: operation.wireName)
      add(operation.output, named: operation.wireName + "Response")
    }
  }

  private mutating func add(_ message: WSDLMessage?, named local: String) {
    guard let message, !message.isEncoded else { return }
    let name = "w\(declarations.count)"
    declarations.append((name, message.body))
    candidates[QualifiedName(message.namespace, local), default: []].append(name)
  }

  /// The schema of the declarations.
  func schema(importing imports: String) -> String {
    var prefixes: [String: String] = [XMLNamespaces.schema: "xs"]
    var body = ""
    for (name, parts) in declarations {
      body += "<xs:element name=\"\(name)\"><xs:complexType><xs:sequence>"
      for part in parts {
        switch part.definition {
        case .element(let element):
          body += "<xs:element ref=\"\(Self.reference(to: element.name, &prefixes))\"/>"
        case .type(_, let type):
          body +=
            "<xs:element name=\"\(part.name)\" type=\"\(Self.reference(to: type, &prefixes))\"/>"
        }
      }
      body += "</xs:sequence></xs:complexType></xs:element>"
    }
    var head = "<xs:schema targetNamespace=\"\(Self.namespace)\""
    for (namespace, prefix) in prefixes where !namespace.isEmpty {
      head += " xmlns:\(prefix)=\"\(SchemaBundle.escaped(namespace))\""
    }
    return head + ">" + imports + body + "</xs:schema>"
  }

  private static func reference(
    to name: QualifiedName, _ prefixes: inout [String: String]
  ) -> String {
    if name.namespace.isEmpty { return name.local }
    let prefix = prefixes[name.namespace] ?? "n\(prefixes.count)"
    prefixes[name.namespace] = prefix
    return prefix + ":" + name.local
  }
}
