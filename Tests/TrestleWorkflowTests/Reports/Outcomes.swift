import TrestleStore

@testable import TrestleWorkflow

/// Tests of all kinds, for those that write about them.
enum Outcomes {
  static let file = """
    workflow: pipeline
    tests:
      a batch is loaded:
        expect: { state: complete }
    \ta bad model is refused: { state: failed }

    """

  static func step(
    _ name: String, kind: String = "api_call", in owner: String = "",
    _ status: RunStep.Status = .passed, at began: Int64 = 0, for duration: Int64 = 1000,
    reply: Value = .null
  ) -> RunStep {
    RunStep(
      key: name, name: name, kind: kind, owner: owner, status: status, began: began,
      duration: duration, call: ["path": "/<status>"], reply: reply, before: ["n": 1])
  }

  static let passed = TestOutcome(
    name: "a batch is loaded", file: "tests/pipeline.yaml", line: 3, suite: "pipeline",
    duration: .milliseconds(12), virtualDuration: .seconds(65),
    steps: [
      step("load", in: "initial"),
      step("initial → done", kind: "transition", in: "initial", at: 1000, for: 0),
    ],
    states: ["initial", "complete"])

  static let failed = TestOutcome(
    name: "a <bad> model & \"others\"", file: "tests/pipeline.yaml", line: 5, suite: "pipeline",
    status: .failed,
    failures: [
      TestFailure(
        message: "the run ends in another state", line: 5, column: 2, expected: "failed",
        found: "complete"),
      TestFailure(
        message: "the answer differs", expected: "{\"id\":7,\"tags\":[\"a\",\"b\"],\"ok\":true}",
        found: "{\"id\":7, \"tags\":[\"a\",\"c\"], \"ok\":true}"),
    ], duration: .milliseconds(1031),
    steps: [step("validate", in: "initial", .failed, reply: ["error": "it said <no>"])],
    output: "line one\nline \u{1B}[1mtwo]]>")

  static let skipped = TestOutcome(
    name: "needs a live system", file: "tests/live.yaml", suite: "live", status: .skipped,
    failures: [TestFailure(message: "no endpoint is known")])

  static let report = TestReport(
    began: 1_893_456_000_000_000, outcomes: [passed, failed, skipped],
    texts: ["tests/pipeline.yaml": file])
}
