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
      outcome.measurement = measured.text
      outcome.failures = check(measured)
    } catch {
      outcome.failures = [TestFailure(message: error.description, line: outcome.line)]
    }
    outcome.duration = stopwatch.elapsed
    outcome.status = outcome.failures.isEmpty ? .passed : .failed
    return outcome
  }

  private func measure(_ workflow: WorkflowDefinition) async throws(WorkflowError)
    -> LoadMeasurement
  {
    var options = WorkflowOptions(usesFreePorts: true, registry: registry)
    options.keepsCalls = 1000
    let load = load
    options.prepare = { stage throws(WorkflowError) in
      try await stage.set(responses: load.responses, faults: load.faults)
    }
    let shared = try await SharedMocks.open(workflow, options)
    let measured = await LoadMeasurement.measure(
      runs: load.runs, concurrent: load.concurrent
    ) { number in
      var own = WorkflowOptions(
        inputs: inputs(of: number), seed: UInt64(number), registry: registry)
      own.shared = shared
      do throws(WorkflowError) {
        let result = try await WorkflowRun(workflow, options: own).run()
        return result.isSuccess ? nil : result.error ?? result.status.rawValue
      } catch {
        return error.message
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

  private func check(_ measured: LoadMeasurement) -> [TestFailure] {
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
    let errors = measured.errorRate
    let allowed = load.expectations["error_rate"]?.scalarText.flatMap { Double($0) } ?? 0
    if errors > allowed {
      fail(
        "error_rate", "\(measured.failures) runs failed: \(measured.firstFailure ?? "")",
        expected: "at most \(allowed)", found: "\(errors)")
    }
    for (key, percentile) in [("p50", 50.0), ("p95", 95.0), ("p99", 99.0), ("max", 100.0)] {
      guard let text = load.expectations[key]?.scalarText, let limit = Duration(written: text)
      else { continue }
      let found = Duration.microseconds(measured.microseconds(at: percentile))
      if found > limit {
        fail(key, "\(key) is too long", expected: "at most \(limit.written)", found: found.written)
      }
    }
    if let least = load.expectations["throughput"]?.scalarText.flatMap({ Double($0) }) {
      let found = measured.throughput
      if found < least {
        fail(
          "throughput", "there were too few runs a second", expected: "at least \(least)",
          found: "\((found * 10).rounded() / 10)")
      }
    }
    return failures
  }
}
