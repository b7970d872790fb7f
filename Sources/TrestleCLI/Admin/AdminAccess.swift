internal import ArgumentParser
internal import Trestle
internal import TrestleCore
internal import TrestleNet

/// Which running mocks a command steers.
struct AdminAccess: ParsableArguments {
  @Option(
    name: .customLong("admin"),
    help: ArgumentHelp(
      "The mocks' admin API, in place of those that run in the workspace; TRESTLE_ADMIN_TOKEN is its token.",
      valueName: "url"))
  var url: String?

  @Option(
    name: .customLong("ca"),
    help: ArgumentHelp("Certificates to trust where it speaks TLS, PEM.", valueName: "file"),
    completion: .file())
  var authorities: String?

  @Option(
    name: .customLong("cert"),
    help: ArgumentHelp("The client's certificate, PEM; with --key.", valueName: "file"),
    completion: .file())
  var certificate: String?

  @Option(
    name: .customLong("key"), help: ArgumentHelp("Its private key, PEM.", valueName: "file"),
    completion: .file())
  var key: String?

  func validate() throws {
    if (certificate == nil) != (key == nil) {
      throw ValidationError("--cert and --key go together")
    }
  }

  private var tls: ClientTLS {
    ClientTLS(
      authorities: authorities.map { FilePaths.absolute($0) },
      certificate: certificate.map { FilePaths.absolute($0) },
      key: key.map { FilePaths.absolute($0) })
  }

  /// The client of the mocks that are meant: where several processes run some, of the one that mocks a system.
  private func client(
    _ session: Session, for system: String?
  ) throws(CommandFailure) -> AdminClient {
    let token = session.environment(AdminOptions.tokenVariable).flatMap { $0.isEmpty ? nil : $0 }
    if let url {
      let whole = url.contains("://") ? url : "http://" + url
      return try AdminClient(url: whole, token: token, tls: tls)
    }
    let running = try running(session, for: system)
    guard let admin = running.admin else {
      throw CommandFailure(
        .connection, "the mocks that run here have no admin API",
        hint: "start them without --no-admin")
    }
    return try AdminClient(url: admin.url, token: admin.token ?? token, tls: tls)
  }

  /// The process that is meant.
  private func running(
    _ session: Session, for system: String?
  ) throws(CommandFailure) -> RunningList {
    let all = RunningList.all(in: session.directory)
    guard let first = all.first else {
      let place = session.directory == "." ? "here" : "in \(session.directory)"
      throw CommandFailure(
        .connection, "no mock runs \(place)",
        hint: "start it with trestle mock, or name one that runs elsewhere with --admin URL")
    }
    guard all.count > 1 else { return first }
    let meant = all.filter { list in list.mocks.contains { $0.system == system } }
    if meant.count == 1 {
      session.note("steering process \(meant[0].processID), of \(all.count) that run mocks here")
      return meant[0]
    }
    // A name that nobody has is told by whoever is asked.
    if system != nil, meant.isEmpty { return first }
    var failure = CommandFailure.usage(
      system.map { "\($0) is mocked by \(meant.count) processes here" }
        ?? "\(all.count) processes run mocks here",
      hint: "name one with --admin")
    failure.hints += (meant.isEmpty ? all : meant).map(\.summary)
    throw failure
  }

  /// Has mocks that run here write down the calls that still wait for it, so that their journal's file tells of all.
  func settle(_ session: Session) async {
    guard url == nil else { return }
    for case let admin? in RunningList.all(in: session.directory).map(\.admin) {
      let token = admin.token ?? session.environment(AdminOptions.tokenVariable)
      guard let client = try? AdminClient(url: admin.url, token: token, tls: tls) else { continue }
      // A mock that does not answer has its journal all the same.
      _ = try? await client.send("GET", "calls", query: [("limit", "1")])
      await client.shutdown()
    }
  }

  /// Gives the client to a body; `system` is the one that is steered.
  func steer<Result>(
    _ session: Session, _ system: String? = nil,
    _ body: (AdminClient) async throws(CommandFailure) -> Result
  ) async throws(CommandFailure) -> Result {
    let client = try client(session, for: system)
    do throws(CommandFailure) {
      let result = try await body(client)
      await client.shutdown()
      return result
    } catch {
      await client.shutdown()
      throw error
    }
  }
}

