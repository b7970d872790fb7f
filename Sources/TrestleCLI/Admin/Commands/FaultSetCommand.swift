internal import ArgumentParser
internal import Trestle
internal import TrestleCore

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
    name: .customShort("d"), parsing: .unconditional,
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
    let change = try await admin.steer(session, system) { client throws(CommandFailure) in
      if let id {
        return try await client.send("PUT", "mocks", system, "faults", id, body: body)
      }
      return try await client.send("POST", "mocks", system, "faults", body: body)
    }
    session.print("set on \(system): \(change["id"]?.scalarText ?? "")\n", as: change)
  }
}
