internal import TrestleCore
internal import TrestleXML

/// Compiles a complex type into an object plan.
struct ObjectPlanBuilder {
  private let context: PlanContext
  private var scopes: [ScopeDraft] = []
  private var leaves: [ObjectPlan.LeafDraft] = []
  private var wildcards: [XSDWildcard] = []
  /// Fields of scope 0 that stand under a choice.
  private var optionalFields: Set<Int> = []

  /// Where in the content model a particle stands.
  private struct Position {
    var scope = 0
    /// Whether something above it may be left out.
    var isOptional = false
    /// The alternatives above it: two places in different alternatives of one choice exclude each other.
    var alternatives: [(choice: Int, index: Int)] = []

    func excludes(_ other: Position) -> Bool {
      alternatives.contains { mine in
        other.alternatives.contains { $0.choice == mine.choice && $0.index != mine.index }
      }
    }
  }

  private var choiceCount = 0

  private struct ScopeDraft {
    var key: String
    var isChoice: Bool
    var parent = -1
    var groups: [(scope: Int, key: String)] = []
    var fieldsByName: [XMLSymbol: Int] = [:]
    var elements: [ElementPlan] = []
    var repeats: [Bool] = []
    var places: [[Position]] = []

    init(key: String, isChoice: Bool, parent: Int = -1) {
      self.key = key
      self.isChoice = isChoice
      self.parent = parent
    }

    mutating func add(_ element: ElementPlan, repeats isArray: Bool, at position: Position) -> Int {
      fieldsByName[element.symbol] = elements.count
      elements.append(element)
      repeats.append(isArray)
      places.append([position])
      return elements.count - 1
    }
  }

  private init(context: PlanContext) { self.context = context }

  /// The plan of a complex type: a scalar where it is text without attributes, else an object.
  static func content(of type: XSDComplexType, context: PlanContext) -> ContentPlan {
    if case .simple(let simple) = type.content, type.attributes.isEmpty, type.anyAttribute == nil,
      !type.isAbstract
    {
      return ContentPlan(.scalar(ScalarPlan(simple)), typeName: type.name)
    }
    var builder = ObjectPlanBuilder(context: context)
    return ContentPlan(.object(builder.build(type)), typeName: type.name)
  }

  /// The plan of an object whose members are these elements in this order: an rpc wrapper, a Body.
  static func content(
    of elements: [ElementPlan], context: PlanContext, documentation: String? = nil
  ) -> ContentPlan {
    var builder = ObjectPlanBuilder(context: context)
    builder.scopes.append(ScopeDraft(key: "", isChoice: false))
    var nodes: [ObjectPlan.Node] = []
    for element in elements {
      nodes.append(
        builder.place(element, minimum: 1, maximum: 1, at: Position()))
    }
    let plan = builder.finish(
      type: nil, documentation: documentation, attributes: [],
      root: nodes.isEmpty ? nil : .sequence(nodes, minimum: 1, ObjectPlan.Contents()), text: nil)
    return ContentPlan(.object(plan), typeName: nil)
  }

  private mutating func build(_ type: XSDComplexType) -> ObjectPlan {
    scopes.append(ScopeDraft(key: "", isChoice: false))
    var root: ObjectPlan.Node?
    var text: ScalarPlan?
    switch type.content {
    case .empty: break
    case .simple(let simple): text = ScalarPlan(simple)
    case .elements(let particle):
      root = node(for: particle, at: Position())
    }
    let names = MemberNames(for: type.attributes.map { .attribute($0.name.local) })
    let attributes = zip(type.attributes, names.keys).map { attribute, key in
      ObjectPlan.Attribute(
        key: key, name: attribute.name,
        symbol: context.symbols.symbol(for: attribute.name),
        taggedName: context.prefixes.taggedName(attribute.name),
        namespaceIndex: context.prefixes.index(of: attribute.name.namespace),
        isRequired: attribute.isRequired, defaultText: attribute.defaultText,
        fixedText: attribute.fixedText, scalar: ScalarPlan(attribute.type),
        documentation: attribute.documentation)
    }
    return finish(
      type: type, documentation: type.documentation, attributes: attributes, root: root, text: text)
  }

