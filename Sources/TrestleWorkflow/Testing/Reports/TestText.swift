/// Writes what tests came to for terminals.
///
///     ✓ a batch is loaded  12 ms
///     ✗ a bad model is refused  31 ms
///       tests/pipeline.yaml:14:9: the run ends in another state
///         expected failed
///         found    complete
///     1 passed, 1 failed, 0 skipped
public struct TestText: Sendable {
  /// What a text is, for whoever gives it a colour.
  public enum Style: Sendable, Hashable, CaseIterable {
    /// A mark of a test that passed, and the number of them.
    case passed
    case failed
    case skipped
    /// Times and what is beside the point.
    case faint
    /// The place of a failure.
    case strong
    /// A line that was expected.
    case expected
    /// A line that was found in its place.
    case found
  }

  private let paint: @Sendable (String, Style) -> String

  /// How many lines of a difference are written; pages have all of them.
  static let differenceLimit = 40

  /// A writer without colours, or with those that a function gives texts.
  public init(paint: @escaping @Sendable (String, Style) -> String = { text, _ in text }) {
    self.paint = paint
  }

  /// All tests, and in the last line how many came to what.
  public func text(_ report: TestReport) -> String {
    report.outcomes.map { text($0) }.joined() + totals(report) + "\n"
  }

  /// One test: a line, and lines for each failure; with a line break at the end.
  public func text(_ outcome: TestOutcome) -> String {
    var text = "\(mark(outcome.status)) \(line(outcome.name))  "
    text += paint(time(outcome), .faint) + "\n"
    if let measurement = outcome.measurement {
      text += "  " + paint(line(measurement), .faint) + "\n"
    }
    for failure in outcome.failures {
      if outcome.status == .skipped {
        text += "  " + paint(failure.message, .faint) + "\n"
        continue
      }
      text += "  \(paint(failure.place(in: outcome) + ":", .strong)) \(line(failure.message))\n"
      text += difference(failure)
    }
    return text
  }

  /// `N passed, N failed, N skipped`.
  public func totals(_ report: TestReport) -> String {
    let styles: [TestOutcome.Status: Style] = [
      .passed: .passed, .failed: .failed, .skipped: .skipped,
    ]
    return TestOutcome.Status.allCases.map { status in
      let count = report.count(status)
      let text = "\(count) \(status.rawValue)"
      // What there is none of is nothing to look at.
      return count == 0 ? text : paint(text, styles[status] ?? .faint)
    }.joined(separator: ", ")
  }

  private func mark(_ status: TestOutcome.Status) -> String {
    switch status {
    case .passed: paint("✓", .passed)
    case .failed: paint("✗", .failed)
    case .skipped: paint("–", .skipped)
    }
  }

  private func time(_ outcome: TestOutcome) -> String {
    let real = DurationText.short(outcome.duration)
    guard let virtual = outcome.virtualDuration, virtual > .zero else { return real }
    return "\(real) (\(DurationText.short(virtual)) of virtual time)"
  }

  private func difference(_ failure: TestFailure) -> String {
    let lines = TextDifference.lines(of: failure)
    // One value in another's place needs words, not a comparison.
    let areWords = lines.count { $0.kind == .expected } < 2 && lines.count { $0.kind == .found } < 2
    var text = ""
    for difference in lines.prefix(Self.differenceLimit) {
      let content = line(difference.text)
      let whole =
        switch (difference.kind, areWords && lines.count < 3) {
        case (.expected, true): "expected \(content)"
        case (.found, true): "found    \(content)"
        default: "\(difference.mark) \(content)"
        }
      let style: Style =
        switch difference.kind {
        case .same: .faint
        case .expected: .expected
        case .found: .found
        }
      text += "    \(paint(whole, style))\n"
    }
    if lines.count > Self.differenceLimit {
      text += "    " + paint("and \(lines.count - Self.differenceLimit) more lines", .faint) + "\n"
    }
    return text
  }

  /// A text as one line, without what terminals would take for commands.
  private func line(_ text: String) -> String {
    var line = ""
    for scalar in text.unicodeScalars {
      line.unicodeScalars.append(scalar.properties.generalCategory == .control ? " " : scalar)
    }
    return line
  }
}
