internal import TrestleCore
internal import TrestleXML

extension SchemaCompiler {
  /// The model group or group reference that a type or derivation holds; nil for none, or an empty one.
  func particle(in holder: XMLElement, at place: SchemaPlace) -> XSDParticle? {
    for child in holder.children where child.isOfSchemaLanguage {
      switch child.localName {
      case "sequence", "choice", "all", "group":
        return particle(child, at: place, inside: [])
      case "element", "any":
        // The drafts before XSD 1.0 let particles stand directly in a type.
        let children = particles(in: holder, at: place, inside: [])
        return children.isEmpty ? nil : XSDParticle(.sequence(children))
      default: continue
      }
    }
    return nil
  }

  /// Any particle; nil for one that allows nothing.
  private func particle(
    _ element: XMLElement, at place: SchemaPlace, inside groups: [SchemaNode]
  ) -> XSDParticle? {
    let minimum = Self.minimum(of: element)
    let maximum = Self.maximum(of: element)
    if maximum == 0 { return nil }
    guard let term = term(element, at: place, inside: groups) else { return nil }
    return XSDParticle(term, minimum: minimum, maximum: maximum)
  }

  private func term(
    _ element: XMLElement, at place: SchemaPlace, inside groups: [SchemaNode]
  ) -> XSDParticle.Term? {
    switch element.localName {
    case "element":
      guard let text = element.attribute("ref") else {
        return .element(localElement(element, at: place))
      }
      return globalElement(text, at: element, from: place).map { .element($0) }
    case "sequence":
      let children = particles(in: element, at: place, inside: groups)
      return children.isEmpty ? nil : .sequence(children)
    case "choice":
      let children = particles(in: element, at: place, inside: groups)
      return children.isEmpty ? nil : .choice(children)
    case "all":
      let children = particles(in: element, at: place, inside: groups)
      return children.isEmpty ? nil : .all(children)
    case "any":
      return .any(Wildcards.wildcard(element, targetNamespace: place.targetNamespace))
    case "group":
      guard let text = element.attribute("ref"),
        let node = set.target(.group, text, at: element, from: place)?.node,
        !groups.contains(where: { $0 === node }), isExpandable(node)
      else { return nil }
      for child in node.element.children {
        switch child.localName {
        case "sequence", "choice", "all":
          return term(child, at: SchemaPlace(node), inside: groups + [node])
        default: continue
        }
      }
      return nil
    default: return nil
    }
  }

  private func particles(
    in group: XMLElement, at place: SchemaPlace, inside groups: [SchemaNode]
  ) -> [XSDParticle] {
    var children: [XSDParticle] = []
    for child in group.children where child.isOfSchemaLanguage {
      if let particle = particle(child, at: place, inside: groups) {
        children.append(particle)
      } else if group.hasLocalName("choice"), child.isEmptyModelGroup {
        // An empty alternative makes the whole choice optional (XSD 1.0 part 1 §3.8.6).
        children.append(XSDParticle(.sequence([]), minimum: 0))
      }
    }
    return children
  }

  private static func minimum(of element: XMLElement) -> Int {
    guard let text = element.attribute("minOccurs") else { return 1 }
    return Int(text.trimmingXMLSpace()).map { max(0, $0) } ?? 1
  }

  /// Nil when unbounded.
  private static func maximum(of element: XMLElement) -> Int? {
    guard let text = element.attribute("maxOccurs")?.trimmingXMLSpace() else { return 1 }
    if text == "unbounded" || text == "*" { return nil }
    guard let number = Int(text) else {
      // More than any machine counts to is as good as unbounded.
      return text.utf8.allSatisfy { $0 &- 48 < 10 } && !text.isEmpty ? nil : 1
    }
    return max(0, number)
  }
}

extension XMLElement {
  fileprivate var isEmptyModelGroup: Bool {
    guard !attribute("maxOccurs", is: "0") else { return false }
    switch localName {
    case "sequence", "choice", "all": return true
    default: return false
    }
  }
}