  private func finish(
    type: XSDComplexType?, documentation: String?, attributes: [ObjectPlan.Attribute],
    root: ObjectPlan.Node?, text: ScalarPlan?
  ) -> ObjectPlan {
    let finished = scopes.enumerated().map { number, draft in
      // The object itself has its attributes beside its elements.
      let names = MemberNames(
        for: draft.elements.map { .element($0.name.local) },
        beside: number == 0 ? attributes.map(\.key) : [])
      return ObjectPlan.Scope(
        key: draft.key,
        fields: draft.elements.indices.map { index in
          ObjectPlan.Field(
            key: names.keys[index], element: draft.elements[index],
            isArray: draft.repeats[index],
            hasSeveralPlaces: draft.places[index].count > 1)
        },
        isChoice: draft.isChoice, parent: draft.parent, groups: draft.groups,
        scopeCount: scopes.count)
    }
    let arrays = finished[0].fields.indices.filter {
      finished[0].fields[$0].isArray && !optionalFields.contains($0)
    }
    return ObjectPlan(
      typeName: type?.name, documentation: documentation, attributes: attributes,
      anyAttribute: type?.anyAttribute, text: text, isMixed: type?.isMixed ?? false,
      isAbstract: type?.isAbstract ?? false, scopes: finished,
      leaves: leaves.map { ObjectPlan.Leaf($0, field: finished[$0.scope].fields[$0.field]) },
      root: root.map {
        var later: [Int: Int] = [:]
        return ContentTables.filled(Self.withLaterMinimums($0, &later), scopes: finished)
      }, wildcards: wildcards, alwaysArrays: arrays)
  }

  // MARK: - Content models

  private mutating func node(
    for particle: XSDParticle, at position: Position
  ) -> ObjectPlan.Node? {
    if particle.maximum == 0 { return nil }
    switch particle.term {
    case .element(let declaration):
      return place(
        context.element(declaration), minimum: particle.minimum, maximum: particle.maximum,
        at: position)
    case .any(let wildcard):
      wildcards.append(wildcard)
      return .any(wildcard, minimum: particle.minimum, maximum: particle.maximum, later: 0)
    case .sequence(let children):
      return group(children, of: particle, isChoice: false, at: position)
    case .all(let children):
      return group(children, of: particle, isChoice: false, isUnordered: true, at: position)
    case .choice(let children):
      return group(children, of: particle, isChoice: true, at: position)
    }
  }

  private mutating func group(
    _ children: [XSDParticle], of particle: XSDParticle, isChoice: Bool,
    isUnordered: Bool = false, at position: Position
  ) -> ObjectPlan.Node? {
    let contents = ObjectPlan.Contents(isUnordered: isUnordered)
    let repeats = particle.maximum.map { $0 > 1 } ?? true
    if repeats, children.count == 1, let merged = merge(particle, with: children[0]) {
      return node(for: merged, at: position)
    }
    if repeats, hasElements(children) {
      let inner = scopes.count
      let number = scopes[position.scope].groups.count + 1
      let key = number == 1 ? "_seq" : "_seq_\(number)"
      scopes[position.scope].groups.append((inner, key))
      scopes.append(ScopeDraft(key: key, isChoice: isChoice, parent: position.scope))
      let position = Position(scope: inner)
      let nodes = nodes(for: children, isChoice: isChoice, at: position)
      let body: ObjectPlan.Node =
        isChoice
        ? .choice(nodes, minimum: 1, contents, ChoiceTable())
        : .sequence(nodes, minimum: 1, contents)
      return .group(scope: inner, body, minimum: particle.minimum, maximum: particle.maximum)
    }
    var position = position
    position.isOptional = position.isOptional || isChoice || particle.minimum == 0
    let nodes = nodes(for: children, isChoice: isChoice, at: position)
    if nodes.isEmpty { return nil }
    let minimum = min(particle.minimum, 1)
    return isChoice
      ? .choice(nodes, minimum: minimum, contents, ChoiceTable())
      : .sequence(nodes, minimum: minimum, contents)
  }

