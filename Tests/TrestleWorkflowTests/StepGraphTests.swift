import Testing

@testable import TrestleWorkflow

@Suite("What comes after what")
struct StepGraphTests {
  private func graph(_ needs: [(String, [String]?)]) -> StepGraph {
    var reader = StepReader()
    return StepGraph(
      needs.map { name, needs in
        var step = reader.step(["type": "set"], named: name, at: ValuePath())
        step.needs = needs
        return step
      })
  }

  @Test("a step that says nothing comes after the one before it")
  func sequence() {
    let graph = graph([("a", nil), ("b", nil), ("c", nil)])
    #expect(graph.isSequence)
    #expect(graph.needs == [[], [0], [1]])
    #expect(graph.cycle == nil)
  }

  @Test("a step that needs nothing begins at once")
  func branches() {
    let graph = graph([("a", nil), ("b", []), ("c", ["a", "b"])])
    #expect(!graph.isSequence)
    #expect(graph.needs == [[], [], [0, 1]])
  }

  @Test("steps that wait for each other are told as the circle they are")
  func circle() {
    let graph = graph([("a", ["c"]), ("b", ["a"]), ("c", ["b"]), ("d", ["c"])])
    #expect(graph.cycle == ["a", "c", "b"])
  }
}
