import TrestleCore

extension SchemaLibrary {
  /// Whether a member of this schema stays out of messages of a direction.
  func isLeftOut(_ node: SchemaNode, for direction: JSONSchema.Direction) -> Bool {
    let bits =
      node.directions
      ?? node.keep(
        directions: (isLeftOut(node, for: .request, depth: 0) ? 1 : 0)
          | (isLeftOut(node, for: .response, depth: 0) ? 2 : 0))
    return bits & (direction == .request ? 1 : 2) != 0
  }

  private func isLeftOut(
    _ node: SchemaNode, for direction: JSONSchema.Direction, depth: Int
  ) -> Bool {
    let rules = node.rules(in: self)
    if direction == .request ? rules.notes.isReadOnly : rules.notes.isWriteOnly { return true }
    guard depth < 8 else { return false }
    if let next = rules.reference, isLeftOut(next.node, for: direction, depth: depth + 1) {
      return true
    }
    return rules.branches?.all.contains { isLeftOut($0, for: direction, depth: depth + 1) } ?? false
  }

  /// Whether something below a schema is left out of requests or of responses.
  func hasDirections(in node: SchemaNode) -> Bool {
    node.hasDirections ?? node.keep(hasDirections: findsDirections(in: node))
  }

  private func findsDirections(in node: SchemaNode) -> Bool {
    var seen: Set<ObjectIdentifier> = []
    var open = [node]
    // A bound on the work: beyond it two names do no harm.
    while let next = open.popLast(), seen.count < 2_000 {
      guard seen.insert(ObjectIdentifier(next)).inserted else { continue }
      let rules = next.rules(in: self)
      if rules.notes.isReadOnly || rules.notes.isWriteOnly { return true }
      open += rules.children
    }
    return seen.count >= 2_000
  }
}

extension SchemaRules {
  /// The schemas that this one holds or refers to.
  fileprivate var children: [SchemaNode] {
    var children = [reference?.node, dynamicReference?.fallback.node].compactMap { $0 }
    if let object {
      children += object.properties.map(\.node) + object.patterns.map(\.node)
      children += object.dependentSchemas.map(\.node)
      children += [object.additional, object.unevaluated].compactMap { $0 }
    }
    if let array {
      children += array.first + [array.rest, array.contained, array.unevaluated].compactMap { $0 }
    }
    if let branches {
      children += branches.all + branches.any + branches.one
      children += [branches.condition, branches.consequence, branches.alternative].compactMap { $0 }
      children += branches.discriminator?.mapping.map(\.target.node) ?? []
    }
    return children
  }
}
