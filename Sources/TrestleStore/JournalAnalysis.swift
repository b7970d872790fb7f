public import TrestleCore

/// What a number of calls have in common: counts, times, errors, patterns, and sentences on them.
public struct JournalAnalysis: Sendable {
  /// How long calls took, in milliseconds.
  public struct Latency: Sendable, Hashable {
    /// How many calls were measured.
    public var count: Int
    /// The shortest.
    public var minimum: Double
    /// The mean.
    public var mean: Double
    /// Half of the calls took no longer.
    public var p50: Double
    /// Nine of ten calls took no longer.
    public var p90: Double
    /// 95 of a hundred calls took no longer.
    public var p95: Double
    /// 99 of a hundred calls took no longer.
    public var p99: Double
    /// The longest.
    public var maximum: Double
  }

  /// A message that calls failed with, and how often.
  public struct Failure: Sendable, Hashable {
    /// The system.
    public var system: String
    /// The operation, where the call was read.
    public var operation: String?
    /// What became of the calls.
    public var outcome: JournalEntry.Outcome
    /// The message, digits as `#`: messages that differ in a number are one.
    public var message: String
    /// How often.
    public var count: Int
    /// The newest such call.
    public var lastID: Int64
  }

  /// How many calls there were.
  public private(set) var total = 0
  /// When the first began and the last, ISO 8601.
  public private(set) var first: String?
  /// When the last one began.
  public private(set) var last: String?
  /// Calls a second between the first and the last.
  public private(set) var rate = 0.0
  /// Calls by system.
  public private(set) var systems: [String: Int] = [:]
  /// Calls by system and operation: `claims GetClaim`.
  public private(set) var operations: [String: Int] = [:]
  /// Calls by what became of them.
  public private(set) var outcomes: [JournalEntry.Outcome: Int] = [:]
  /// Calls by HTTP status.
  public private(set) var statuses: [Int: Int] = [:]
  /// Calls by what made the answer.
  public private(set) var origins: [String: Int] = [:]
  /// Calls by client address, without its port.
  public private(set) var peers: [String: Int] = [:]
  /// How long calls took.
  public private(set) var latency: Latency?
  /// How long the calls of each operation took.
  public private(set) var latencies: [String: Latency] = [:]
  /// What calls failed with, the most frequent first.
  public private(set) var failures: [Failure] = []
  /// Identical calls that were made again and again.
  public private(set) var repeats: [(call: String, count: Int)] = []
  /// What stands out, a sentence each.
  public private(set) var insights: [String] = []

  private var durations: [String: [Double]] = [:]
  private var starts: (Int64, Int64)?
  private var busiest: [Int64: Int] = [:]

  /// Analyses calls in any order.
  public init(_ entries: some Sequence<JournalEntry>) {
    var failures: [String: Failure] = [:]
    var calls: [String: Int] = [:]
    for entry in entries { add(entry, &failures, &calls) }
    self.failures = failures.values.sorted {
      ($1.count, $0.message, $0.lastID) < ($0.count, $1.message, $1.lastID)
    }
    repeats = calls.filter { $0.value > 1 }.sorted { ($1.value, $0.key) < ($0.value, $1.key) }
      .prefix(10).map { ($0.key, $0.value) }
    latency = Latency(durations.values.flatMap(\.self))
    latencies = durations.compactMapValues { Latency($0) }
    if let (earliest, latest) = starts {
      first = WallTime(milliseconds: earliest / 1000).iso8601
      last = WallTime(milliseconds: latest / 1000).iso8601
      if latest > earliest { rate = Double(total) * 1e6 / Double(latest - earliest) }
    }
    insights = sentences()
    durations = [:]
  }

