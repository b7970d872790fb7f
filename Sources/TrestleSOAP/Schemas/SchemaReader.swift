internal import TrestleCore
internal import TrestleXML

/// Follows the imports, includes and redefinitions of a contract's schemas, and lists their
/// components (XSD 1.0 part 1 §4.2).
final class SchemaReader {
  private let files: ContractFiles
  private let log: DiagnosticLog
  private var documents: [SchemaDocument] = []
  private var nodes: [SchemaNode] = []
  private var tables: [String: SchemaSet.Tables] = [:]
  private var visited: Set<Visit> = []
  private var pending: [SchemaDocument] = []
  private var unmet: [Unmet] = []
  private var redefinitions: [(element: XMLElement, document: SchemaDocument)] = []

  private struct Visit: Hashable {
    let root: XMLElement
    let namespace: String
  }

  /// An import that no location satisfied.
  private struct Unmet {
    let namespace: String
    let element: XMLElement
    let file: ContractFile
    /// Why its location gave nothing; nil when it had none.
    let reason: String?
    var hint: String?
  }

  init(files: ContractFiles) {
    self.files = files
    log = files.log
  }

  /// Adds an inline schema, or the root of a schema file.
  func add(_ root: XMLElement, in file: ContractFile) {
    add(root, in: file, includedInto: nil)
    drain()
  }

  /// Everything read, with what imports left open looked up in the bundled schemas.
  func finish() -> SchemaSet {
    settleImports()
    for (element, document) in redefinitions { redefine(element, in: document) }
    redefinitions = []
    return SchemaSet(documents: documents, nodes: nodes, tables: tables)
  }

  /// Adds the bundled schema of a namespace that is used without being imported; false when there is
  /// none.
  func addStandard(namespace: String) -> Bool {
    guard tables[namespace] == nil, let file = files.standard(namespace: namespace) else {
      return false
    }
    add(file.document.root, in: file)
    return tables[namespace] != nil
  }

  private func add(_ root: XMLElement, in file: ContractFile, includedInto includer: String?) {
    let own = root.attribute("targetNamespace") ?? ""
    let isChameleon = own.isEmpty && includer.map { !$0.isEmpty } ?? false
    let namespace = isChameleon ? includer ?? "" : own
    guard visited.insert(Visit(root: root, namespace: namespace)).inserted else { return }
    let document = SchemaDocument(
      root: root, file: file, targetNamespace: namespace, isChameleon: isChameleon)
    documents.append(document)
    if tables[namespace] == nil { tables[namespace] = SchemaSet.Tables() }
    pending.append(document)
  }

  private func drain() {
    // A list instead of recursion: a chain of includes may be as long as there are files.
    var position = 0
    while position < pending.count {
      read(pending[position])
      position += 1
    }
    pending = []
  }

  private func read(_ document: SchemaDocument) {
    for child in document.root.children where child.isOfSchemaLanguage {
      switch child.localName {
      case "import": follow(import: child, in: document)
      case "include": include(child, in: document)
      case "redefine":
        include(child, in: document)
        redefinitions.append((child, document))
      case "element": register(child, .element, in: document)
      case "complexType", "simpleType": register(child, .type, in: document)
      case "attribute": register(child, .attribute, in: document)
      case "group": register(child, .group, in: document)
      case "attributeGroup": register(child, .attributeGroup, in: document)
      case "annotation", "notation": break
      default:
        log.add(
          .warning, "xs:\(child.localName) is not expected here and is passed over", at: child,
          in: document.file)
      }
    }
  }

  // MARK: - Components

  private func register(_ element: XMLElement, _ kind: ComponentKind, in document: SchemaDocument) {
    guard let local = element.attribute("name"), !local.isEmpty else {
      log.add(
        .error, "a global xs:\(element.localName) has no name", at: element, in: document.file)
      return
    }
    let name = QualifiedName(document.targetNamespace, local.trimmingXMLSpaceIfAny())
    let node = SchemaNode(kind: kind, name: name, element: element, document: document)
    let known = tables[name.namespace, default: SchemaSet.Tables()][kind].updateValue(
      node, forKey: name.local)
    guard let known else {
      nodes.append(node)
      return
    }
    // The first one wins.
    tables[name.namespace]?[kind][name.local] = known
    guard known.element != element,
      XMLComparison.difference(
        known.element, element, qualifiedNameAttributes: SchemaNames.referenceAttributes) != nil
    else { return }
    log.add(
      .warning,
      "the \(kind.word) \(name) is defined a second time and differently; the first, in \(known.document.file.displayPath):\(known.element.line), is used",
      at: element, in: document.file)
  }

