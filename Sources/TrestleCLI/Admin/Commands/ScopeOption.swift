internal import ArgumentParser
internal import Trestle
internal import TrestleCore

/// In whose state a command looks or changes something.
struct ScopeOption: ParsableArguments {
  @Option(
    name: .customLong("scope"),
    help: ArgumentHelp("The scope; the shared one when left out.", valueName: "name"))
  var scope: String?

  var query: AdminClient.Query { [("scope", scope)] }
}
