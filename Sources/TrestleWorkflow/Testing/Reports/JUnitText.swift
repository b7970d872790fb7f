/// Writes what tests came to as JUnit XML, as CI systems read it.
enum JUnitText {
  static func document(_ report: TestReport) -> String {
    var text = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
    text += "<testsuites name=\"\(escaped(report.name))\"\(counts(report.outcomes))>\n"
    for suite in report.suites {
      text += "  <testsuite name=\"\(escaped(suite.name))\"\(counts(suite.outcomes))"
      if let time = report.time { text += " timestamp=\"\(time)\"" }
      text += " file=\"\(escaped(suite.file))\">\n"
      for outcome in suite.outcomes { text += test(outcome) }
      text += "  </testsuite>\n"
    }
    return text + "</testsuites>\n"
  }

  private static func counts(_ outcomes: [TestOutcome]) -> String {
    let failed = outcomes.count { $0.status == .failed }
    let skipped = outcomes.count { $0.status == .skipped }
    let time = outcomes.reduce(Duration.zero) { $0 + $1.duration }
    return " tests=\"\(outcomes.count)\" failures=\"\(failed)\" errors=\"0\""
      + " skipped=\"\(skipped)\" time=\"\(DurationText.seconds(time))\""
  }

  private static func test(_ outcome: TestOutcome) -> String {
    var text = "    <testcase name=\"\(escaped(outcome.name))\""
    text += " classname=\"\(escaped(outcome.suite))\""
    text += " time=\"\(DurationText.seconds(outcome.duration))\" file=\"\(escaped(outcome.file))\""
    if let line = outcome.line { text += " line=\"\(line)\"" }
    var content = ""
    switch outcome.status {
    case .passed: break
    case .skipped:
      let reason = outcome.failures.first.map { " message=\"\(escaped($0.message))\"" } ?? ""
      content += "      <skipped\(reason)/>\n"
    case .failed: content += failure(outcome)
    }
    if let output = outcome.output, !output.isEmpty {
      content += "      <system-out>\(MarkupText.lines(output))</system-out>\n"
    }
    return text + (content.isEmpty ? "/>\n" : ">\n\(content)    </testcase>\n")
  }

  /// All that failed in one element: several are not allowed by all that read it.
  private static func failure(_ outcome: TestOutcome) -> String {
    let first = outcome.failures.first?.message ?? "failed"
    let more = outcome.failures.count > 1 ? " (and \(outcome.failures.count - 1) more)" : ""
    let lines = outcome.failures.flatMap { failure -> [String] in
      var lines = ["\(failure.place(in: outcome)): \(failure.message)"]
      lines += TextDifference.lines(of: failure).map { "  \($0.mark) \($0.text)" }
      return lines
    }
    let body = MarkupText.lines(lines.joined(separator: "\n"))
    return
      "      <failure message=\"\(escaped(first + more))\" type=\"expectation\">\(body)</failure>\n"
  }

  private static func escaped(_ text: String) -> String { MarkupText.escaped(text) }
}
