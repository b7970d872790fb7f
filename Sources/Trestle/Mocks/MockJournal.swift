internal import TrestleCore
public import TrestleStore

/// Whether and how running mocks keep their calls.
public enum JournalChoice: Sendable, Hashable {
  /// Nothing is kept.
  case none
  /// As each adapter file says.
  case asFilesSay
  /// The same way for all systems, whatever their files say.
  case all(JournalSettings.Durability)
}

/// The journal of running mocks, where they keep one.
struct MockJournal: Sendable {
  private let choice: JournalChoice
  let journal: Journal?
  /// Why nothing is kept though something should be.
  let problem: JournalError?

  /// Where a workspace's journal is.
  static func path(in directory: String) -> String {
    FilePaths.absolute(".trestle/journal.sqlite", base: directory)
  }

  /// Opens the journal where a system keeps its calls. One that cannot be opened is an error only to
  /// systems whose replies wait for it.
  init(
    _ choice: JournalChoice, of systems: [LegacySystem], in directory: String?
  ) throws(MockError) {
    self.choice = choice
    let durabilities = systems.map { Self.settings(of: $0, choice).durability }
    guard let directory, durabilities.contains(where: { $0 != .off }) else {
      journal = nil
      problem = nil
      return
    }
    let isSync = durabilities.contains(.sync)
    do throws(JournalError) {
      journal = try Journal(path: Self.path(in: directory), isSync: isSync)
      problem = nil
    } catch {
      guard !isSync else {
        throw MockError(
          system: "", reason: error.description, hint: error.hint, isConfiguration: true)
      }
      journal = nil
      problem = error
    }
  }

  private static func settings(
    of system: LegacySystem, _ choice: JournalChoice
  ) -> JournalSettings {
    var settings = system.definition.mock.journal
    switch choice {
    case .none: settings.durability = .off
    case .asFilesSay: break
    case .all(let durability): settings.durability = durability
    }
    return settings
  }

  /// What keeps a system's calls; nil where nothing does.
  func lane(
    for system: LegacySystem, over wire: Wire, insight: CallInsight
  ) -> (any ExchangeRecorder)? {
    let settings = Self.settings(of: system, choice)
    guard let journal, settings.durability != .off else { return nil }
    var isFramed = false
    if case .framed = wire { isFramed = true }
    let codec = try? system.codec() as? any FieldListingCodec
    let paths = system.definition.mock.secrets + (codec?.secretFields ?? [])
    return journal.lane(
      for: system.name, settings: settings, mask: SecretMask(paths: paths), isFramed: isFramed,
      fields: paths.isEmpty ? nil : codec?.fieldFinder, insight: insight)
  }

  func close() async { await journal?.close() }
}

extension FieldListingCodec {
  /// The fields of messages, for the journal's mask.
  fileprivate var fieldFinder: FieldFinder {
    { message, operation, isReply in
      let kind: ListedMessage =
        if isReply, let operation { .reply(operation: operation) } else { .request(operation: nil) }
      return (try? list(message, as: kind).fields) ?? []
    }
  }
}

extension RunningMocks {
  /// Why no calls are kept though the files ask for it; nil where all is well.
  public var journalProblem: String? { journal.problem.map { $0.description } }

  /// What became of the calls of each system on their way into the journal: how many there were, and
  /// how many of them are not in it because the writer fell behind.
  public var journalCounts: [String: (seen: Int64, dropped: Int64)] {
    (journal.journal?.counts ?? [:]).mapValues { ($0.seen, $0.dropped) }
  }

  /// What last went wrong when calls were written to the journal; nil while nothing does.
  public var journalFailure: String? { journal.journal?.failure }

  /// Waits until every call so far is in the journal's file.
  public func flushJournal() async { await journal.journal?.flush() }
}

extension Workspace {
  /// The file that keeps the calls of the workspace's mocks.
  public var journalPath: String { MockJournal.path(in: directory) }
}
