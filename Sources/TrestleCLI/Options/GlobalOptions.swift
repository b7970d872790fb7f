internal import ArgumentParser

/// What every command takes.
struct GlobalOptions: ParsableArguments {
  @Option(
    name: .customLong("dir"),
    help: ArgumentHelp("The workspace's directory.", valueName: "directory"),
    completion: .directory)
  var directory = "."

  @Option(
    name: [.customShort("o"), .customLong("output")],
    help: ArgumentHelp("How data is written.", valueName: "format"))
  var format: OutputFormat?

  @Flag(name: [.customShort("q"), .customLong("quiet")], help: "Say nothing but errors.")
  var isQuiet = false

  @Flag(
    name: [.customShort("v"), .customLong("verbose")],
    help: "Show what goes over the wire, as curl does.")
  var isVerbose = false

  @Flag(name: .customLong("strict"), help: "Take warnings for errors.")
  var isStrict = false

  @Option(
    name: .customLong("color"),
    help: ArgumentHelp("When colours are used.", valueName: "when"))
  var color = ColorChoice.auto

  /// The options by their spellings, and whether a value follows: they may stand before the command.
  static let spellings: [String: Bool] = [
    "--dir": true, "-o": true, "--output": true, "--color": true, "-q": false, "--quiet": false,
    "-v": false, "--verbose": false, "--strict": false,
  ]
}

/// How data is written.
enum OutputFormat: String, ExpressibleByArgument, CaseIterable, Sendable {
  case json, yaml, table
}

/// When colours are used.
enum ColorChoice: String, ExpressibleByArgument, CaseIterable, Sendable {
  case auto, always, never
}
