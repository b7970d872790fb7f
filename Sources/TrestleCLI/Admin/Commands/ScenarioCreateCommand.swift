internal import ArgumentParser
internal import Trestle
internal import TrestleCore

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
    name: .customShort("d"), parsing: .unconditional,
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
    let change = try await admin.steer(session, system) { client throws(CommandFailure) in
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
