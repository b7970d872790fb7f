internal import Synchronization
internal import TrestleCore

/// Runs steps as soon as those they need are done, side by side where nothing holds them up.
struct StepScheduler: Sendable {
  let steps: [StepDefinition]
  let clock: RunClock

  /// Gives what each step did; nil for those that were not begun because one before them failed.
  ///
  /// - Throws: what the body throws, after the others that had begun were cancelled.
  func run(
    _ body: @escaping @Sendable (StepDefinition) async throws(WorkflowError) -> StepEffect
  ) async throws(WorkflowError) -> [StepEffect?] {
    let graph = StepGraph(steps)
    var effects = [StepEffect?](repeating: nil, count: steps.count)
    var begun = Set<Int>()
    var done = Set<Int>()
    let outcome: Result<[StepEffect?], WorkflowError> = await clock.waitingForBranches {
      await withTaskGroup(of: (Int, Result<StepEffect, WorkflowError>).self) { group in
        func beginReady() {
          for index in steps.indices where !begun.contains(index) {
            guard graph.needs[index].allSatisfy(done.contains) else { continue }
            begun.insert(index)
            let step = steps[index]
            clock.enter()
            group.addTask {
              do throws(WorkflowError) {
                return (index, .success(try await body(step)))
              } catch {
                return (index, .failure(error))
              }
            }
          }
        }
        beginReady()
        while let (index, result) = await group.next() {
          // Behind those that begin now, so that no time passes between them.
          defer { clock.leave() }
          switch result {
          case .failure(let error):
            group.cancelAll()
            while await group.next() != nil { clock.leave() }
            return .failure(error)
          case .success(let effect):
            effects[index] = effect
            // What failed holds up what needs it, unless the run goes on all the same.
            if effect.outcome.isSuccess || steps[index].continuesOnFailure { done.insert(index) }
            beginReady()
          }
        }
        return .success(effects)
      }
    }
    return try outcome.get()
  }
}
