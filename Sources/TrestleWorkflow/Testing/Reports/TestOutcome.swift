internal import TrestleCore
public import TrestleStore

/// What one test of a workflow came to.
public struct TestOutcome: Sendable {
  /// What became of it.
  public enum Status: String, Sendable, Hashable, CaseIterable {
    case passed
    case failed
    case skipped
  }

  /// The test's name, unique in its file.
  public var name: String
  /// The file that the test is in, as it was named.
  public var file: String
  /// The line that the test begins at, from 1.
  public var line: Int?
  /// The workflow that is tested.
  public var suite: String
  /// What became of it.
  public var status: Status
  /// What did not come out as it should; of a test that was skipped, why.
  public var failures: [TestFailure]
  /// How long it took.
  public var duration: Duration
  /// How long it took by its own clock; nil where that was the system's.
  public var virtualDuration: Duration?
  /// What its run did.
  public var steps: [RunStep]
  /// The states that its run went through, the first first.
  public var states: [String]
  /// What the mocks were called with.
  public var calls: [JournalEntry]
  /// What it wrote.
  public var output: String?
  /// Whether somebody stopped it before it had ended.
  public var wasInterrupted = false
  /// What it measured, in a line; nil where it measured nothing.
  public var measurement: String?

  /// Says what a test came to.
  public init(
    name: String, file: String, line: Int? = nil, suite: String, status: Status = .passed,
    failures: [TestFailure] = [], duration: Duration = .zero, virtualDuration: Duration? = nil,
    steps: [RunStep] = [], states: [String] = [], calls: [JournalEntry] = [], output: String? = nil
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

/// Something in a test that did not come out as it should.
public struct TestFailure: Sendable, Hashable {
  /// What is wrong, as a clause.
  public var message: String
  /// The line of the test's file that expects it, from 1.
  public var line: Int?
  /// The column in that line, from 1.
  public var column: Int?
  /// What was to come out: text, or JSON.
  public var expected: String?
  /// What came out.
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

  var jsonValue: Value {
    var record: Record = ["message": .string(message)]
    if let line { record["line"] = .integer(Int64(line)) }
    if let column { record["column"] = .integer(Int64(column)) }
    if let expected { record["expected"] = .string(expected) }
    if let found { record["found"] = .string(found) }
    return .object(record)
  }

  /// `FILE:LINE:COLUMN`, as far as it is known.
  func place(in outcome: TestOutcome) -> String {
    guard let line = line ?? outcome.line else { return outcome.file }
    guard self.line != nil, let column else { return "\(outcome.file):\(line)" }
    return "\(outcome.file):\(line):\(column)"
  }
}
