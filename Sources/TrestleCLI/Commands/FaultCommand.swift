internal import ArgumentParser
internal import Trestle
internal import TrestleCore

/// `trestle fault`: what running mocks do wrong on purpose.
struct FaultCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "fault",
    abstract: "Make running mocks misbehave, and stop it.",
    discussion: """
      EXAMPLES
        trestle fault set stock late=2s
        trestle fault set stock GetStock close=before times=3
        trestle fault list
        trestle fault clear stock
      """,
    subcommands: [FaultSetCommand.self, FaultListCommand.self, FaultClearCommand.self])
}

/// `trestle fault set`.
struct FaultSetCommand: Command {
  static let configuration = CommandConfiguration(
    commandName: "set",
    abstract: "Make a running mock do something wrong from now on.",
    usage: "trestle fault set SYSTEM [OPERATION] KEY=VALUE … [--id NAME]",
    discussion: """
      The keys are those of mock.misbehave: late, drip, close, reset, status, damage,
      noise, chance, times and others (docs/mocking.md).

      EXAMPLES
        trestle fault set stock late=2s
        trestle fault set stock GetStock close=before times=3
        trestle fault set stock accept=refused --id down
        trestle fault set stock -d '{"status": 503, "chance": 0.2}'
      """)

  @Argument(help: "The system whose mock runs.", completion: Completion.systems) var system: String

  @Argument(help: "The operation it concerns, all when left out; then KEY=VALUE or KEY:=JSON.")
  var words: [String] = []

  @Option(
    name: .customLong("id"),
    help: ArgumentHelp("What it is replaced and cleared by.", valueName: "name"))
  var id: String?

  @Option(
    name: .customShort("d"),
    help: ArgumentHelp("All of it as YAML or JSON, @FILE, or -.", valueName: "settings"))
  var data: String?

  @OptionGroup var admin: AdminAccess
  @OptionGroup(title: "Global options") var global: GlobalOptions

  func validate() throws {
    if data == nil, !words.contains(where: { $0.contains("=") }) {
      throw ValidationError("say what is done wrong: late=2s, close=before, status=503")
    }
  }

  func run(in session: Session) async throws(CommandFailure) {
    var words = words
    var operation: String?
    if let first = words.first, !first.contains("=") { operation = words.removeFirst() }
    var settings = try data.map { text throws(CommandFailure) in try session.document(text) } ?? [:]
    let written = try words.object(readsPlain: true)
    if var record = settings.objectValue {
      for member in written.objectValue ?? [:] { record[member.name] = member.value }
      if let operation { record["operation"] = .string(operation) }
      settings = .object(record)
    }
    let body = settings
    let change = try await admin.steer(session) { client throws(CommandFailure) in
      if let id {
        return try await client.send("PUT", "mocks", system, "faults", id, body: body)
      }
      return try await client.send("POST", "mocks", system, "faults", body: body)
    }
    session.print("set on \(system): \(change["id"]?.scalarText ?? "")\n", as: change)
  }
}

/// `trestle fault list`.
struct FaultListCommand: Command {
  static let configuration = CommandConfiguration(
    commandName: "list",
    abstract: "List what running mocks do wrong, and how often it has happened.",
    usage: "trestle fault list [SYSTEM]",
    discussion: """
      What the systems' files say under mock.misbehave is not among them.

      EXAMPLES
        trestle fault list
        trestle fault list stock -o json
      """)

  @Argument(help: "The system; all when left out.", completion: Completion.systems)
  var system: String?

  @OptionGroup var admin: AdminAccess
  @OptionGroup(title: "Global options") var global: GlobalOptions

  func run(in session: Session) async throws(CommandFailure) {
    let faults = try await admin.steer(session) { client throws(CommandFailure) in
      try await client.list("faults", of: system)
    }
    if faults.isEmpty { session.note("no faults") }
    let table = Table(
      header: ["SYSTEM", "FAULT", "OPERATION", "HAPPENED", "WHAT"],
      rows: faults.map { fault in
        var settings = fault["settings"]?.objectValue ?? [:]
        settings["operation"] = nil
        return [
          fault["system"]?.scalarText ?? "", fault["id"]?.scalarText ?? "",
          fault["operation"]?.scalarText ?? "all",
          (fault["times"]?.scalarText ?? "") + (fault["is_over"] == true ? ", over" : ""),
          settings.map { "\($0.name)=\($0.value.scalarText ?? JSONWriter.text($0.value))" }
            .joined(separator: " "),
        ]
      })
    session.print(faults.isEmpty ? "" : table.text(session.palette), as: .array(faults))
  }
}

/// `trestle fault clear`.
struct FaultClearCommand: Command {
  static let configuration = CommandConfiguration(
    commandName: "clear",
    abstract: "Let running mocks behave again.",
    usage: "trestle fault clear [SYSTEM [ID …]] [--operation OP]",
    discussion: """
      EXAMPLES
        trestle fault clear                all that was set on all mocks
        trestle fault clear stock fault-1
        trestle fault clear stock --operation GetStock
      """)

  @Argument(help: "The system; all when left out.", completion: Completion.systems)
  var system: String?

  @Argument(help: "The faults, as fault list tells them; all when left out.")
  var ids: [String] = []

  @Option(
    name: .customLong("operation"), help: ArgumentHelp("Those of one operation.", valueName: "op"))
  var operation: String?

  @OptionGroup var admin: AdminAccess
  @OptionGroup(title: "Global options") var global: GlobalOptions

  func validate() throws {
    if !ids.isEmpty, operation != nil {
      throw ValidationError("ids and --operation exclude each other")
    }
  }

  func run(in session: Session) async throws(CommandFailure) {
    let count = try await admin.steer(session) { client throws(CommandFailure) -> Int64 in
      guard let system, !ids.isEmpty else {
        var count: Int64 = 0
        for system in try await client.systems(system) {
          let answer = try await client.send(
            "DELETE", "mocks", system, "faults", query: [("operation", operation)])
          count += answer["removed"]?.integerValue ?? 0
        }
        return count
      }
      for id in ids { _ = try await client.send("DELETE", "mocks", system, "faults", id) }
      return Int64(ids.count)
    }
    session.print("cleared: \(count)\n", as: ["removed": .integer(count)])
  }
}
