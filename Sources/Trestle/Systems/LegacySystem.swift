internal import TrestleCore
internal import TrestleMock
internal import TrestleREST
internal import TrestleStore
internal import TrestleXMLRPC

/// One legacy system: what its adapter file says, and the codec and contract made from it on first use.
public struct LegacySystem: Sendable {
  /// What the adapter file says.
  public let definition: AdapterDefinition
  /// What reading the file found; the contract's own findings are in `diagnostics`.
  let fileDiagnostics: [Diagnostic]
  private let loaded: Lazy<Loaded>
  private let checking: Lazy<Result<any Codec, LoadError>>
  private let context: LoadContext

  private struct Loaded: Sendable {
    var codec: Result<any Codec, LoadError>
    var contract: Contract
    var stubs: StubSet
    var diagnostics: [Diagnostic]
    var endpoint: String?
    var faults: FaultTable
    var session: SessionDefinition?
  }

  init(
    _ definition: AdapterDefinition, registry: ProtocolRegistry, context: LoadContext,
    diagnostics: [Diagnostic] = [], failure: LoadError? = nil
  ) {
    self.definition = definition
    self.context = context
    fileDiagnostics = diagnostics
    let loaded = Lazy { Self.load(definition, registry, context, failure: failure) }
    self.loaded = loaded
    checking = Lazy { loaded.value.codec.flatMap { Self.checkingSchemas($0) } }
  }

  /// The name callers pass.
  public var name: String { definition.system }
  /// The name of its protocol: `soap`.
  public var protocolName: String { definition.protocolName }
  /// The file it was read from, relative to the workspace where possible.
  public var file: String { definition.file }
  /// Where the live system is; nil when only its mock is there.
  public var endpoint: String? { definition.endpoint }
  /// Where the contract says the system is; nil where it does not say, or could not be loaded.
  public var contractEndpoint: String? { loaded.value.endpoint }
  /// The longest a call may take.
  public var timeout: Duration { definition.timeout }

  /// What the system offers; empty when its contract could not be loaded.
  public var contract: Contract { loaded.value.contract }

  /// What its faults mean.
  var faults: FaultTable { loaded.value.faults }
  /// How calls log in; nil where they need not.
  var session: SessionDefinition? { loaded.value.session }

  /// How calls log in, in a few words; nil where they need not.
  package var sessionSummary: String? { session?.summary }

  /// An operation of the contract, or one that the protocol has for asking about the service.
  package func operation(named name: String) -> Operation? {
    if let operation = contract.operation(named: name) { return operation }
    return (try? codec() as? any IntrospectingCodec)?.introspection(named: name)
  }

  /// The files that its contract was read from, by their absolute paths, as they were then; none before it is used.
  package var contractFiles: [String: FileStamp?] { context.contractFiles }

  /// Everything that was found wrong with its file, its contract and its mock's answers.
  public var diagnostics: [Diagnostic] { fileDiagnostics + loaded.value.diagnostics }

  /// The path of its mock's address where its file has no endpoint: its name, or what the contract has
  /// before the paths of its operations.
  var mockPath: String {
    (try? codec() as? RESTCodec)?.basePath ?? "/" + name.urlPathSegment
  }

  /// Whether calls can be made and answered at all.
  public var isUsable: Bool { (try? codec()) != nil }

  /// The system's codec.
  ///
  /// - Throws: `LoadError` when its file or its contract is broken.
  public func codec() throws(LoadError) -> any Codec { try loaded.value.codec.get() }

  /// The system's codec; with `checkingSchemas`, one that holds messages against the contract's own
  /// schemas too, where the protocol has such.
  ///
  /// - Throws: `LoadError` when its file or its contract is broken, or its schemas cannot be compiled.
  func codec(checkingSchemas: Bool) throws(LoadError) -> any Codec {
    try checkingSchemas ? checking.value.get() : codec()
  }

