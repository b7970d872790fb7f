import TrestleCore

/// Says JSON Schemas in Trestle's own terms, as nearly as those go.
///
/// What they have no words for (alternatives that differ in kind, `not`, formats) is left open, and an
/// example stands where a sample of the open shape would be wrong.
struct NeutralSchema {
  /// More ways to choose than this are not told apart.
  private static let maximumBranches = 24
  /// Schemas in schemas that have no names to end them.
  private static let maximumDepth = 24

  /// What stands between the names of schemas.
  private static let plumbing: Set<String> = ["components", "schemas", "definitions", "$defs"]

  let library: SchemaLibrary
  let direction: JSONSchema.Direction
  private var depth = 0

  private init(_ library: SchemaLibrary, _ direction: JSONSchema.Direction, depth: Int = 0) {
    self.library = library
    self.direction = direction
    self.depth = depth
  }

  static func schema(
    for node: SchemaNode, of library: SchemaLibrary, _ direction: JSONSchema.Direction,
    named name: String = ""
  ) -> Schema {
    NeutralSchema(library, direction).schema(for: node, named: name)
  }

  /// The schema of one place: a reference where its type has a name.
  func schema(for node: SchemaNode, named name: String) -> Schema {
    let target = library.followed(node)
    guard target.isNamed else { return schema(forAll: [target], named: name) }
    let library = library
    let direction = direction
    let reference = SchemaReference(name: typeName(of: target)) {
      NeutralSchema(library, direction).schema(forAll: [target], named: name)
    }
    var schema = Schema(.reference(reference), summary: target.rules(in: library).notes.summary)
    schema.isNullable = SchemaBlend(of: [target], in: library).openKinds.isNullable
    return schema
  }

  /// Types that look otherwise in requests than in responses have two names.
  private func typeName(of node: SchemaNode) -> String {
    // Those inside others are told apart by what they are in.
    let parts =
      node.place.document.split(separator: "/").suffix(1).map(String.init)
      + node.place.pointer.tokens.filter { !Self.plumbing.contains($0) }
    let name = parts.joined(separator: ".")
    return direction == .request && library.hasDirections(in: node) ? name + " in requests" : name
  }

  func schema(forAll nodes: [SchemaNode], named name: String) -> Schema {
    guard depth < Self.maximumDepth else { return .any }
    var deeper = self
    deeper.depth += 1
    return deeper.made(forAll: nodes, named: name)
  }

  private func made(forAll nodes: [SchemaNode], named name: String) -> Schema {
    let blend = SchemaBlend(of: nodes, in: library)
    let kinds = blend.openKinds
    let leaves = expanded(blend)
    var schema = Schema(.any)
    if kinds == .null {
      schema.shape = .nothing
    } else if let leaves, !leaves.isEmpty {
      schema = self.schema(of: leaves, named: name)
    }
    let heads = blend.parts.filter(\.isHead).map(\.rules.notes)
    schema.summary = heads.lazy.compactMap(\.summary).first
    schema.isNullable = kinds.isNullable
    let hasExample = heads.contains { !$0.examples.isEmpty || $0.defaultValue?.isStructure == true }
    if hasExample || needsExample(blend, schema) {
      schema.example = SchemaSampler.sample(for: nodes, of: library, direction, named: name)
    }
    return schema
  }

  // MARK: Alternatives

  /// The blend for every way to choose, without those that allow null only; nil where there are too many.
  private func expanded(_ blend: SchemaBlend) -> [SchemaBlend]? {
    var open = [blend]
    var closed: [SchemaBlend] = []
    var rounds = 0
    while let next = open.popLast() {
      rounds += 1
      guard rounds <= Self.maximumBranches * 4, closed.count <= Self.maximumBranches else {
        return nil
      }
      guard let group = next.groups.first else {
        if !next.isNever, next.openKinds != .null { closed.append(next) }
        continue
      }
      open += group.reversed().map(next.choosing)
    }
    return closed
  }

  private func schema(of leaves: [SchemaBlend], named name: String) -> Schema {
    let kinds = leaves.map { $0.openKinds.subtracting(.null) }
    if leaves.count == 1 { return schema(of: leaves[0], kinds[0], named: name) }
    if kinds.allSatisfy({ $0 == .object }) {
      return Schema(.object(union(of: leaves)))
    }
    let scalars = zip(leaves, kinds).compactMap { scalar(of: $0, $1) }
    guard scalars.count == leaves.count, let first = scalars.first,
      scalars.allSatisfy({ $0.form == first.form && $0.kind == first.kind })
    else { return .any }
    if scalars.allSatisfy({ $0.facets == first.facets }) { return Schema(.scalar(first)) }
    var choice = ScalarSchema(kind: first.kind, form: first.form, typeName: first.typeName)
    choice.alternatives = scalars
    return Schema(.scalar(choice))
  }

  private func schema(
    of blend: SchemaBlend, _ kinds: SchemaKinds, named name: String
  ) -> Schema {
    if kinds == .object { return Schema(.object(object(of: blend))) }
    if kinds == .array { return array(of: blend, named: name) }
    guard let scalar = scalar(of: blend, kinds) else { return .any }
    var schema = Schema(.scalar(scalar))
    schema.defaultText = blend.parts.lazy.compactMap { $0.rules.notes.defaultValue }.first
      .flatMap { $0.isNull ? nil : $0.scalarText }
    return schema
  }

