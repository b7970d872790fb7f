import TrestleCore

/// All the schemas that speak of one value, side by side: a schema with what it refers to and builds
/// on. Alternatives stay groups until one of them is chosen.
struct SchemaBlend {
  struct Part {
    var node: SchemaNode
    var rules: SchemaRules
    /// Whether it is what was asked for, rather than something that it builds on.
    var isHead: Bool
  }

  /// One of several ways to go on.
  struct Branch {
    var nodes: [SchemaNode]
    /// The property that must say which way was taken.
    var mark: (property: String, name: String)?
  }

  let library: SchemaLibrary
  private(set) var parts: [Part] = []
  /// The choices that are still open.
  private(set) var groups: [[Branch]] = []
  /// The kinds that all of `type` allow.
  private(set) var kinds = SchemaKinds.all
  private(set) var isNever = false
  /// What discriminators must say.
  private(set) var marks: [String: String] = [:]
  /// The schemas a value must be valid by, chosen ones included.
  private(set) var tops: [SchemaNode] = []
  private var visited: Set<ObjectIdentifier> = []
  /// Whether a reference on the way has rules beside it that say nothing here.
  private var hasBeside = false

  /// More than this in one place is an attack.
  private static let maximumParts = 300

  init(of nodes: [SchemaNode], in library: SchemaLibrary) {
    self.library = library
    tops = nodes
    for node in nodes { add(node, isHead: true) }
  }

  /// The blend with one branch of the first open group taken.
  func choosing(_ branch: Branch) -> SchemaBlend {
    var copy = self
    if !copy.groups.isEmpty { copy.groups.removeFirst() }
    copy.take(branch)
    return copy
  }

  private mutating func take(_ branch: Branch) {
    tops += branch.nodes
    if let mark = branch.mark { marks[mark.property] = mark.name }
    for node in branch.nodes { add(node, isHead: false) }
  }

  /// The blend with every branch of every group laid beside it: what may be there at all.
  var everyBranch: SchemaBlend {
    var copy = self
    var rounds = 0
    while !copy.groups.isEmpty, rounds < 100, copy.parts.count < Self.maximumParts {
      rounds += 1
      for branch in copy.groups.removeFirst() {
        for node in branch.nodes { copy.add(node, isHead: false) }
      }
    }
    return copy
  }

  private mutating func add(_ given: SchemaNode, isHead: Bool) {
    let node = library.followed(given)
    if node !== given { hasBeside = hasBeside || library.hasBeside(given) }
    guard parts.count < Self.maximumParts, visited.insert(ObjectIdentifier(node)).inserted else {
      return
    }
    let rules = node.rules(in: library)
    parts.append(Part(node: node, rules: rules, isHead: isHead))
    isNever = isNever || rules.isNever
    kinds.formIntersection(rules.isNullable ? rules.kinds.union(.null) : rules.kinds)
    if let reference = rules.reference { add(reference.node, isHead: isHead) }
    if let reference = rules.dynamicReference { add(reference.fallback.node, isHead: isHead) }
    for dependent in rules.object?.dependentSchemas ?? [] {
      groups.append([Branch(nodes: [dependent.node]), Branch(nodes: [])])
    }
    guard let branches = rules.branches else { return }
    for base in branches.all { add(base, isHead: false) }
    if let condition = branches.condition {
      groups.append([
        Branch(nodes: [condition] + (branches.consequence.map { [$0] } ?? [])),
        Branch(nodes: branches.alternative.map { [$0] } ?? []),
      ])
    }
    addAlternatives(branches, of: node)
  }

