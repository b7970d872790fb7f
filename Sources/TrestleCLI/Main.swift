internal import ArgumentParser
internal import Trestle

@main
struct TrestleCommand: ParsableCommand {
  static let configuration = CommandConfiguration(commandName: "trestle")
}
