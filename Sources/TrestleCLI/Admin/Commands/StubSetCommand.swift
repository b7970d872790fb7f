internal import ArgumentParser
internal import Trestle
internal import TrestleCore

/// `trestle stub set`: a stub, a list of stubs, or what an operation answers from now on.
struct StubSetCommand: Command {
  static let configuration = CommandConfiguration(
    commandName: "set",
    abstract: "Set stubs on a running mock.",
    usage: """
      trestle stub set SYSTEM OP [NAME=TEXT …] (--reply V | --fault CODE)
             trestle stub set SYSTEM -d STUBS
      """,
    discussion: """
      The words behind the operation are conditions on its parameters, as in a stub's
      when. STUBS is a stub or a list of them as under mock.stubs, in YAML or JSON;
      a list is set as one, or with a mistake in any, not at all. A stub that is set
      under a name or an id again replaces the one before.

      EXAMPLES
        trestle stub set boiler read sensor=T2 --reply '{"value": 99.5, "unit": "C"}'
        trestle stub set boiler read --fault E503 --message "no steam" --times 2
        trestle stub set boiler read 'sensor:={"matches": "^P"}' --reply @p.json
        trestle stub set boiler read --always --reply @reply.json
        trestle stub set boiler -d @stubs.yaml
      """)

  @Argument(help: "The system whose mock runs.", completion: Completion.systems) var system: String

  @Argument(help: "The operation.", completion: Completion.operations) var operation: String?

  @Argument(help: "Conditions on its parameters.", completion: Completion.parameters)
  var conditions: [String] = []

  @Option(
    name: .customLong("reply"), parsing: .unconditional,
    help: ArgumentHelp("The value it answers: JSON, @FILE, - or a text.", valueName: "value"))
  var reply: String?

  @Option(
    name: .customLong("fault"), parsing: .unconditional,
    help: ArgumentHelp("The code of the fault it answers, or a fault as JSON.", valueName: "code"))
  var fault: String?

  @Option(
    name: .customLong("message"), parsing: .unconditional,
    help: ArgumentHelp("The message of the fault.", valueName: "text"))
  var message: String?

  @Flag(
    name: .customLong("always"),
    help: "Answer every call so, whatever stubs and scenarios say.")
  var isResponse = false

  @Option(
    name: .customLong("id"),
    help: ArgumentHelp("What it is replaced and removed by.", valueName: "id"))
  var id: String?

  @Option(
    name: .customLong("priority"), parsing: .unconditional,
    help: ArgumentHelp("Which stubs go first: 1 before 5.", valueName: "n"))
  var priority: Int?

  @Option(
    name: .customLong("times"), parsing: .unconditional,
    help: ArgumentHelp("How often it answers before it is passed over.", valueName: "n"))
  var times: Int?

  @Option(
    name: .customShort("d"), parsing: .unconditional,
    help: ArgumentHelp("Stubs as YAML or JSON, @FILE, or - for standard input.", valueName: "stubs")
  )
  var data: String?

  @OptionGroup var admin: AdminAccess
  @OptionGroup(title: "Global options") var global: GlobalOptions

  func validate() throws {
    let isWritten =
      operation != nil || reply != nil || fault != nil || isResponse || priority != nil
      || times != nil
    if data != nil, isWritten {
      throw ValidationError("-d says all of the stub; leave the operation and its options out")
    }
    guard data == nil else { return }
    guard operation != nil else {
      throw ValidationError("name an operation, or give stubs with -d @FILE")
    }
    if reply != nil, fault != nil {
      throw ValidationError("a stub answers with --reply or with --fault, not with both")
    }
    if reply == nil, fault == nil {
      throw ValidationError("say what it answers: --reply VALUE or --fault CODE")
    }
    if message != nil, fault == nil { throw ValidationError("--message belongs to --fault") }
    if isResponse, !conditions.isEmpty || id != nil || priority != nil || times != nil {
      throw ValidationError("--always asks for nothing and is for every call")
    }
  }

  func run(in session: Session) async throws(CommandFailure) {
    if isResponse, let operation {
      let answer = try answer(session)
      let change = try await admin.steer(session, system) { client throws(CommandFailure) in
        try await client.send("PUT", "mocks", system, "responses", operation, body: answer)
      }
      session.warn(change)
      return session.print("\(system) \(operation) answers so from now on\n", as: change)
    }
    let stubs = try stubs(session)
    let change = try await admin.steer(session, system) { client throws(CommandFailure) in
      if let id, stubs.arrayValue == nil {
        return try await client.send("PUT", "mocks", system, "stubs", id, body: stubs)
      }
      return try await client.send("POST", "mocks", system, "stubs", body: stubs)
    }
    session.warn(change)
    let ids = change["ids"]?.arrayValue?.compactMap(\.stringValue) ?? []
    let told = ids.count > 8 ? ids.prefix(8) + ["… (\(ids.count) in all)"] : ids[...]
    session.print("set on \(system): \(told.joined(separator: ", "))\n", as: change)
  }

  /// What `--reply` or `--fault` says, as a response has it.
  private func answer(_ session: Session) throws(CommandFailure) -> Value {
    if let reply { return ["reply": try session.answer(reply, of: "--reply")] }
    return ["fault": try faultValue(session)]
  }

  private func faultValue(_ session: Session) throws(CommandFailure) -> Value {
    guard let fault else { return .emptyObject }
    var record =
      fault.hasPrefix("{") ? try session.answer(fault, of: "--fault").objectValue ?? [:] : [:]
    if record.isEmpty { record["code"] = .string(fault) }
    if let message { record["message"] = .string(message) }
    return .object(record)
  }

  private func stubs(_ session: Session) throws(CommandFailure) -> Value {
    if let data {
      let value = try session.document(data)
      // Also a file's whole mock part, as export writes it, where `$${` is `${`.
      return value["mock"]?["stubs"].map { Interpolation.unescaped($0) } ?? value["stubs"] ?? value
    }
    var stub = try answer(session).objectValue ?? [:]
    stub["operation"] = operation.map { .string($0) }
    if !conditions.isEmpty { stub["when"] = try conditions.object() }
    if let priority { stub["priority"] = .integer(Int64(priority)) }
    if let times { stub["times"] = .integer(Int64(times)) }
    return .object(stub)
  }
}
