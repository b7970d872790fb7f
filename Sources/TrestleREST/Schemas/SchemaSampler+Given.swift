import TrestleCore

/// What the document itself shows of a value.
extension SchemaSampler {
  /// The first example, default or constant that is valid.
  mutating func given(by blend: SchemaBlend, onlyNew start: Int = 0) -> Value? {
    let isScalar = blend.kinds.isDisjoint(with: .object)
    for part in blend.parts[start...] where part.isHead || isScalar || start > 0 {
      for example in part.rules.notes.examples.dropFirst(variation) {
        if let value = shown(example.value, of: part.node, under: example.place, blend) {
          return value
        }
      }
    }
    for part in blend.parts[start...]
    where (part.isHead || isScalar || start > 0) && variation == 0 {
      if let value = part.rules.notes.defaultValue,
        let shown = shown(value, of: part.node, under: "default", blend)
      {
        return shown
      }
    }
    guard start == 0 || blend.groups.isEmpty else { return nil }
    for part in blend.parts {
      guard let choice = part.rules.choice else { continue }
      // Null says least.
      let values = choice.values.filter { !$0.isNull } + choice.values.filter(\.isNull)
      var left = variation
      for value in values where isMarked(value, blend) && admits(value, blend.tops) {
        if left == 0 { return value }
        left -= 1
      }
    }
    return nil
  }

  private mutating func shown(
    _ value: Value, of node: SchemaNode, under keyword: String, _ blend: SchemaBlend
  ) -> Value? {
    let value = stripped(value, [node], depth: 0)
    // A text of an object's JSON breaks no rule where no type is named, and is not meant all the same.
    let isOfKind = !blend.openKinds.isDisjoint(with: SchemaKinds(of: value))
    guard isOfKind, SchemaCheck.admits(value, [node], of: library, for: direction) else {
      let issue = SchemaCheck.issues(in: value, node, of: library, for: direction).first
      let place = issue.map { $0.pointer.tokens.isEmpty ? "" : "\($0.pointer) " } ?? ""
      let reason =
        issue?.reason ?? "expects \(blend.openKinds.shown), found \(value.shownShortly)"
      library.report(
        .warning, "the \(keyword) is not valid: \(place)\(reason)",
        at: node.place.appending(keyword), hint: "Samples are made from the schema's rules instead."
      )
      return nil
    }
    guard isMarked(value, blend), admits(value, blend.tops) else { return nil }
    spent += value.partCount - 1
    return value
  }

  private func isMarked(_ value: Value, _ blend: SchemaBlend) -> Bool {
    guard case .object(let record) = value else { return true }
    return blend.marks.allSatisfy { record[$0.key]?.stringValue == $0.value }
  }

  /// The value without the members that stay out of this direction.
  private func stripped(_ value: Value, _ nodes: [SchemaNode], depth: Int) -> Value {
    guard depth < 32 else { return value }
    switch value {
    case .object(let record):
      let blend = SchemaBlend(of: nodes, in: library).everyBranch
      return .object(
        Record(
          uniqueMembers: record.members.compactMap { member in
            let inner = blend.nodes(ofProperty: member.name)
            if inner.contains(where: { library.isLeftOut($0, for: direction) }) { return nil }
            return Record.Member(
              name: member.name, value: stripped(member.value, inner, depth: depth + 1))
          }))
    case .array(let items):
      let blend = SchemaBlend(of: nodes, in: library).everyBranch
      return .array(
        items.enumerated().map {
          stripped($1, blend.nodes(ofItem: $0), depth: depth + 1)
        })
    default: return value
    }
  }
}