  private mutating func addAlternatives(_ branches: BranchRules, of node: SchemaNode) {
    let choices = branches.discriminator.map { library.choices(of: $0, in: node) }
    for list in [branches.one, branches.any] where !list.isEmpty {
      groups.append(
        list.map { branch in
          let name = choices?.name(of: library.followed(branch))
          let mark = name.flatMap { name in
            branches.discriminator.map { (property: $0.property, name: name) }
          }
          return Branch(nodes: [branch], mark: mark)
        })
    }
    guard branches.one.isEmpty, branches.any.isEmpty, let choices,
      let property = branches.discriminator?.property, !choices.list.isEmpty
    else { return }
    // Reached from an heir, that is what the property must name.
    if let heir = parts.lazy.map(\.node).first(where: { $0 !== node && choices.name(of: $0) != nil }
    ),
      let name = choices.name(of: heir)
    {
      marks[property] = name
      return
    }
    groups.append(
      choices.list.map { choice in
        Branch(
          nodes: choice.target.node === node ? [] : [choice.target.node],
          mark: (property, choice.name))
      })
  }

  /// Whether what is made part by part is valid as a whole.
  var isPlain: Bool { !hasBeside && parts.allSatisfy(\.rules.isPlain) }

  // MARK: Kinds

  /// The kinds that are left when alternatives and values to choose from are looked at, and what the
  /// rules are about where no type is named.
  var openKinds: SchemaKinds {
    var budget = 300
    return openKinds(budget: &budget)
  }

  private func openKinds(budget: inout Int) -> SchemaKinds {
    var left = isNever ? [] : kinds
    for part in parts {
      guard let choice = part.rules.choice else { continue }
      let named = choice.values.reduce(SchemaKinds()) { $0.union(SchemaKinds(of: $1)) }
      left.formIntersection(part.rules.isNullable ? named.union(.null) : named)
    }
    for group in groups {
      var union = SchemaKinds()
      for branch in group {
        budget -= 1
        guard budget > 0, !branch.nodes.isEmpty else {
          union = .all
          break
        }
        let inner = SchemaBlend(of: branch.nodes, in: library)
        union.formUnion(inner.openKinds(budget: &budget))
      }
      left.formIntersection(union)
    }
    guard left.union(.null) == .all else { return left }
    let meant = meantKinds
    return meant.isEmpty ? left : meant
  }

  private var meantKinds: SchemaKinds {
    var meant = SchemaKinds()
    for part in parts {
      if part.rules.object != nil { meant.insert(.object) }
      if part.rules.array != nil { meant.insert(.array) }
      if part.rules.number != nil { meant.formUnion(.number) }
      if let text = part.rules.text, part.rules.number == nil || text.pattern != nil {
        meant.insert(.string)
      }
      if part.rules.isNullable, !meant.isEmpty { meant.insert(.null) }
    }
    return meant
  }

  // MARK: Parts of values

  /// The properties by name, in the order of the schemas; those in `marks` too.
  var propertyNames: [String] {
    if parts.count == 1 { return parts[0].rules.object?.properties.map(\.name) ?? [] }
    var names: [String] = []
    var known: Set<String> = []
    for part in parts {
      for property in part.rules.object?.properties ?? [] where known.insert(property.name).inserted
      {
        names.append(property.name)
      }
    }
    return names
  }

  var required: [String] {
    if parts.count == 1 { return parts[0].rules.object?.required ?? [] }
    var names: [String] = []
    var known: Set<String> = []
    for part in parts {
      for name in part.rules.object?.required ?? [] where known.insert(name).inserted {
        names.append(name)
      }
    }
    return names
  }

  /// The schemas that a property of a name is held against.
  func nodes(ofProperty name: String) -> [SchemaNode] {
    parts.flatMap { part -> [SchemaNode] in
      guard let object = part.rules.object else { return [] }
      var nodes = object.property(name).map { [$0] } ?? []
      nodes += object.patterns.filter { $0.pattern?.matches(name) ?? false }.map(\.node)
      if nodes.isEmpty, let additional = object.additional { nodes = [additional] }
      return nodes
    }
  }

  /// The schemas that an item at a position is held against.
  func nodes(ofItem position: Int) -> [SchemaNode] {
    parts.compactMap { part in
      guard let array = part.rules.array else { return nil }
      if position == .max { return array.rest ?? array.first.first }
      return position < array.first.count ? array.first[position] : array.rest
    }
  }
}
