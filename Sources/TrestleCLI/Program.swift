internal import ArgumentParser
internal import Trestle
internal import TrestleCore

/// The command line as a value: give it words, get an exit code.
struct Program: Sendable {
  let output: Output
  let input: Input
  var registry = ProtocolRegistry.standard
  /// Environment variables, by name.
  var environment: @Sendable (String) -> String? = environmentVariable
  /// How wide help is; nil asks the terminal.
  var columns: Int?

  init(output: Output, input: Input) {
    self.output = output
    self.input = input
  }

  /// Runs a command and gives what the process ends with.
  func run(_ arguments: [String]) async -> Int32 {
    let words = Self.withGlobalOptionsInPlace(arguments)
    if let failure = unknownCommand(words) {
      output.notes.write(
        "error: \(failure.message)\n  \(failure.hints.joined(separator: "\n  "))\n")
      return failure.code.rawValue
    }
    let command: any Command
    do {
      var parsed = try TrestleCommand.parseAsRoot(words)
      // The root alone, and the library's own `help`, end by throwing what is to be shown.
      guard let ours = parsed as? any Command else {
        try parsed.run()
        return 0
      }
      command = ours
    } catch {
      return show(error)
    }
    let session = Session(
      command.global, output: output, input: input, registry: registry, environment: environment)
    do {
      try await command.run(in: session)
      return 0
    } catch {
      session.show(error)
      return error.code.rawValue
    }
  }

  /// Shows what reading the words gave instead of a command: help, a version, or a mistake.
  private func show(_ error: any Error) -> Int32 {
    let text = TrestleCommand.fullMessage(for: error, columns: columns)
    if TrestleCommand.exitCode(for: error) == .success {
      output.data.write(text + "\n")
      return 0
    }
    output.notes.write(text + "\n")
    // The library ends with sysexits.h's 64 here; one set of codes is enough.
    return CommandFailure.Code.usage.rawValue
  }

  /// Moves global options that stand before the command behind it, where each command reads them.
  static func withGlobalOptionsInPlace(_ arguments: [String]) -> [String] {
    var index = 0
    while index < arguments.count {
      let word = arguments[index]
      let name = String(word.prefix { $0 != "=" })
      guard let takesValue = GlobalOptions.spellings[name] else { break }
      index += takesValue && name == word ? 2 : 1
    }
    guard index > 0, index <= arguments.count else { return arguments }
    let rest = arguments[index...]
    // Help has no global options; neither has the root, which only gives help.
    guard let command = rest.first, !command.hasPrefix("-"), command != "help" else {
      return Array(rest)
    }
    var name = [command]
    if TrestleCommand.groups[command] != nil, let part = rest.dropFirst().first,
      !part.hasPrefix("-")
    {
      name.append(part)
    }
    return name + arguments[..<index] + rest.dropFirst(name.count)
  }

  private func unknownCommand(_ words: [String]) -> CommandFailure? {
    guard let word = words.first, !word.hasPrefix("-") else { return nil }
    let names = TrestleCommand.commandNames
    if let parts = TrestleCommand.groups[word], words.count > 1, !words[1].hasPrefix("-") {
      guard !parts.contains(words[1]) else { return nil }
      return .usage(
        "\(word) has no command \"\(words[1])\""
          + Suggestion.clause(for: words[1], among: parts),
        hint: "commands: " + parts.map { "\(word) \($0)" }.joined(separator: ", "))
    }
    guard word != "help", !names.contains(word) else { return nil }
    return .usage(
      "no command \"\(word)\"" + Suggestion.clause(for: word, among: names),
      hint: "commands: " + names.joined(separator: ", "))
  }
}

/// A command of the tool.
protocol Command: ParsableCommand {
  var global: GlobalOptions { get }

  /// Does what the command is for.
  func run(in session: Session) async throws(CommandFailure)
}

extension ParsableArguments {
  static var _errorPrefix: String { "error: " }
}
