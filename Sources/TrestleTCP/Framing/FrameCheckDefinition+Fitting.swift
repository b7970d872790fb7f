internal import TrestleCore

extension FrameCheckDefinition {
  /// Tells of checks that the frame has no place for, or nothing to cover.
  func verify(in frame: KeyReader, _ kind: String, problems: inout [ValueProblem]) {
    let path = frame.place("check")
    if let inner {
      if kind == "self" {
        problems.error(
          "a message that says its own end has no place for a check", at: path,
          hint: "declare the check in the layout, or leave it out")
      }
      let size = frame.record["fixed"].flatMap { WrittenNumber.size($0) }
      if let size, size <= inner.count {
        problems.error(
          "leaves nothing of the \(size) byte\(size == 1 ? "" : "s") of a message: it has"
            + " \(inner.count) itself", at: path, hint: "fixed counts the check too")
      }
    }
    guard let trailing, frame.record["start"] == nil, frame.record["stuffing"] != "dle" else {
      return
    }
    let remedy: TrailingCheck.Coverage
    switch trailing.coverage {
    case .startAndBody: remedy = .body
    case .all: remedy = .bodyAndEnd
    case .body, .bodyAndEnd: return
    }
    problems.error(
      "over: \(trailing.coverage.rawValue), but the frame has no start", at: path.member("over"),
      hint: "give start: …, or over: \(remedy.rawValue)")
  }
}
