internal import ArgumentParser
internal import Trestle
internal import TrestleCore

/// `trestle completions`: what makes a shell complete commands, systems and operations.
struct CompletionsCommand: Command {
  static let configuration = CommandConfiguration(
    commandName: "completions",
    abstract: "Print a completion script for a shell.",
    usage: "trestle completions bash|zsh|fish",
    discussion: """
      Systems, operations and parameters complete from the workspace.

      EXAMPLES
        source <(trestle completions bash)
        trestle completions zsh > "${fpath[1]}/_trestle"
        trestle completions fish > ~/.config/fish/completions/trestle.fish
      """)

  @Argument(help: "The shell.") var shell: Shell

  @OptionGroup(title: "Global options") var global: GlobalOptions

  func run(in session: Session) async throws(CommandFailure) {
    session.output.data.write(TrestleCommand.completionScript(for: shell.kind))
  }

  /// The shells there are scripts for.
  enum Shell: String, ExpressibleByArgument, CaseIterable, Sendable {
    case bash, zsh, fish

    var kind: CompletionShell {
      switch self {
      case .bash: .bash
      case .zsh: .zsh
      case .fish: .fish
      }
    }
  }
}
