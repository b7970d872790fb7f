internal import Synchronization
internal import TrestleCore
internal import TrestleStore

/// Runs tests of workflows and of programs, several at a time, each with mocks of its own.
public struct TestRunner: Sendable {
  /// Which tests are run, and how.
  public struct Options: Sendable {
    /// Only tests whose name or file has this text; all where left out.
    public var filter: String?
    /// How many tests run at a time.
    public var parallelism: Int
    /// Whether expectations that fail are replaced by what was observed, in the files.
    public var updates: Bool
    /// The protocols that systems may speak.
    public var registry: ProtocolRegistry
    /// Told of each test as it ends.
    public var observe: (@Sendable (TestOutcome) -> Void)?
    /// Told, by the file, how many expectations were written anew.
    public var onUpdate: (@Sendable (String, Int) -> Void)?

    /// Options that run everything.
    public init(
      filter: String? = nil, parallelism: Int = 4, updates: Bool = false,
      registry: ProtocolRegistry = .standard, observe: (@Sendable (TestOutcome) -> Void)? = nil
    ) {
      self.filter = filter
      self.parallelism = parallelism
      self.updates = updates
      self.registry = registry
      self.observe = observe
    }
  }

  private let definitions: [TestDefinition]
  private let options: Options

  /// Runs the tests of files.
  public init(_ definitions: [TestDefinition], options: Options = Options()) {
    self.definitions = definitions
    self.options = options
  }

  private enum Job: Sendable {
    case test(TestCase)
    case load(LoadDefinition)
  }

  /// Runs the tests, loads behind all others, and gives what they came to, in the order of the files.
  public func run() async -> [TestOutcome] {
    var jobs: [(definition: TestDefinition, job: Job)] = []
    for definition in definitions {
      for test in definition.cases where isWanted(test.name, definition) {
        jobs.append((definition, .test(test)))
      }
    }
    let count = jobs.count
    for definition in definitions {
      for load in definition.loads where isWanted(load.name, definition) {
        jobs.append((definition, .load(load)))
      }
    }
    var outcomes = [TestOutcome?](repeating: nil, count: jobs.count)
    var updates: [Int: [TestFileUpdate.Change]] = [:]
    await withTaskGroup(of: (Int, TestOutcome, [TestFileUpdate.Change]).self) { group in
      var next = 0
      func begin() {
        guard next < count, !Task.isCancelled else { return }
        let (index, job) = (next, jobs[next])
        next += 1
        group.addTask { [self] in
          let (outcome, changes) = await run(job.job, of: job.definition)
          return (index, outcome, changes)
        }
      }
      for _ in 0..<max(1, options.parallelism) { begin() }
      while let (index, outcome, changes) = await group.next() {
        outcomes[index] = outcome
        updates[index] = changes
        options.observe?(outcome)
        begin()
      }
    }
    // What is measured is measured alone.
    for index in jobs.indices.dropFirst(count) where !Task.isCancelled {
      let (outcome, _) = await run(jobs[index].job, of: jobs[index].definition)
      outcomes[index] = outcome
      options.observe?(outcome)
    }
    if options.updates { write(updates, jobs.map(\.definition)) }
    return outcomes.compactMap { $0 }
  }

  private func isWanted(_ name: String, _ definition: TestDefinition) -> Bool {
    guard let filter = options.filter else { return true }
    return name.contains(filter) || definition.name.contains(filter)
  }

  private func write(
    _ updates: [Int: [TestFileUpdate.Change]], _ definitions: [TestDefinition]
  ) {
    var files: [String: (DataFile, [TestFileUpdate.Change])] = [:]
    for (index, changes) in updates.sorted(by: { $0.key < $1.key }) where !changes.isEmpty {
      let file = definitions[index].file
      files[file.path, default: (file, [])].1 += changes
    }
    for (file, changes) in files.values where TestFileUpdate(file: file).write(changes) {
      options.onUpdate?(file.shown, Set(changes.map(\.path)).count)
    }
  }

  // MARK: One test

  private func run(
    _ job: Job, of definition: TestDefinition
  ) async -> (TestOutcome, [TestFileUpdate.Change]) {
    switch job {
    case .load(let load):
      return (await LoadTest(definition, load, registry: options.registry).run(), [])
    case .test(let test):
      var outcome = TestOutcome(
        name: test.name, file: definition.name,
        line: definition.file.places.place(of: test.path)?.line,
        suite: definition.subject.title, status: .passed)
      if let reason = test.skip {
        outcome.status = .skipped
        outcome.failures = [TestFailure(message: reason)]
        return (outcome, [])
      }
      let stopwatch = Stopwatch()
      let checker: ExpectationChecker
      do throws(WorkflowError) {
        switch definition.subject {
        case .workflow(let workflow):
          checker = try await WorkflowTest(workflow, test, registry: options.registry)
            .run(&outcome)
        case .command(let words, let mocks):
          checker = try await CommandTest(words, mocks, test, registry: options.registry)
            .run(&outcome, in: definition.file.directory)
        }
      } catch {
        outcome.duration = stopwatch.elapsed
        outcome.status = error.kind == .cancelled ? .skipped : .failed
        outcome.wasInterrupted = error.kind == .cancelled
        let place = definition.file.places.place(of: test.path)
        outcome.failures = [
          TestFailure(message: error.description, line: place?.line, column: place?.column)
        ]
        return (outcome, [])
      }
      outcome.duration = stopwatch.elapsed
      outcome.failures = checker.findings.map { finding in
        let place = definition.file.places.place(of: finding.path)
        return TestFailure(
          message: finding.message, line: place?.line, column: place?.column,
          expected: finding.expected, found: finding.found)
      }
      outcome.failures += checker.problems.map { problem in
        let place = definition.file.places.place(of: problem.path)
        return TestFailure(message: problem.message, line: place?.line, column: place?.column)
      }
      outcome.status = outcome.failures.isEmpty ? .passed : .failed
      let changes = checker.findings.compactMap { finding in
        finding.observed.map { TestFileUpdate.Change(path: finding.path, value: $0) }
      }
      return (outcome, changes)
    }
  }
}

/// What a body gives within a time limit; nil where it does not. It is cancelled then, and waited for.
func within<Result: Sendable>(
  _ limit: Duration, _ body: @escaping @Sendable () async -> Result
) async -> Result? {
  await withTaskGroup(of: Result?.self) { group in
    group.addTask { await body() }
    group.addTask {
      try? await Task.sleep(for: limit)
      return nil
    }
    let first = await group.next() ?? nil
    group.cancelAll()
    return first
  }
}
