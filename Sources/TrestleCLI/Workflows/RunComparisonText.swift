internal import TrestleCore
internal import TrestleStore
internal import TrestleWorkflow

/// A comparison of two runs for people: what is the same in a line, and under what is not, the places.
struct RunComparisonText {
  private let comparison: RunComparison
  private let palette: Palette

  init(_ comparison: RunComparison, _ palette: Palette) {
    self.comparison = comparison
    self.palette = palette
  }

  /// Lines, each with its end.
  var text: String {
    var lines = [head("first ", comparison.first), head("second", comparison.second)]
    lines += comparison.inputs.map { palette.bold("input   ") + line($0) }
    let width = comparison.steps.map { title($0).count }.max() ?? 0
    for step in comparison.steps {
      lines.append(line(step, width: width))
      lines += step.differences.map { "      " + line($0) }
    }
    lines += comparison.result.map { palette.bold("result  ") + line($0) }
    if comparison.isSame { lines.append("both went the same way, to the same result") }
    return lines.joined(separator: "\n") + "\n"
  }

  private func head(_ name: String, _ run: RunSummary) -> String {
    let status =
      run.status == .completed
      ? palette.green(run.status.rawValue) : palette.red(run.status.rawValue)
    let time = run.ended.map { "  " + Self.time($0 - run.began) } ?? ""
    return palette.bold(name + "  ") + "\(run.id)  \(run.workflow)  " + status
      + palette.faint("  \(WallTime(milliseconds: run.began / 1000).iso8601)\(time)")
  }

  private func title(_ step: RunComparison.Step) -> String {
    guard let step = step.first ?? step.second else { return "" }
    return step.kind == "transition" ? "→ \(step.target ?? step.name)" : step.name
  }

  private func line(_ step: RunComparison.Step, width: Int) -> String {
    let title = title(step)
    let isTimed = [step.first, step.second].contains { $0.map { $0.kind != "transition" } ?? false }
    let padded = isTimed ? title + String(repeating: " ", count: width - title.count) : title
    switch (step.first, step.second) {
    case (let first?, let second?):
      let told = isTimed ? "  \(Self.time(first.duration))  \(Self.time(second.duration))" : ""
      return "  " + (step.isSame ? "= " : palette.yellow("≠ ")) + padded + palette.faint(told)
    case (.some, nil): return "  " + palette.red("- \(padded)") + "  only in the first"
    default: return "  " + palette.green("+ \(padded)") + "  only in the second"
    }
  }

  private func line(_ difference: RunComparison.Difference) -> String {
    let sides = [difference.first, difference.second].map { value in
      value.map { Self.shortened(JSONWriter.text($0)) } ?? "nothing"
    }
    return "\(difference.pointer)  " + palette.red(sides[0]) + " → " + palette.green(sides[1])
  }

  private static func shortened(_ text: String) -> String {
    text.count > 60 ? String(text.prefix(57)) + "..." : text
  }

  private static func time(_ microseconds: Int64) -> String {
    let milliseconds = Double(microseconds) / 1000
    return milliseconds < 10
      ? "\((milliseconds * 10).rounded() / 10) ms" : "\(Int(milliseconds.rounded())) ms"
  }
}
