import Testing
import TrestleCore

@testable import TrestleMock

/// What a change among many stubs compiles.
@Suite("Stubs that are taken over")
struct ReusedStubTests {
  private let contract = Contract(name: "shop", operations: [], isOpen: true)

  private func set(
    _ live: LiveAnswers, reusing before: StubSet? = nil
  ) -> (stubs: StubSet, problems: [String]) {
    var problems: [ValueProblem] = []
    let file = MockDefinition(["stubs": [["operation": "ship", "reply": "file"]]])
    let stubs = StubSet(
      live.merged(into: file), contract: contract, keeping: before?.plans ?? [:],
      reusing: before, problems: &problems)
    return (stubs, problems.map(\.message))
  }

  private func stub(_ name: String, _ reply: Value) -> (id: String?, written: Value) {
    (name, ["operation": "pay", "reply": reply, "misbehave": ["split": 2, "times": 3]])
  }

  @Test("stubs that were not set anew are taken over, with what is wrong with them")
  func takenOver() throws {
    var live = LiveAnswers()
    _ = live.set([stub("one", "{{oops}}"), stub("two", 2)])
    let first = set(live)
    #expect(first.problems.count == 1)
    let one = try #require(first.stubs.answers["pay"]?.stubs.first)
    _ = live.set([stub("two", 3), stub("three", 4)])
    let second = set(live, reusing: first.stubs)
    #expect(second.problems == first.problems)
    let stubs = try #require(second.stubs.answers["pay"]?.stubs)
    #expect(stubs.map(\.name) == ["three", "one", "two"])
    #expect(stubs[1] === one)
    #expect(stubs[1].faults === one.faults)
    #expect(second.stubs.plans.count == 3)
    #expect(second.stubs.answers["ship"]?.stubs[0] === first.stubs.answers["ship"]?.stubs[0])
    let engine = StubEngine(second.stubs)
    let counts = engine.counts().map(\.answered)
    guard case .now(let reply) = engine.respond(to: Call(operation: "ship")) else { return }
    #expect(reply.value == "file")
    #expect(zip(engine.counts().map(\.answered), counts).filter { $0 != $1 }.count == 1)
    #expect(engine.counts().last?.answered == 1)
  }

  @Test("a response that is set again under its own name is compiled anew")
  func response() {
    var live = LiveAnswers()
    live.setResponse("first", to: "pay", contract: contract)
    let first = set(live).stubs
    live.setResponse("second", to: "pay", contract: contract)
    let engine = StubEngine(set(live, reusing: first).stubs)
    guard case .now(let reply) = engine.respond(to: Call(operation: "pay")) else { return }
    #expect(reply.value == "second")
    #expect(first.identities == engine.stubs.identities)
  }
}