  private mutating func nodes(
    for children: [XSDParticle], isChoice: Bool, at position: Position
  ) -> [ObjectPlan.Node] {
    let choice = choiceCount
    if isChoice { choiceCount += 1 }
    var nodes: [ObjectPlan.Node] = []
    for (index, child) in children.enumerated() {
      var inner = position
      if isChoice { inner.alternatives.append((choice, index)) }
      if let node = node(for: child, at: inner) { nodes.append(node) }
    }
    return nodes
  }

  /// A repeated group of one particle is that particle repeated: `(a)*` is `a*`.
  private func merge(_ outer: XSDParticle, with inner: XSDParticle) -> XSDParticle? {
    if inner.maximum == 0 { return inner }
    switch inner.term {
    case .element, .any: break
    case .sequence, .choice, .all:
      guard inner.minimum == 1, inner.maximum == 1 else { return nil }
    }
    var merged = inner
    merged.minimum = outer.minimum.multipliedReportingOverflow(by: inner.minimum).partialValue
    if let first = outer.maximum, let second = inner.maximum {
      let (product, overflow) = first.multipliedReportingOverflow(by: second)
      merged.maximum = overflow ? nil : product
    } else {
      merged.maximum = nil
    }
    return merged
  }

  private func hasElements(_ particles: [XSDParticle]) -> Bool {
    particles.contains { particle in
      switch particle.term {
      case .element: true
      case .any: false
      case .sequence(let children), .choice(let children), .all(let children):
        hasElements(children)
      }
    }
  }

  private mutating func place(
    _ element: ElementPlan, minimum: Int, maximum: Int?, at position: Position
  ) -> ObjectPlan.Node {
    let scope = position.scope
    let repeats = maximum.map { $0 > 1 } ?? true
    let field: Int
    if let known = scopes[scope].fieldsByName[element.symbol] {
      field = known
      // The same name at two places holds one array, unless only one of the two can be taken.
      if repeats || scopes[scope].places[known].contains(where: { !$0.excludes(position) }) {
        scopes[scope].repeats[known] = true
      }
      scopes[scope].places[known].append(position)
    } else {
      field = scopes[scope].add(element, repeats: repeats, at: position)
    }
    if scope == 0, position.isOptional { optionalFields.insert(field) }
    let order = leaves.count
    var standing: [(ElementPlan, String?)] = [(element, nil)]
    standing += zip(element.substitutes, element.substituteLabels).map { ($0, $1) }
    for (element, label) in standing {
      leaves.append(
        ObjectPlan.LeafDraft(
          scope: scope, field: field, order: order, element: element, substituteLabel: label))
    }
    return .element(field: field, minimum: minimum, maximum: maximum, later: 0)
  }

  // MARK: - Sharing items between places of one name

  /// Tells each place of a field how many items the places after it need at least.
  private static func withLaterMinimums(
    _ node: ObjectPlan.Node, _ later: inout [Int: Int]
  ) -> ObjectPlan.Node {
    switch node {
    case .element(let field, let minimum, let maximum, _):
      let needed = later[field, default: 0]
      later[field] = needed + minimum
      return .element(field: field, minimum: minimum, maximum: maximum, later: needed)
    case .sequence(let children, let minimum, let contents):
      var nodes: [ObjectPlan.Node] = []
      for child in children.reversed() { nodes.append(withLaterMinimums(child, &later)) }
      return .sequence(nodes.reversed(), minimum: minimum, contents)
    case .choice(let children, let minimum, let contents, let table):
      let before = later
      let nodes = children.map { child in
        // Alternatives do not wait for each other.
        var own = before
        return withLaterMinimums(child, &own)
      }
      return .choice(nodes, minimum: minimum, contents, table)
    case .group(let scope, let inner, let minimum, let maximum):
      var own: [Int: Int] = [:]
      return .group(
        scope: scope, withLaterMinimums(inner, &own), minimum: minimum, maximum: maximum)
    case .any(let wildcard, let minimum, let maximum, _):
      // All wildcards of a scope share one array; -1 is no field's number.
      let needed = later[-1, default: 0]
      later[-1] = needed + minimum
      return .any(wildcard, minimum: minimum, maximum: maximum, later: needed)
    }
  }
}
