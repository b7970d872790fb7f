internal import ArgumentParser
internal import Trestle
internal import TrestleCore

/// `trestle scenario`: the scenarios of running mocks.
struct ScenarioCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "scenario",
    abstract: "Create, list and switch scenarios of running mocks.",
    discussion: """
      A scenario is a machine, named states that stubs ask for, or a set of responses
      that hold while it is on; of the sets at most one is on.

      EXAMPLES
        trestle scenario list
        trestle scenario create boiler cold --response 'read={"value": 4}'
        trestle scenario switch boiler cold
        trestle scenario reset boiler cold
      """,
    subcommands: [
      ScenarioListCommand.self, ScenarioCreateCommand.self, ScenarioSwitchCommand.self,
      ScenarioResetCommand.self, ScenarioRemoveCommand.self,
    ])
}

/// In whose state a command looks or changes something.
struct ScopeOption: ParsableArguments {
  @Option(
    name: .customLong("scope"),
    help: ArgumentHelp("The scope; the shared one when left out.", valueName: "name"))
  var scope: String?

  var query: AdminClient.Query { [("scope", scope)] }
}

/// `trestle scenario list`.
struct ScenarioListCommand: Command {
  static let configuration = CommandConfiguration(
    commandName: "list",
    abstract: "List the scenarios of running mocks, and how each stands.",
    usage: "trestle scenario list [SYSTEM] [--scope S]",
    discussion: """
      EXAMPLES
        trestle scenario list
        trestle scenario list stock --scope test-7
      """)

  @Argument(help: "The system; all when left out.", completion: Completion.systems)
  var system: String?

  @OptionGroup var scope: ScopeOption
  @OptionGroup var admin: AdminAccess
  @OptionGroup(title: "Global options") var global: GlobalOptions

  func run(in session: Session) async throws(CommandFailure) {
    let scenarios = try await admin.steer(session) { client throws(CommandFailure) in
      try await client.list("scenarios", of: system, query: scope.query)
    }
    if scenarios.isEmpty { session.note("no scenarios") }
    let table = Table(
      header: ["SYSTEM", "SCENARIO", "KIND", "STATE", "STATES", "FROM"],
      rows: scenarios.map { scenario in
        let states = scenario["states"]?.arrayValue?.compactMap(\.scalarText) ?? []
        return ["system", "name", "kind", "state"].map { scenario[$0]?.scalarText ?? "" } + [
          states.joined(separator: ", "), scenario["origin"]?.scalarText ?? "",
        ]
      })
    session.print(scenarios.isEmpty ? "" : table.text(session.palette), as: .array(scenarios))
  }
}

/// `trestle scenario create`.
struct ScenarioCreateCommand: Command {
  static let configuration = CommandConfiguration(
    commandName: "create",
    abstract: "Create a scenario on a running mock, or replace it.",
    usage: """
      trestle scenario create SYSTEM NAME --response OP=V …
             trestle scenario create SYSTEM NAME (--start STATE | -d DATA)
      """,
    discussion: """
      V is JSON, a text, or {"fault": …} and the like as in a stub.

      EXAMPLES
        trestle scenario create boiler cold \\
          --response 'read={"value": 4, "unit": "C"}'
        trestle scenario create boiler outage --response 'read={"fault":{"code":1}}'
        trestle scenario create shop order --start new
        trestle scenario create stock busy -d @busy.yaml
      """)

  @Argument(help: "The system whose mock runs.", completion: Completion.systems) var system: String
  @Argument(help: "The scenario's name.") var name: String

  @Option(
    name: .customLong("response"),
    help: ArgumentHelp(
      "What an operation answers while it is on; may be given often.", valueName: "op=value"))
  var responses: [String] = []

  @Option(
    name: .customLong("start"),
    help: ArgumentHelp("The state that a machine starts in.", valueName: "state"))
  var start: String?

  @Option(
    name: .customShort("d"),
    help: ArgumentHelp("All of it as YAML or JSON, @FILE, or -.", valueName: "data"))
  var data: String?

  @OptionGroup var admin: AdminAccess
  @OptionGroup(title: "Global options") var global: GlobalOptions

  func validate() throws {
    guard [!responses.isEmpty, start != nil, data != nil].count(where: { $0 }) == 1 else {
      throw ValidationError("say what it is made of: --response OP=VALUE, --start STATE or -d")
    }
  }

