internal import Synchronization
package import TrestleCore

/// The schemas of one API's documents, each compiled once and when it is first needed.
package final class SchemaLibrary: Sendable {
  /// Which rules the schemas are written by.
  package enum Dialect: Sendable {
    case swagger2, openAPI30
    /// JSON Schema 2020-12.
    case openAPI31
  }

  let documents: APIDocuments
  let dialect: Dialect
  private let state = Mutex(State())
  private let heirsOfPlaces: Mutex<[String: [DocumentPlace: [SchemaHeir]]]> = Mutex([:])
  private let anchorsOfDocuments: Mutex<[String: SchemaAnchors]> = Mutex([:])

  let samples = SampleShelf()
  private let dynamic = Atomic(false)

  /// Whether a dynamic reference was met so far: until then nobody need keep track of scopes.
  var hasDynamicReferences: Bool { dynamic.load(ordering: .acquiring) }

  func noteDynamicReference() { dynamic.store(true, ordering: .releasing) }

  private struct State {
    var nodes: [DocumentPlace: SchemaNode] = [:]
    var diagnostics: [Diagnostic] = []
    var told: Set<Diagnostic> = []
  }

  /// More mistakes than this help nobody.
  private static let maximumDiagnostics = 500

  package init(_ documents: APIDocuments, dialect: Dialect) {
    self.documents = documents
    self.dialect = dialect
  }

  /// The schema whose JSON stands at a place: a Schema object, `true` or `false`, or a parameter of
  /// Swagger 2, which is a schema by its own members.
  package func schema(_ value: Value, at place: DocumentPlace) -> JSONSchema {
    JSONSchema(library: self, node: node(value, at: place))
  }

  /// What was found wrong with the schemas that were compiled so far.
  package var diagnostics: [Diagnostic] { state.withLock(\.diagnostics) }

  /// The one node of a place.
  func node(_ value: Value, at place: DocumentPlace) -> SchemaNode {
    state.withLock { state in
      if let known = state.nodes[place] { return known }
      let node = SchemaNode(value, at: place)
      state.nodes[place] = node
      return node
    }
  }

  /// Tells of a mistake, once.
  func report(
    _ severity: Diagnostic.Severity, _ message: String, at place: DocumentPlace,
    hint: String? = nil
  ) {
    let diagnostic = Diagnostic(
      severity, "#\(place.pointer): \(message)", file: place.document, hint: hint)
    state.withLock { state in
      guard state.diagnostics.count < Self.maximumDiagnostics,
        state.told.insert(diagnostic).inserted
      else { return }
      state.diagnostics.append(diagnostic)
    }
  }

  /// The schemas of a document that build on others by `allOf`, by what they build on.
  func heirs(of node: SchemaNode) -> [SchemaHeir] {
    let document = node.place.document
    let known = heirsOfPlaces.withLock { $0[document] }
    if let known { return known[node.place] ?? [] }
    let found = SchemaHeir.all(in: document, of: self)
    heirsOfPlaces.withLock { $0[document] = found }
    return found[node.place] ?? []
  }

  /// The places of a document that have names of their own: `$id`, `$anchor`, `$dynamicAnchor`.
  func anchors(of document: String) -> SchemaAnchors {
    if let known = anchorsOfDocuments.withLock({ $0[document] }) { return known }
    let root = documents.value(at: DocumentPlace(document: document)) ?? .null
    let found = SchemaAnchors(of: root, named: document)
    anchorsOfDocuments.withLock { $0[document] = found }
    return found
  }
}
