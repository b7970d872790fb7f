import Testing
import TrestleCore
import TrestleStore

@testable import TrestleWorkflow

@Suite("What two runs did differently")
struct RunComparisonTests {
  private func step(_ key: String, _ reply: Value = .null, duration: Int64 = 0) -> RunStep {
    RunStep(key: key, name: key, kind: "api_call", began: 1, duration: duration, reply: reply)
  }

  private func comparison(_ first: [RunStep], _ second: [RunStep]) -> RunComparison {
    let run = RunSummary(id: "a", workflow: "w", file: "w.yaml", status: .completed, began: 1)
    var other = run
    other.id = "b"
    other.began = 99
    return RunComparison(run, first, other, second)
  }

  @Test("when it was and how long it took makes no difference")
  func times() {
    var later = step("one", duration: 9)
    later.began = 77
    let same = comparison([step("one", duration: 1)], [later])
    #expect(same.isSame)
    #expect(same.steps.map(\.isSame) == [true])
  }

  @Test("what only one run did is told where it did it")
  func alone() {
    let comparison = comparison(
      [step("one"), step("two"), step("four")],
      [step("zero"), step("one"), step("three"), step("four"), step("five")])
    #expect(!comparison.isSame)
    #expect(
      comparison.steps.map { ($0.first ?? $0.second)?.key } == [
        "zero", "one", "two", "three", "four", "five",
      ])
    #expect(comparison.steps.map { $0.first != nil } == [false, true, true, false, true, false])
    #expect(comparison.steps.map { $0.second != nil } == [true, true, false, true, true, true])
    #expect(comparison.steps.allSatisfy { $0.differences.isEmpty })
  }

  @Test("differences have a place, to the depth where they are")
  func places() {
    let first: Value = ["a/b": ["x": 1, "list": [1, 2]], "gone": true, "same": "s"]
    let second: Value = ["a/b": ["x": 2, "list": [1, 2, 3]], "new": .null, "same": "s"]
    let comparison = comparison([step("one", first)], [step("one", second)])
    #expect(
      comparison.steps[0].differences == [
        .init(pointer: "/reply/a~1b/x", first: 1, second: 2),
        .init(pointer: "/reply/a~1b/list/2", first: nil, second: 3),
        .init(pointer: "/reply/gone", first: true, second: nil),
        .init(pointer: "/reply/new", first: nil, second: .null),
      ])
    let json = comparison.jsonValue
    #expect(json["same"] == false)
    #expect(json["steps"]?.arrayValue?.first?["differences"]?.arrayValue?.count == 4)
  }

  @Test("a status and a target are compared too, and a result without what each run has of its own")
  func outcomes() {
    var failed = step("one")
    failed.status = .failed
    failed.target = "bad"
    let steps = comparison([step("one")], [failed]).steps
    #expect(steps[0].differences.map(\.pointer) == ["/status", "/target"])
    var run = RunSummary(id: "a", workflow: "w", file: "w.yaml", status: .completed, began: 1)
    run.result = ["run": "a", "milliseconds": 3, "output": ["n": 1]]
    var other = run
    other.result = ["run": "b", "milliseconds": 4, "output": ["n": 1]]
    #expect(RunComparison(run, [], other, []).isSame)
    other.result = ["run": "b", "milliseconds": 4, "output": ["n": 2]]
    #expect(RunComparison(run, [], other, []).result.map(\.pointer) == ["/output/n"])
  }
}
