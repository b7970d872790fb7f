internal import TrestleCore
internal import TrestleXML

extension SchemaCompiler {
  func globalElement(_ name: QualifiedName) -> XSDElement? {
    if name == BuiltInTypes.schemaElement.name { return BuiltInTypes.schemaElement }
    return set.node(.element, name).map { globalElement($0) }
  }

  /// The global element that a reference at a place leads to.
  func globalElement(
    _ reference: String, at element: XMLElement, from place: SchemaPlace
  ) -> XSDElement? {
    switch set.target(.element, reference, at: element, from: place)?.component {
    case .node(let node): globalElement(node)
    case .builtIn: BuiltInTypes.schemaElement
    case nil: nil
    }
  }

  func globalElement(_ node: SchemaNode) -> XSDElement {
    let make = { element(node.element, named: node.name, isGlobal: true, at: SchemaPlace(node)) }
    return cache?.element(node, make) ?? make()
  }

  /// A local element declaration; its namespace goes by `form` (XSD 1.0 part 1 §3.3.2).
  func localElement(_ declaration: XMLElement, at place: SchemaPlace) -> XSDElement {
    let isQualified =
      switch declaration.attribute("form") {
      case "qualified": true
      case "unqualified": false
      default: place.qualifiesElements
      }
    let name = QualifiedName(
      isQualified ? place.targetNamespace : "",
      (declaration.attribute("name") ?? "").trimmingXMLSpaceIfAny())
    return element(declaration, named: name, isGlobal: false, at: place)
  }

  private func element(
    _ declaration: XMLElement, named name: QualifiedName, isGlobal: Bool, at place: SchemaPlace
  ) -> XSDElement {
    XSDElement(
      name: name, isGlobal: isGlobal, isNillable: declaration.isSet("nillable"),
      isAbstract: declaration.isSet("abstract"), defaultText: declaration.attribute("default"),
      fixedText: declaration.attribute("fixed"), documentation: declaration.schemaDocumentation,
      hasNamedType: declaration.hasAttribute("type")
    ) { [self] in
      type(of: declaration, at: place, depth: 0)
    }
  }

  private func type(of declaration: XMLElement, at place: SchemaPlace, depth: Int) -> XSDType {
    if let text = declaration.attribute("type") {
      return type(text, at: declaration, from: place)
        ?? typeOfElement(text, at: declaration, from: place) ?? .complex(BuiltInTypes.anyType)
    }
    for child in declaration.children where child.isOfSchemaLanguage {
      switch child.localName {
      case "complexType": return .complex(complexType(child, named: nil, at: place))
      case "simpleType": return .simple(simpleType(child, named: nil, at: place))
      default: continue
      }
    }
    // XSD 1.0 part 1 §3.3.2: without a type of its own, a member of a substitution group has its head's.
    guard depth < Self.maximumChain, let text = declaration.attribute("substitutionGroup"),
      let head = set.target(.element, text, at: declaration, from: place)?.node
    else { return .complex(BuiltInTypes.anyType) }
    return type(of: head.element, at: SchemaPlace(head), depth: depth + 1)
  }

  // MARK: - Named types

  /// Longer chains of derivation or substitution than this are taken for a ring.
  static var maximumChain: Int { 256 }

  func namedType(_ name: QualifiedName) -> XSDType? {
    if name.namespace == XMLNamespaces.schema { return BuiltInTypes.type(name.local) }
    return set.node(.type, name).map { type($0) }
  }

  /// The type that a reference at a place leads to.
  func type(_ reference: String, at element: XMLElement, from place: SchemaPlace) -> XSDType? {
    set.target(.type, reference, at: element, from: place).flatMap { type($0) }
  }

  /// The type of the element that a reference to a type names by mistake.
  private func typeOfElement(
    _ reference: String, at element: XMLElement, from place: SchemaPlace
  ) -> XSDType? {
    // An element that names itself as its type would have no end.
    guard let node = set.target(.element, reference, at: element, from: place)?.node,
      node.element != element, node.element.attribute("type") != reference
    else { return nil }
    return globalElement(node).type
  }

  func type(_ target: SchemaTarget) -> XSDType? {
    switch target.component {
    case .node(let node): type(node)
    case .builtIn(let local): BuiltInTypes.type(local)
    }
  }

  func type(_ node: SchemaNode) -> XSDType {
    let make: () -> XSDType = {
      let place = SchemaPlace(node)
      return node.element.hasLocalName("simpleType")
        ? .simple(simpleType(node.element, named: node.name, at: place, inside: [node]))
        : .complex(complexType(node.element, named: node.name, at: place))
    }
    return cache?.type(node, make) ?? make()
  }

  /// Whether a chain of bases from a named type comes back to itself.
  func isCircular(_ start: SchemaNode) -> Bool {
    var node = start
    for _ in 0..<Self.maximumChain {
      guard let next = DerivationIndex.base(of: node, in: set)?.node else { return false }
      if next === start { return true }
      node = next
    }
    return true
  }
}

extension XMLElement {
  /// Whether a boolean attribute is there and true.
  func isSet(_ word: StaticString) -> Bool {
    guard hasAttribute(word) else { return false }
    return attribute(word, is: "true") || attribute(word, is: "1")
  }

  /// What xs:annotation says for people; nil when nothing.
  var schemaDocumentation: String? {
    guard let annotation = firstChild, annotation.hasLocalName("annotation") else { return nil }
    return annotation.joinedText { $0.isSchema("documentation") }
  }

  /// What wsdl:documentation says for people; nil when nothing.
  var wsdlDocumentation: String? {
    joinedText { $0.isNamed(WSDLNames.namespace, "documentation") }
  }

  /// The texts of some child elements, lines trimmed; nil when there is nothing.
  private func joinedText(of isWanted: (XMLElement) -> Bool) -> String? {
    var output: [UInt8] = []
    // Blank lines are kept between lines, one of several.
    var isBlankDue = false
    for child in children where isWanted(child) {
      var text = child.deepText
      text.withUTF8 { bytes in
        for line in bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false) {
          let line = UnsafeBufferPointer(rebasing: line).trimmingXMLSpace()
          if line.isEmpty {
            isBlankDue = !output.isEmpty
            continue
          }
          if !output.isEmpty { output.append(UInt8(ascii: "\n")) }
          if isBlankDue { output.append(UInt8(ascii: "\n")) }
          isBlankDue = false
          output.append(contentsOf: line)
        }
      }
    }
    return output.isEmpty ? nil : String(decoding: output, as: UTF8.self)
  }
}
