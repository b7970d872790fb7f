import TrestleCore

/// The property whose value says which of several schemas an object is of.
final class SchemaDiscriminator: Sendable {
  struct Entry: Sendable {
    var name: String
    var target: SchemaEdge
  }

  let property: String
  /// The names that the document gives; others are the schemas' own.
  let mapping: [Entry]
  fileprivate let made = OnceReference<SchemaChoices>()

  init(property: String, mapping: [Entry]) {
    self.property = property
    self.mapping = mapping
  }
}

/// The schemas that a discriminator tells apart, by the names that its property holds.
final class SchemaChoices: Sendable {
  /// In the document's order.
  let list: [SchemaHeir]
  private let byName: [String: SchemaEdge]
  /// Whether there are schemas that no name leads to.
  let hasOthers: Bool

  init(_ list: [SchemaHeir], hasOthers: Bool) {
    self.list = list
    self.hasOthers = hasOthers
    byName = Dictionary(list.map { ($0.name, $0.target) }, uniquingKeysWith: { first, _ in first })
  }

  func target(named name: String) -> SchemaNode? { byName[name]?.node }

  /// The first name that leads to a schema.
  func name(of node: SchemaNode) -> String? { list.first { $0.target.node === node }?.name }
}

/// A schema that builds on another by `allOf`, directly or through others.
struct SchemaHeir: Sendable {
  /// The schema's name.
  var name: String
  var target: SchemaEdge

  /// The heirs of each schema that has some, in the document's order.
  static func all(
    in document: String, of library: SchemaLibrary
  ) -> [DocumentPlace: [SchemaHeir]] {
    let part =
      library.dialect == .swagger2
      ? JSONPointer(["definitions"]) : JSONPointer(["components", "schemas"])
    let place = DocumentPlace(document: document, pointer: part)
    guard let record = library.documents.value(at: place)?.objectValue else { return [:] }
    var children: [DocumentPlace: [DocumentPlace]] = [:]
    var nodes: [DocumentPlace: SchemaNode] = [:]
    for member in record {
      guard case .array(let bases)? = member.value["allOf"] else { continue }
      let heir = place.appending(member.name)
      nodes[heir] = library.node(member.value, at: heir)
      for base in bases {
        guard let reference = base["$ref"]?.stringValue,
          case .success(let target) = library.documents.target(of: reference, in: document)
        else { continue }
        children[target.place, default: []].append(heir)
      }
    }
    var heirs: [DocumentPlace: [SchemaHeir]] = [:]
    for base in children.keys {
      var open = children[base] ?? []
      var seen: Set<DocumentPlace> = [base]
      var next = 0
      while next < open.count {
        let place = open[next]
        next += 1
        guard seen.insert(place).inserted, let node = nodes[place] else { continue }
        heirs[base, default: []].append(
          SchemaHeir(name: node.name, target: SchemaEdge(node: node)))
        open += children[place] ?? []
      }
    }
    return heirs
  }
}

extension SchemaLibrary {
  /// A mapped schema goes by its mapped names, others by their own (OpenAPI 3.0.3 §4.7.25).
  func choices(of discriminator: SchemaDiscriminator, in node: SchemaNode) -> SchemaChoices {
    if let known = discriminator.made.value { return known }
    let branches = node.rules(in: self).branches
    var choices = discriminator.mapping.map { SchemaHeir(name: $0.name, target: $0.target) }
    let mapped = Set(choices.map { ObjectIdentifier(followed($0.target.node)) })
    let names = Set(choices.map(\.name))
    let listed = (branches?.one ?? []) + (branches?.any ?? [])
    var hasOthers = false
    func add(_ target: SchemaNode) {
      if mapped.contains(ObjectIdentifier(target)) { return }
      guard target.isNamed, !names.contains(target.name) else {
        hasOthers = true
        return
      }
      choices.append(SchemaHeir(name: target.name, target: SchemaEdge(node: target)))
    }
    if listed.isEmpty {
      for heir in heirs(of: node) { add(heir.target.node) }
      if !choices.isEmpty { add(node) }
    } else {
      for branch in listed { add(followed(branch)) }
    }
    return discriminator.made.keep(SchemaChoices(choices, hasOthers: hasOthers))
  }

  /// Whether one of the references that lead to a schema has rules beside it.
  func hasBeside(_ node: SchemaNode) -> Bool {
    var node = node
    for _ in 0..<64 {
      let rules = node.rules(in: self)
      if rules.beside != nil { return true }
      guard rules.isPureReference, let next = rules.reference else { return false }
      node = next.node
    }
    return false
  }

  /// The schema at the end of references that stand alone.
  func followed(_ node: SchemaNode) -> SchemaNode {
    var node = node
    for _ in 0..<64 {
      let rules = node.rules(in: self)
      guard rules.isPureReference, let next = rules.reference else { return node }
      node = next.node
    }
    return node
  }
}
