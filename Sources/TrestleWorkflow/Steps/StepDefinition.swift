internal import TrestleCore

/// One step of a workflow, or one action of a state, ready to be run.
struct StepDefinition: Sendable {
  /// What a step does.
  enum Work: Sendable {
    case serviceCall(ServiceCall)
    case systemCall(SystemCall)
    case condition(Expression)
    case transform(DataTransform)
    /// Puts an event into the queue.
    case emit(type: String, data: ContextTemplate)
    case wait(Duration)
    /// Does nothing but what every step may do: save, set, lead on.
    case nothing
  }

  /// Where a step leads, and under which condition.
  struct Transition: Sendable {
    /// Nil for always.
    var condition: Expression?
    var target: String
  }

  /// How often it is tried, and how long after a failure; each pause is twice as long as the one before.
  struct Retry: Sendable {
    var times = 0
    var pause = Duration.milliseconds(50)
  }

  var name: String
  /// As files write it: `api_call`.
  var type: String
  var work: Work
  /// Under which condition it is run at all; nil for always.
  var condition: Expression?
  /// The steps it comes after; nil for the one before it.
  var needs: [String]?
  /// What of its outcome goes into the context.
  var saves: [(key: String, expression: Expression)] = []
  /// What is put into the context behind it.
  var sets = ContextTemplate(.emptyObject)
  var onSuccess: String?
  var onFailure: String?
  var transitions: [Transition] = []
  var retry = Retry()
  var timeout: Duration?
  /// Whether the run goes on though it fails.
  var continuesOnFailure = false
  /// What it has that its form of workflow reads by itself.
  var document: Record
  /// Where it stands in its file.
  var path: ValuePath

  /// The types that files may name.
  static let types = [
    "api_call", "legacy_call", "condition_check", "data_transform", "emit", "wait", "set",
  ]

  /// All that it leads to.
  var targets: [String] { [onSuccess, onFailure].compactMap { $0 } + transitions.map(\.target) }

  /// Every expression in it.
  var expressions: [Expression] {
    var all = [condition].compactMap { $0 } + saves.map(\.expression)
    all += transitions.compactMap(\.condition)
    switch work {
    case .condition(let condition): all.append(condition)
    case .transform(let transform):
      all += [transform.from].compactMap { $0 }
      if case .map(let members) = transform.way { all += members.map(\.expression) }
    default: break
    }
    return all
  }

  /// Everything in it that is filled in when it is run.
  var templates: [ContextTemplate] {
    switch work {
    case .serviceCall(let call): [sets] + call.templates
    case .systemCall(let call): [sets, call.parameters, call.operation]
    case .transform(let transform): [sets] + transform.templates
    case .emit(_, let data): [sets, data]
    case .condition, .wait, .nothing: [sets]
    }
  }
}
