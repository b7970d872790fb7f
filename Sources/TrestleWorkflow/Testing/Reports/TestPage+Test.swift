internal import TrestleCore
internal import TrestleStore

extension TestPage {
  /// How much of one JSON text or output is shown.
  private static let textLimit = 50_000
  /// How many steps and how many calls are shown of a test.
  private static let itemLimit = 500

  /// One test; those that failed are open from the start.
  func test(_ outcome: TestOutcome, _ number: Int) -> String {
    let status = outcome.status.rawValue
    let marks: [TestOutcome.Status: String] = [.passed: "✓", .failed: "✗", .skipped: "–"]
    var text = "<details class=\"test \(status)\" id=\"test-\(number)\""
    text += outcome.status == .failed ? " open>\n" : ">\n"
    text +=
      "<summary><span class=\"mark\" title=\"\(status)\">\(marks[outcome.status] ?? "")</span> "
    text += "<span class=\"name\">\(escaped(outcome.name))</span> <span class=\"time\">"
    text += DurationText.short(outcome.duration)
    if let virtual = outcome.virtualDuration {
      text += " · \(DurationText.short(virtual)) of virtual time"
    }
    let place = outcome.line.map { ":\($0)" } ?? ""
    text += " · \(escaped(outcome.file + place))</span></summary>\n"
    for failure in outcome.failures { text += self.failure(failure, outcome) }
    if !outcome.states.isEmpty { text += states(outcome) }
    if !outcome.steps.isEmpty {
      text += "<h3>Steps</h3>\n<div class=\"wide\">"
      text += StepTimeline(outcome.steps, isVirtual: outcome.virtualDuration != nil).svg
      text += "</div>\n" + steps(outcome)
    }
    if !outcome.calls.isEmpty { text += calls(outcome) }
    if let output = outcome.output, !output.isEmpty {
      text += "<h3>Output</h3>\n<pre>\(shown(output))</pre>\n"
    }
    return text + "</details>\n"
  }

  // MARK: Failures

  private func failure(_ failure: TestFailure, _ outcome: TestOutcome) -> String {
    if outcome.status == .skipped {
      return "<p class=\"reason\">\(escaped(failure.message))</p>\n"
    }
    var text = "<div class=\"failure\">\n<p><b>\(escaped(failure.message))</b> "
    text += "<span class=\"place\">\(escaped(failure.place(in: outcome)))</span></p>\n"
    if let line = failure.line, let file = report.texts[outcome.file],
      let excerpt = SourceExcerpt(file, line: line, column: failure.column)
    {
      text += source(excerpt)
    }
    let difference = TextDifference.lines(of: failure)
    if !difference.isEmpty {
      text += "<pre class=\"difference\">"
      for line in difference {
        let kind =
          switch line.kind {
          case .same: "same"
          case .expected: "expected"
          case .found: "found"
          }
        text += "<span class=\"\(kind)\">\(line.mark) \(escaped(line.text))</span>\n"
      }
      text += "</pre>\n<p class=\"legend\">− expected, + found</p>\n"
    }
    return text + "</div>\n"
  }

  private func source(_ excerpt: SourceExcerpt) -> String {
    let width = excerpt.lines.map { "\($0.number)".count }.max() ?? 1
    var text = "<pre class=\"source\">"
    for line in excerpt.lines {
      let number = "\(line.number)"
      let padding = String(repeating: " ", count: width - number.count)
      text += "<span class=\"\(line.isFailing ? "failing" : "near")\">"
      text += "<i>\(padding)\(number)</i> \(MarkupText.lines(line.text))</span>\n"
      if line.isFailing, let indent = excerpt.indent {
        let blank = String(repeating: " ", count: width)
        text += "<span class=\"caret\"><i>\(blank)</i> \(indent)^</span>\n"
      }
    }
    return text + "</pre>\n"
  }

  // MARK: Steps

  private func states(_ outcome: TestOutcome) -> String {
    let items = outcome.states.prefix(Self.itemLimit).map { "<li>\(escaped($0))</li>" }.joined()
    return "<h3>States</h3>\n<ol class=\"states\">\(items)</ol>\n"
      + more(outcome.states.count, "states")
  }

  private func steps(_ outcome: TestOutcome) -> String {
    // What has nothing to unfold is in the timeline.
    let steps = outcome.steps.filter {
      !$0.call.isNull || !$0.reply.isNull || !$0.updates.isEmpty
    }
    var text = ""
    for step in steps.prefix(Self.itemLimit) {
      text += "<details class=\"item \(step.status.rawValue)\"><summary>"
      text += "<code>\(escaped(step.name))</code> <span class=\"kind\">\(escaped(step.kind))"
      if !step.owner.isEmpty { text += " in \(escaped(step.owner))" }
      text += "</span> <span class=\"status\">\(step.status.rawValue)</span>"
      if let error = step.error { text += " <span class=\"error\">\(escaped(error))</span>" }
      text += "</summary>\n"
      text += json("call", step.call) + json("reply", step.reply)
      if !step.updates.isEmpty { text += json("changes of the context", .object(step.updates)) }
      if !step.before.isEmpty {
        text += json("context before", .object(step.before), isFolded: true)
      }
      text += "</details>\n"
    }
    return text + more(steps.count, "steps")
  }

  private func calls(_ outcome: TestOutcome) -> String {
    var text = "<h3>Calls at the mocks</h3>\n"
    for call in outcome.calls.prefix(Self.itemLimit) {
      let line = [call.method, call.target].compactMap(\.self).joined(separator: " ")
      text += "<details class=\"item\"><summary><code>\(escaped(call.system))</code> "
      text += "<code>\(escaped(call.operation ?? line))</code>"
      if let operation = call.operation, !line.isEmpty, operation != line {
        text += " <span class=\"kind\">\(escaped(line))</span>"
      }
      text += " <span class=\"status\">\(call.outcome.rawValue)"
      if let status = call.status { text += " \(status)" }
      text += "</span> <span class=\"kind\">\(DurationText.short(call.duration))"
      if let origin = call.origin { text += ", by \(escaped(origin))" }
      text += "</span></summary>\n" + json("call", call.jsonValue()) + "</details>\n"
    }
    return text + more(outcome.calls.count, "calls")
  }

  private func json(_ name: String, _ value: Value, isFolded: Bool = false) -> String {
    guard !value.isNull else { return "" }
    let text = shown(JSONWriter.text(value, style: .pretty))
    return "<details class=\"json\"\(isFolded ? "" : " open")><summary>\(name)</summary>"
      + "<pre>\(text)</pre></details>\n"
  }

  private func more(_ count: Int, _ things: String) -> String {
    count > Self.itemLimit
      ? "<p class=\"legend\">and \(count - Self.itemLimit) \(things) more</p>\n" : ""
  }

  /// A long text up to its limit.
  private func shown(_ text: String) -> String {
    guard text.utf8.count > Self.textLimit else { return MarkupText.lines(text) }
    let cut = MarkupText.lines(text.prefix(Self.textLimit))
    return cut + "\n… (\(text.utf8.count) bytes in all)"
  }

  private func escaped(_ text: String) -> String { MarkupText.escaped(text) }
}
