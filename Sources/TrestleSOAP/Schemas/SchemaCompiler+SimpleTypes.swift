internal import TrestleCore
internal import TrestleXML

extension SchemaCompiler {
  /// A simple type definition (XSD 1.0 part 2 §4.1).
  func simpleType(
    _ definition: XMLElement, named name: QualifiedName?, at place: SchemaPlace,
    inside types: [SchemaNode] = []
  ) -> XSDSimpleType {
    let documentation = definition.schemaDocumentation
    for child in definition.children where child.isOfSchemaLanguage {
      switch child.localName {
      case "restriction":
        let base = base(of: child, attribute: "base", at: place, inside: types)
        return restricted(base, by: child, named: name, documentation: documentation)
      case "list":
        let item = base(of: child, attribute: "itemType", at: place, inside: types)
        return XSDSimpleType(
          name: name, variety: .list(item), builtIn: "string", kind: .string, facets: Facets(),
          whiteSpace: .collapse, documentation: documentation)
      case "union":
        return XSDSimpleType(
          name: name, variety: .union(members(of: child, at: place, inside: types)),
          builtIn: "string", kind: .string, facets: Facets(), whiteSpace: .collapse,
          documentation: documentation)
      default: continue
      }
    }
    return BuiltInTypes.anySimpleType
  }

  /// The type that an attribute names, or that stands inside.
  private func base(
    of derivation: XMLElement, attribute: StaticString, at place: SchemaPlace,
    inside types: [SchemaNode]
  ) -> XSDSimpleType {
    if let text = derivation.attribute(attribute) {
      return simpleType(text, at: derivation, from: place, inside: types)
        ?? BuiltInTypes.anySimpleType
    }
    return derivation.schemaChild("simpleType")
      .map { simpleType($0, named: nil, at: place, inside: types) }
      ?? BuiltInTypes.anySimpleType
  }

  private func members(
    of union: XMLElement, at place: SchemaPlace, inside types: [SchemaNode]
  ) -> [XSDSimpleType] {
    let named = (union.attribute("memberTypes") ?? "")
      .split(whereSeparator: { $0.utf8.allSatisfy(\.isXMLSpace) })
      .compactMap { simpleType(String($0), at: union, from: place, inside: types) }
    let own = union.schemaChildren("simpleType").map {
      simpleType($0, named: nil, at: place, inside: types)
    }
    // XSD 1.0 part 2 §4.1.2.3: the members of a member that is a plain union count themselves.
    var members: [XSDSimpleType] = []
    var seen: Set<ObjectIdentifier> = []
    for member in named + own {
      guard case .union(let inner) = member.variety, member.facets == Facets() else {
        if seen.insert(ObjectIdentifier(member)).inserted { members.append(member) }
        continue
      }
      members += inner.filter { seen.insert(ObjectIdentifier($0)).inserted }
    }
    return members
  }

  /// A simple type by name; nil when there is none, or the chain to it is a ring.
  private func simpleType(
    _ reference: String, at element: XMLElement, from place: SchemaPlace,
    inside types: [SchemaNode]
  ) -> XSDSimpleType? {
    let target = set.target(.type, reference, at: element, from: place)
    if case .builtIn(let local)? = target?.component { return BuiltInTypes.simpleType(local) }
    guard types.count < Self.maximumChain, let node = target?.node,
      !types.contains(where: { $0 === node })
    else { return nil }
    guard node.element.hasLocalName("simpleType") else {
      // A complex type with simple content restricted as if it were simple: its text is what is meant.
      guard case .complex(let complex) = type(node), !isCircular(node),
        case .simple(let text) = complex.content
      else { return nil }
      return text
    }
    let make: () -> XSDType = {
      .simple(
        simpleType(node.element, named: node.name, at: SchemaPlace(node), inside: types + [node]))
    }
    guard case .simple(let simple) = cache?.type(node, make) ?? make() else { return nil }
    return simple
  }

  // MARK: - Facets

  /// A base with the facets of one restriction step (XSD 1.0 part 2 §4.3).
  func restricted(
    _ base: XSDSimpleType, by restriction: XMLElement, named name: QualifiedName?,
    documentation: String?
  ) -> XSDSimpleType {
    var facets = base.facets
    var whiteSpace = base.whiteSpace
    var enumeration: [String] = []
    var alternatives: [String] = []
    for child in restriction.children where child.isOfSchemaLanguage {
      guard let value = child.attribute("value") else { continue }
      switch child.localName {
      case "enumeration":
        // XSD 1.0 part 2 §3.2.18: the value of a name is its namespace, not its prefix.
        let name = base.kind == .qualifiedName ? child.qualifiedName(value) : nil
        enumeration.append(name?.description ?? value)
      case "pattern": alternatives.append(value)
      case "length": facets.length = Self.count(value) ?? facets.length
      case "minLength": facets.minimumLength = Self.count(value) ?? facets.minimumLength
      case "maxLength": facets.maximumLength = Self.count(value) ?? facets.maximumLength
      case "minInclusive": facets.minimum = value.trimmingXMLSpace()
      case "maxInclusive": facets.maximum = value.trimmingXMLSpace()
      case "minExclusive": facets.exclusiveMinimum = value.trimmingXMLSpace()
      case "maxExclusive": facets.exclusiveMaximum = value.trimmingXMLSpace()
      case "totalDigits": facets.totalDigits = Self.count(value) ?? facets.totalDigits
      case "fractionDigits": facets.fractionDigits = Self.count(value) ?? facets.fractionDigits
      case "whiteSpace":
        switch value {
        case "preserve": whiteSpace = .preserve
        case "replace": whiteSpace = .replace
        case "collapse": whiteSpace = .collapse
        default: break
        }
      default: continue
      }
    }
    // Values in a facet are of the base type, so white space around them is the base's matter.
    if !enumeration.isEmpty {
      facets.enumeration =
        whiteSpace == .collapse ? enumeration.map { $0.trimmingXMLSpace() } : enumeration
    }
    // Patterns of one step are alternatives, those of several steps hold together (§4.3.4.3).
    if alternatives.count == 1 {
      facets.patterns.append(alternatives[0])
    } else if !alternatives.isEmpty {
      facets.patterns.append(alternatives.map { "(\($0))" }.joined(separator: "|"))
    }
    return XSDSimpleType(
      name: name, variety: base.variety, builtIn: base.builtIn, kind: base.kind, facets: facets,
      whiteSpace: whiteSpace, documentation: documentation)
  }

  private static func count(_ text: String) -> Int? {
    Int(text.trimmingXMLSpace()).flatMap { $0 >= 0 ? $0 : nil }
  }
}
