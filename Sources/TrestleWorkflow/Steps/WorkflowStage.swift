internal import Synchronization
internal import TrestleCore
internal import TrestleNet

/// What the steps of one run call: services by their names, systems, and by what clock.
final class WorkflowStage: Sendable {
  /// What holds for all steps of a run.
  struct Settings: Sendable {
    /// Whether what is odd is an error.
    var isStrict = false
    /// Whether a text that is nothing but one `${…}` keeps the value's type.
    var isTyped = false
    /// The longest a step may take that does not say it.
    var timeout = Duration.seconds(30)
    /// What the run's calls are told apart by from those of others at the same mocks; nil for a run alone.
    var scope: String?
    /// The run's name, which its calls carry: what it posts itself is no event from outside. Nil for none.
    var run: String?
    /// By what clock pauses and limits are.
    var clock = RunClock()
    /// Where chance comes from.
    var seed: UInt64?
    /// The systems that steps may call.
    var systems: [LegacySystem] = []
    /// Where they are, by their names, in place of their own endpoints.
    var endpoints: [String: String] = [:]
    /// Told what is odd, a sentence each, once.
    var onWarning: (@Sendable (String) -> Void)?
  }

  let settings: Settings
  let mocks: MockLoopClient
  let client: ServiceClient
  let bridge: Bridge
  let generators: Generators
  private let services = Mutex<[String: String]>([:])
  private let warned = Mutex<Set<String>>([])
  /// What a test has services answer, whatever states say of them.
  private let overrides = Mutex<Record>([:])

  init(mocks: MockLoopClient, settings: Settings = Settings(), client: ServiceClient? = nil) {
    self.mocks = mocks
    self.settings = settings
    self.client = client ?? ServiceClient()
    var options = Bridge.Options(endpoints: settings.endpoints, isStrict: settings.isStrict)
    if let scope = settings.scope { options.headers = ["X-Trestle-Scope": scope] }
    bridge = Bridge(Workspace.of(settings.systems), options: options)
    let clock = settings.clock
    if let seed = settings.seed {
      let bits = SeededBits(seed)
      generators = Generators(now: { clock.wallTime }, randomBits: { bits.next() })
    } else {
      generators = Generators(
        now: { clock.wallTime }, randomBits: { UInt64.random(in: .min ... .max) })
    }
  }

  /// Where a service is.
  var serviceURLs: [String: String] { services.withLock { $0 } }

  func setService(_ name: String, at url: String) { services.withLock { $0[name] = url } }

  /// The header field that says which run a request is of.
  static let runField = "X-Trestle-Run"

  /// What the run's requests carry beside their own fields.
  func mark(_ headers: inout Headers) {
    if let scope = settings.scope { headers["X-Trestle-Scope"] = scope }
    if let run = settings.run { headers[Self.runField] = run }
  }

  /// Has services answer as a test says, also where a state says something else.
  func override(_ responses: Record) {
    overrides.withLock { $0 = $0.merging(responses) }
  }

  /// What a service is to answer, with what a test says of it.
  func responses(of service: String, _ responses: Record) -> Record {
    responses.merging(overrides.withLock { $0[service]?.objectValue } ?? [:])
  }

  /// The address of a service.
  ///
  /// - Throws: `WorkflowError`, "Service X not registered".
  func url(of service: String) throws(WorkflowError) -> String {
    let services = serviceURLs
    guard let url = services[service] else {
      throw .unknownService(service, among: services.keys.sorted())
    }
    return url
  }

  /// What the mock of a service, a system, a framework or a transform is found by, by the name that people have for it.
  func mockName(of name: String) -> String {
    let services = serviceURLs
    return services[name] ?? services[MultiFrameworkOrchestrator.service("main", of: name)] ?? name
  }

  /// Says what is odd; the same only once.
  func warn(_ text: String) {
    guard warned.withLock({ $0.insert(text).inserted }) else { return }
    settings.onWarning?(text)
  }

  /// A template, filled in.
  ///
  /// - Throws: `WorkflowError` where an expression cannot be worked out, and under strictness where a name is unknown.
  func fill(
    _ template: ContextTemplate, in environment: RunEnvironment, typed: Bool? = nil
  ) throws(WorkflowError) -> Value {
    var unknown: [String] = []
    let value: Value
    do throws(ExpressionError) {
      value = try template.render(
        in: environment, typed: typed ?? settings.isTyped, unknown: &unknown)
    } catch {
      throw WorkflowError(.invalid, error.reason, hint: error.hint)
    }
    guard !unknown.isEmpty else { return value }
    let names = unknown.map { "${\($0)}" }.joined(separator: ", ")
    let message = "nothing is known of \(names)"
    if settings.isStrict {
      let known = environment.context.names + environment.facts.keys.sorted()
      throw WorkflowError(
        .invalid, message + Suggestion.clause(for: unknown[0], among: known),
        hint: known.isEmpty ? "the context is empty" : "known: \(known.joined(separator: ", "))")
    }
    warn(message + "; it stands as it is")
    return value
  }

  /// Whether a condition holds.
  func holds(
    _ condition: Expression?, in environment: RunEnvironment
  ) throws(WorkflowError) -> Bool {
    guard let condition else { return true }
    do throws(ExpressionError) {
      return try condition.isTrue(in: environment)
    } catch {
      throw WorkflowError(
        .invalid, "the condition \(condition.text) cannot be worked out: \(error.reason)",
        hint: error.hint)
    }
  }

  func shutdown() async {
    await bridge.shutdown()
    await client.shutdown()
  }
}
