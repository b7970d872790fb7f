internal import TrestleCore

/// Holds what was called against what was expected, and says what came instead.
package struct CallVerifier: Sendable {
  /// What an expectation came to.
  package struct Finding: Sendable {
    package let expectation: String
    /// How many calls were as expected.
    package let count: Int
    /// Nil where the expectation holds; else what is wrong, in lines.
    package let failure: String?

    package var holds: Bool { failure == nil }
  }

  /// The calls in the order they came, of all systems.
  package let calls: [RecordedCall]

  package init(_ calls: [RecordedCall]) { self.calls = calls }

  /// More calls than this are no help in a message.
  private static let shownCalls = 5

  /// Counts the calls that are as expected.
  package func check(_ expectation: CallExpectation) -> Finding {
    let matching = calls.filter(expectation.matches)
    guard !expectation.count.admits(matching.count) else {
      return Finding(expectation: expectation.text, count: matching.count, failure: nil)
    }
    var lines = [
      "\(expectation.text): expected \(expectation.count), "
        + (matching.isEmpty ? "never called" : "called \(CallCount.times(matching.count))")
    ]
    lines += matching.isEmpty ? instead(of: expectation) : Self.list(matching)
    return Finding(
      expectation: expectation.text, count: matching.count,
      failure: lines.joined(separator: "\n"))
  }

  /// Looks for one call of each expectation, in this order; other calls may come between. Their counts
  /// do not matter.
  package func check(inOrder expectations: [CallExpectation]) -> Finding {
    let text = expectations.map(\.text).joined(separator: ", then ")
    var position = 0
    for (step, expectation) in expectations.enumerated() {
      if let found = calls[position...].firstIndex(where: expectation.matches) {
        position = found + 1
        continue
      }
      var lines: [String] = []
      if let early = calls[..<position].lastIndex(where: expectation.matches) {
        // The call before may be the very same one.
        let isTaken = early == position - 1
        lines.append(
          "\(expectation.text): came as call \(early + 1), "
            + (isTaken ? "which is that of " : "before ")
            + expectations[..<step].last.map { "\($0.text) (call \(position))" }.orNothing)
      } else {
        let isFirst = step == 0
        lines.append(
          "\(expectation.text): never called"
            + (isFirst ? "" : " after \(expectations[step - 1].text) (call \(position))"))
        lines += nearest(to: expectation, among: calls[position...])
      }
      lines += story(of: expectations, around: position)
      return Finding(
        expectation: text, count: step, failure: lines.joined(separator: "\n"))
    }
    return Finding(expectation: text, count: expectations.count, failure: nil)
  }

  /// The calls that any of the expectations could have meant, by their places among all: the last ones that came before
  /// a position, and the first ones behind it.
  private func story(of expectations: [CallExpectation], around position: Int) -> [String] {
    let told = calls.indices.filter { place in
      expectations.contains { $0.concerns(calls[place]) }
    }
    guard !told.isEmpty else { return calls.isEmpty ? [Self.nothing] : [] }
    let before = told.filter { $0 < position }
    let behind = told.filter { $0 >= position }
    var lines = ["the calls, in order:"]
    if before.count > Self.shownAround {
      lines.append("  … \(before.count - Self.shownAround) earlier")
    }
    lines += (before.suffix(Self.shownAround) + behind.prefix(Self.shownAround)).map {
      "  \($0 + 1). \(calls[$0].summary)"
    }
    if behind.count > Self.shownAround {
      lines.append("  … and \(behind.count - Self.shownAround) more")
    }
    return lines
  }

  private static let shownAround = 10
  private static let nothing = "  nothing was called at all"

  /// What came in place of a call that never did: the nearest ones, with where they differ.
  private func instead(of expectation: CallExpectation) -> [String] {
    let near = nearest(to: expectation, among: calls[...])
    guard near.isEmpty else { return near }
    if calls.isEmpty { return [Self.nothing] }
    let same = calls.filter { call in expectation.system.map { $0 == call.system } ?? true }
    return ["  called instead:"] + Self.list(same.isEmpty ? calls : same)
  }

  /// The calls of the same operation that are least unlike, with where they differ.
  private func nearest(
    to expectation: CallExpectation, among calls: ArraySlice<RecordedCall>
  ) -> [String] {
    let near = calls.filter(expectation.concerns)
    guard !near.isEmpty else { return [] }
    let compared = near.map { call in
      (call, expectation.matcher.mismatches(.object(call.parameters)))
    }
    .enumerated().sorted {
      ($0.element.1.count, $0.offset) < ($1.element.1.count, $1.offset)
    }.map(\.element)
    var lines = ["  nearest of \(near.count) call\(near.count == 1 ? "" : "s"):"]
    for (call, mismatches) in compared.prefix(3) {
      lines.append("  \(call.summary)")
      lines += mismatches.prefix(Self.shownCalls).map { "    \($0)" }
    }
    return lines
  }

  private static func list(_ calls: [RecordedCall]) -> [String] {
    var lines = calls.prefix(shownCalls).map { "  \($0.summary)" }
    if calls.count > shownCalls { lines.append("  … and \(calls.count - shownCalls) more") }
    return lines
  }
}

extension Optional<String> {
  fileprivate var orNothing: String { self ?? "everything" }
}
