internal import TrestleXML

/// Which types derive from which, and which elements stand in for which.
enum DerivationIndex {
  /// For each named type, those derived from it through any depth, in document order.
  static func derivations(in set: SchemaSet) -> [QualifiedName: [QualifiedName]] {
    var direct: [QualifiedName: [QualifiedName]] = [:]
    for node in set.nodes where node.kind == .type {
      guard let base = base(of: node, in: set)?.name, base != node.name
      else { continue }
      direct[base, default: []].append(node.name)
    }
    return closed(direct)
  }

  /// For each head element, those that may substitute it through any depth (XSD 1.0 part 1 §3.3.6).
  static func substitutions(in set: SchemaSet) -> [QualifiedName: [QualifiedName]] {
    var direct: [QualifiedName: [QualifiedName]] = [:]
    for node in set.nodes where node.kind == .element {
      guard let text = node.element.attribute("substitutionGroup"),
        let head = set.target(.element, text, at: node.element, from: SchemaPlace(node))
      else { continue }
      direct[head.name, default: []].append(node.name)
    }
    return closed(direct)
  }

  /// The named type that a type derives from; nil for none, and for one that is not there.
  static func base(of node: SchemaNode, in set: SchemaSet) -> SchemaTarget? {
    guard let derivation = derivation(in: node.element),
      let text = derivation.attribute("base")
    else { return nil }
    return set.target(.type, text, at: derivation, from: SchemaPlace(node))
  }

  /// The xs:extension or xs:restriction that a type definition consists of.
  static func derivation(in type: XMLElement) -> XMLElement? {
    for child in type.children {
      switch child.localName {
      case "complexContent", "simpleContent": return derivation(in: child)
      case "extension", "restriction": return child
      default: continue
      }
    }
    return nil
  }

  private static func closed(
    _ direct: [QualifiedName: [QualifiedName]]
  ) -> [QualifiedName: [QualifiedName]] {
    var all: [QualifiedName: [QualifiedName]] = [:]
    for name in direct.keys {
      var found: [QualifiedName] = []
      var seen: Set<QualifiedName> = [name]
      var pending = direct[name] ?? []
      pending.reverse()
      while let next = pending.popLast() {
        guard seen.insert(next).inserted else { continue }
        found.append(next)
        pending += (direct[next] ?? []).reversed()
      }
      all[name] = found
    }
    return all
  }
}