  /// The members of any of several objects; required are those that all require.
  private func union(of leaves: [SchemaBlend]) -> ObjectSchema {
    let objects = leaves.map { object(of: $0) }
    var union = objects[0]
    for object in objects.dropFirst() {
      for index in union.members.indices {
        let other = object.member(named: union.members[index].name)
        union.members[index].isRequired =
          union.members[index].isRequired && other?.isRequired == true
        if let other, !union.members[index].schema.isLike(other.schema) {
          union.members[index].schema = Self.joined(union.members[index].schema, other.schema)
        }
      }
      for var member in object.members where union.member(named: member.name) == nil {
        member.isRequired = false
        union.members.append(member)
      }
      union.isOpen = union.isOpen || object.isOpen
      if union.typeName != object.typeName { union.typeName = nil }
    }
    return union
  }

  /// What either of two schemas allows: words to choose from are joined, all else is left open.
  private static func joined(_ left: Schema, _ right: Schema) -> Schema {
    guard case .scalar(var first) = left.shape, case .scalar(let second) = right.shape,
      first.kind == second.kind, first.form == second.form,
      !first.facets.enumeration.isEmpty, !second.facets.enumeration.isEmpty
    else { return Schema(.any, summary: left.summary) }
    first.facets.enumeration += second.facets.enumeration.filter {
      !first.facets.enumeration.contains($0)
    }
    return Schema(
      .scalar(first), summary: left.summary, isNullable: left.isNullable || right.isNullable)
  }

  // MARK: Objects and arrays

  private func object(of blend: SchemaBlend) -> ObjectSchema {
    let required = blend.required
    var names = blend.propertyNames
    names += required.filter { !names.contains($0) }
    let isRequired = Set(required)
    var members: [ObjectSchema.Member] = []
    for name in names {
      let nodes = blend.nodes(ofProperty: name)
      if nodes.contains(where: { library.isLeftOut($0, for: direction) }) { continue }
      var schema =
        nodes.count == 1
        ? self.schema(for: nodes[0], named: name) : self.schema(forAll: nodes, named: name)
      if let mark = blend.marks[name] {
        var scalar = ScalarSchema(kind: .string, form: .string, typeName: "string")
        scalar.facets.enumeration = [mark]
        schema = Schema(.scalar(scalar), summary: schema.summary)
      }
      let isOptional = !isRequired.contains(name)
      // What has no sample alone is left out of its object's.
      let isSampled = !isOptional || schema.isReference || !lacksExample(nodes, schema)
      members.append(
        ObjectSchema.Member(
          name: name, schema: schema, isRequired: !isOptional, isSampled: isSampled))
    }
    let rules = blend.parts.compactMap(\.rules.object)
    let isClosed = rules.contains { object in
      [object.additional, object.unevaluated].contains { $0?.rules(in: library).isNever ?? false }
    }
    return ObjectSchema(
      members: members, isOpen: !isClosed,
      typeName: blend.parts.first { $0.isHead && $0.node.isNamed }?.node.name)
  }

  private func array(of blend: SchemaBlend, named name: String) -> Schema {
    let rules = blend.parts.compactMap(\.rules.array)
    let nodes = rules.contains { !$0.first.isEmpty } ? [] : blend.nodes(ofItem: .max)
    let item: Schema =
      switch nodes.count {
      case 0: .any
      case 1: schema(for: nodes[0], named: name)
      default: schema(forAll: nodes, named: name)
      }
    return Schema(
      .array(
        ArraySchema(
          item: item, minimumCount: rules.map(\.minimumCount).max() ?? 0,
          maximumCount: rules.compactMap(\.maximumCount).min())))
  }

  private func lacksExample(_ nodes: [SchemaNode], _ schema: Schema) -> Bool {
    schema.example == nil && needsExample(SchemaBlend(of: nodes, in: library), schema)
  }

  /// Whether a sample of the neutral shape could break the schema, or would say less than it might.
  private func needsExample(_ blend: SchemaBlend, _ schema: Schema) -> Bool {
    if case .nothing = schema.shape { return false }
    let parts = blend.parts.map(\.rules)
    let isHard = parts.contains {
      $0.branches?.refused != nil || $0.choice?.values.contains(where: \.isStructure) == true
    }
    if isHard || !blend.groups.isEmpty {
      return true
    }
    switch schema.shape {
    case .scalar(let scalar):
      return parts.contains {
        $0.text != nil || $0.number != nil || ($0.choice != nil && scalar.kind == .boolean)
      }
    case .array:
      return parts.contains {
        guard let array = $0.array else { return false }
        return !array.first.isEmpty || array.contained != nil || array.unevaluated != nil
          || (array.areUnique && array.minimumCount > 1)
      }
    case .object:
      return parts.contains {
        guard let object = $0.object else { return false }
        return object.minimumCount > 0 || object.maximumCount != nil || !object.patterns.isEmpty
          || object.names != nil || object.unevaluated != nil || !object.dependentNames.isEmpty
          || (object.properties.isEmpty && object.additional?.source.objectValue?.isEmpty == false)
      } || !blend.marks.isEmpty
    default: return !blend.openKinds.isOpen
    }
  }
}

extension SchemaKinds {
  /// Whether null is one of the kinds that are named.
  fileprivate var isNullable: Bool { contains(.null) && self != .all }

  fileprivate var isOpen: Bool { union(.null) == .all }
}

extension Value {
  fileprivate var isStructure: Bool {
    switch self {
    case .array, .object: true
    default: false
    }
  }
}

extension Schema {
  fileprivate var isReference: Bool {
    if case .reference = shape { return true }
    return false
  }

  /// Whether two members of alternatives are plainly the same.
  fileprivate func isLike(_ other: Schema) -> Bool {
    switch (shape, other.shape) {
    case (.any, .any): true
    case (.scalar(let left), .scalar(let right)):
      left.kind == right.kind && left.form == right.form && left.facets == right.facets
    case (.reference(let left), .reference(let right)): left.name == right.name
    default: false
    }
  }
}