  private static func checkingSchemas(_ codec: any Codec) -> Result<any Codec, LoadError> {
    guard let codec = codec as? any SchemaCheckingCodec else { return .success(codec) }
    do throws(CodecError) {
      return .success(try codec.checkingSchemas())
    } catch {
      return .failure(LoadError(error.reason, hint: error.hint))
    }
  }

  /// The system's mock: its codec, answered from its file. With `checksRequests`, a request that
  /// breaks the contract is answered with a fault that says where.
  ///
  /// - Throws: `LoadError` when its file or its contract is broken.
  public func mockService(
    checksRequests: Bool = false, observe: (@Sendable (Service.Exchange) -> Void)? = nil
  ) throws(LoadError) -> Service {
    try mock(checksRequests: checksRequests, observe: observe).service
  }

  /// The system's mock and the engine behind it, whose answers can be replaced.
  func mock(
    checksRequests: Bool, clock: (any Clock<Duration>)? = nil, generators: Generators? = nil,
    onNotice: (@Sendable (String) -> Void)? = nil,
    observe: (@Sendable (Service.Exchange) -> Void)?
  ) throws(LoadError) -> (service: Service, engine: StubEngine) {
    let codec = try codec(checkingSchemas: checksRequests)
    let engine = StubEngine(
      loaded.value.stubs, generators: generators ?? .system(seed: definition.mock.answers.seed),
      state: MockState(report: onNotice), clock: clock ?? ContinuousClock())
    let answering = codec as? any AnsweringCodec
    var responder: any Responder =
      checksRequests && answering?.checksItsRequests != true
      ? CheckedResponder(inner: engine, contract: contract) : engine
    if let answering { responder = answering.answering(responder) }
    if let introspecting = codec as? any IntrospectingCodec {
      // Outermost, so that the calls inside a multicall are checked like any other.
      responder = introspecting.introspecting(
        responder, operations: contract.operations.map(\.name))
    }
    return (Service(codec: codec, responder: responder, observe: observe), engine)
  }

  /// Compiles answers against this system's contract: those of a description of it, with what is live among them.
  func compile(
    _ answers: MockDefinition, of definition: AdapterDefinition, data: DataShelf,
    keeping plans: [ValuePath: KeptPlan] = [:], reusing before: StubSet? = nil,
    problems: inout [ValueProblem]
  ) -> StubSet {
    let xpath = RequestXPath(contract: contract, own: definition["mock"]?["namespaces"])
    ScenarioResponses.check(answers, contract: contract, problems: &problems)
    return StubSet(
      answers, contract: contract, xpath: xpath, abilities: abilities,
      openData: { data.open($0, by: DataFiles(context: context), &$1) },
      secrets: Self.secrets(of: definition, try? codec()), keeping: plans, reusing: before,
      problems: &problems)
  }

  /// Masks what its file or its layout calls secret; nil where nothing is.
  var secretMask: SecretMask? {
    let declared = (try? codec() as? any FieldListingCodec)?.secretFields ?? []
    let paths = definition.mock.secrets + declared
    return paths.isEmpty ? nil : SecretMask(paths: paths)
  }

  /// What of calls must not be shown.
  private static func secrets(
    of definition: AdapterDefinition, _ codec: (any Codec)?
  ) -> MaskedSecrets {
    let declared = (codec as? any FieldListingCodec)?.secretFields ?? []
    return MaskedSecrets(mask: SecretMask(paths: definition.mock.secrets + declared))
  }

  /// What of misbehaviour its protocol can show; nil where its codec could not be made.
  var abilities: WireAbilities? { (try? codec()).map { WireAbilities($0.wire) } }

