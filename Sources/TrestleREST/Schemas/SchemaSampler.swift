import TrestleCore

/// Makes a value that a schema allows, the same one every time.
///
/// What the document shows is taken where it is valid; the rest is made from the rules. Optional members
/// are shown as deep as the value stays comfortable to read, and recursion ends where it can.
struct SchemaSampler {
  private static let comfortableSize = 400
  /// A bound on the work for schemas whose required members alone explode.
  private static let maximumSize = 20_000
  private static let maximumDepth = 100
  private static let maximumBranches = 60
  /// How often alternatives are tried in all.
  private static let maximumTries = 4_000

  let library: SchemaLibrary
  let direction: JSONSchema.Direction
  /// Objects nested deeper than this leave their optional members out.
  private let optionalDepth: Int
  private let leavesOutWhenLarge: Bool
  private var spent = 0
  private var tries = 0
  private var depth = 0
  var objectDepth = 0
  /// Which of the possible values is taken, for items that must differ.
  var variation = 0
  /// The schemas being made, outermost first.
  private var path: [SchemaNode] = []

  /// Whether the value should be valid as others understand the rules, too.
  private let pleasesAll: Bool

  private init(
    _ library: SchemaLibrary, _ direction: JSONSchema.Direction, optionalDepth: Int,
    leavesOutWhenLarge: Bool = false, pleasesAll: Bool
  ) {
    self.library = library
    self.direction = direction
    self.optionalDepth = optionalDepth
    self.leavesOutWhenLarge = leavesOutWhenLarge
    self.pleasesAll = pleasesAll
  }

  static func sample(
    for nodes: [SchemaNode], of library: SchemaLibrary, _ direction: JSONSchema.Direction,
    named name: String
  ) -> Value? {
    for pleasesAll in [true, false] {
      for optionalDepth in [8, 5, 4, 3, 2, 1] {
        var sampler = SchemaSampler(
          library, direction, optionalDepth: optionalDepth, pleasesAll: pleasesAll)
        let value = sampler.make(nodes, named: name, mayBeLeftOut: false)
        if let value, sampler.spent <= comfortableSize, sampler.admits(value, nodes) {
          return value
        }
        // Nothing was too large: fewer members make no difference.
        if sampler.spent <= comfortableSize { break }
      }
      var sampler = SchemaSampler(
        library, direction, optionalDepth: 1, leavesOutWhenLarge: true, pleasesAll: pleasesAll)
      let value = sampler.make(nodes, named: name, mayBeLeftOut: false)
      if let value, sampler.admits(value, nodes) { return value }
    }
    return nil
  }

  private var limit: Int { leavesOutWhenLarge ? Self.maximumSize : Self.comfortableSize }

  var showsOptionalMembers: Bool {
    objectDepth <= optionalDepth && !(leavesOutWhenLarge && spent > Self.comfortableSize)
  }

  func admits(_ value: Value, _ nodes: [SchemaNode]) -> Bool {
    pleasesAll
      ? SchemaCheck.mayShow(value, nodes, of: library, for: direction)
      : SchemaCheck.admits(value, nodes, of: library, for: direction)
  }

  /// The value of one place, or nil where none can be made, or where recursion ends by leaving it out.
  mutating func make(
    _ nodes: [SchemaNode], named name: String, mayBeLeftOut: Bool
  ) -> Value? {
    spent += 1
    guard spent <= limit, depth < Self.maximumDepth else { return nil }
    depth += 1
    defer { depth -= 1 }
    let heads = nodes.map(library.followed)
    let isRepeated = heads.contains { head in path.contains { $0 === head } }
    if isRepeated {
      if mayBeLeftOut { return nil }
      if admits(.null, nodes) { return .some(.null) }
    }
    let blend = SchemaBlend(of: nodes, in: library)
    if let given = given(by: blend) { return given }
    path += heads
    defer { path.removeLast(heads.count) }
    if let value = settle(blend, named: name, mayBeLeftOut: mayBeLeftOut) { return value }
    return mayBeLeftOut ? .none : null(nodes)
  }