  private mutating func add(
    _ entry: JournalEntry, _ failures: inout [String: Failure], _ calls: inout [String: Int]
  ) {
    total += 1
    starts = (
      min(starts?.0 ?? entry.start, entry.start), max(starts?.1 ?? entry.start, entry.start)
    )
    busiest[entry.start / 1_000_000, default: 0] += 1
    systems[entry.system, default: 0] += 1
    outcomes[entry.outcome, default: 0] += 1
    if let status = entry.status { statuses[status, default: 0] += 1 }
    if let origin = entry.origin { origins[origin, default: 0] += 1 }
    if let peer = entry.peer {
      let host = peer.lastIndex(of: ":").map { String(peer[..<$0]) } ?? peer
      peers[host, default: 0] += 1
    }
    if let operation = entry.operation {
      let name = entry.system + " " + operation
      operations[name, default: 0] += 1
      durations[name, default: []].append(entry.milliseconds)
      if calls.count < 20_000 {
        calls[name + " " + JSONWriter.text(entry.parameters), default: 0] += 1
      }
    }
    guard entry.outcome != .ok else { return }
    let message = String((entry.failureText ?? "").map { $0.isNumber ? "#" : $0 }.prefix(160))
    let key = "\(entry.system) \(entry.operation ?? "") \(entry.outcome.rawValue) \(message)"
    var failure =
      failures[key]
      ?? Failure(
        system: entry.system, operation: entry.operation, outcome: entry.outcome,
        message: message, count: 0, lastID: 0)
    failure.count += 1
    failure.lastID = max(failure.lastID, entry.id)
    failures[key] = failure
  }
}

extension JournalEntry {
  /// What a call failed with; nil for one that did not.
  package var failureText: String? {
    // What was done on purpose is the last of the warnings.
    error ?? (outcome == .misbehaved ? warnings.last : nil) ?? fault?["message"]?.scalarText
  }
}

extension JournalAnalysis.Latency {
  init?(_ milliseconds: [Double]) {
    guard !milliseconds.isEmpty else { return nil }
    let sorted = milliseconds.sorted()
    func percentile(_ part: Double) -> Double {
      // Nearest rank.
      sorted[Swift.max(0, Int((part * Double(sorted.count)).rounded(.up)) - 1)]
    }
    count = sorted.count
    minimum = sorted[0]
    mean = sorted.reduce(0, +) / Double(sorted.count)
    (p50, p90, p95, p99) = (percentile(0.5), percentile(0.9), percentile(0.95), percentile(0.99))
    maximum = sorted[sorted.count - 1]
  }

  var jsonValue: Value {
    func rounded(_ number: Double) -> Value { .double((number * 1000).rounded() / 1000) }
    return [
      "count": .integer(Int64(count)), "min": rounded(minimum), "mean": rounded(mean),
      "p50": rounded(p50), "p90": rounded(p90), "p95": rounded(p95), "p99": rounded(p99),
      "max": rounded(maximum),
    ]
  }
}

// MARK: - Sentences and JSON

