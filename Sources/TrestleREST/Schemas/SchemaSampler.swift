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
  var spent = 0
  private var tries = 0
  /// Whether optional members were left out for their depth.
  private var wasCut = false
  private var depth = 0
  var objectDepth = 0
  /// Which of the possible values is taken, for items that must differ.
  var variation = 0
  /// The schemas being made, outermost first.
  private var path: [SchemaNode] = []

  /// Whether the value should be valid as others understand the rules, too.
  private let pleasesAll: Bool
  private let blends: KnownBlends

  private init(
    _ library: SchemaLibrary, _ direction: JSONSchema.Direction, optionalDepth: Int,
    leavesOutWhenLarge: Bool = false, pleasesAll: Bool, _ blends: KnownBlends
  ) {
    self.blends = blends
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
    guard nodes.count == 1 else {
      return make(for: nodes, of: library, direction, named: name)
    }
    let key = SampleShelf.Key(node: ObjectIdentifier(nodes[0]), direction: direction, name: name)
    if let known = library.samples.sample(of: key) { return known }
    let value = make(for: nodes, of: library, direction, named: name)
    library.samples.keep(value, of: key)
    return value
  }

  private static func make(
    for nodes: [SchemaNode], of library: SchemaLibrary, _ direction: JSONSchema.Direction,
    named name: String
  ) -> Value? {
    let blends = KnownBlends()
    for pleasesAll in [true, false] {
      var best: Value?
      // Most fit at once; larger ones show fewer levels, smaller ones all they have.
      var depths = [2, 1]
      var isWidening = true
      var next: Int? = 3
      while let depth = next {
        var sampler = SchemaSampler(
          library, direction, optionalDepth: depth, pleasesAll: pleasesAll, blends)
        let value = sampler.make(nodes, named: name, mayBeLeftOut: false)
        let fits = sampler.spent <= comfortableSize
        if let value, fits, sampler.admits(value, nodes) { best = value }
        if fits, isWidening, sampler.wasCut {
          next = depth == 3 ? 5 : depth == 5 ? 8 : nil
        } else {
          isWidening = false
          // Where nothing was too large, fewer members make no difference.
          next = fits || best != nil || depths.isEmpty ? nil : depths.removeFirst()
        }
      }
      if let best { return best }
      var sampler = SchemaSampler(
        library, direction, optionalDepth: 1, leavesOutWhenLarge: true, pleasesAll: pleasesAll,
        blends)
      let value = sampler.make(nodes, named: name, mayBeLeftOut: false)
      if let value, sampler.admits(value, nodes) { return value }
    }
    return nil
  }

  private var limit: Int { leavesOutWhenLarge ? Self.maximumSize : Self.comfortableSize }

  /// Whether optional members are shown here; notes where they are not.
  mutating func showsOptionalMembers() -> Bool {
    if objectDepth <= optionalDepth, !(leavesOutWhenLarge && spent > Self.comfortableSize) {
      return true
    }
    wasCut = true
    return false
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
    let blend = blends.blend(of: nodes, in: library)
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
      if let value, !value.isNull, chosen.isPlain || admits(value, chosen.tops) { return value }
    }
    return offersNull ? null(blend.tops) : .none
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
      } else if let plain = plainScalar(kind, blend, name) {
        return plain
      } else {
        value = firstScalar(blend, [kind.intersection(open)], name)
      }
      if let value { return value }
    }
    return open.contains(.null) ? null(blend.tops) : .none
  }

  /// The scalar of a schema that says no more than its type.
  private func plainScalar(_ kind: SchemaKinds, _ blend: SchemaBlend, _ name: String) -> Value? {
    guard variation == 0, blend.isPlain,
      blend.parts.allSatisfy({ $0.rules.text == nil && $0.rules.number == nil })
    else { return .none }
    switch kind {
    case .string: return .string(ScalarCandidates.word(from: name))
    case .integer: return 1
    case .boolean: return true
    default: return .none
    }
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
