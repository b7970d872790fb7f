internal import TrestleXML

/// All schemas of a contract and their named components, as they were read.
final class SchemaSet: Sendable {
  /// The components of one namespace, by kind and local name.
  struct Tables: Sendable {
    private var nodes: [[String: SchemaNode]] = ComponentKind.allCases.map { _ in [:] }

    subscript(kind: ComponentKind) -> [String: SchemaNode] {
      get { nodes[kind.rawValue] }
      set { nodes[kind.rawValue] = newValue }
      _modify { yield &nodes[kind.rawValue] }
    }
  }

  let documents: [SchemaDocument]
  /// All nodes in document order.
  let nodes: [SchemaNode]
  private let tables: [String: Tables]

  init(documents: [SchemaDocument], nodes: [SchemaNode], tables: [String: Tables]) {
    self.documents = documents
    self.nodes = nodes
    self.tables = tables
  }

  func node(_ kind: ComponentKind, _ name: QualifiedName) -> SchemaNode? {
    tables[name.namespace]?[kind][name.local]
  }

  func has(namespace: String) -> Bool { tables[namespace] != nil }

  /// The local names of a kind in a namespace, for suggestions.
  func names(_ kind: ComponentKind, in namespace: String) -> [String] {
    tables[namespace].map { Array($0[kind].keys) } ?? []
  }

  /// The only component with a local name in any namespace; nil for none or several.
  fileprivate func only(_ kind: ComponentKind, _ local: String) -> SchemaNode? {
    let found = tables.values.compactMap { $0[kind][local] }
    return found.count == 1 ? found.first : nil
  }
}

/// What a reference leads to.
struct SchemaTarget {
  enum Component {
    case node(SchemaNode)
    /// A component of the schema language itself, by its local name.
    case builtIn(String)
  }

  let component: Component
  /// Whether the reference does not say this by the letter, but can hardly mean anything else.
  let isGuess: Bool

  var name: QualifiedName {
    switch component {
    case .node(let node): node.name
    case .builtIn(let local): QualifiedName(XMLNamespaces.schema, local)
    }
  }

  var node: SchemaNode? {
    guard case .node(let node) = component else { return nil }
    return node
  }
}

/// Where in the schemas, or the WSDL, a reference stands: what it means depends on it.
struct SchemaPlace: Sendable {
  /// The namespace that a reference without one may mean.
  let targetNamespace: String
  let isChameleon: Bool
  let qualifiesElements: Bool
  let qualifiesAttributes: Bool
  /// The named component around it; nil in a WSDL.
  let owner: SchemaNode?

  init(_ node: SchemaNode) {
    targetNamespace = node.document.targetNamespace
    isChameleon = node.document.isChameleon
    qualifiesElements = node.document.qualifiesElements
    qualifiesAttributes = node.document.qualifiesAttributes
    owner = node
  }

  /// A place in a WSDL.
  init(targetNamespace: String) {
    self.targetNamespace = targetNamespace
    isChameleon = false
    qualifiesElements = false
    qualifiesAttributes = false
    owner = nil
  }

  /// The name that a reference says by the letter; nil when its prefix is not declared.
  func name(_ reference: String, at element: XMLElement) -> QualifiedName? {
    guard let name = element.qualifiedName(reference) else { return nil }
    // XSD 1.0 part 1 §4.2.1: unqualified references of a chameleon move with it.
    if name.namespace.isEmpty, isChameleon { return QualifiedName(targetNamespace, name.local) }
    return BuiltInTypes.modernName(of: name)
  }
}

extension SchemaSet {
  /// Follows a reference; nil when it leads nowhere.
  ///
  /// Two mistakes that toolkits let pass are let pass here: a reference without prefix that means the
  /// target namespace though the default namespace is another, and a prefix that is declared nowhere.
  func target(
    _ kind: ComponentKind, _ reference: String, at element: XMLElement, from place: SchemaPlace
  ) -> SchemaTarget? {
    let name = place.name(reference, at: element)
    if let name {
      if let owner = place.owner, let original = owner.original, owner.kind == kind,
        owner.name == name
      {
        return SchemaTarget(component: .node(original), isGuess: false)
      }
      if name.namespace == XMLNamespaces.schema, BuiltInTypes.has(kind, name.local) {
        return SchemaTarget(component: .builtIn(name.local), isGuess: false)
      }
      if let node = node(kind, name) { return SchemaTarget(component: .node(node), isGuess: false) }
    }
    return guess(kind, reference.trimmingXMLSpace(), hasPrefixDeclared: name != nil, from: place)
  }

  private func guess(
    _ kind: ComponentKind, _ reference: String, hasPrefixDeclared: Bool, from place: SchemaPlace
  ) -> SchemaTarget? {
    let colon = reference.lastIndex(of: ":")
    let local = colon.map { String(reference[reference.index(after: $0)...]) } ?? reference
    // A declared prefix that leads nowhere stays a mistake: it names a definite thing that is not there.
    guard colon == nil || !hasPrefixDeclared else { return nil }
    if let node = node(kind, QualifiedName(place.targetNamespace, local)) {
      return SchemaTarget(component: .node(node), isGuess: true)
    }
    if BuiltInTypes.has(kind, local) {
      return SchemaTarget(component: .builtIn(local), isGuess: true)
    }
    return only(kind, local).map { SchemaTarget(component: .node($0), isGuess: true) }
  }
}
