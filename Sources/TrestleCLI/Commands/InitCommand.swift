internal import ArgumentParser
internal import Trestle
internal import TrestleCore

/// `trestle init`: a workspace to start from.
struct InitCommand: Command {
  static let configuration = CommandConfiguration(
    commandName: "init",
    abstract: "Make a workspace: a small system of each protocol, a workflow, tests.",
    usage: "trestle init [DIR]",
    discussion: """
      Nothing that is there already is overwritten.

      EXAMPLES
        trestle init demo && cd demo && trestle list
      """)

  @Argument(
    help: ArgumentHelp(
      "Where to make it; the workspace's directory when left out.", valueName: "directory"),
    completion: .directory)
  var target: String?

  @OptionGroup(title: "Global options") var global: GlobalOptions

  func run(in session: Session) async throws(CommandFailure) {
    let directory =
      target.map { FilePaths.absolute($0, base: FilePaths.absolute(session.directory)) }
      ?? FilePaths.absolute(session.directory)
    var files = NewFiles(in: directory)
    for file in ExampleWorkspace.files { files.add(file.path, file.text) }
    files.addSupport()
    try files.write()

    let shown = FilePaths.display(directory)
    let isHere = directory == FilePaths.absolute(".")
    let commands = [
      "trestle call stock GetStock sku=A-1 --mock", "trestle mock", "trestle test",
    ]
    let made = ExampleWorkspace.files.map(\.path)
    session.print(
      "A workspace with three legacy systems is in \(isHere ? "this directory" : shown):\n"
        + Table(
          header: [],
          rows: [
            ["  adapters/stock.yaml", "SOAP, contract in wsdl/stock"],
            ["  adapters/translator.yaml", "XML-RPC"],
            ["  adapters/boiler.yaml", "a protocol of its own over TCP"],
            ["  workflows/reorder.yaml", "a workflow that calls all three, and its tests"],
          ]
        ).text()
        + "\nTry:\n" + (isHere ? "" : "  cd \(Self.quoted(shown))\n")
        + commands.map { "  \($0)\n" }.joined(),
      as: [
        "directory": .string(directory), "files": .array(made.map { .string($0) }),
        "try": .array(commands.map { .string($0) }),
      ])
  }

  /// A word as a shell takes it.
  private static func quoted(_ word: String) -> String {
    let isPlain = word.utf8.allSatisfy {
      ($0 | 0x20) &- 97 < 26 || $0 &- 48 < 10 || "/._-+".utf8.contains($0)
    }
    return isPlain
      ? word
      : "'"
        + word.split(separator: "'", omittingEmptySubsequences: false).joined(separator: "'\\''")
        + "'"
  }
}