  func run(in session: Session) async throws(CommandFailure) {
    let definition = try definition(session)
    let change = try await admin.steer(session) { client throws(CommandFailure) in
      try await client.send("PUT", "mocks", system, "scenarios", name, body: definition)
    }
    session.warn(change)
    let isSet = change["scenario"]?["kind"] == "responses"
    session.print(
      "created on \(system): \(name)"
        + (isSet ? "; trestle scenario switch \(system) \(name) turns it on\n" : "\n"), as: change)
  }

  private func definition(_ session: Session) throws(CommandFailure) -> Value {
    if let data { return try session.document(data) }
    if let start { return ["start": .string(start)] }
    var record = Record()
    for word in responses {
      guard let equals = word.firstIndex(of: "="), equals > word.startIndex else {
        throw .usage("\"\(word)\" is no response", hint: "write OPERATION=VALUE")
      }
      record[String(word[..<equals])] = try session.answer(
        String(word[word.index(after: equals)...]), of: "--response")
    }
    return ["responses": .object(record)]
  }
}

/// `trestle scenario switch`.
struct ScenarioSwitchCommand: Command {
  static let configuration = CommandConfiguration(
    commandName: "switch",
    abstract: "Move a machine to a state, or turn a set of responses on.",
    usage: "trestle scenario switch SYSTEM NAME [STATE] [--scope S]",
    discussion: """
      It tells what was before.

      EXAMPLES
        trestle scenario switch boiler cold        a set of responses: on
        trestle scenario switch boiler cold off
        trestle scenario switch shop order paid    a machine: to a state
      """)

  @Argument(help: "The system whose mock runs.", completion: Completion.systems) var system: String
  @Argument(help: "The scenario's name.") var name: String
  @Argument(help: "The state; needed for a machine.") var state: String?

  @OptionGroup var scope: ScopeOption
  @OptionGroup var admin: AdminAccess
  @OptionGroup(title: "Global options") var global: GlobalOptions

  func run(in session: Session) async throws(CommandFailure) {
    let answer = try await admin.steer(session) { client throws(CommandFailure) in
      try await client.send(
        "POST", "mocks", system, "scenarios", name, "switch", query: scope.query,
        body: state.map { ["state": .string($0)] } ?? [:])
    }
    session.tell(answer, of: system)
  }
}

/// `trestle scenario reset`.
struct ScenarioResetCommand: Command {
  static let configuration = CommandConfiguration(
    commandName: "reset",
    abstract: "Put a machine back to its start, or turn a set of responses off.",
    usage: "trestle scenario reset SYSTEM NAME [--scope S]",
    discussion: """
      EXAMPLES
        trestle scenario reset shop order
      """)

  @Argument(help: "The system whose mock runs.", completion: Completion.systems) var system: String
  @Argument(help: "The scenario's name.") var name: String

  @OptionGroup var scope: ScopeOption
  @OptionGroup var admin: AdminAccess
  @OptionGroup(title: "Global options") var global: GlobalOptions

  func run(in session: Session) async throws(CommandFailure) {
    let answer = try await admin.steer(session) { client throws(CommandFailure) in
      try await client.send(
        "POST", "mocks", system, "scenarios", name, "reset", query: scope.query)
    }
    session.tell(answer, of: system)
  }
}

/// `trestle scenario rm`.
struct ScenarioRemoveCommand: Command {
  static let configuration = CommandConfiguration(
    commandName: "rm",
    abstract: "Remove a scenario that was created on a running mock.",
    usage: "trestle scenario rm SYSTEM NAME",
    discussion: """
      EXAMPLES
        trestle scenario rm boiler cold
      """)

  @Argument(help: "The system whose mock runs.", completion: Completion.systems) var system: String
  @Argument(help: "The scenario's name.") var name: String

  @OptionGroup var admin: AdminAccess
  @OptionGroup(title: "Global options") var global: GlobalOptions

  func run(in session: Session) async throws(CommandFailure) {
    _ = try await admin.steer(session) { client throws(CommandFailure) in
      try await client.send("DELETE", "mocks", system, "scenarios", name)
    }
    session.print("removed from \(system): \(name)\n", as: ["removed": .string(name)])
  }
}

extension Session {
  /// Tells how a scenario stands after it was switched, and what was before.
  fileprivate func tell(_ answer: Value, of system: String) {
    let before = answer["previous"]?.stringValue ?? "none"
    let name = answer["scenario"]?["name"]?.scalarText ?? ""
    let state = answer["scenario"]?["state"]?.scalarText ?? ""
    print("\(system) \(name) is \(state); before: \(before)\n", as: answer)
  }
}
