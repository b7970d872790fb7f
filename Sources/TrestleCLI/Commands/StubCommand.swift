internal import ArgumentParser
internal import Trestle
internal import TrestleCore

/// `trestle stub`: the stubs of running mocks.
struct StubCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "stub",
    abstract: "Set, list and remove stubs of running mocks.",
    discussion: """
      Stubs that are set while a mock runs go before those of its file, and stay
      when the file is read again. They are gone when the mock ends: export writes
      them down.

      EXAMPLES
        trestle stub set boiler read sensor=T2 --reply '{"value": 99.5, "unit": "C"}'
        trestle stub list
        trestle stub rm boiler live-1
        trestle stub export boiler > mock.yaml
      """,
    subcommands: [
      StubSetCommand.self, StubListCommand.self, StubRemoveCommand.self, StubResetCommand.self,
      StubExportCommand.self,
    ])
}

/// `trestle stub list`.
struct StubListCommand: Command {
  static let configuration = CommandConfiguration(
    commandName: "list",
    abstract: "List the stubs of running mocks, with how often each has answered.",
    usage: "trestle stub list [SYSTEM] [--scope S]",
    discussion: """
      EXAMPLES
        trestle stub list                  of all mocks that run
        trestle stub list stock -o yaml    as they were written
      """)

  @Argument(help: "The system; all when left out.", completion: Completion.systems)
  var system: String?

  @Option(
    name: .customLong("scope"),
    help: ArgumentHelp("Count the calls of one scope.", valueName: "name"))
  var scope: String?

  @OptionGroup var admin: AdminAccess
  @OptionGroup(title: "Global options") var global: GlobalOptions

  func run(in session: Session) async throws(CommandFailure) {
    let stubs = try await admin.steer(session) { client throws(CommandFailure) in
      try await client.list("stubs", of: system, query: [("scope", scope)])
    }
    if stubs.isEmpty { session.note("no stubs") }
    let count = scope == nil ? "answered" : "answered_in_scope"
    let table = Table(
      header: ["SYSTEM", "OPERATION", "ID", "PRIORITY", "ANSWERED", "FROM", "ASKS FOR"],
      rows: stubs.map { stub in
        let asked = stub["definition"]?["when"].map { JSONWriter.text($0) } ?? ""
        return [
          stub["system"], stub["operation"], stub["id"], stub["priority"], stub[count],
          stub["place"] ?? stub["origin"],
        ].map { $0?.scalarText ?? "" } + [
          asked.count > 60 ? "\(asked.prefix(57))…" : asked
        ]
      }, rightAligned: [3, 4])
    session.print(stubs.isEmpty ? "" : table.text(session.palette), as: .array(stubs))
  }
}

/// `trestle stub rm`.
struct StubRemoveCommand: Command {
  static let configuration = CommandConfiguration(
    commandName: "rm",
    abstract: "Remove stubs that were set on a running mock.",
    usage: "trestle stub rm SYSTEM (ID … | --all)",
    discussion: """
      EXAMPLES
        trestle stub rm boiler live-1
        trestle stub rm boiler "response read"   what set --always has set
        trestle stub rm boiler --all
      """)

  @Argument(help: "The system whose mock runs.", completion: Completion.systems) var system: String

  @Argument(help: "The stubs' ids, as stub list tells them.") var ids: [String] = []

  @Flag(name: .customLong("all"), help: "Remove all that were set.") var isAll = false

  @OptionGroup var admin: AdminAccess
  @OptionGroup(title: "Global options") var global: GlobalOptions

  func validate() throws {
    if ids.isEmpty != isAll {
      throw ValidationError(
        isAll ? "--all excludes ids" : "name the stubs by their ids, or say --all")
    }
  }

  func run(in session: Session) async throws(CommandFailure) {
    let removed = try await admin.steer(session) { client throws(CommandFailure) -> Value in
      if isAll { return try await client.send("DELETE", "mocks", system, "stubs") }
      for id in ids { _ = try await client.send("DELETE", "mocks", system, "stubs", id) }
      return ["removed": .integer(Int64(ids.count))]
    }
    session.print("removed from \(system): \(removed["removed"]?.scalarText ?? "0")\n", as: removed)
  }
}

/// `trestle stub reset`.
struct StubResetCommand: Command {
  static let configuration = CommandConfiguration(
    commandName: "reset",
    abstract: "Begin the state of running mocks again.",
    usage: "trestle stub reset [SYSTEM] [--scope S | --all-scopes | --all]",
    discussion: """
      Scenarios, store, counters, times and places in sequences begin again: of
      the shared scope, of one, or of all. With --all, what was set while the mocks
      run is gone too: stubs, responses, scenarios, faults.

      EXAMPLES
        trestle stub reset                 of all mocks
        trestle stub reset stock --scope test-7
        trestle stub reset --all           as after the start
      """)

  @Argument(help: "The system; all when left out.", completion: Completion.systems)
  var system: String?

  @Option(
    name: .customLong("scope"), help: ArgumentHelp("Of one scope.", valueName: "name"))
  var scope: String?

  @Flag(name: .customLong("all-scopes"), help: "Of all scopes.") var isAllScopes = false

  @Flag(name: .customLong("all"), help: "Of all scopes, and everything that was set.")
  var isAll = false

  @OptionGroup var admin: AdminAccess
  @OptionGroup(title: "Global options") var global: GlobalOptions

  func validate() throws {
    if [scope != nil, isAllScopes, isAll].count(where: { $0 }) > 1 {
      throw ValidationError("--scope, --all-scopes and --all exclude each other")
    }
  }

  func run(in session: Session) async throws(CommandFailure) {
    let body: Value = isAll ? ["all": true] : isAllScopes ? ["all_scopes": true] : [:]
    let answer = try await admin.steer(session) { client throws(CommandFailure) in
      guard let system else {
        return try await client.send("POST", "reset", query: [("scope", scope)], body: body)
      }
      return try await client.send(
        "POST", "mocks", system, "reset", query: [("scope", scope)], body: body)
    }
    let names = answer["reset"]?.arrayValue?.compactMap(\.stringValue) ?? []
    session.print("begun again: \(names.joined(separator: ", "))\n", as: answer)
  }
}

/// `trestle stub export`.
struct StubExportCommand: Command {
  static let configuration = CommandConfiguration(
    commandName: "export",
    abstract: "Write the mock part of a system's file, with what was set among it.",
    usage: "trestle stub export SYSTEM [--to FILE]",
    discussion: """
      It is YAML to put in place of mock: in adapters/SYSTEM.yaml. Read again it
      gives the same answers.

      EXAMPLES
        trestle stub export stock
        trestle stub export stock --to mock.yaml
      """)

  @Argument(help: "The system whose mock runs.", completion: Completion.systems) var system: String

  @Option(
    name: .customLong("to"), help: ArgumentHelp("The file to write.", valueName: "file"),
    completion: .file())
  var file: String?

  @OptionGroup var admin: AdminAccess
  @OptionGroup(title: "Global options") var global: GlobalOptions

  func run(in session: Session) async throws(CommandFailure) {
    let bytes = try await admin.steer(session) { client throws(CommandFailure) in
      try await client.text("mocks", system, "export")
    }
    guard let file else {
      guard session.format == .json else { return session.output.data.write(bytes) }
      return session.print(try session.document(String(decoding: bytes, as: UTF8.self)))
    }
    do throws(LoadError) {
      try FilePaths.write(bytes, to: FilePaths.absolute(file))
    } catch {
      throw CommandFailure(error)
    }
    session.note("the mock part of \(system) is in \(file)")
  }
}
