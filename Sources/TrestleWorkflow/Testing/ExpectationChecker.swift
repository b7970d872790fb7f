internal import TrestleCore
internal import TrestleMock
internal import TrestleStore

/// Holds what a test observed against what it expects.
struct ExpectationChecker {
  /// One thing that is not as expected.
  struct Finding: Sendable {
    var message: String
    /// Where the expectation stands in the test file.
    var path: ValuePath
    var expected: String?
    var found: String?
    /// What stands there if the expectation is to be what was observed; nil where that cannot be said.
    var observed: Value?
  }

  private(set) var findings: [Finding] = []
  private(set) var problems: [ValueProblem] = []
  private let expectations: Record
  private let path: ValuePath

  init(_ test: TestCase) {
    expectations = test.expectations
    path = test.path.member("expect")
  }

  // MARK: Runs

  mutating func check(_ result: WorkflowResult, _ calls: [ObservedCall]) {
    checkStatus(of: result)
    check("result", result.output)
    check("context", .object(result.context))
    check("counters", .object(result.counters))
    checkList("states", result.states)
    checkSteps(result.steps)
    checkEvents(result.steps)
    checkTime(result.duration)
    checkWarnings(result.warnings)
    check(calls)
  }

  private mutating func checkStatus(of result: WorkflowResult) {
    let wanted = expectations["status"]?.stringValue ?? "completed"
    if result.status.rawValue != wanted {
      add(
        "the run \(result.status.rawValue)" + (result.error.map { ": \($0)" } ?? ""), "status",
        expected: wanted, found: result.status.rawValue, observed: .string(result.status.rawValue))
    }
    checkText("error", result.error ?? "")
  }

  private mutating func checkSteps(_ steps: [RunStep]) {
    for member in expectations["steps"]?.objectValue ?? [:] {
      let place = path.member("steps").member(member.name)
      guard let step = steps.last(where: { $0.name == member.name && $0.kind != "event" }) else {
        let names = steps.map(\.name)
        findings.append(
          Finding(
            message: "the run has no step \(member.name)"
              + Suggestion.clause(for: member.name, among: names), path: place))
        continue
      }
      var facts = step.reply.objectValue ?? [:]
      facts["status"] = .string(step.status.rawValue)
      facts["call"] = step.call
      facts["milliseconds"] = .double(Double(step.duration) / 1000)
      compare(.object(facts), with: member.value, at: place)
    }
  }

  private mutating func checkEvents(_ steps: [RunStep]) {
    let types = steps.filter { $0.kind == "event" }.map(\.name)
    if expectations["events"]?.arrayValue != nil { return checkList("events", types) }
    for member in expectations["events"]?.objectValue ?? [:] {
      let count = Int64(types.count { $0 == member.name })
      guard count != member.value.integerValue else { continue }
      findings.append(
        Finding(
          message: "\(member.name) came \(count) times",
          path: path.member("events").member(member.name),
          expected: member.value.scalarText, found: String(count), observed: .integer(count)))
    }
  }

  private mutating func checkTime(_ microseconds: Int64) {
    let place = path.member("time")
    let taken = Duration.microseconds(microseconds)
    func limit(_ key: String) -> Duration? {
      expectations["time"]?[key]?.scalarText.flatMap { Duration(written: $0) }
    }
    if let least = limit("at_least"), taken < least {
      findings.append(
        Finding(
          message: "the run was too short", path: place.member("at_least"),
          expected: "at least \(least.written)", found: taken.written))
    }
    if let most = limit("at_most"), taken > most {
      findings.append(
        Finding(
          message: "the run was too long", path: place.member("at_most"),
          expected: "at most \(most.written)", found: taken.written))
    }
  }

  private mutating func checkWarnings(_ warnings: [String]) {
    switch expectations["warnings"] {
    case nil: return
    case .array(let items)?:
      for (position, item) in items.enumerated() {
        let text = item.scalarText ?? ""
        guard !warnings.contains(where: { $0.contains(text) }) else { continue }
        findings.append(
          Finding(
            message: "no warning says so", path: path.member("warnings").item(position),
            expected: text, found: warnings.joined(separator: "; ")))
      }
    case let count?:
      guard count.integerValue != Int64(warnings.count) else { return }
      add(
        "there were \(warnings.count) warnings", "warnings", expected: count.scalarText,
        found: warnings.joined(separator: "; "), observed: .integer(Int64(warnings.count)))
    }
  }

  // MARK: Commands

  mutating func check(exit: Int, output: String, errors: String, _ calls: [ObservedCall]) {
    let wanted = expectations["exit"]?.integerValue ?? 0
    if Int64(exit) != wanted {
      let last = errors.split(separator: "\n").suffix(3).joined(separator: "\n")
      add(
        "the command ended with \(exit)" + (last.isEmpty ? "" : ": \(last)"), "exit",
        expected: String(wanted), found: String(exit), observed: .integer(Int64(exit)))
    }
    if let data = try? JSONParser.parse(output), data.objectValue != nil || data.arrayValue != nil,
      expectations["output"]?.stringValue == nil
    {
      check("output", data)
    } else {
      checkText("output", output)
    }
    checkText("errors", errors)
    check(calls)
  }

  // MARK: Calls

  private mutating func check(_ calls: [ObservedCall]) {
    var checker = CallExpectations(calls: calls, path: path.member("calls"))
    checker.check(
      expectations["calls"]?.arrayValue ?? [],
      inOrder: expectations["in_order"]?.boolValue ?? false,
      noOthers: expectations["no_other_calls"]?.boolValue ?? false)
    findings += checker.findings
    problems += checker.problems
  }

  // MARK: Values

  private mutating func check(_ key: String, _ found: Value) {
    guard let expected = expectations[key] else { return }
    compare(found, with: expected, at: path.member(key))
  }

  private mutating func compare(_ found: Value, with expected: Value, at place: ValuePath) {
    let matcher = Matcher.compile(condition: expected, at: place, problems: &problems)
    for mismatch in matcher.mismatches(found, at: place) {
      findings.append(
        Finding(
          message: "\(shown(mismatch.path)) is not as expected", path: mismatch.path,
          expected: mismatch.expected,
          found: mismatch.found.map { $0.scalarText ?? JSONWriter.text($0) } ?? "nothing",
          observed: mismatch.found))
    }
  }

  /// A place, as people name it within a test's expectations.
  private func shown(_ place: ValuePath) -> String {
    ValuePath(Array(place.steps.dropFirst(path.steps.count))).description
  }

  private mutating func checkList(_ key: String, _ found: [String]) {
    guard let expected = expectations[key]?.arrayValue?.compactMap(\.scalarText),
      expected != found
    else { return }
    add(
      "the \(key) are others", key, expected: expected.joined(separator: " → "),
      found: found.joined(separator: " → "), observed: .array(found.map { .string($0) }))
  }

  /// A text that is to have a part, or to be as a condition says.
  private mutating func checkText(_ key: String, _ found: String) {
    guard let expected = expectations[key] else { return }
    guard let part = expected.scalarText else {
      return compare(.string(found), with: expected, at: path.member(key))
    }
    guard !found.contains(part) else { return }
    add(
      found.isEmpty ? "there is no \(key)" : "the \(key) is another", key, expected: part,
      found: String(found.prefix(2000)), observed: .string(found))
  }

  private mutating func add(
    _ message: String, _ key: String, expected: String?, found: String?, observed: Value? = nil
  ) {
    let isSaid = expectations[key] != nil
    findings.append(
      Finding(
        message: message, path: isSaid ? path.member(key) : path, expected: expected,
        found: found, observed: isSaid ? observed : nil))
  }
}
