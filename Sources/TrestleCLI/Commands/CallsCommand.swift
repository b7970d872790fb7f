internal import ArgumentParser
internal import Trestle
internal import TrestleCore
internal import TrestleStore

/// `trestle calls`: what the mocks of a workspace were called with, and what they answered.
struct CallsCommand: Command {
  static let configuration = CommandConfiguration(
    commandName: "calls",
    abstract: "Show the calls that mocks answered, from their journal.",
    usage: "trestle calls [ID] [filters] [--follow | --analyze | --har FILE]",
    discussion: """
      The journal is .trestle/journal.sqlite of the workspace; it can be read while mocks
      run and after they have ended. A call by its number is shown with the wire of both
      sides. With -o json every call is a JSON object on a line of its own.

      EXAMPLES
        trestle calls                          the last calls
        trestle calls 42                       one call, with both messages
        trestle calls --follow --system claims
        trestle calls --since 5m --outcome fault --outcome unmatched
        trestle calls --where claim.id=C-7 -o json
        trestle calls --analyze                counts, times, errors, and what stands out
        trestle calls --har calls.har          for tools that read HTTP archives
        trestle calls --admin URL              of mocks that run elsewhere
      """)

  @Argument(help: "The number of a call, to be shown in full.") var id: Int64?

  @Flag(name: .customLong("follow"), help: "Go on with calls as they come, until Ctrl-C.")
  var follows = false

  @Option(
    name: .customLong("system"), help: ArgumentHelp("Calls of one system.", valueName: "system"),
    completion: Completion.systems)
  var system: String?

  @Option(
    name: .customLong("operation"),
    help: ArgumentHelp("Calls of one operation.", valueName: "op"))
  var operation: String?

  @Option(
    name: .customLong("where"),
    help: ArgumentHelp("Calls with this parameter; may be given often.", valueName: "path=value"))
  var conditions: [String] = []

  @Option(
    name: .customLong("outcome"),
    help: ArgumentHelp(
      "ok, fault, misbehaved, unmatched, refused, unreadable or failed; may be given often.",
      valueName: "outcome"))
  var outcomes: [OutcomeWord] = []

  @Option(
    name: .customLong("origin"),
    help: ArgumentHelp("Calls answered by a stub, by response or sample.", valueName: "name"))
  var origin: String?

  @Option(
    name: .customLong("text"),
    help: ArgumentHelp("Calls with a text anywhere in them.", valueName: "text"))
  var text: String?

  @Option(
    name: .customLong("since"),
    help: ArgumentHelp("Calls of the last time, such as 5m.", valueName: "duration"))
  var since: String?

  @Option(
    name: .customLong("until"),
    help: ArgumentHelp("Calls up to this long ago.", valueName: "duration"))
  var until: String?

  @Option(
    name: .customLong("before"),
    help: ArgumentHelp("Calls with lower numbers: the next page.", valueName: "id"))
  var before: Int64?

  @Option(
    name: .customLong("limit"),
    help: ArgumentHelp(
      "How many calls; 50 when left out, all with --analyze and --har.", valueName: "n"))
  var limit: Int?

  @Flag(name: .customLong("analyze"), help: "Sum the calls up instead of listing them.")
  var analyzes = false

  @Option(
    name: .customLong("har"),
    help: ArgumentHelp("Write the calls as HAR 1.2; - for standard output.", valueName: "file"))
  var archive: String?

  @OptionGroup var admin: AdminAccess
  @OptionGroup(title: "Global options") var global: GlobalOptions

  func validate() throws {
    if [follows, analyzes, archive != nil, id != nil].count(where: { $0 }) > 1 {
      throw ValidationError("an id, --follow, --analyze and --har exclude each other")
    }
    if let limit, limit < 1 { throw ValidationError("--limit must be at least 1") }
  }

  func run(in session: Session) async throws(CommandFailure) {
    let query = try query()
    guard admin.url == nil else {
      return try await admin.steer(session) { client throws(CommandFailure) in
        try await show(AdminCalls(client: client), query, session)
      }
    }
    let workspace = try session.anyWorkspace()
    await admin.settle(session)
    let calls = try JournalCalls(path: workspace.journalPath)
    if let mistake = CallNames(workspace.systems).mistake(in: query) {
      let named = JournalQuery(system: query.system, operation: query.operation, limit: 1)
      // The journal may know what the workspace does not have any more.
      guard try !calls.entries(named, bodies: false).isEmpty else {
        throw .usage(mistake.message, hint: mistake.hint)
      }
    }
    try await show(calls, query, session)
  }

