internal import TrestleCore
internal import TrestleXML

/// Loads WSDL 1.1 contracts with everything they import.
///
/// Nothing is read but files below the contract's root: no network, whatever locations say. What is
/// wrong is collected as diagnostics; operations that do not depend on it work.
package enum WSDLLoader {
  /// Loads a contract from a file.
  ///
  /// Imports may lead anywhere below `root`, by default the file's own folder, and nowhere else. Where a
  /// catalog says which addresses the files came from, those find each other by them.
  package static func load(
    file: String, root: String? = nil, catalog: ContractCatalog? = nil
  ) -> WSDLDefinitions {
    let folder = file.lastIndex(of: "/").map { String(file[..<$0]) }
    let name = file.lastIndex(of: "/").map { String(file[file.index(after: $0)...]) } ?? file
    do throws(ContractFolder.Failure) {
      let own = try ContractFolder(folder.map { $0.isEmpty ? "/" : $0 } ?? ".")
      let outer = try root.map { path throws(ContractFolder.Failure) in try ContractFolder(path) }
      guard let outer, own.root == outer.root || own.root.hasPrefix(outer.root + "/") else {
        return load(
          mainPath: name, root: own.root, displayPrefix: folder.map { $0 + "/" } ?? "",
          catalog: catalog,
          read: { try own.read($0, limit: XMLLimits.contract.maximumBytes) })
      }
      let below = own.root.dropFirst(outer.root.count).drop { $0 == "/" }
      let main = below.isEmpty ? name : below + "/" + name
      // Messages name files as the caller named the main one.
      let prefix = file.hasSuffix(main) ? String(file.dropLast(main.count)) : outer.root + "/"
      return load(
        mainPath: main, root: outer.root, displayPrefix: prefix, catalog: catalog,
        read: { try outer.read($0, limit: XMLLimits.contract.maximumBytes) })
    } catch {
      return WSDLDefinitions(
        name: name, targetNamespace: "", services: [], components: NoComponents(),
        diagnostics: [
          Diagnostic(.error, "the contract cannot be read: \(error.description)", file: file)
        ], documents: [])
    }
  }

  /// Loads a contract from whatever holds its files.
  ///
  /// `read` is asked for paths relative to one root, without `.` and `..` (`main.wsdl`,
  /// `common/types.xsd`); locations that lead above the root are refused before it is asked.
  package static func load(
    mainPath: String, catalog: ContractCatalog? = nil,
    read: @escaping (String) throws -> [UInt8]
  ) -> WSDLDefinitions {
    load(mainPath: mainPath, root: nil, displayPrefix: "", catalog: catalog, read: read)
  }

  private static func load(
    mainPath: String, root: String?, displayPrefix: String, catalog: ContractCatalog?,
    read: @escaping (String) throws -> [UInt8]
  ) -> WSDLDefinitions {
    let log = DiagnosticLog()
    let main = ContractPath.normalized(mainPath) ?? mainPath
    let files = ContractFiles(
      main: main, root: root, displayPrefix: displayPrefix, catalog: catalog, log: log,
      reader: read)
    let schemas = SchemaReader(files: files)
    let reader = WSDLReader(files: files, schemas: schemas)
    guard let file = files.openMain(), isDefinitions(file, log) else {
      return WSDLDefinitions(
        name: Self.baseName(main), targetNamespace: "", services: [], components: NoComponents(),
        diagnostics: log.diagnostics, documents: files.documents)
    }
    reader.read(file)
    let (set, findings) = checkedSchemas(schemas, log)
    let components = SchemaComponents(set, findings: findings)
    let builder = WSDLBuilder(reader: reader, components: components, log: log)
    let services = builder.services(main: file)
    let definitions = file.document.root
    var model = WSDLDefinitions(
      name: definitions.attribute("name")
        ?? services.map(\.name.local).first { !$0.isEmpty } ?? baseName(main),
      targetNamespace: definitions.attribute("targetNamespace") ?? "",
      documentation: definitions.wsdlDocumentation,
      services: services, components: components, diagnostics: log.diagnostics,
      documents: files.documents)
    let embedded = definitions.children.filter { $0.hasLocalName("types") }.flatMap(\.children)
    for element in [definitions] + embedded {
      for (prefix, uri) in element.namespacesInScope where !prefix.isEmpty {
        if model.namespaces[prefix] == nil { model.namespaces[prefix] = uri }
      }
    }
    return model
  }

  /// The schemas with their references checked. Namespaces that are used without an import are
  /// taken from the bundled schemas.
  private static func checkedSchemas(
    _ reader: SchemaReader, _ log: DiagnosticLog
  ) -> (SchemaSet, ReferenceFindings) {
    var set = reader.finish()
    guard var check = ReferenceCheck(set, log: log) else { return (set, ReferenceFindings()) }
    check.run()
    let added = check.missingNamespaces.filter { reader.addStandard(namespace: $0) }
    if !added.isEmpty {
      set = reader.finish()
      if let second = ReferenceCheck(set, log: log) {
        second.run()
        check = second
      }
    }
    return (set, check.finish())
  }

  private static func isDefinitions(_ file: ContractFile, _ log: DiagnosticLog) -> Bool {
    let root = file.document.root
    if root.isNamed(WSDLNames.namespace, "definitions") { return true }
    let hint: String
    if root.hasNamespace(WSDLNames.version20) {
      log.add(
        .error, "this is a WSDL 2.0 description, which is not supported", at: root, in: file,
        hint: "use the service's WSDL 1.1 contract")
      return false
    } else if root.isSchema("schema") {
      hint = "this is a schema: name the WSDL that imports it"
    } else {
      hint = "a WSDL 1.1 document begins with definitions of http://schemas.xmlsoap.org/wsdl/"
    }
    log.add(
      .error, "the document is no WSDL: its root is \(root.name)", at: root, in: file, hint: hint)
    return false
  }

  private static func baseName(_ path: String) -> String {
    let name = path.split(separator: "/").last ?? ""
    return String(name.lastIndex(of: ".").map { name[..<$0] } ?? name)
  }
}