  private func redefine(_ redefinition: XMLElement, in document: SchemaDocument) {
    for child in redefinition.children where child.isOfSchemaLanguage {
      let kind: ComponentKind
      switch child.localName {
      case "complexType", "simpleType": kind = .type
      case "group": kind = .group
      case "attributeGroup": kind = .attributeGroup
      default: continue
      }
      guard let local = child.attribute("name") else { continue }
      let name = QualifiedName(document.targetNamespace, local)
      guard let original = tables[name.namespace]?[kind][local] else {
        log.add(
          .error, "xs:redefine names the \(kind.word) \(name), which the schema does not have",
          at: child, in: document.file)
        continue
      }
      let node = SchemaNode(
        kind: kind, name: name, element: child, document: document, original: original)
      tables[name.namespace]?[kind][local] = node
      nodes.append(node)
    }
  }

  // MARK: - Other schemas

  private func include(_ element: XMLElement, in document: SchemaDocument) {
    guard let location = element.attribute("schemaLocation") else {
      log.add(
        .error, "xs:\(element.localName) has no schemaLocation", at: element, in: document.file)
      return
    }
    switch files.follow(location, from: document.file) {
    case .missing(let reason, let hint):
      log.add(
        .error, "xs:\(element.localName) \(reason)", at: element, in: document.file, hint: hint)
    case .file(let file):
      for schema in schemas(of: file, at: element, in: document) {
        let namespace = schema.attribute("targetNamespace") ?? ""
        if !namespace.isEmpty, namespace != document.targetNamespace {
          log.add(
            .warning,
            "xs:\(element.localName) of \"\(location)\", whose namespace is \(namespace) and not \(document.targetNamespace)",
            at: element, in: document.file, hint: "use xs:import for another namespace")
        }
        add(schema, in: file, includedInto: document.targetNamespace)
      }
    }
  }

  private func follow(import element: XMLElement, in document: SchemaDocument) {
    let namespace = element.attribute("namespace") ?? ""
    guard let location = element.attribute("schemaLocation"), !location.isEmpty else {
      unmet.append(Unmet(namespace: namespace, element: element, file: document.file, reason: nil))
      return
    }
    switch files.follow(location, from: document.file) {
    case .missing(let reason, let hint):
      unmet.append(
        Unmet(
          namespace: namespace, element: element, file: document.file, reason: reason, hint: hint))
    case .file(let file):
      for schema in schemas(of: file, at: element, in: document) {
        let own = schema.attribute("targetNamespace") ?? ""
        if own != namespace, schema.isOnlySchema {
          log.add(
            .warning,
            "xs:import says the namespace \(namespace.isEmpty ? "of \"\(location)\" is none" : "\(namespace)"), but \"\(location)\" has \(own.isEmpty ? "none" : own)",
            at: element, in: document.file)
        }
        add(schema, in: file, includedInto: namespace)
      }
    }
  }

  /// The schemas of a file: its root, or those a WSDL holds.
  private func schemas(
    of file: ContractFile, at element: XMLElement, in document: SchemaDocument
  ) -> [XMLElement] {
    let root = file.document.root
    if root.isSchema("schema") { return [root] }
    if root.hasLocalName("schema"), root.namespace.isEmpty,
      root.children.contains(where: \.isOfSchemaLanguage)
    {
      log.add(
        .warning, "the root of \(file.displayPath) is in no namespace; it is read as xs:schema",
        at: element, in: document.file)
      return [root]
    }
    if root.isNamed(WSDLNames.namespace, "definitions") {
      return root.children(WSDLNames.namespace, "types").flatMap {
        $0.schemaChildren("schema")
      }
    }
    log.add(
      .error,
      "xs:\(element.localName) leads to \(file.displayPath), which is no schema: its root is \(root.name)",
      at: element, in: document.file)
    return []
  }

  /// Looks up imports without a usable location: the namespace may be that of another inline schema,
  /// or of a bundled one.
  private func settleImports() {
    var position = 0
    while position < unmet.count {
      let open = unmet[position]
      position += 1
      if open.namespace == XMLNamespaces.schema || tables[open.namespace] != nil
        || addStandard(namespace: open.namespace)
      {
        if let reason = open.reason {
          log.add(
            .warning,
            "xs:import \(reason); the schema of \(open.namespace) found elsewhere is used",
            at: open.element, in: open.file)
        }
        continue
      }
      // An import without a location only matters once a reference needs it.
      guard let reason = open.reason else { continue }
      log.add(
        .error, "xs:import \(reason)", at: open.element, in: open.file,
        hint: open.hint ?? "put the file there, or correct schemaLocation")
    }
    unmet = []
  }
}

extension XMLElement {
  /// Whether the element is the root of its file.
  fileprivate var isOnlySchema: Bool { parent == nil }
}

extension String {
  /// Names with space around them are met; most have none, which this finds without a copy.
  func trimmingXMLSpaceIfAny() -> String {
    guard let first = utf8.first, let last = utf8.last, first.isXMLSpace || last.isXMLSpace else {
      return self
    }
    return trimmingXMLSpace()
  }
}
