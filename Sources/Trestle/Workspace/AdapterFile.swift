internal import TrestleCore
internal import TrestleNet

/// Reads one adapter file into the systems it describes.
struct AdapterFile {
  /// Absolute.
  let path: String
  let root: String
  let registry: ProtocolRegistry

  /// One system as far as its description could be read.
  struct Described {
    var definition: AdapterDefinition
    var diagnostics: [Diagnostic]
    /// Why the system cannot be used; nil when only its mock has mistakes, or none.
    var failure: LoadError?
  }

  /// The systems of the file. What hinders reading any goes to `diagnostics`.
  func read(diagnostics: inout [Diagnostic]) -> [Described] {
    let shown = FilePaths.display(path, root: root)
    let documents = DataFile.documents(
      at: path, shown: shown, limit: 16 << 20, diagnostics: &diagnostics)
    var described: [Described] = []
    for document in documents {
      switch document.value {
      case .null: continue
      case .object(let record):
        described += ShortForm.expand(record, document).map { name, document in
          describe(document, name: name, file: shown)
        }
      default:
        diagnostics.append(
          document.places.diagnostic(
            ValueProblem(
              .error, "an adapter file is an object, found \(document.value.kindName)",
              at: ValuePath(), hint: "begin with system: and protocol:"),
            file: shown))
      }
    }
    if described.isEmpty, !diagnostics.contains(where: { $0.file == shown }) {
      diagnostics.append(
        Diagnostic(.warning, "the file is empty", file: shown, hint: "write system: and protocol:"))
    }
    return described
  }

  /// One system as a document describes it.
  func describe(_ document: YAMLReader.Document, name: String?, file: String) -> Described {
    var interpolation = Interpolation(
      environment: { Surroundings.variable($0) },
      secret: { Surroundings.secret($0, root: root) })
    let record = interpolation.fill(document.value).objectValue ?? [:]
    var problems = document.problems + interpolation.problems
    let protocolName = record["protocol"]?.scalarText ?? ""
    check(record, protocolName: protocolName, problems: &problems)

    let fileName = FilePaths.name(path)
    let base = fileName.split(separator: ".").dropLast().joined(separator: ".")
    var definition = AdapterDefinition(
      system: name ?? record["system"]?.scalarText ?? (base.isEmpty ? fileName : base),
      protocolName: protocolName, document: record)
    definition.file = file
    definition.written = document.value.objectValue ?? [:]
    definition.places = document.places
    checkEndpoint(record["endpoint"], protocolName: protocolName, problems: &problems)
    let reader = ConnectionReader(
      context: LoadContext(root: root, directory: FilePaths.parent(path)))
    definition.credentials = reader.credentials(
      record["auth"], protocolName: protocolName, problems: &problems)
    reader.checkCompression(record["compress"], protocolName: protocolName, problems: &problems)
    definition.proxy = reader.proxy(
      record["proxy"], protocolName: protocolName, problems: &problems)
    definition.tls = reader.tls(record["tls"], auth: record["auth"], problems: &problems)
    definition.mock.tls = reader.serverTLS(record["mock"]?["tls"], problems: &problems)
    if record["mock"]?["fallback"] == "proxy" {
      problems.append(
        ValueProblem(
          .error, "fallback: proxy is not available yet",
          at: ValuePath([.member("mock"), .member("fallback")]), hint: "use sample or fault"))
    }
    return Described(
      definition: definition,
      diagnostics: problems.map { document.places.diagnostic($0, file: file) },
      failure: Self.failure(problems, document.places, file: file))
  }

  /// Tells of an endpoint that no call could go to.
  private func checkEndpoint(
    _ value: Value?, protocolName: String, problems: inout [ValueProblem]
  ) {
    guard let text = value?.scalarText, !text.contains("${") else { return }
    do throws(TransportError) {
      switch protocolName {
      case "custom_tcp": _ = try Endpoint(tcp: text)
      case "soap", "xml_rpc", "rest": _ = try Endpoint(http: text)
      default: break
      }
    } catch {
      problems.append(
        ValueProblem(
          .error, error.reason, at: ValuePath([.member("endpoint")]), hint: error.hint))
    }
  }

  /// Mistakes in the `mock` part leave calls to the live system working, and one in the endpoint those of
  /// its mock.
  private static func failure(
    _ problems: [ValueProblem], _ places: PlaceMap, file: String
  ) -> LoadError? {
    let fatal = problems.first { problem in
      problem.severity == .error
        && ![.member("mock"), .member("endpoint")].contains(problem.path.steps.first)
    }
    guard let fatal else { return nil }
    if fatal.message.hasPrefix("Unsupported protocol") {
      return LoadError(fatal.message, hint: fatal.hint)
    }
    let diagnostic = places.diagnostic(fatal, file: file)
    let place = diagnostic.line.map { "\(file):\($0)" } ?? file
    return LoadError("\(place): \(fatal.message)", hint: fatal.hint)
  }

  private func check(_ record: Record, protocolName: String, problems: inout [ValueProblem]) {
    var checker = DocumentChecker()
    let registration = registry.registrations[protocolName]
    var keys = AdapterSchema.keys(of: protocolName, own: registration?.keys)
    if registration?.keys == nil {
      // Nobody can say what a protocol that is not known here writes under its operations.
      keys.removeAll { $0.name == "operations" }
    }
    checker.check(record, keys: keys, allowsOthers: registration?.keys == nil)
    problems += checker.problems
    if registration == nil, !protocolName.isEmpty {
      let error = ProtocolRegistry.unsupported(protocolName, among: registry.names)
      problems.append(
        ValueProblem(
          .error, error.message, at: ValuePath([.member("protocol")]), hint: error.hint))
    }
    for (position, stub) in (record["mock"]?["stubs"]?.arrayValue ?? []).enumerated()
    where ["reply", "fault", "raw", "replies", "misbehave"].allSatisfy({ stub[$0] == nil }) {
      problems.append(
        ValueProblem(
          .warning, "the stub has neither reply nor fault, so it answers null",
          at: ValuePath([.member("mock"), .member("stubs"), .item(position)])))
    }
  }
}