extension AdminAccess {
  /// Shows a list of one kind, of one system or of all, as a table with a row for each entry.
  func showList(
    of kind: String, _ system: String?, query: AdminClient.Query = [], _ session: Session,
    header: [String], rightAligned: Set<Int> = [], row: (Value) -> [String]
  ) async throws(CommandFailure) {
    let entries = try await steer(session, system) { client throws(CommandFailure) in
      try await client.list(kind, of: system, query: query)
    }
    if entries.isEmpty { session.note("no \(kind)") }
    let table = Table(header: header, rows: entries.map(row), rightAligned: rightAligned)
    session.print(entries.isEmpty ? "" : table.text(session.palette), as: .array(entries))
  }
}

extension AdminClient {
  /// The systems that are meant: the named one, else all that run.
  func systems(_ named: String?) async throws(CommandFailure) -> [String] {
    if let named { return [named] }
    let mocks = try await send("GET", "mocks")["mocks"]?.arrayValue ?? []
    return mocks.compactMap { $0["system"]?.stringValue }
  }

  /// A list of one kind, of one system or of all, each entry with its system.
  func list(
    _ kind: String, of named: String?, query: Query = []
  ) async throws(CommandFailure) -> [Value] {
    var all: [Value] = []
    for system in try await systems(named) {
      let found = try await send("GET", "mocks", system, kind, query: query)[kind]?.arrayValue ?? []
      all += found.map { entry in
        var record: Record = ["system": .string(system)]
        for member in entry.objectValue ?? [:] { record[member.name] = member.value }
        return .object(record)
      }
    }
    return all
  }
}

extension Session {
  /// Tells what is odd about what was set.
  func warn(_ change: Value) {
    for warning in change["warnings"]?.arrayValue ?? [] {
      let place = warning["path"]?.stringValue ?? ""
      let hint = warning["hint"]?.stringValue.map { " (\($0))" } ?? ""
      warn((place.isEmpty ? "" : place + ": ") + (warning["message"]?.stringValue ?? "") + hint)
    }
  }

  /// A value as an option gives it: JSON, `@FILE`, `-`; a word that is no JSON is a text.
  func answer(_ text: String, of option: String) throws(CommandFailure) -> Value {
    if text.hasPrefix("@") || text == "-" { return try document(text) }
    do throws(JSONError) {
      return try JSONParser.parse(text)
    } catch {
      // What begins like JSON was meant to be some.
      guard let first = text.first, "{[\"".contains(first) else { return .string(text) }
      throw .usage(
        "what follows \(option) is not JSON: \(error)",
        hint: "it takes JSON, @FILE, - or a word, which is a text")
    }
  }

  /// What `-d` means where it may be YAML too: itself, `@FILE`, or `-` for standard input.
  func document(_ text: String) throws(CommandFailure) -> Value {
    let bytes = try bytes(ofArgument: text)
    let origin =
      text == "-" ? "standard input" : text.hasPrefix("@") ? String(text.dropFirst()) : "-d"
    guard let content = String(validating: bytes, as: UTF8.self) else {
      throw .usage("\(origin) is not UTF-8")
    }
    do throws(LoadError) {
      return try DataText.value(of: content)
    } catch {
      throw .usage("\(origin) is neither JSON nor YAML: \(error.message)", hint: error.hint)
    }
  }
}

extension Array<String> {
  /// An object of `name=text` and `name:=JSON` words. With `readsPlain`, what looks like a number or a truth
  /// value is one.
  func object(readsPlain: Bool = false) throws(CommandFailure) -> Value {
    var object = Value.emptyObject
    for word in self {
      let assignment = try Assignment(word)
      var value = Value.string(assignment.text)
      if assignment.isJSON {
        do throws(JSONError) {
          value = try JSONParser.parse(assignment.text)
        } catch {
          throw .usage(
            "\"\(assignment.text)\" is not JSON: \(error.reason)",
            hint: "texts are written with = alone")
        }
      } else if readsPlain, let plain = try? JSONParser.parse(assignment.text),
        plain.boolValue != nil || plain.integerValue != nil
      {
        value = plain
      }
      object.set(value, at: ValuePath(assignment.steps))
    }
    return object
  }
}
