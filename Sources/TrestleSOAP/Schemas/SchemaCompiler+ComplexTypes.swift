internal import TrestleCore
internal import TrestleXML

extension SchemaCompiler {
  /// A complex type definition (XSD 1.0 part 1 §3.4).
  func complexType(
    _ definition: XMLElement, named name: QualifiedName?, at place: SchemaPlace
  ) -> XSDComplexType {
    var base: QualifiedName?
    if let derivation = DerivationIndex.derivation(in: definition),
      let text = derivation.attribute("base")
    {
      base = set.target(.type, text, at: derivation, from: place)?.name
    }
    if base == BuiltInTypes.anyTypeName { base = nil }
    return XSDComplexType(
      name: name, base: base, documentation: definition.schemaDocumentation
    ) { [self] in
      self.definition(of: definition, at: place)
    }
  }

  private func definition(
    of type: XMLElement, at place: SchemaPlace
  ) -> XSDComplexType.Definition {
    var result: XSDComplexType.Definition
    if let content = type.schemaChild("complexContent") {
      result = complexContent(content, isMixed: type.isSet("mixed"), at: place)
    } else if let content = type.schemaChild("simpleContent") {
      result = simpleContent(content, at: place)
    } else {
      let declared = attributes(in: type, at: place)
      result = XSDComplexType.Definition(
        content: content(of: type, at: place), attributes: declared.allowed,
        anyAttribute: declared.wildcard, isMixed: type.isSet("mixed"))
    }
    result.isAbstract = type.isSet("abstract")
    return result
  }

  private func content(of holder: XMLElement, at place: SchemaPlace) -> XSDComplexType.Content {
    particle(in: holder, at: place).map { .elements($0) } ?? .empty
  }

  // MARK: - complexContent

  private func complexContent(
    _ content: XMLElement, isMixed: Bool, at place: SchemaPlace
  ) -> XSDComplexType.Definition {
    let isMixed = content.hasAttribute("mixed") ? content.isSet("mixed") : isMixed
    guard let derivation = DerivationIndex.derivation(in: content) else {
      return XSDComplexType.Definition(content: .empty, isMixed: isMixed)
    }
    let own = self.content(of: derivation, at: place)
    let declared = attributes(in: derivation, at: place)
    let base = baseDefinition(of: derivation, at: place)
    if derivation.hasLocalName("extension") {
      return XSDComplexType.Definition(
        content: Self.extended(base?.content ?? .empty, by: own),
        attributes: Self.merged(base?.attributes ?? [], with: declared),
        anyAttribute: Wildcards.union(declared.wildcard, base?.anyAttribute),
        isMixed: isMixed || (base?.isMixed ?? false))
    }
    return XSDComplexType.Definition(
      content: Self.restricted(base, to: own, derivation),
      attributes: Self.merged(base?.attributes ?? [], with: declared),
      // XSD 1.0 part 1 §3.4.2: a restriction has its own wildcard or none.
      anyAttribute: declared.wildcard, isMixed: isMixed)
  }

  /// What the base of a derivation defines; nil for xs:anyType, and for a base that cannot be had.
  private func baseDefinition(
    of derivation: XMLElement, at place: SchemaPlace
  ) -> XSDComplexType.Definition? {
    guard let text = derivation.attribute("base"),
      let target = set.target(.type, text, at: derivation, from: place),
      target.name != BuiltInTypes.anyTypeName, target.node.map({ !isCircular($0) }) ?? true,
      let type = type(target)
    else { return nil }
    switch type {
    case .complex(let base):
      return XSDComplexType.Definition(
        content: base.content, attributes: base.attributes, anyAttribute: base.anyAttribute,
        isMixed: base.isMixed)
    case .simple(let base):
      return XSDComplexType.Definition(content: .simple(base))
    }
  }

  /// XSD 1.0 part 1 §3.4.2: the base's content comes first.
  private static func extended(
    _ base: XSDComplexType.Content, by own: XSDComplexType.Content
  ) -> XSDComplexType.Content {
    switch (base, own) {
    case (.empty, _): own
    case (_, .empty): base
    case (.elements(let first), .elements(let second)):
      .elements(XSDParticle(.sequence([first, second])))
    case (.simple, _), (_, .simple): base
    }
  }

  /// The content of a restriction is what it lists (XSD 1.0 part 1 §3.4.2), with two exceptions that
  /// contracts count on: text cannot be restricted to nothing, and WSDL 1.1 §2.2 restricts soapenc:Array
  /// by an attribute alone without meaning that it holds no items.
  private static func restricted(
    _ base: XSDComplexType.Definition?, to own: XSDComplexType.Content, _ derivation: XMLElement
  ) -> XSDComplexType.Content {
    guard case .empty = own, let base else { return own }
    if case .simple = base.content { return base.content }
    let isArray =
      derivation.attribute("base").flatMap { derivation.qualifiedName($0) }
      .map(EncodingNamespaces.isArray) ?? false
    return isArray ? base.content : own
  }

  // MARK: - simpleContent

  private func simpleContent(
    _ content: XMLElement, at place: SchemaPlace
  ) -> XSDComplexType.Definition {
    guard let derivation = DerivationIndex.derivation(in: content) else {
      return XSDComplexType.Definition(content: .simple(BuiltInTypes.anySimpleType))
    }
    let base = baseDefinition(of: derivation, at: place)
    let declared = attributes(in: derivation, at: place)
    var text: XSDSimpleType
    if case .simple(let inherited) = base?.content {
      text = inherited
    } else {
      text = BuiltInTypes.simpleType("string") ?? BuiltInTypes.anySimpleType
    }
    guard derivation.hasLocalName("restriction") else {
      return XSDComplexType.Definition(
        content: .simple(text), attributes: Self.merged(base?.attributes ?? [], with: declared),
        anyAttribute: Wildcards.union(declared.wildcard, base?.anyAttribute))
    }
    if let inner = derivation.schemaChild("simpleType") {
      text = simpleType(inner, named: nil, at: place)
    }
    return XSDComplexType.Definition(
      content: .simple(restricted(text, by: derivation, named: nil, documentation: nil)),
      attributes: Self.merged(base?.attributes ?? [], with: declared),
      anyAttribute: declared.wildcard)
  }
}
