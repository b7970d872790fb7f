public import TrestleCore

/// What a run of tests came to, to be written for people and for other tools.
///
///     let report = TestReport(outcomes: outcomes)
///     print(TestText().text(report))
///     let page = report.html, results = report.junit
public struct TestReport: Sendable {
  /// What the run is called at the top of pages.
  public var name: String
  /// When it began, in microseconds since 1970; nil leaves it out.
  public var began: Int64?
  /// The tests, in the order in which they are told.
  public var outcomes: [TestOutcome]
  /// The text of each test file by its name, so that failing lines can be shown.
  public var texts: [String: String]

  /// A report of tests.
  public init(
    name: String = "trestle test", began: Int64? = nil, outcomes: [TestOutcome],
    texts: [String: String] = [:]
  ) {
    self.name = name
    self.began = began
    self.outcomes = outcomes
    self.texts = texts
  }

  /// How many tests came to that.
  public func count(_ status: TestOutcome.Status) -> Int {
    outcomes.count { $0.status == status }
  }

  /// `N passed, N failed, N skipped`.
  public var totals: String {
    TestOutcome.Status.allCases.map { "\(count($0)) \($0.rawValue)" }.joined(separator: ", ")
  }

  /// How long the tests took, added up.
  public var duration: Duration { outcomes.reduce(.zero) { $0 + $1.duration } }

  /// For CI systems: `testsuites`, a `testsuite` for each workflow and file, a `testcase` for each test.
  public var junit: String { JUnitText.document(self) }

  /// One page that stands alone: no scripts, and nothing from elsewhere.
  public var html: String { TestPage(self).text }

  /// For programs.
  public var jsonValue: Value {
    let tests = outcomes.map { outcome -> Value in
      var record: Record = [
        "name": .string(outcome.name), "file": .string(outcome.file),
        "suite": .string(outcome.suite), "status": .string(outcome.status.rawValue),
        "seconds": .double(outcome.duration / .seconds(1)),
      ]
      if let line = outcome.line { record["line"] = .integer(Int64(line)) }
      if let output = outcome.output { record["output"] = .string(output) }
      if let measured = outcome.measurement { record["measurement"] = .string(measured) }
      if !outcome.failures.isEmpty {
        record["failures"] = .array(outcome.failures.map(\.jsonValue))
      }
      return .object(record)
    }
    return [
      "passed": .integer(Int64(count(.passed))), "failed": .integer(Int64(count(.failed))),
      "skipped": .integer(Int64(count(.skipped))), "tests": .array(tests),
    ]
  }

  struct Suite {
    var name: String
    var file: String
    var outcomes: [TestOutcome]
  }

  /// The tests by workflow and file, in the order in which those come first.
  var suites: [Suite] {
    var suites: [Suite] = []
    var numbers: [[String]: Int] = [:]
    for outcome in outcomes {
      if let number = numbers[[outcome.suite, outcome.file]] {
        suites[number].outcomes.append(outcome)
      } else {
        numbers[[outcome.suite, outcome.file]] = suites.count
        suites.append(Suite(name: outcome.suite, file: outcome.file, outcomes: [outcome]))
      }
    }
    return suites
  }

  /// When it began, ISO 8601 in UTC to the second.
  var time: String? {
    began.map { String(WallTime(milliseconds: $0 / 1000).iso8601.prefix(19)) }
  }
}
