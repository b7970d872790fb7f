public import TrestleCore
internal import TrestleStore

/// A workflow as its file describes it, checked and ready to be run.
///
///     let workflow = try WorkflowDefinition.load("workflows/ml_pipeline_workflow.yaml")
///
/// What it says it is shows in its keys: `states`, `steps`, `frameworks` with `data_flow`, `handlers`, or legacy systems.
public struct WorkflowDefinition: Sendable {
  /// What kind of workflow it is.
  public enum Form: String, Sendable, Hashable, CaseIterable {
    /// States with actions, and transitions between them.
    case stateDriven = "state_driven"
    /// Steps, one after the other or side by side.
    case steps
    /// Steps of several frameworks, the output of one being the input of the next.
    case orchestrated
    /// Handlers of events.
    case eventDriven = "event_driven"
    /// Legacy systems alone, each of whose declared operations is called once.
    case legacySystems = "legacy_systems"
  }

  /// Its name: what `workflow` says, or the file's.
  public var name: String
  /// What kind of workflow it is.
  public var form: Form
  /// One line for lists.
  public var summary: String?
  /// The file it was read from, as messages show it; empty where there was none.
  public var file: String
  /// The directory that its specifications are relative to, absolute.
  public var directory: String
  /// What is odd about it.
  public var diagnostics: [Diagnostic] = []
  /// The context that runs begin with.
  public var context: Record = [:]
  /// The names of its services, in the order of the file.
  public var serviceNames: [String] { services.map(\.name) }
  /// The names of its states, in the order of the file.
  public var stateNames: [String] { states.map(\.name) }

  /// The types of event that its handlers are for.
  public var eventTypes: Set<String> { Set(handlers.map(\.event)) }

  /// The names that its context has, and those that its steps, states and handlers ask for.
  package var knownInputs: Set<String> {
    let templates =
      allSteps.flatMap(\.templates)
      + (states.flatMap(\.services) + handlers.flatMap(\.stubs))
      .flatMap { $0.responses.map(\.response) }
    let conditions =
      allSteps.flatMap(\.expressions) + states.flatMap(\.transitions).compactMap(\.condition)
      + handlers.flatMap { [$0.key, $0.condition].compactMap { $0 } + $0.counts.map(\.by) }
    var names = Set(context.names)
    for reference in templates.flatMap(\.references) {
      names.insert(reference.text)
      names.formUnion(reference.expression?.names ?? [])
    }
    for condition in conditions { names.formUnion(condition.names) }
    return names.subtracting(RunEnvironment.names)
  }

  var isTyped = false
  var stepLimit = WorkflowDefinition.usualStepLimit
  var stopsOnTransition = false
  var seed: UInt64?
  var timeout: Duration?
  var services: [ServiceDefinition] = []
  /// The systems that the file itself describes.
  var systems: [LegacySystem] = []
  /// Sets of responses, by their names: service, then path, then what is answered.
  var scenarios: Record = [:]
  var scenario: String?
  var states: [StateDefinition] = []
  var initial = "initial"
  var steps: [StepDefinition] = []
  var frameworks: [FrameworkDefinition] = []
  var flow = DataFlow()
  var webhooks: [ServiceDefinition] = []
  var handlers: [HandlerDefinition] = []
  var events: [Value] = []

  /// More steps than any workflow that is meant to end.
  static let usualStepLimit = 1000

  init(name: String, form: Form, file: String, directory: String) {
    self.name = name
    self.form = form
    self.file = file
    self.directory = directory
  }

  /// A state by its name.
  func state(named name: String) -> StateDefinition? { states.first { $0.name == name } }

  /// Every step in it, wherever it stands.
  var allSteps: [StepDefinition] {
    steps + states.flatMap(\.actions) + handlers.flatMap(\.actions) + flow.steps.map(\.step)
  }

  /// The names of the systems that its steps call.
  var calledSystems: [String] {
    var names: [String] = []
    for step in allSteps {
      guard case .systemCall(let call) = step.work, !names.contains(call.system) else { continue }
      names.append(call.system)
    }
    for service in services + webhooks {
      if case .system(let name) = service.source, !names.contains(name) { names.append(name) }
    }
    return names
  }
}

/// A service that steps call over HTTP.
struct ServiceDefinition: Sendable {
  enum Source: Sendable, Hashable {
    /// A specification, relative to the workflow's file; a mock is generated of it.
    case spec(String)
    /// Where it is, with nothing being mocked.
    case url(String)
    /// A system, whose mock it is.
    case system(String)
  }

  var name: String
  var source: Source
  var port: Int?
  /// What its mock answers from the start, by path.
  var responses: Record = [:]
  var path: ValuePath
}

/// A state: what services answer while it lasts, and what is done in it.
struct StateDefinition: Sendable {
  var name: String
  /// One line for pictures.
  var summary: String?
  /// By service: path, then what it answers.
  var services: [(service: String, responses: [(endpoint: String, response: ContextTemplate)])]
  var actions: [StepDefinition]
  /// Where it leads when its actions have led nowhere.
  var transitions: [StepDefinition.Transition]
  /// Whether the actions behind one that leads on are left out.
  var stopsOnTransition: Bool?
  /// Whether a run that ends here has failed.
  var isFailure: Bool
  var path: ValuePath

  /// All states that it leads to.
  var targets: [String] { actions.flatMap(\.targets) + transitions.map(\.target) }
}

/// A framework of a multi-framework workflow, with its services.
struct FrameworkDefinition: Sendable {
  var name: String
  var services: [ServiceDefinition]
  var path: ValuePath
}

/// How data goes from framework to framework.
struct DataFlow: Sendable {
  struct Step: Sendable {
    var step: StepDefinition
    var framework: String
    var endpoint: ContextTemplate
    var transform: FlowTransform?
  }

  var order: [String] = []
  var steps: [Step] = []
}

/// What becomes of a step's output before the next step gets it.
struct FlowTransform: Sendable {
  /// Nil where a service of its own does it.
  var way: DataTransform.Way?
  var port: Int?
  /// What the service is told: the document's `config`.
  var config: Value
  /// What the service answers; nil lets it answer with what it was sent.
  var template: Value?
  var sourceFormat: Value
  var targetFormat: Value
}

/// What is done when an event comes.
struct HandlerDefinition: Sendable {
  var name: String
  var event: String
  /// What the handler's counters are kept under; nil for one record of all.
  var key: Expression?
  /// Under which condition, in the handler's own words.
  var condition: Expression?
  /// What is added to counters, by their names.
  var counts: [(name: String, by: Expression)]
  var actions: [StepDefinition]
  /// What services answer from then on.
  var stubs: [(service: String, responses: [(endpoint: String, response: ContextTemplate)])]
  var path: ValuePath
}
