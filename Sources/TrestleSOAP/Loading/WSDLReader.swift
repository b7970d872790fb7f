internal import TrestleCore
internal import TrestleXML

/// Follows the imports of a WSDL and lists what its documents define (WSDL 1.1 §2).
final class WSDLReader {
  enum Kind: String, CaseIterable {
    case message, portType, binding, service
  }

  /// A named definition.
  struct Definition {
    let name: QualifiedName
    let element: XMLElement
    let file: ContractFile
    let targetNamespace: String
  }

  private let files: ContractFiles
  private let schemas: SchemaReader
  private let log: DiagnosticLog
  private var definitions: [Kind: [Definition]] = [:]
  private var positions: [Kind: [QualifiedName: Int]] = [:]
  private var visited: Set<XMLElement> = []

  init(files: ContractFiles, schemas: SchemaReader) {
    self.files = files
    self.schemas = schemas
    log = files.log
  }

  /// All definitions of a kind, in the order they were read.
  func all(_ kind: Kind) -> [Definition] { definitions[kind] ?? [] }

  /// The definition that a reference leads to.
  ///
  /// A name whose namespace does not fit, but whose local name only one definition has, is taken to
  /// mean that one: other toolkits look at the local name alone.
  func definition(
    _ kind: Kind, _ reference: String, at element: XMLElement, in file: ContractFile
  ) -> Definition? {
    let name = element.qualifiedName(reference)
    if let name, let position = positions[kind]?[name] { return all(kind)[position] }
    let local = reference.trimmingXMLSpace().split(separator: ":").last.map(String.init) ?? ""
    let candidates = all(kind).filter { $0.name.local == local }
    guard candidates.count == 1, let only = candidates.first else { return nil }
    log.add(
      .warning, "\(kind.rawValue)=\"\(reference)\" is read as \(only.name)", at: element, in: file,
      hint: "its prefix stands for another namespace")
    return only
  }

  /// Reads a document and all it imports.
  func read(_ file: ContractFile) {
    var pending = [file]
    var position = 0
    while position < pending.count {
      pending += read(document: pending[position])
      position += 1
    }
  }

  private func read(document file: ContractFile) -> [ContractFile] {
    let root = file.document.root
    guard visited.insert(root).inserted else { return [] }
    let targetNamespace = root.attribute("targetNamespace") ?? ""
    var imported: [ContractFile] = []
    for child in root.children where child.hasNamespace(WSDLNames.namespace) {
      let name = child.localName
      switch name {
      case "import":
        if let next = follow(child, in: file) { imported.append(next) }
      case "types": readTypes(child, in: file)
      case "documentation": break
      default:
        guard let kind = Kind(rawValue: name) else { continue }
        register(child, kind, targetNamespace, in: file)
      }
    }
    return imported
  }

  private func readTypes(_ types: XMLElement, in file: ContractFile) {
    // An import directly under types is a schema without the schema around it.
    if types.schemaChild("import") != nil { schemas.add(types, in: file) }
    for schema in types.children {
      if schema.isSchema("schema") {
        schemas.add(schema, in: file)
      } else if schema.hasLocalName("schema") {
        log.add(
          .error, "the schema language \(schema.namespace) is not supported", at: schema, in: file,
          hint: "use http://www.w3.org/2001/XMLSchema")
      }
    }
  }

  private func follow(_ element: XMLElement, in file: ContractFile) -> ContractFile? {
    guard let location = element.attribute("location"), !location.isEmpty else {
      log.add(.warning, "wsdl:import has no location and is passed over", at: element, in: file)
      return nil
    }
    switch files.follow(location, from: file) {
    case .missing(let reason, let hint):
      log.add(
        .error, "wsdl:import \(reason)", at: element, in: file,
        hint: hint ?? "put the file there, or correct the location")
      return nil
    case .file(let target):
      let root = target.document.root
      if root.isNamed(WSDLNames.namespace, "definitions") { return target }
      if root.isSchema("schema") {
        schemas.add(root, in: target)
      } else {
        log.add(
          .error, "wsdl:import leads to \(target.displayPath), whose root is \(root.name)",
          at: element, in: file, hint: "a WSDL 1.1 document begins with definitions")
      }
      return nil
    }
  }

  private func register(
    _ element: XMLElement, _ kind: Kind, _ namespace: String, in file: ContractFile
  ) {
    guard let local = element.attribute("name")?.trimmingXMLSpace(), !local.isEmpty else {
      log.add(.error, "a \(kind.rawValue) has no name", at: element, in: file)
      return
    }
    let name = QualifiedName(namespace, local)
    if let position = positions[kind]?[name] {
      let first = all(kind)[position]
      if XMLComparison.difference(
        first.element, element, qualifiedNameAttributes: SchemaNames.referenceAttributes) != nil
      {
        log.add(
          .warning,
          "the \(kind.rawValue) \(local) is defined a second time and differently; the first, in \(first.file.displayPath):\(first.element.line), is used",
          at: element, in: file)
      }
      return
    }
    positions[kind, default: [:]][name] = all(kind).count
    definitions[kind, default: []].append(
      Definition(name: name, element: element, file: file, targetNamespace: namespace))
  }
}
