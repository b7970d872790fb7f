import TrestleCore

extension SchemaCheck {
  /// Holds the value against the schemas that this one speaks through.
  mutating func checkOthers(
    _ value: Value, _ rules: SchemaRules, _ node: SchemaNode, _ seen: inout SeenParts?
  ) -> Bool {
    if let known = active[activeStart...].firstIndex(where: { $0.node === node }) {
      // What is being held against the value already need not be again; but a schema that is one of its
      // own alternatives is none.
      let isAlternative =
        known + 1 < active.count ? active[known + 1].isAlternative : nextIsAlternative
      if dispatches == 0 {
        library.report(.error, "the schema builds on itself without end", at: node.place)
      }
      return !isAlternative
    }
    active.append(Active(node: node, isAlternative: nextIsAlternative))
    let wasAlternative = nextIsAlternative
    nextIsAlternative = false
    defer {
      active.removeLast()
      nextIsAlternative = wasAlternative
    }
    var isFine = true
    if let reference = rules.reference {
      isFine = check(value, reference.node, &seen)
      guard isFine || mayGoOn else { return false }
    }
    if let reference = rules.dynamicReference {
      isFine = check(value, target(of: reference), &seen) && isFine
      guard isFine || mayGoOn else { return false }
    }
    guard let branches = rules.branches else { return isFine }
    for branch in branches.all {
      isFine = check(value, branch, &seen) && isFine
      guard isFine || mayGoOn else { return false }
    }
    if let refused = branches.refused {
      var ignored: SeenParts?
      if quietly({ $0.asAlternative { $0.check(value, refused, &ignored) } }) {
        isFine = fail("is what it must not be")
        guard mayGoOn else { return false }
      }
    }
    isFine = checkCondition(value, branches, &seen) && isFine
    guard isFine || mayGoOn else { return false }
    switch pick(value, branches, node) {
    case .none:
      isFine = checkAny(value, branches.any, &seen) && isFine
      guard isFine || mayGoOn else { return false }
      return checkOne(value, branches.one, &seen) && isFine
    case .unknown(let property, let reason, let hint):
      return fail(at: property, reason, hint: hint)
    case .known: return isFine
    case .schema(let target):
      dispatches += 1
      defer { dispatches -= 1 }
      return check(value, target, &seen) && isFine
    }
  }

  private mutating func asAlternative(_ body: (inout SchemaCheck) -> Bool) -> Bool {
    let was = nextIsAlternative
    nextIsAlternative = true
    defer { nextIsAlternative = was }
    return body(&self)
  }

  private func target(of reference: DynamicReference) -> SchemaNode {
    guard reference.isDynamic else { return reference.fallback.node }
    for scope in scopes {
      if let place = library.anchors(of: scope.document).dynamicAnchor(reference.name, in: scope),
        let value = library.documents.value(at: place)
      {
        return library.node(value, at: place)
      }
    }
    return reference.fallback.node
  }

  private mutating func checkCondition(
    _ value: Value, _ branches: BranchRules, _ seen: inout SeenParts?
  ) -> Bool {
    guard let condition = branches.condition else { return true }
    var parts: SeenParts? = seen == nil ? nil : SeenParts()
    let holds = quietly { $0.asAlternative { $0.check(value, condition, &parts) } }
    if holds, let parts { seen?.merge(parts) }
    guard let next = holds ? branches.consequence : branches.alternative else { return true }
    return check(value, next, &seen)
  }

  // MARK: Alternatives

  private mutating func fits(
    _ value: Value, _ node: SchemaNode, _ seen: inout SeenParts?
  ) -> Bool {
    var parts: SeenParts? = seen == nil ? nil : SeenParts()
    let isFine = quietly { $0.asAlternative { $0.check(value, node, &parts) } }
    if isFine, let parts { seen?.merge(parts) }
    return isFine
  }

  private mutating func checkAny(
    _ value: Value, _ nodes: [SchemaNode], _ seen: inout SeenParts?
  ) -> Bool {
    guard !nodes.isEmpty else { return true }
    var isFine = false
    for node in nodes where fits(value, node, &seen) {
      isFine = true
      // What others say counts where parts are looked for that none speaks of.
      if seen == nil { return true }
    }
    return isFine || failAll(value, nodes)
  }

