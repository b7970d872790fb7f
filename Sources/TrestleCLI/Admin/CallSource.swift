internal import Trestle
internal import TrestleCore
internal import TrestleStore

/// Where calls are looked for: the journal's file, or mocks that run elsewhere.
protocol CallSource: Sendable {
  func entries(
    _ query: JournalQuery, bodies: Bool
  ) async throws(CommandFailure) -> [JournalEntry]
  func entry(_ id: Int64) async throws(CommandFailure) -> JournalEntry?
  func lastID() async throws(CommandFailure) -> Int64
  /// What is known of each system beside its calls.
  func systems() async throws(CommandFailure) -> [JournalFile.SystemSummary]
}

/// The calls of a journal's file.
struct JournalCalls: CallSource {
  private let file: JournalFile

  init(path: String) throws(CommandFailure) {
    do throws(JournalError) {
      file = try JournalFile(path: path)
    } catch {
      throw CommandFailure(.configuration, error.description, hint: error.hint)
    }
  }

  func entries(
    _ query: JournalQuery, bodies: Bool
  ) throws(CommandFailure) -> [JournalEntry] {
    try read { file throws(JournalError) in try file.entries(query, bodies: bodies) }
  }

  func entry(_ id: Int64) throws(CommandFailure) -> JournalEntry? {
    try read { file throws(JournalError) in try file.entry(id) }
  }

  func lastID() throws(CommandFailure) -> Int64 {
    try read { file throws(JournalError) in try file.lastID() }
  }

  func systems() throws(CommandFailure) -> [JournalFile.SystemSummary] {
    try read { file throws(JournalError) in try file.systems() }
  }

  private func read<Result>(
    _ body: (JournalFile) throws(JournalError) -> Result
  ) throws(CommandFailure) -> Result {
    do throws(JournalError) {
      return try body(file)
    } catch {
      throw CommandFailure(.configuration, error.description, hint: error.hint)
    }
  }
}

/// The calls of mocks, asked of their admin API.
struct AdminCalls: CallSource {
  let client: AdminClient

  /// The most that the API gives at once.
  private static let page = 1000

  func entries(
    _ query: JournalQuery, bodies: Bool
  ) async throws(CommandFailure) -> [JournalEntry] {
    var found: [JournalEntry] = []
    var before = query.before
    while found.count < query.limit {
      var words = parameters(query)
      words.append(("limit", String(min(query.limit - found.count, Self.page))))
      words.append(("before", before.map { String($0) }))
      words.append(("bodies", bodies ? "true" : nil))
      let answer = try await client.send("GET", "calls", query: words)
      found += (answer["calls"]?.arrayValue ?? []).compactMap { JournalEntry(json: $0) }
      guard let next = answer["next"]?.integerValue else { break }
      before = next
    }
    return query.isOldestFirst ? found.reversed() : found
  }

  private func parameters(_ query: JournalQuery) -> AdminClient.Query {
    let now = WallTime.now.milliseconds
    func ago(_ moment: Int64?) -> String? { moment.map { "\(max(0, now - $0 / 1000))ms" } }
    return [
      ("system", query.system), ("operation", query.operation), ("origin", query.origin),
      ("text", query.text), ("since", ago(query.from)), ("until", ago(query.to)),
      ("after", query.after.map { String($0) }),
    ]
      + query.conditions.map { ("where", "\($0.path)=\($0.text)") }
      + query.outcomes.map { ("outcome", $0.rawValue) }
  }

  func entry(_ id: Int64) async throws(CommandFailure) -> JournalEntry? {
    JournalEntry(json: try await client.send("GET", "calls", String(id)))
  }

  func lastID() async throws(CommandFailure) -> Int64 {
    try await entries(JournalQuery(limit: 1), bodies: false).first?.id ?? 0
  }

  func systems() async throws(CommandFailure) -> [JournalFile.SystemSummary] {
    let mocks = try await client.send("GET", "mocks")["mocks"]?.arrayValue ?? []
    return mocks.compactMap { mock in
      guard let name = mock["system"]?.stringValue, let calls = mock["calls"] else { return nil }
      return JournalFile.SystemSummary(
        name: name, seen: calls["seen"]?.integerValue ?? 0, superseded: 0,
        dropped: calls["dropped"]?.integerValue ?? 0)
    }
  }
}
