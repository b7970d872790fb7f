internal import Histogram
internal import Synchronization
internal import TrestleCore

/// Makes many runs of a workflow at once, over mocks that they share, and holds their times against thresholds.
struct LoadTest {
  private let definition: TestDefinition
  private let load: LoadDefinition
  private let registry: ProtocolRegistry

  init(_ definition: TestDefinition, _ load: LoadDefinition, registry: ProtocolRegistry) {
    self.definition = definition
    self.load = load
    self.registry = registry
  }

  /// What was measured.
  private struct Measured {
    var times = Histogram<UInt64>(
      lowestDiscernibleValue: 1, highestTrackableValue: 3_600_000_000,
      numberOfSignificantValueDigits: .three)
    var failures = 0
    var firstFailure: String?
    var ended = 0
  }

  func run() async -> TestOutcome {
    var outcome = TestOutcome(
      name: load.name, file: definition.name,
      line: definition.file.places.place(of: load.path)?.line, suite: definition.subject.title,
      status: .passed)
    guard case .workflow(let workflow) = definition.subject else {
      outcome.status = .failed
      outcome.failures = [TestFailure(message: "load is for workflows, not for commands")]
      return outcome
    }
    let stopwatch = Stopwatch()
    do throws(WorkflowError) {
      let measured = try await measure(workflow)
      let took = stopwatch.elapsed
      outcome.output = Self.text(measured, took)
      outcome.failures = check(measured, took)
    } catch {
      outcome.failures = [TestFailure(message: error.description, line: outcome.line)]
    }
    outcome.duration = stopwatch.elapsed
    outcome.status = outcome.failures.isEmpty ? .passed : .failed
    return outcome
  }

  private func measure(_ workflow: WorkflowDefinition) async throws(WorkflowError) -> Measured {
    var options = WorkflowOptions(usesFreePorts: true, registry: registry)
    options.keepsCalls = 1000
    let load = load
    options.prepare = { stage throws(WorkflowError) in
      try await stage.set(responses: load.responses, faults: load.faults)
    }
    let shared = try await SharedMocks.open(workflow, options)
    var measured = Measured()
    await withTaskGroup(of: (UInt64, String?).self) { group in
      var next = 0
      func begin() {
        guard next < load.runs else { return }
        next += 1
        var own = WorkflowOptions(inputs: inputs(of: next), seed: UInt64(next), registry: registry)
        own.shared = shared
        let run = WorkflowRun(workflow, options: own)
        group.addTask {
          let stopwatch = Stopwatch()
          let failure: String?
          do throws(WorkflowError) {
            let result = try await run.run()
            failure = result.isSuccess ? nil : result.error ?? result.status.rawValue
          } catch {
            failure = error.message
          }
          let (seconds, attoseconds) = stopwatch.elapsed.components
          return (UInt64(seconds * 1_000_000 + attoseconds / 1_000_000_000_000), failure)
        }
      }
      for _ in 0..<min(load.concurrent, load.runs) { begin() }
      while let (time, failure) = await group.next() {
        measured.times.record(min(max(time, 1), 3_600_000_000))
        measured.ended += 1
        if let failure {
          measured.failures += 1
          if measured.firstFailure == nil { measured.firstFailure = failure }
        }
        begin()
      }
    }
    await shared.close()
    return measured
  }

  private func inputs(of number: Int) -> Record {
    let environment = RunEnvironment(context: ["number": .integer(Int64(number))])
    var unknown: [String] = []
    let template = ContextTemplate(.object(load.inputs))
    let value = try? template.render(in: environment, typed: true, unknown: &unknown)
    return value?.objectValue ?? load.inputs
  }

  // MARK: What it came to

  private static func milliseconds(_ measured: Measured, _ percentile: Double) -> Double {
    Double(measured.times.valueAtPercentile(percentile)) / 1000
  }

  private static func rate(_ measured: Measured, _ took: Duration) -> Double {
    let (seconds, attoseconds) = took.components
    return Double(measured.ended) / max(0.000_001, Double(seconds) + Double(attoseconds) / 1e18)
  }

  private static func text(_ measured: Measured, _ took: Duration) -> String {
    func text(_ number: Double) -> String { String((number * 10).rounded() / 10) }
    return
      "\(measured.ended) runs, \(measured.failures) failed, \(text(rate(measured, took))) a second; "
      + "p50 \(text(milliseconds(measured, 50))) ms, p95 \(text(milliseconds(measured, 95))) ms, "
      + "p99 \(text(milliseconds(measured, 99))) ms, max \(text(Double(measured.times.max) / 1000)) ms"
  }

  private func check(_ measured: Measured, _ took: Duration) -> [TestFailure] {
    var failures: [TestFailure] = []
    func fail(_ key: String, _ message: String, expected: String, found: String) {
      let path = load.path.member("expect").member(key)
      let place = definition.file.places.place(of: path)
      failures.append(
        TestFailure(
          message: message, line: place?.line, column: place?.column, expected: expected,
          found: found))
    }
    if measured.ended != load.runs {
      fail("runs", "runs were lost", expected: "\(load.runs)", found: "\(measured.ended)")
    }
    let errors = Double(measured.failures) / Double(max(1, measured.ended))
    let allowed = load.expectations["error_rate"]?.scalarText.flatMap { Double($0) } ?? 0
    if errors > allowed {
      fail(
        "error_rate", "\(measured.failures) runs failed: \(measured.firstFailure ?? "")",
        expected: "at most \(allowed)", found: "\(errors)")
    }
    for (key, percentile) in [("p50", 50.0), ("p95", 95.0), ("p99", 99.0), ("max", 100.0)] {
      guard let text = load.expectations[key]?.scalarText, let limit = Duration(written: text)
      else { continue }
      let found = Duration.microseconds(
        Int64(key == "max" ? measured.times.max : measured.times.valueAtPercentile(percentile)))
      if found > limit {
        fail(key, "\(key) is too long", expected: "at most \(limit.written)", found: found.written)
      }
    }
    if let least = load.expectations["throughput"]?.scalarText.flatMap({ Double($0) }) {
      let found = Self.rate(measured, took)
      if found < least {
        fail(
          "throughput", "there were too few runs a second", expected: "at least \(least)",
          found: "\((found * 10).rounded() / 10)")
      }
    }
    return failures
  }
}