  /// Null, where it is allowed.
  private func null(_ nodes: [SchemaNode]) -> Value? {
    guard admits(.null, nodes) else { return .none }
    return .some(.null)
  }

  /// Chooses among alternatives until none are left, and takes the first value that is valid.
  private mutating func settle(
    _ blend: SchemaBlend, named name: String, mayBeLeftOut: Bool
  ) -> Value? {
    guard let group = blend.groups.first else {
      return makeLeaf(blend, named: name, mayBeLeftOut: mayBeLeftOut)
    }
    // What holds itself comes last.
    let isPlain = group.map { branch in
      !branch.nodes.contains { node in path.contains { $0 === library.followed(node) } }
    }
    let sorted =
      group.indices.filter { isPlain[$0] } + group.indices.filter { !isPlain[$0] }
    var offersNull = false
    for index in sorted.prefix(Self.maximumBranches) {
      tries += 1
      guard spent <= limit, tries <= Self.maximumTries else { return nil }
      if !isPlain[index], mayBeLeftOut { return nil }
      let chosen = blend.choosing(group[index])
      // Null says least: it is taken where nothing else is there.
      if chosen.groups.isEmpty, chosen.kinds == .null {
        offersNull = true
        continue
      }
      path += group[index].nodes.map(library.followed)
      let value =
        given(by: chosen, onlyNew: blend.parts.count)
        ?? settle(chosen, named: name, mayBeLeftOut: mayBeLeftOut)
      path.removeLast(group[index].nodes.count)
      if let value, !value.isNull, admits(value, chosen.tops) { return value }
    }
    return offersNull ? null(blend.tops) : .none
  }

  // MARK: What the document shows

  /// The first example, default or constant that is valid.
  private mutating func given(by blend: SchemaBlend, onlyNew start: Int = 0) -> Value? {
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
    guard SchemaCheck.admits(value, [node], of: library, for: direction) else {
      let issue = SchemaCheck.issues(in: value, node, of: library, for: direction).first
      let place = issue.map { $0.pointer.tokens.isEmpty ? "" : "\($0.pointer) " } ?? ""
      library.report(
        .warning, "the \(keyword) is not valid: \(place)\(issue?.reason ?? "it breaks the schema")",
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

  // MARK: What the rules give

  private mutating func makeLeaf(
    _ blend: SchemaBlend, named name: String, mayBeLeftOut: Bool
  ) -> Value? {
    let open = blend.openKinds
    guard open.union(.null) != .all else {
      if let scalar = firstScalar(blend, [.string, .integer, .boolean], name) { return scalar }
      return makeObject(blend) ?? makeArray(blend, named: name, mayBeLeftOut: mayBeLeftOut)
        ?? null(blend.tops)
    }
    let listed = blend.parts.lazy.map(\.rules.listedKinds).first { !$0.isEmpty } ?? []
    let order = listed + [.object, .array, .string, .integer, .fraction, .boolean]
    for kind in order where !open.isDisjoint(with: kind) && kind != .null {
      let value: Value?
      if kind == .object {
        value = makeObject(blend)
      } else if kind == .array {
        value = makeArray(blend, named: name, mayBeLeftOut: mayBeLeftOut)
      } else {
        value = firstScalar(blend, [kind.intersection(open)], name)
      }
      if let value { return value }
    }
    return open.contains(.null) ? null(blend.tops) : .none
  }

  private func firstScalar(
    _ blend: SchemaBlend, _ kinds: [SchemaKinds], _ name: String
  ) -> Value? {
    var left = variation
    for kind in kinds {
      for value in ScalarCandidates(blend, named: name, variation: variation).values(of: kind)
      where admits(value, blend.tops) {
        if left == 0 { return value }
        left -= 1
      }
    }
    return nil
  }
}
