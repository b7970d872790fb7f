internal import TrestleCore
internal import TrestleXML

/// Opens the files of one contract, each once, and remembers which led to which.
final class ContractFiles {
  typealias Reader = (String) throws -> [UInt8]

  private(set) var documents: [WSDLDocument] = []
  let log: DiagnosticLog
  private let main: String
  private let root: String?
  private let displayPrefix: String
  private let catalog: ContractCatalog?
  private let reader: Reader
  private var opened: [String: Outcome] = [:]
  private var standards: [String: ContractFile] = [:]

  /// What opening a path gave.
  private enum Outcome {
    case file(ContractFile)
    case failure(String, line: Int?, column: Int?)
  }

  init(
    main: String, root: String?, displayPrefix: String, catalog: ContractCatalog?,
    log: DiagnosticLog, reader: @escaping Reader
  ) {
    self.main = main
    self.root = root
    self.displayPrefix = displayPrefix
    self.catalog = catalog
    self.log = log
    self.reader = reader
  }

  /// The main document; nil, with a diagnostic, when it cannot be read.
  func openMain() -> ContractFile? {
    switch open(main) {
    case .file(let file): return file
    case .failure(let reason, let line, let column):
      log.add(
        Diagnostic(
          .error, "the contract cannot be read: \(reason)", file: displayPrefix + main, line: line,
          column: column))
      return nil
    }
  }

  /// What following a location gave.
  enum Target {
    case file(ContractFile)
    /// Not to be had; the text says why, as a clause.
    case missing(String, hint: String? = nil)
  }

  /// Follows a location written in a file.
  ///
  /// What a file itself is found to hold wrong is put on the log; that it cannot be had is not, since
  /// the caller may have another source for what it was to give.
  func follow(_ location: String, from file: ContractFile) -> Target {
    if let catalog, file.path.hasPrefix(folder),
      let target = catalog.target(of: location, in: String(file.path.dropFirst(folder.count)))
    {
      switch target {
      case .file(let name): return link(open(folder + name), location, from: file)
      case .unknown(let address):
        guard let standard = StandardSchemas.schema(atAddress: address.description) else {
          return .missing(
            "\"\(address)\" was not fetched when the contract was imported",
            hint: "import it again with --force, and with --allow-host \(address.host)")
        }
        return link(open(standard), location, from: file)
      }
    }
    switch ContractPath(location, in: file.path, root: root) {
    case .refused(let reason):
      return .missing("\"\(location)\" is not read: \(reason)")
    case .remote(let address):
      guard let standard = StandardSchemas.schema(atAddress: address) else {
        return .missing("\"\(location)\" is not read: contracts are loaded without the network")
      }
      return link(open(standard), location, from: file)
    case .file(let path):
      return link(open(path), location, from: file)
    }
  }

  /// The folder of the main document, with its slash; empty for the root.
  private var folder: String { main.lastIndex(of: "/").map { String(main[...$0]) } ?? "" }

  /// The bundled schema of a namespace, if there is one.
  func standard(namespace: String) -> ContractFile? {
    guard let standard = StandardSchemas.schema(ofNamespace: namespace) else { return nil }
    guard case .file(let file) = open(standard) else { return nil }
    return file
  }

  private func link(_ outcome: Outcome, _ location: String, from file: ContractFile) -> Target {
    switch outcome {
    case .failure(let reason, let line, let column):
      let place = line.map { ":\($0)" + (column.map { ":\($0)" } ?? "") } ?? ""
      return .missing("\"\(location)\"\(place) cannot be read: \(reason)")
    case .file(let target):
      let reference = (location: location, document: target.position)
      if !documents[file.position].references.contains(where: { $0 == reference }) {
        documents[file.position].references.append(reference)
      }
      return .file(target)
    }
  }

  private func open(_ path: String) -> Outcome {
    if let known = opened[path] { return known }
    let outcome = load(path)
    opened[path] = outcome
    return outcome
  }

  private func load(_ path: String) -> Outcome {
    let bytes: [UInt8]
    do {
      bytes = try reader(path)
    } catch {
      return .failure("\(error)", line: nil, column: nil)
    }
    do throws(XMLFailure) {
      let document = try XMLDocument(bytes, limits: .contract)
      let file = ContractFile(
        path: path, displayPath: displayPrefix + path, document: document,
        position: documents.count)
      documents.append(
        WSDLDocument(path: ContractPath.relative(path, toFolderOf: main), bytes: bytes))
      for problem in document.problems {
        log.add(
          Diagnostic(
            .error, problem.reason, file: file.displayPath, line: problem.line,
            column: problem.column, hint: "declare the prefix on an element above"))
      }
      return .file(file)
    } catch {
      return .failure(error.reason, line: error.line, column: error.column)
    }
  }

  private func open(_ standard: StandardSchema) -> Outcome {
    if let known = standards[standard.name] { return .file(known) }
    guard let document = standard.document else {
      return .failure("the bundled schema is broken", line: nil, column: nil)
    }
    let path = "bundled/" + standard.name
    let file = ContractFile(
      path: path, displayPath: path, document: document, position: documents.count)
    documents.append(WSDLDocument(path: path, bytes: Array(standard.text.utf8)))
    standards[standard.name] = file
    return .file(file)
  }
}
