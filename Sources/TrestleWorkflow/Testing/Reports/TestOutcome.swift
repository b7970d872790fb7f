public import TrestleStore

/// What a test came to.
public struct TestOutcome: Sendable {
  /// What became of it.
  public enum Status: String, Sendable, Hashable, CaseIterable {
    case passed
    case failed
    case skipped
  }

  /// Its name; with those of its matrix values, where it has some.
  public var name: String
  /// The test file, as it was named.
  public var file: String
  /// Where it stands there, from 1.
  public var line: Int?
  /// The workflow, or the command, that it tests.
  public var suite: String
  /// What became of it.
  public var status: Status
  /// What was not as expected; for one that was skipped, why.
  public var failures: [TestFailure]
  /// How long it took.
  public var duration: Duration
  /// How long it took by its own clock; nil where it has none.
  public var virtualDuration: Duration?
  /// What its run did.
  public var steps: [RunStep]
  /// The states that its run went through.
  public var states: [String]
  /// The calls of its mocks.
  public var calls: [JournalEntry]
  /// What its command wrote, or what it measured.
  public var output: String?

  /// Says what a test came to.
  public init(
    name: String, file: String, line: Int? = nil, suite: String, status: Status,
    failures: [TestFailure] = [], duration: Duration = .zero, virtualDuration: Duration? = nil,
    steps: [RunStep] = [], states: [String] = [], calls: [JournalEntry] = [],
    output: String? = nil
  ) {
    self.name = name
    self.file = file
    self.line = line
    self.suite = suite
    self.status = status
    self.failures = failures
    self.duration = duration
    self.virtualDuration = virtualDuration
    self.steps = steps
    self.states = states
    self.calls = calls
    self.output = output
  }
}

/// One thing that was not as a test expects.
public struct TestFailure: Sendable, Hashable {
  /// What is wrong, as a clause.
  public var message: String
  /// Where the expectation stands in the test file, from 1.
  public var line: Int?
  /// Its column, from 1.
  public var column: Int?
  /// What was expected.
  public var expected: String?
  /// What was found.
  public var found: String?

  /// Says what is wrong.
  public init(
    message: String, line: Int? = nil, column: Int? = nil, expected: String? = nil,
    found: String? = nil
  ) {
    self.message = message
    self.line = line
    self.column = column
    self.expected = expected
    self.found = found
  }
}
