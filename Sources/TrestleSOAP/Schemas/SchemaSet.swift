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

  /// The node a reference leads to from a place inside another.
  func node(_ kind: ComponentKind, _ name: QualifiedName, from place: SchemaPlace) -> SchemaNode? {
    if let owner = place.owner, let original = owner.original, owner.kind == kind,
      owner.name == name
    {
      return original
    }
    if let found = node(kind, name) { return found }
    // `type="Order"` without a default namespace means no namespace; many contracts mean their own.
    guard name.namespace.isEmpty else { return nil }
    return node(kind, QualifiedName(place.document.targetNamespace, name.local))
  }

  var namespaces: [String] { Array(tables.keys) }

  /// The local names of a kind in a namespace, for suggestions.
  func names(_ kind: ComponentKind, in namespace: String) -> [String] {
    tables[namespace].map { Array($0[kind].keys) } ?? []
  }
}

/// Where in the schemas something is read: what references mean depends on it.
struct SchemaPlace: Sendable {
  let document: SchemaDocument
  /// The named component around it.
  let owner: SchemaNode?

  init(document: SchemaDocument, owner: SchemaNode?) {
    self.document = document
    self.owner = owner
  }

  init(_ node: SchemaNode) {
    document = node.document
    owner = node
  }

  func reference(_ text: String, at element: XMLElement) -> QualifiedName? {
    document.reference(text, at: element)
  }
}
