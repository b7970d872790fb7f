internal import ArgumentParser
internal import Trestle
internal import TrestleCore

/// What the shell offers while a command line is typed.
enum Completion {
  static let systems = CompletionKind.custom { words, _, _ in
    workspace(words)?.systems.map(\.name) ?? []
  }

  static let operations = CompletionKind.custom { words, _, _ in
    system(words)?.contract.operations.map(\.name) ?? []
  }

  static let parameters = CompletionKind.custom { words, _, _ in
    let positional = Self.positional(words)
    guard positional.count >= 2,
      let operation = system(words)?.contract.operation(named: positional[1]),
      case .object(let object) = operation.input.resolved.shape
    else { return [] }
    return object.members.map { $0.name + "=" }
  }

  private static func workspace(_ words: [String]) -> Workspace? {
    var directory = "."
    for (word, next) in zip(words, words.dropFirst()) where word == "--dir" { directory = next }
    return try? Workspace.load(directory: directory)
  }

  private static func system(_ words: [String]) -> LegacySystem? {
    guard let name = positional(words).first else { return nil }
    return workspace(words)?.systems.first { $0.name == name }
  }

  /// The words behind the command that are neither options nor their values.
  private static func positional(_ words: [String]) -> [String] {
    var result: [String] = []
    var skipsNext = false
    let valued: Set<String> = [
      "-d", "--layout", "--endpoint", "--auth", "-H", "--ca", "--cert", "--key", "--timeout",
      "--repeat",
      "--port", "--ports", "--host", "--admin", "--reply", "--fault", "--message", "--id",
      "--priority", "--times", "--scope", "--response", "--start", "--to",
    ]
    for word in words.dropFirst() {
      if skipsNext {
        skipsNext = false
      } else if word.hasPrefix("-") {
        skipsNext = valued.contains(word) || GlobalOptions.spellings[word] == true
      } else {
        result.append(word)
      }
    }
    guard let command = result.first, TrestleCommand.commandNames.contains(command) else {
      return result
    }
    return Array(result.dropFirst(TrestleCommand.groups[command] == nil ? 1 : 2))
  }
}