  private func show(
    _ calls: some CallSource, _ query: JournalQuery, _ session: Session
  ) async throws(CommandFailure) {
    if let id {
      guard let entry = try await calls.entry(id) else {
        throw CommandFailure(
          .configuration, "there is no call \(id)",
          hint: "trestle calls lists those there are; the oldest are dropped by the journal's caps")
      }
      return session.print(
        CallText(entry, session.palette).full, as: entry.jsonValue())
    }
    if analyzes {
      let analysis = JournalAnalysis(try await calls.entries(query, bodies: false))
      let systems = try await calls.systems()
      return session.print(
        AnalysisText(analysis, systems, session.palette).text, as: analysis.jsonValue)
    }
    if let archive {
      let entries = Array(try await calls.entries(query, bodies: true).reversed())
      let bytes = JSONWriter.bytes(
        HARLog.value(of: entries, creator: TrestleCommand.version), style: .pretty)
      return try write(bytes + [0x0A], to: archive, count: entries.count, session)
    }
    let isForPrograms = session.format == .json || session.format == .yaml
    let entries = Array(try await calls.entries(query, bodies: isForPrograms).reversed())
    if follows { return try await follow(calls, query, after: entries, session) }
    switch session.format {
    case .json: for entry in entries { CallText.printLine(entry, session) }
    case .yaml: session.print(.array(entries.map { $0.jsonValue() }))
    default:
      session.output.data.write(CallText.table(entries, session.palette))
      try await tellLosses(calls, session)
    }
  }

  /// Tells what is missing from the list.
  private func tellLosses(
    _ calls: some CallSource, _ session: Session
  ) async throws(CommandFailure) {
    for known in try await calls.systems()
    where known.dropped > 0 && (system == nil || system == known.name) {
      session.warn(
        "\(known.name): \(known.dropped) of \(known.seen) calls were not kept: the writer fell behind"
      )
    }
  }

  private func follow(
    _ calls: some CallSource, _ query: JournalQuery, after shown: [JournalEntry], _ session: Session
  ) async throws(CommandFailure) {
    let signals = StopSignals()
    let isForPrograms = session.format == .json || session.format == .yaml
    var query = query
    query.isOldestFirst = true
    query.before = nil
    query.limit = 1000
    query.after = shown.last?.id
    if shown.isEmpty { query.after = try await calls.lastID() }
    for entry in shown { CallText.printFollowed(entry, session) }
    let watch = query
    await withTaskGroup { group in
      group.addTask {
        var query = watch
        // A few looks a second: a person does not see more, and a reader that waits costs the writer
        // nothing.
        while (try? await Task.sleep(for: .milliseconds(200))) != nil {
          guard let new = try? await calls.entries(query, bodies: isForPrograms) else { continue }
          for entry in new { CallText.printFollowed(entry, session) }
          query.after = new.last?.id ?? query.after
        }
      }
      _ = await signals.first()
      group.cancelAll()
    }
  }

  private func write(
    _ bytes: [UInt8], to path: String, count: Int, _ session: Session
  ) throws(CommandFailure) {
    guard path != "-" else { return session.output.data.write(bytes) }
    do throws(LoadError) {
      try FilePaths.write(bytes, to: FilePaths.absolute(path))
    } catch {
      throw CommandFailure(error)
    }
    session.note("\(count) calls are in \(path)")
  }

  private func query() throws(CommandFailure) -> JournalQuery {
    var filter = JournalFilter()
    filter.system = system
    filter.operation = operation
    filter.conditions = conditions
    filter.outcomes = outcomes.map(\.outcome)
    filter.origin = origin
    filter.text = text
    filter.since = since
    filter.until = until
    do throws(JournalFilter.Mistake) {
      var query = try filter.query(limit: limit ?? (analyzes || archive != nil ? .max : 50))
      query.before = before
      return query
    } catch {
      throw .usage(error.reason, hint: error.hint)
    }
  }
}

/// The value of `--outcome`.
enum OutcomeWord: String, ExpressibleByArgument, CaseIterable, Sendable {
  case ok, fault, misbehaved, unmatched, refused, unreadable, failed

  var outcome: JournalEntry.Outcome { JournalEntry.Outcome(rawValue: rawValue) ?? .ok }
}
