internal import TrestleXML

/// Declarations for what stands in a Body without any schema of the contract declaring it: wrappers of
/// rpc/literal, which follow from the binding, and parts that a document message gives by type
/// (WSDL 1.1 §3.5).
struct RPCWrappers {
  /// A namespace of ours, so that no wrapper meets an element of the contract by the same name.
  static let namespace = "urn:trestle:rpc"

  /// An element of any type, for what says its type itself.
  static let anything = "anything"

  /// The declarations a wrapper of a name may be of: overloaded operations share one.
  private(set) var candidates: [QualifiedName: [String]] = [:]
  /// The wrappers of rpc/encoded, whose content follows section 5 of SOAP 1.1 and not a schema.
  private(set) var encoded: Set<QualifiedName> = []
  private var declarations: [Declaration] = []

  private enum Declaration {
    case wrapper(String, [WSDLPart])
    case element(String, type: QualifiedName)
  }

  init(_ services: [WSDLService]) {
    for operation in services.flatMap(\.ports).flatMap(\.binding.operations)
    where operation.problems.isEmpty {
      switch operation.style {
      case .rpc:
        add(operation.input, named: operation.wireName)
        add(operation.output, named: operation.wireName + "Response")
      case .document:
        for message in [operation.input, operation.output] { addTypedParts(of: message) }
      }
    }
  }

  private mutating func addTypedParts(of message: WSDLMessage?) {
    for part in message?.body ?? [] {
      guard message?.isEncoded != true else {
        encoded.insert(QualifiedName("", part.name))
        if case .element(let element) = part.definition { encoded.insert(element.name) }
        continue
      }
      switch part.definition {
      case .type(_, let type):
        declare(QualifiedName("", part.name), type: type)
      case .element(let element) where !element.isGlobal:
        // An element that the message names and no schema declares.
        let type: QualifiedName? =
          switch element.type {
          case .simple(let simple): simple.name
          case .complex(let complex): complex.name
          }
        declare(element.name, type: type ?? BuiltInTypes.anyTypeName)
      case .element: continue
      }
    }
  }

  private mutating func declare(_ element: QualifiedName, type: QualifiedName) {
    let name = "w\(declarations.count)"
    declarations.append(.element(name, type: type))
    candidates[element, default: []].append(name)
  }

  private mutating func add(_ message: WSDLMessage?, named local: String) {
    guard let message else { return }
    guard !message.isEncoded else {
      encoded.insert(QualifiedName(message.namespace, local))
      return
    }
    let name = "w\(declarations.count)"
    declarations.append(.wrapper(name, message.body))
    candidates[QualifiedName(message.namespace, local), default: []].append(name)
  }

  /// The schema of the declarations.
  func schema(importing imports: String) -> String {
    var prefixes: [String: String] = [XMLNamespaces.schema: "xs"]
    var body = ""
    for declaration in declarations {
      switch declaration {
      case .element(let name, let type):
        body += Self.element(name, type, &prefixes)
      case .wrapper(let name, let parts):
        body += "<xs:element name=\"\(name)\"><xs:complexType><xs:sequence>"
        for part in parts { body += Self.accessor(part, &prefixes) }
        body += "</xs:sequence></xs:complexType></xs:element>"
      }
    }
    var head = "<xs:schema targetNamespace=\"\(Self.namespace)\""
    for (namespace, prefix) in prefixes where !namespace.isEmpty {
      head += " xmlns:\(prefix)=\"\(SchemaBundle.escaped(namespace))\""
    }
    return head + ">" + imports + body + "<xs:element name=\"\(Self.anything)\"/></xs:schema>"
  }

  /// What a part is in a wrapper: an element by the part's name (SOAP 1.1 §7.1).
  ///
  /// A part by element breaks the rule that rpc parts have types (WS-I Basic Profile R2203); peers then
  /// write either the accessor with the element's content, or the element.
  private static func accessor(
    _ part: WSDLPart, _ prefixes: inout [String: String]
  ) -> String {
    switch part.definition {
    case .type(_, let type): return element(part.name, type, &prefixes)
    case .element(let declaration):
      let type: QualifiedName? =
        switch declaration.type {
        case .simple(let simple): simple.name
        case .complex(let complex): complex.name
        }
      let either = element(part.name, type, &prefixes)
      guard declaration.isGlobal else { return either }
      let reference = reference(to: declaration.name, &prefixes)
      return "<xs:choice>\(either)<xs:element ref=\"\(reference)\"/></xs:choice>"
    }
  }

  private static func element(
    _ name: String, _ type: QualifiedName?, _ prefixes: inout [String: String]
  ) -> String {
    guard let type else { return "<xs:element name=\"\(name)\"/>" }
    return "<xs:element name=\"\(name)\" type=\"\(reference(to: type, &prefixes))\"/>"
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