  private mutating func checkOne(
    _ value: Value, _ nodes: [SchemaNode], _ seen: inout SeenParts?
  ) -> Bool {
    guard !nodes.isEmpty else { return true }
    var fitting: SchemaNode?
    for node in nodes where fits(value, node, &seen) {
      if let fitting {
        return fail(
          "fits \(Self.name(of: fitting, in: nodes)) and \(Self.name(of: node, in: nodes)), expects exactly one"
        )
      }
      fitting = node
    }
    return fitting != nil || failAll(value, nodes)
  }

  private static func name(of node: SchemaNode, in nodes: [SchemaNode]) -> String {
    if let reference = node.source["$ref"]?.stringValue,
      let name = reference.split(separator: "/").last
    {
      return String(name)
    }
    return node.source["title"]?.stringValue
      ?? "alternative \((nodes.firstIndex { $0 === node } ?? 0) + 1)"
  }

  /// Tells what keeps a value from every alternative: the nearest one's reasons where it is plain which
  /// that is.
  private mutating func failAll(_ value: Value, _ nodes: [SchemaNode]) -> Bool {
    guard isCollecting else { return false }
    var best: (node: SchemaNode, issues: [SchemaIssue])?
    var candidates = 0
    let depthHere = pathCount
    for node in nodes.prefix(32) {
      var ignored: SeenParts?
      let issues = separately { $0.asAlternative { $0.check(value, node, &ignored) } }
      guard !issues.isEmpty else { continue }
      let isOfKind = !issues.contains {
        $0.pointer.tokens.count == depthHere && $0.reason.hasPrefix("expects ")
      }
      if isOfKind { candidates += 1 }
      if best.map({ issues.count < $0.issues.count }) ?? true, isOfKind {
        best = (node, issues)
      }
    }
    if candidates == 1, let best {
      for issue in best.issues { add(issue) }
      return false
    }
    let names = nodes.prefix(8).map { Self.name(of: $0, in: nodes) }.joined(separator: ", ")
    let dots = nodes.count > 8 ? ", …" : ""
    return fail(
      "fits none of \(names)\(dots), found \(value.shownShortly)",
      hint: best.flatMap { best in
        best.issues.first.map {
          let place = JSONPointer(Array($0.pointer.tokens.dropFirst(depthHere))).description
          return "The nearest is \(Self.name(of: best.node, in: nodes)): \(place) \($0.reason)."
        }
      })
  }

  // MARK: Discriminators

  private enum Pick {
    /// Nothing picks: all alternatives are tried.
    case none
    /// The schema is being held against the value already.
    case known
    case schema(SchemaNode)
    case unknown(property: String, reason: String, hint: String?)
  }

  private func pick(_ value: Value, _ branches: BranchRules, _ node: SchemaNode) -> Pick {
    guard let discriminator = branches.discriminator, case .object(let record) = value,
      let name = record[discriminator.property]?.stringValue
    else { return .none }
    let choices = library.choices(of: discriminator, in: node)
    guard !choices.list.isEmpty else { return .none }
    guard let target = choices.target(named: name) else {
      if choices.hasOthers { return .none }
      let names = choices.list.map(\.name)
      let shown = names.prefix(8).joined(separator: ", ") + (names.count > 8 ? ", …" : "")
      return .unknown(
        property: discriminator.property, reason: "names no type that is known, found \"\(name)\"",
        hint: Suggestion.nearest(to: name, among: names).map { "Did you mean \"\($0)\"?" }
          ?? "It may be \(shown).")
    }
    if target === node { return .known }
    let isActive = active[activeStart...].contains { $0.node === target }
    if isActive { return .known }
    // Reached from an heir, the name must be that heir's or one of its own heirs'.
    for outer in active[activeStart...].dropLast() {
      if outer.node !== node, choices.name(of: outer.node) != nil,
        !library.heirs(of: outer.node).contains(where: { $0.target.node === target })
      {
        return .unknown(
          property: discriminator.property,
          reason: "names \(target.name) where \(outer.node.name) is meant, found \"\(name)\"",
          hint: nil)
      }
    }
    return .schema(target)
  }
}
