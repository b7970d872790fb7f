internal import TrestleXML

/// What following the references gave: the components that do not work, and through which findings.
struct ReferenceFindings: Sendable {
  private var causes: [ObjectIdentifier: Set<Int>] = [:]
  /// Whether some reference was read as what it can hardly not mean.
  var hasGuesses = false
  /// Whether the content of some element or attribute is read as it comes, its type being nowhere.
  var hasOpenReferences = false
  /// Groups that are not expanded: they stand for too many particles.
  var oversizedGroups: Set<ObjectIdentifier> = []

  init() {}

  /// Spreads each finding to every component that refers to a spoiled one.
  init(spreading spoiled: [ObjectIdentifier: Set<Int>], in set: SchemaSet) {
    causes = spoiled
    var users: [ObjectIdentifier: [SchemaNode]] = [:]
    for node in set.nodes {
      for target in ReferenceList.targets(of: node, in: set) {
        users[ObjectIdentifier(target), default: []].append(node)
      }
    }
    var pending = Array(spoiled.keys)
    while let next = pending.popLast() {
      let spreading = causes[next] ?? []
      for user in users[next] ?? [] {
        let key = ObjectIdentifier(user)
        guard !spreading.isSubset(of: causes[key] ?? []) else { continue }
        causes[key, default: []].formUnion(spreading)
        pending.append(key)
      }
    }
  }

  /// The positions on the log of what spoils a component; empty when it works.
  func causes(of node: SchemaNode?) -> [Int] {
    guard let node, let found = causes[ObjectIdentifier(node)] else { return [] }
    return found.sorted()
  }
}

/// The components that a component refers to.
private enum ReferenceList {
  static func targets(of node: SchemaNode, in set: SchemaSet) -> [SchemaNode] {
    var found: [SchemaNode] = []
    collect(node.element, node, set, &found)
    return found
  }

  private static func collect(
    _ element: XMLElement, _ owner: SchemaNode, _ set: SchemaSet, _ found: inout [SchemaNode]
  ) {
    func add(_ text: String?, _ kind: ComponentKind) {
      guard let text,
        let node = set.target(kind, text, at: element, from: SchemaPlace(owner))?.node
      else { return }
      found.append(node)
    }
    switch element.localName {
    case "element":
      add(element.attribute("type"), .type)
      add(element.attribute("ref"), .element)
      add(element.attribute("substitutionGroup"), .element)
    case "attribute":
      add(element.attribute("type"), .type)
      add(element.attribute("ref"), .attribute)
    case "restriction", "extension": add(element.attribute("base"), .type)
    case "group": add(element.attribute("ref"), .group)
    case "attributeGroup": add(element.attribute("ref"), .attributeGroup)
    case "list": add(element.attribute("itemType"), .type)
    case "union":
      for name in (element.attribute("memberTypes") ?? "").split(whereSeparator: \.isXMLSpace) {
        add(String(name), .type)
      }
    default: break
    }
    for child in element.children { collect(child, owner, set, &found) }
  }
}
