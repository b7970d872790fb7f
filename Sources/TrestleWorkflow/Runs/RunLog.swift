internal import Synchronization
internal import TrestleCore
internal import TrestleMock
internal import TrestleStore

/// What happens in a run, for whoever watches it.
public enum RunEvent: Sendable {
  /// A step begins: its kind, its name, and the state or event it belongs to.
  case began(kind: String, name: String, owner: String)
  /// A step has ended.
  case ended(RunStep)
  /// Something is odd, in a sentence.
  case warning(String)
}

/// Keeps what a run does, and knows what an earlier part of it has done.
///
/// A run that is resumed goes the same way again; what it finds here is not done a second time.
final class RunLog: Sendable {
  private struct Content {
    var steps: [RunStep] = []
    var next = 0
  }

  let clock: RunClock
  private let store: RunStore?
  private let run: String
  private let earlier: [String: RunStep]
  private let observe: (@Sendable (RunEvent) -> Void)?
  private let content = Mutex(Content())

  init(
    clock: RunClock = RunClock(), store: RunStore? = nil, run: String = "",
    earlier: [RunStep] = [], observe: (@Sendable (RunEvent) -> Void)? = nil
  ) {
    self.clock = clock
    self.store = store
    self.run = run
    self.observe = observe
    self.earlier = Dictionary(
      earlier.filter { $0.status != .began }.map { ($0.key, $0) }, uniquingKeysWith: { $1 })
  }

  /// What was done in this run, in the order in which it ended.
  var steps: [RunStep] { content.withLock { $0.steps } }

  /// What an earlier part of the run did under a key.
  func earlier(_ key: String) -> RunStep? { earlier[key] }

  /// The keys of what earlier parts of the run did.
  var earlierSteps: some Collection<RunStep> { earlier.values }

  /// Forgets what was done: another run begins.
  func startAgain() { content.withLock { $0 = Content() } }

  func warn(_ text: String) { observe?(.warning(text)) }

  /// Says that a step begins. It is written down, so that one that never ends is known.
  func begin(_ step: RunStep) async throws(WorkflowError) {
    observe?(.began(kind: step.kind, name: step.name, owner: step.owner))
    guard step.kind != "transition" else { return }
    try await keep(step, number: content.withLock { $0.next })
  }

  /// Keeps a step that has ended; when this returns, it is written.
  func end(_ step: RunStep) async throws(WorkflowError) {
    let number = content.withLock { content in
      content.steps.append(step)
      content.next += 1
      return content.next
    }
    if earlier[step.key] == nil { try await keep(step, number: number) }
    observe?(.ended(step))
  }

  private func keep(_ step: RunStep, number: Int) async throws(WorkflowError) {
    guard let store else { return }
    do throws(JournalError) {
      try await store.keep(step, number: number, of: run)
    } catch {
      throw WorkflowError(.failed, error.description, hint: error.hint)
    }
  }
}
