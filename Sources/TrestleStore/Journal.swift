internal import CMalloc
internal import Dispatch
internal import Foundation
internal import GRDB
internal import Synchronization
internal import TrestleCore

/// Writes the calls of a workspace's mocks into one SQLite file, in batches, behind the replies.
///
/// Lanes take exchanges in; one queue writes them. Unless somebody waits for a row, the writer keeps
/// itself to a small part of a processor: under load it writes what the caps will keep, and leaves
/// out what newer calls would push out anyway.
package final class Journal: Sendable {
  /// What the writer works with; touched on its queue alone, where the lock is free.
  private struct Writer {
    var makers: [String: JournalRowMaker] = [:]
    /// The rows of each system, oldest first.
    var kept: [String: KeptRows] = [:]
    /// Until when it rests, and how much of a processor the process has to use before that to end the rest.
    var rest: (until: ContinuousClock.Instant, orAfter: Int64)?
    var lastSeen: Int64 = 0
    var failure: String?
  }

  /// Whether the writer is told already.
  private final class Alarm: Sendable {
    let isSet = Atomic(false)
  }

  private let pool: DatabasePool
  private let queue = DispatchQueue(label: "trestle.journal", qos: .utility)
  private let alarm = Alarm()
  private let lanes = Mutex<[JournalLane]>([])
  private let writer = Mutex(Writer())
  private let now: @Sendable () -> Int64
  private let numbers = CallNumbers()
  /// The file.
  package let path: String

  private static let batchRows = 100
  /// In how many calls of a batch the nearest stubs are looked for: it takes longer than all else of a row.
  private static let batchNearMisses = 20
  private static let batchDelay = DispatchTimeInterval.milliseconds(5)
  /// How many times what the writer used of a processor all else uses before it writes again.
  private static let restFactor: Int64 = 100
  /// The longest it rests; short enough for whoever follows the journal.
  private static let longestRest = Duration.seconds(1)
  /// So few calls since it wrote last are no load.
  private static let fewCalls: Int64 = 16
  private static let restStep = DispatchTimeInterval.milliseconds(50)

  /// Opens the journal, making its file and directory where they are missing.
  package init(
    path: String, isSync: Bool = false, now: @escaping @Sendable () -> Int64 = Journal.wallTime
  ) throws(JournalError) {
    self.path = path
    self.now = now
    do {
      try FileManager.default.createDirectory(
        atPath: (path as NSString).deletingLastPathComponent, withIntermediateDirectories: true)
      var configuration = Configuration()
      configuration.busyMode = .timeout(5)
      configuration.maximumReaderCount = 2
      configuration.prepareDatabase { database in
        try database.execute(
          sql: """
            PRAGMA synchronous = \(isSync ? "FULL" : "NORMAL");
            PRAGMA journal_size_limit = 8388608;
            PRAGMA cache_size = -1024
            """)
      }
      pool = try DatabasePool(path: path, configuration: configuration)
      let kept = try pool.write { database in
        try JournalTable.create(in: database)
        return try KeptRows.load(from: database)
      }
      writer.withLock { $0.kept = kept }
    } catch {
      throw JournalError(
        path: path, reason: "the journal cannot be opened: \(error)",
        hint: "delete the file, or start the mock with --journal off")
    }
  }

  /// Microseconds since 1970, by the system's clock.
  package static let wallTime: @Sendable () -> Int64 = { SystemTime.wall / 1000 }

  /// A lane for one system's calls.
  package func lane(
    for system: String, settings: JournalSettings = JournalSettings(),
    mask: SecretMask = SecretMask(), isFramed: Bool = false, fields: FieldFinder? = nil,
    insight: CallInsight = CallInsight()
  ) -> JournalLane {
    let lane = JournalLane(
      system: system, settings: settings, mask: mask, isFramed: isFramed, fields: fields,
      insight: insight, numbers: numbers, now: now
    ) { [weak self, alarm] isAwaited in
      // Every call comes by here, and as a rule another was first: a look costs less than a change. What the
      // lane's lock ordered before this look is seen by the writer, or the alarm is seen off.
      if !alarm.isSet.load(ordering: .relaxed) { self?.wake(at: isAwaited) }
    }
    lanes.withLock { $0.append(lane) }
    return lane
  }

  /// What became of the calls of each system since the journal was opened.
  package var counts: [String: JournalLane.Counts] {
    Dictionary(lanes.withLock { $0 }.map { ($0.system, $0.counts) }, uniquingKeysWith: { $1 })
  }

  /// What last went wrong when rows were written; nil while nothing does.
  package var failure: String? { writer.withLock(\.failure) }

  /// Waits until everything taken in so far is written.
  package func flush() async {
    await withCheckedContinuation { continuation in
      queue.async {
        while self.writeBatch() {}
        continuation.resume()
      }
    }
  }

  /// Writes what is left and takes nothing in any more.
  package func close() async {
    for lane in lanes.withLock({ $0 }) { lane.close() }
    await flush()
    try? pool.close()
  }

  // MARK: Scheduling

  private func wake(at isAwaited: Bool) {
    guard !alarm.isSet.exchange(true, ordering: .acquiringAndReleasing) else { return }
    if isAwaited {
      queue.async { self.work() }
    } else {
      queue.asyncAfter(deadline: .now() + Self.batchDelay) { self.work() }
    }
  }

  private func work() {
    let all = lanes.withLock { $0 }
    let isPressed = all.contains(where: \.isPressed)
    let isResting = writer.withLock { writer in
      guard !isPressed, let rest = writer.rest else { return false }
      return ContinuousClock.now < rest.until && SystemTime.ofProcess < rest.orAfter
    }
    if isResting {
      queue.asyncAfter(deadline: .now() + Self.restStep) { self.work() }
      return
    }
    // First: what is taken in from now on wakes the writer again.
    alarm.isSet.store(false, ordering: .releasing)
    let began = SystemTime.ofThread
    let hasMore = writeBatch()
    let used = SystemTime.ofThread - began
    let isQuiet = writer.withLock { writer in
      let seen = all.reduce(0) { $0 + $1.counts.seen }
      let fresh = seen - writer.lastSeen
      writer.lastSeen = seen
      // A few calls are written as they come: whoever made them may want to see them.
      writer.rest =
        fresh < Self.fewCalls
        ? nil
        : (
          ContinuousClock.now.advanced(by: Self.longestRest),
          SystemTime.ofProcess + used * Self.restFactor
        )
      return fresh == 0
    }
    if hasMore {
      wake(at: isPressed)
    } else if isQuiet {
      giveBackMemory()
    }
  }

  /// What held thousands of exchanges lies about in pieces afterwards: the system gets it back, so that a mock
  /// that had much to do is no larger for it.
  private func giveBackMemory() {
    for lane in lanes.withLock({ $0 }) { lane.shrink() }
    // What is left undone here is only larger.
    try? pool.writeWithoutTransaction { try $0.execute(sql: "PRAGMA shrink_memory") }
    trestle_give_back_memory()
  }

  // MARK: Writing

  /// Writes what waits, up to a batch of each lane; whether there is more.
  private func writeBatch() -> Bool {
    let all = lanes.withLock { $0 }
    // Of a system that has more than a batch, the rest must not come behind newer calls of others: nothing is taken
    // that is newer than where the fullest lane's batch ends.
    let bound = all.compactMap { $0.number(at: Self.batchRows - 1) }.min() ?? numbers.current
    let batches = all.map { ($0, $0.take(Self.batchRows, upTo: bound)) }
    guard batches.contains(where: { !$0.1.isEmpty }) else { return false }
    var isKept = true
    do {
      try writer.withLock { writer in
        let kept = writer.kept
        do {
          try pool.writeWithoutTransaction { database in
            try database.inTransaction {
              try write(batches.filter { !$0.1.isEmpty }, to: database, &writer)
              return .commit
            }
          }
          writer.failure = nil
        } catch {
          // What was undone in the file is undone here.
          writer.kept = kept
          writer.failure = "\(error)"
          throw error
        }
      }
    } catch {
      isKept = false
      for (lane, batch) in batches { lane.noteDropped(batch.count) }
    }
    for (_, batch) in batches {
      for pending in batch { pending.commit?.finish(isKept) }
    }
    return all.contains { !$0.isEmpty }
  }

  /// Writes batches in the order in which their calls came, whichever systems they are of: rows are told and
  /// checked in the order of their numbers.
  private func write(
    _ batches: [(lane: JournalLane, batch: [PendingExchange])], to database: Database,
    _ writer: inout Writer
  ) throws {
    var makers = batches.map {
      writer.makers.removeValue(forKey: $0.lane.system) ?? JournalRowMaker($0.lane)
    }
    var kept = batches.map { writer.kept.removeValue(forKey: $0.lane.system) ?? KeptRows() }
    defer {
      for (place, batch) in batches.enumerated() {
        writer.makers[batch.lane.system] = makers[place]
        writer.kept[batch.lane.system] = kept[place]
      }
    }
    for place in makers.indices { makers[place].nearMissesLeft = Self.batchNearMisses }
    let statement = try database.cachedStatement(sql: JournalTable.insertion)
    for (place, pending) in Self.inOrder(batches.map(\.batch)) {
      let row = makers[place].row(pending)
      try statement.execute(arguments: row.arguments)
      kept[place].append(database.lastInsertedRowID, weight: row.weight, start: pending.start)
    }
    for (place, batch) in batches.enumerated() {
      let lane = batch.lane
      try kept[place].trim(to: lane.settings, now: now(), system: lane.system, in: database)
      let counts = lane.counts
      try database.cachedStatement(
        sql: "INSERT OR REPLACE INTO systems(name, seen, superseded, dropped) VALUES (?, ?, ?, ?)"
      ).execute(arguments: [lane.system, counts.seen, counts.superseded, counts.dropped])
    }
  }

  private static func inOrder(
    _ batches: [[PendingExchange]]
  ) -> [(place: Int, pending: PendingExchange)] {
    let all = batches.enumerated().flatMap { place, batch in batch.map { (place, $0) } }
    guard batches.count > 1 else { return all }
    return all.sorted { $0.1.number < $1.1.number }
  }
}
