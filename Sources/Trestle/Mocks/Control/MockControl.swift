internal import Synchronization
internal import TrestleCore
internal import TrestleMock
internal import TrestleNet

/// One running mock: what listens and what answers, and what was set on it beside its file.
final class MockControl: Sendable {
  private struct Content {
    /// The file as it was last read.
    var definition: AdapterDefinition
    var data = DataShelf()
    var live = LiveAnswers()
    /// What is wrong with the answers that are in place; nil as long as they are those it was started with.
    var known: Set<ValueProblem>?
  }

  let mock: RunningMocks.Mock
  let engine: StubEngine
  let server: RunningServer
  private let content: Mutex<Content>

  var system: LegacySystem { mock.system }

  init(_ mock: RunningMocks.Mock, engine: StubEngine, server: RunningServer) {
    self.mock = mock
    self.engine = engine
    self.server = server
    content = Mutex(Content(definition: mock.system.definition))
  }

  /// The file's answers, and what was set beside them.
  var answers: (definition: AdapterDefinition, live: LiveAnswers) {
    content.withLock { ($0.definition, $0.live) }
  }

  /// Whether a file that was read again brings nothing new, nor could the data beside it.
  func knows(_ definition: AdapterDefinition) -> Bool {
    content.withLock { content in
      content.definition.document == definition.document && definition.mock.answers.data.isEmpty
    }
  }

  /// Takes up a file that was read again; what is live stays. Gives what is wrong with the file's answers, and with
  /// live ones that do not go with it.
  func takeUp(_ definition: AdapterDefinition) -> [Diagnostic] {
    content.withLock { content in
      // Where other answers are written, faults are counted anew; what is live goes on.
      let isSame = content.definition.document["mock"] == definition.document["mock"]
      let plans = engine.plans.filter { isSame || LiveAnswers.id(in: $0.key) != nil }
      content.definition = definition
      content.data = DataShelf()
      let (stubs, problems) = compile(content.live, in: content, keeping: plans)
      content.known = Set(problems)
      engine.replace(with: stubs)
      return problems.map { problem in
        guard let owner = content.live.owner(of: problem.path) else {
          return definition.places.diagnostic(problem, file: definition.file)
        }
        return Diagnostic(
          problem.severity, "\(system.name): \(owner): \(problem.message)", hint: problem.hint)
      }
    }
  }

  /// Changes what is live: all of it or, where the body throws or there are mistakes, nothing.
  ///
  /// `problems` were found before. The state of what is gone is forgotten. `shown` tells where in what was given the
  /// place of a problem is; nil for one that is elsewhere.
  func change<Result>(
    said problems: [ValueProblem] = [], mistake: String = "",
    path shown: (ValuePath) -> ValuePath? = { _ in nil },
    _ body: (inout LiveAnswers) throws(MockControlError) -> Result
  ) throws(MockControlError) -> MockChange<Result> {
    let outcome = content.withLock {
      content -> Swift.Result<MockChange<Result>, MockControlError> in
      do throws(MockControlError) {
        return .success(
          try change(&content, problems, mistake, shown, body))
      } catch {
        return .failure(error)
      }
    }
    return try outcome.get()
  }

  private func change<Result>(
    _ content: inout Content, _ said: [ValueProblem], _ mistake: String,
    _ shown: (ValuePath) -> ValuePath?,
    _ body: (inout LiveAnswers) throws(MockControlError) -> Result
  ) throws(MockControlError) -> MockChange<Result> {
    let before =
      content.known ?? Set(compile(content.live, in: content, reusing: engine.stubs).problems)
    var live = content.live
    let result = try body(&live)
    // What was set anew begins anew.
    let plans = live.keeping(engine.plans, from: content.live)
    // Scenarios say where stubs begin; without a change among them, stubs are what they were.
    let isSame = live.scenarios == content.live.scenarios
    let (stubs, problems) = compile(
      live, in: content, keeping: plans, reusing: isSame ? engine.stubs : nil)
    // What the file has wrong, and has had all along, is nothing that this change brings.
    let fresh =
      said
      + problems.compactMap { problem -> ValueProblem? in
        var problem = problem
        if let path = shown(problem.path) {
          problem.path = path
          return problem
        }
        return before.contains(problem) ? nil : problem
      }
    let told = fresh.map { MockProblem($0) }
    guard !fresh.contains(where: { $0.severity == .error }) else {
      throw .init(
        .invalid, system: system.name, mistake,
        problems: told.filter { $0.severity == .error } + told.filter { $0.severity != .error })
    }
    let removed = content.live.scenarios.names.filter { live.scenarios[$0] == nil }
    content.live = live
    content.known = Set(problems)
    engine.replace(with: stubs, forgettingGone: true, scenarios: removed)
    return MockChange(result: result, warnings: told)
  }

  private func compile(
    _ live: LiveAnswers, in content: Content, keeping plans: [ValuePath: KeptPlan] = [:],
    reusing before: StubSet? = nil
  ) -> (stubs: StubSet, problems: [ValueProblem]) {
    var problems: [ValueProblem] = []
    let stubs = system.compile(
      live.merged(into: content.definition.mock.answers), of: content.definition,
      data: content.data, keeping: plans, reusing: before, problems: &problems)
    return (stubs, problems)
  }
}