extension JournalAnalysis {
  fileprivate func sentences() -> [String] {
    guard total > 0 else { return ["There are no such calls."] }
    var sentences: [String] = []
    func share(_ count: Int) -> String {
      "\(Int((Double(count) * 100 / Double(total)).rounded())) %"
    }
    let good = outcomes[.ok] ?? 0
    if good == total {
      sentences.append(
        total == 1
          ? "The one call was answered with a value."
          : "All \(total) calls were answered with a value.")
    } else {
      sentences.append(
        "\(total - good) of \(total) calls (\(share(total - good))) did not get a value.")
    }
    if let count = outcomes[.unmatched] {
      let example = failures.first { $0.outcome == .unmatched }
      sentences.append(
        "\(count) calls met no stub"
          + (example.map {
            ", most often \($0.system) \($0.operation ?? "?") (see call \($0.lastID))"
          } ?? "")
          + ".")
    }
    if let count = outcomes[.unreadable] {
      sentences.append("\(count) requests could not be read as calls: a client speaks differently.")
    }
    if let count = outcomes[.refused] {
      sentences.append("\(count) calls broke the contract.")
    }
    if let count = outcomes[.misbehaved] {
      sentences.append(
        "\(count) call\(count == 1 ? " was" : "s were") answered wrongly on purpose.")
    }
    if let count = outcomes[.failed] {
      sentences.append(
        "\(count) replies could not be written: the mock's answers break the contract.")
    }
    if let worst = failures.first(where: { $0.outcome == .fault }) {
      sentences.append(
        "The most frequent fault is \"\(worst.message)\" of \(worst.system) \(worst.operation ?? ""): \(worst.count) of \(total) calls."
      )
    }
    if operations.count > 1,
      let top = operations.max(by: { ($0.value, $1.key) < ($1.value, $0.key) })
    {
      sentences.append("\(top.key) is called most: \(top.value) times (\(share(top.value))).")
    }
    if let latency, latencies.count > 1,
      let slowest = latencies.max(by: { ($0.value.p95, $1.key) < ($1.value.p95, $0.key) }),
      slowest.value.p95 > 3 * latency.p50, slowest.value.p95 > 1
    {
      sentences.append(
        "\(slowest.key) is the slowest: 95 % of its calls take up to \(Self.tenths(slowest.value.p95)) ms, half of all calls up to \(Self.tenths(latency.p50)) ms."
      )
    }
    if let latency, latency.p99 > 10 * max(latency.p50, 0.05) {
      sentences.append(
        "A few calls are far slower than the others: the slowest hundredth takes over \(Self.tenths(latency.p99)) ms."
      )
    }
    if let most = repeats.first, most.count >= 10, most.count * 2 >= total {
      sentences.append(
        "The same call is made over and over: \(most.call.prefix(120)), \(most.count) times.")
    }
    if let peak = busiest.values.max(), busiest.count > 1, Double(peak) > 3 * max(1, rate) {
      sentences.append("Calls come in bursts: up to \(peak) in one second.")
    }
    return sentences
  }

  private static func tenths(_ number: Double) -> String { "\((number * 10).rounded() / 10)" }

  /// The analysis as Trestle JSON shows it.
  public var jsonValue: Value {
    func counts<Key>(_ counts: [Key: Int], _ name: (Key) -> String) -> Value {
      let sorted = counts.map { (name($0.key), $0.value) }.sorted { ($1.1, $0.0) < ($0.1, $1.0) }
      return .object(
        Record(uniqueMembers: sorted.map { .init(name: $0.0, value: .integer(Int64($0.1))) }))
    }
    var record: Record = [
      "total": .integer(Int64(total)), "calls_per_second": .double((rate * 10).rounded() / 10),
      "systems": counts(systems) { $0 }, "operations": counts(operations) { $0 },
      "outcomes": counts(outcomes) { $0.rawValue }, "origins": counts(origins) { $0 },
      "peers": counts(peers) { $0 },
    ]
    if let first, let last { record["time_range"] = ["from": .string(first), "to": .string(last)] }
    if !statuses.isEmpty { record["status"] = counts(statuses) { "\($0)" } }
    if let latency { record["milliseconds"] = latency.jsonValue }
    record["milliseconds_by_operation"] = .object(
      Record(
        uniqueMembers: latencies.sorted { $0.key < $1.key }.map {
          .init(name: $0.key, value: $0.value.jsonValue)
        }))
    record["errors"] = .array(
      failures.prefix(20).map { failure in
        var record: Record = [
          "system": .string(failure.system), "outcome": .string(failure.outcome.rawValue),
          "message": .string(failure.message), "count": .integer(Int64(failure.count)),
          "last_id": .integer(failure.lastID),
        ]
        if let operation = failure.operation { record["operation"] = .string(operation) }
        return .object(record)
      })
    record["patterns"] = .array(
      repeats.map { ["call": .string($0.call), "count": .integer(Int64($0.count))] })
    record["insights"] = .array(insights.map { .string($0) })
    return .object(record)
  }
}
