internal import TrestleCore
internal import TrestleXML

extension SchemaCompiler {
  /// What a type, derivation or attribute group declares.
  struct DeclaredAttributes {
    var allowed: [XSDAttribute] = []
    /// Names a restriction takes away.
    var prohibited: Set<QualifiedName> = []
    var wildcard: XSDWildcard?
  }

  func attributes(in holder: XMLElement, at place: SchemaPlace) -> DeclaredAttributes {
    // Attributes are a set: a group that was met already adds nothing.
    var groups: Set<ObjectIdentifier> = []
    return attributes(in: holder, at: place, &groups)
  }

  private func attributes(
    in holder: XMLElement, at place: SchemaPlace, _ groups: inout Set<ObjectIdentifier>
  ) -> DeclaredAttributes {
    var found = DeclaredAttributes()
    for child in holder.children where child.isOfSchemaLanguage {
      switch child.localName {
      case "attribute":
        guard let attribute = attribute(child, at: place) else { continue }
        // A second declaration of a name would be an attribute twice (XSD 1.0 part 1 §3.4.6).
        if found.allowed.contains(where: { $0.name == attribute.name }) { continue }
        if child.attribute("use", is: "prohibited") {
          found.prohibited.insert(attribute.name)
        } else {
          found.allowed.append(attribute)
        }
      case "attributeGroup":
        guard let text = child.attribute("ref"),
          let node = set.target(.attributeGroup, text, at: child, from: place)?.node,
          groups.count < Self.maximumGroups,
          groups.insert(ObjectIdentifier(node)).inserted
        else { continue }
        let inner = attributes(in: node.element, at: SchemaPlace(node), &groups)
        found.allowed += inner.allowed
        found.wildcard = Wildcards.intersection(found.wildcard, inner.wildcard)
      case "anyAttribute":
        let own = Wildcards.wildcard(child, targetNamespace: place.targetNamespace)
        found.wildcard = Wildcards.intersection(own, found.wildcard)
      default: continue
      }
    }
    takeArraySize(in: holder, into: &found.allowed)
    return found
  }

  /// `wsdl:arraySize="* 2"` beside `wsdl:itemType`, PHP's words for SOAP 1.2 arrays: a size for each
  /// dimension.
  private func takeArraySize(in holder: XMLElement, into attributes: inout [XSDAttribute]) {
    guard
      let size = holder.children.lazy.compactMap({
        $0.attribute(WSDLNames.namespace, "arraySize")
      }).first
    else { return }
    let count = size.split(whereSeparator: { $0.utf8.allSatisfy(\.isXMLSpace) }).count
    for index in attributes.indices where attributes[index].arrayType?.dimensions.isEmpty == true {
      attributes[index].arrayType?.dimensions =
        "[" + String(repeating: ",", count: max(count, 1) - 1) + "]"
    }
  }

  /// Attribute groups may be nested as deep as there are groups; more than this nobody has.
  private static var maximumGroups: Int { 256 }

  /// The base's attributes with those of a derivation: its own replace inherited ones in their place.
  static func merged(
    _ base: [XSDAttribute], with declared: DeclaredAttributes
  ) -> [XSDAttribute] {
    var result = base.filter { !declared.prohibited.contains($0.name) }
    for attribute in declared.allowed {
      if let position = result.firstIndex(where: { $0.name == attribute.name }) {
        result[position] = attribute
      } else {
        result.append(attribute)
      }
    }
    return result
  }

  // MARK: - One attribute

  private func attribute(_ use: XMLElement, at place: SchemaPlace) -> XSDAttribute? {
    var attribute: XSDAttribute
    if let text = use.attribute("ref") {
      if let node = set.target(.attribute, text, at: use, from: place)?.node {
        attribute = globalAttribute(node)
      } else if let name = place.name(text, at: use) {
        // Without its declaration an attribute is still known by name: its value is text.
        attribute = XSDAttribute(name: name, type: BuiltInTypes.anySimpleType)
      } else {
        return nil
      }
      attribute.arrayType = arrayType(use, at: place)
      attribute.documentation = use.schemaDocumentation ?? attribute.documentation
    } else {
      let isQualified =
        switch use.attribute("form") {
        case "qualified": true
        case "unqualified": false
        default: place.qualifiesAttributes
        }
      let name = QualifiedName(
        isQualified ? place.targetNamespace : "",
        (use.attribute("name") ?? "").trimmingXMLSpaceIfAny())
      attribute = declaration(use, named: name, at: place)
    }
    attribute.isRequired = use.attribute("use", is: "required")
    attribute.defaultText = use.attribute("default") ?? attribute.defaultText
    attribute.fixedText = use.attribute("fixed") ?? attribute.fixedText
    return attribute
  }

  private func globalAttribute(_ node: SchemaNode) -> XSDAttribute {
    let make = { declaration(node.element, named: node.name, at: SchemaPlace(node)) }
    return cache?.attribute(node, make) ?? make()
  }

  private func declaration(
    _ element: XMLElement, named name: QualifiedName, at place: SchemaPlace
  ) -> XSDAttribute {
    XSDAttribute(
      name: name, defaultText: element.attribute("default"), fixedText: element.attribute("fixed"),
      type: attributeType(element, at: place), documentation: element.schemaDocumentation)
  }

  private func attributeType(_ element: XMLElement, at place: SchemaPlace) -> XSDSimpleType {
    if let text = element.attribute("type") {
      guard case .simple(let simple)? = type(text, at: element, from: place) else {
        return BuiltInTypes.anySimpleType
      }
      return simple
    }
    return element.schemaChild("simpleType")
      .map { simpleType($0, named: nil, at: place) } ?? BuiltInTypes.anySimpleType
  }

  /// `wsdl:arrayType="t:Line[]"`: the item type, and what follows from the first bracket on
  /// (SOAP 1.1 §5.4.2).
  private func arrayType(
    _ use: XMLElement, at place: SchemaPlace
  ) -> (item: QualifiedName, dimensions: String)? {
    // PHP writes the same for SOAP 1.2 arrays as `wsdl:itemType`, without brackets.
    guard
      let text =
        (use.attribute(WSDLNames.namespace, "arrayType")
        ?? use.attribute(WSDLNames.namespace, "itemType"))?.trimmingXMLSpace()
    else { return nil }
    let end = text.firstIndex(of: "[") ?? text.endIndex
    let item = String(text[..<end])
    guard
      let name = set.target(.type, item, at: use, from: place)?.name ?? place.name(item, at: use)
    else { return nil }
    return (name, String(text[end...]))
  }
}
