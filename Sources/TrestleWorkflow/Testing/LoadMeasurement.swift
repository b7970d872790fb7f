internal import Histogram
internal import TrestleCore

/// What many runs at once came to: how many failed, and how long they took.
struct LoadMeasurement {
  private var times = Histogram<UInt64>(
    lowestDiscernibleValue: 1, highestTrackableValue: Self.longest,
    numberOfSignificantValueDigits: .three)
  private(set) var ended = 0
  private(set) var failures = 0
  private(set) var firstFailure: String?
  private var took = Duration.zero

  /// An hour, in microseconds: longer than any run that is measured.
  private static let longest: UInt64 = 3_600_000_000

  /// Makes runs, several at once; each is given its number from 1, and gives why it failed, nil where it did not.
  static func measure(
    runs: Int, concurrent: Int, _ body: @escaping @Sendable (Int) async -> String?
  ) async -> LoadMeasurement {
    var measured = LoadMeasurement()
    let whole = Stopwatch()
    await withTaskGroup(of: (UInt64, String?).self) { group in
      var next = 0
      func begin() {
        guard next < runs else { return }
        next += 1
        let number = next
        group.addTask {
          let stopwatch = Stopwatch()
          let failure = await body(number)
          let (seconds, attoseconds) = stopwatch.elapsed.components
          return (UInt64(seconds * 1_000_000 + attoseconds / 1_000_000_000_000), failure)
        }
      }
      for _ in 0..<min(max(concurrent, 1), runs) { begin() }
      while let (time, failure) = await group.next() {
        measured.add(time, failure)
        begin()
      }
    }
    measured.took = whole.elapsed
    return measured
  }

  private mutating func add(_ time: UInt64, _ failure: String?) {
    times.record(min(max(time, 1), Self.longest))
    ended += 1
    guard let failure else { return }
    failures += 1
    if firstFailure == nil { firstFailure = failure }
  }

  var errorRate: Double { ended == 0 ? 0 : Double(failures) / Double(ended) }

  /// Runs a second.
  var throughput: Double {
    let (seconds, attoseconds) = took.components
    return Double(ended) / max(0.000_001, Double(seconds) + Double(attoseconds) / 1e18)
  }

  /// The time that so many of a hundred runs took at most.
  func microseconds(at percentile: Double) -> Int64 {
    Int64(percentile >= 100 ? times.max : times.valueAtPercentile(percentile))
  }

  private func milliseconds(_ percentile: Double) -> Double {
    Double(microseconds(at: percentile)) / 1000
  }

  var text: String {
    func text(_ number: Double) -> String { String((number * 10).rounded() / 10) }
    let percentiles = [("p50", 50.0), ("p95", 95.0), ("p99", 99.0), ("max", 100.0)]
      .map { "\($0.0) \(text(milliseconds($0.1))) ms" }
    return "\(ended) runs, \(failures) failed, \(text(throughput)) a second; "
      + percentiles.joined(separator: ", ")
  }

  /// Times in milliseconds.
  var jsonValue: Value {
    var record: Record = [
      "runs": .integer(Int64(ended)), "failed": .integer(Int64(failures)),
      "error_rate": .double(errorRate), "throughput": .double(throughput),
    ]
    for (name, percentile) in [("p50", 50.0), ("p95", 95), ("p99", 99), ("max", 100)] {
      record[name] = .double(milliseconds(percentile))
    }
    if let firstFailure { record["first_failure"] = .string(firstFailure) }
    return .object(record)
  }
}
