internal import ArgumentParser
internal import Trestle
internal import TrestleCore

/// `trestle import`: a contract made into a system of the workspace.
struct ImportCommand: Command {
  static let configuration = CommandConfiguration(
    commandName: "import",
    abstract: "Add a system to the workspace from a contract.",
    usage: "trestle import FILE.wsdl [--name N] [--as wsdl]",
    discussion: """
      The contract and what it imports are copied unchanged to wsdl/NAME, with their
      checksums in trestle.lock; adapters/NAME.yaml describes the system. Nothing
      that is there already is overwritten, and nothing is fetched from a network.

      EXAMPLES
        trestle import claims.wsdl
        trestle import ~/Downloads/ClaimsService.wsdl --name claims
      """)

  @Argument(
    help: ArgumentHelp("A WSDL file.", valueName: "file"), completion: .file(extensions: ["wsdl"]))
  var source: String

  @Option(
    name: .customLong("name"),
    help: ArgumentHelp("The system's name; the file's when left out.", valueName: "name"))
  var name: String?

  @Option(
    name: .customLong("as"),
    help: ArgumentHelp("What the file is, where its name does not say.", valueName: "kind"))
  var kind: ImportKind?

  @OptionGroup(title: "Global options") var global: GlobalOptions

  func run(in session: Session) async throws(CommandFailure) {
    let path = try sourceFile()
    let name = try systemName(path)
    let workspace = try session.anyWorkspace()
    if let known = workspace.systems.first(where: { $0.name == name }) {
      throw CommandFailure(
        .configuration, "the system \"\(name)\" is already described in \(known.file)",
        hint: "choose another name with --name")
    }
    let ports = workspace.systems.compactMap(\.definition.mock.port)
    let imported = WSDLImport(
      file: path, name: name, mockPort: min(65535, (ports.max() ?? 8100) + 1))
    guard !imported.operations.isEmpty else {
      let errors = imported.diagnostics.filter { $0.severity == .error }
      throw errors.isEmpty
        ? CommandFailure(
          .configuration, "\(source) offers no operation that can be called",
          hint: "a WSDL 1.1 file with a SOAP binding is needed")
        : .mistakes(errors, else: "")
    }
    session.show(imported.diagnostics)
    var files = NewFiles(in: workspace.directory)
    for file in imported.files { files.add(file.path, file.bytes) }
    files.addSupport()
    try files.write()
    report(imported, session)
  }

  private func sourceFile() throws(CommandFailure) -> String {
    if source.contains("://") {
      throw .usage(
        "\(source) is not fetched: contracts are read from files",
        hint: "save it first, with what it imports: curl -o \(name ?? "service").wsdl '\(source)'")
    }
    let path = FilePaths.absolute(source)
    guard FilePaths.isFile(path) else {
      let names = FilePaths.list(FilePaths.parent(path)) ?? []
      throw CommandFailure(
        .configuration,
        FilePaths.isDirectory(path)
          ? "\(source) is a directory; name the WSDL file in it"
          : "no such file: \(source)"
            + Suggestion.clause(for: FilePaths.name(path), among: names))
    }
    guard
      kind == .wsdl || path.lowercased().hasSuffix(".wsdl") || path.lowercased().hasSuffix(".xml")
    else {
      throw .usage(
        "\(source) is not known by its name to be a contract",
        hint: "so far WSDL files are imported; if it is one, say --as wsdl")
    }
    return path
  }

  private func systemName(_ path: String) throws(CommandFailure) -> String {
    let file = FilePaths.name(path)
    let stem = file.lastIndex(of: ".").map { String(file[..<$0]) } ?? file
    let name = name ?? String(stem.map { $0 == " " ? "-" : $0 })
    let isPlain = name.utf8.allSatisfy {
      ($0 | 0x20) &- 97 < 26 || $0 &- 48 < 10 || "._-".utf8.contains($0)
    }
    guard isPlain, !name.isEmpty, name.first != ".", name.first != "-" else {
      throw .usage(
        "\"\(name)\" is no name for a system",
        hint: "give one of letters, digits, . _ - with --name")
    }
    return name
  }

  private func report(_ imported: WSDLImport, _ session: Session) {
    let count = imported.operations.count
    let operation = imported.operations[0]
    let commands = [
      "trestle describe \(imported.name)",
      "trestle describe \(imported.name) \(operation) --template",
      "trestle mock \(imported.name)",
    ]
    let paths = imported.files.map(\.path)
    session.print(
      "\(imported.name): \(count == 1 ? "1 operation" : "\(count) operations")\n"
        + paths.map { "  \($0)\n" }.joined() + "\nTry:\n" + commands.map { "  \($0)\n" }.joined(),
      as: [
        "system": .string(imported.name),
        "operations": .array(imported.operations.map { .string($0) }),
        "files": .array(paths.map { .string($0) }), "try": .array(commands.map { .string($0) }),
      ])
  }
}

/// The kinds of contracts that can be imported.
enum ImportKind: String, ExpressibleByArgument, CaseIterable, Sendable {
  case wsdl
}