  private static func load(
    _ definition: AdapterDefinition, _ registry: ProtocolRegistry, _ context: LoadContext,
    failure: LoadError?
  ) -> Loaded {
    let codec: Result<any Codec, LoadError>
    if let failure {
      codec = .failure(failure)
    } else {
      do {
        codec = .success(try registry.codec(for: definition, context: context))
      } catch let error as LoadError {
        codec = .failure(error)
        // A factory that has said it with its place already is not repeated.
        if !context.diagnostics.contains(where: { $0.isSaid(by: error) }) {
          context.report(.error, error.message, at: definition.blamedKey, hint: error.hint)
        }
      } catch {
        codec = .failure(LoadError("\(error)"))
        context.report(.error, "\(error)", at: definition.blamedKey)
      }
    }
    var contract = (try? codec.get())?.contract ?? Contract(name: definition.system, operations: [])
    var problems: [ValueProblem] = []
    if (try? codec.get()) != nil {
      contract.override(with: definition.document["operations"], problems: &problems)
      if contract.isOpen { contract.addOperations(answeredBy: definition.mock.answers) }
    }
    var answers = definition.mock.answers
    if (try? codec.get()) == nil { answers = MockDefinition() }
    let xpath = RequestXPath(contract: contract, own: definition["mock"]?["namespaces"])
    ScenarioResponses.check(answers, contract: contract, problems: &problems)
    let stubs = StubSet(
      answers, contract: contract, xpath: xpath,
      abilities: (try? codec.get()).map { WireAbilities($0.wire) },
      openData: DataFiles(context: context).open,
      secrets: secrets(of: definition, try? codec.get()), problems: &problems)
    if let codec = try? codec.get() {
      checkSends(of: definition, against: contract, problems: &problems)
      problems += JournalSettings.problems(of: definition.document)
      checkTransportConditions(of: definition, over: codec.wire, problems: &problems)
    }
    let faults = FaultTable(definition["faults"], problems: &problems)
    let session = SessionDefinition(definition["session"], contract: contract, problems: &problems)
    if let session { contract.fillIn(session) }
    for diagnostic in contract.diagnostics { context.report(diagnostic) }
    for problem in problems { context.report(problem) }
    return Loaded(
      codec: codec, contract: contract, stubs: stubs, diagnostics: context.diagnostics,
      endpoint: context.contractEndpoint, faults: faults, session: session)
  }
}

extension Diagnostic {
  /// Whether an error says no more than this, be it with the path of what it is about.
  fileprivate func isSaid(by error: LoadError) -> Bool {
    severity == .error && (error.message == message || error.message.hasSuffix(": " + message))
  }
}

extension AdapterDefinition {
  /// The key that stands for the system's contract, to blame where a factory does not say more.
  fileprivate var blamedKey: String {
    ["wsdl", "openapi", "methods", "layout", "profile"].first { document[$0] != nil } ?? "protocol"
  }
}

extension Contract {
  /// Lists what the mock answers: of a system without a contract nothing else is known.
  mutating func addOperations(answeredBy answers: MockDefinition) {
    for name in answers.responses.names + answers.stubs.map(\.operation)
    where operation(named: name) == nil {
      set(.withoutContract(name, knownFrom: "the mock's answers"))
    }
  }

  /// Puts in what an adapter file says about single operations; where any may be called, it may be the
  /// first to name them.
  mutating func override(with value: Value?, problems: inout [ValueProblem]) {
    // Null takes an operation of a profile away.
    for member in value?.objectValue ?? [:] where !member.value.isNull {
      let known =
        operation(named: member.name)
        ?? (isOpen ? .withoutContract(member.name, knownFrom: "its adapter file") : nil)
      guard var operation = known else {
        let names = operations.map(\.name)
        problems.append(
          ValueProblem(
            .warning,
            "the contract has no operation \"\(member.name)\""
              + Suggestion.clause(for: member.name, among: names),
            at: ValuePath([.member("operations"), .member(member.name)])))
        continue
      }
      if let effects = member.value["effects"]?.stringValue.flatMap(Operation.Effects.init) {
        operation.effects = effects
      }
      if let summary = member.value["summary"]?.stringValue { operation.summary = summary }
      set(operation)
    }
  }
}

extension Operation {
  /// One of which there is no more than a name.
  fileprivate static func withoutContract(_ name: String, knownFrom place: String) -> Operation {
    Operation(name: name, notes: ["no contract: known from \(place)"]) {
      Operation.Schemas(input: .any, output: .any)
    }
  }
}
