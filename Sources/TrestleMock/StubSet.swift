package import TrestleCore

/// Everything a mock can answer, compiled against its contract: an immutable snapshot.
///
/// A call costs one look-up by its operation and then only the conditions of that operation's stubs.
package final class StubSet: Sendable {
  /// What answers calls of one operation.
  final class OperationAnswers: Sendable {
    /// First match wins: later stubs are fallbacks.
    let stubs: [CompiledStub]
    /// The place of each in the file: what it is counted under.
    let positions: [Int]
    /// Which of them a call could match.
    let index: StubIndex
    let response: CompiledAnswer?
    /// The response, where it is the same for every call.
    let constant: Reply?
    /// Made from the contract on first use and then kept; nil where the fallback is a fault.
    let sample: Lazy<Reply>?
    /// What a stub without an answer of its own gives where the fallback is a fault: the fallback is for calls that
    /// nothing fits. Nil where the contract does not say what a reply is like.
    let stubSample: Lazy<Reply>?
    /// Whether anything of them needs the call's scope.
    let isScoped: Bool

    /// `before` are the operation's answers in the set before: where its stubs are the same, so is the index.
    init(
      stubs: [(position: Int, stub: CompiledStub)], response: CompiledAnswer?,
      sample: Lazy<Reply>?, stubSample: Lazy<Reply>?, isScoped: Bool, before: OperationAnswers?
    ) {
      self.stubSample = stubSample
      positions = stubs.map(\.position)
      let stubs = stubs.map(\.stub)
      if let before, before.stubs.elementsEqual(stubs, by: ===) {
        index = before.index
      } else {
        index = StubIndex(stubs.map(\.matcher))
      }
      self.stubs = stubs
      self.response = response
      if case .constant(let reply)? = response { constant = reply } else { constant = nil }
      self.sample = sample
      self.isScoped = isScoped
    }

    /// What a call is answered with where no stub fits.
    func usual(to call: Call, in context: @autoclosure () -> AnswerContext) -> Reply? {
      if let constant { return constant }
      return response?.reply(to: call, in: context()) ?? sample?.value
    }
  }

  final class CompiledStub: Sendable {
    /// Its name, or `stub 3` for one without.
    let name: String
    let matcher: Matcher
    /// What it asks beside the parameters; nil where it asks nothing.
    let beside: StubConditions?
    /// Nil where the operation is answered as it is otherwise.
    let answer: CompiledAnswer?
    /// What goes along in the message's header.
    let headers: Template?
    let faults: FaultPlan?
    /// What it asks and changes of the state; nil where nothing.
    let progress: StubProgress?
    /// What it answers to every call alike; nil where that depends.
    let constant: Reply?

    init(
      name: String, matcher: Matcher, beside: StubConditions?, answer: CompiledAnswer?,
      headers: Template?, faults: FaultPlan?, progress: StubProgress?
    ) {
      self.name = name
      self.matcher = matcher
      self.beside = beside
      self.answer = answer
      self.headers = headers
      self.faults = faults
      self.progress = progress
      if case .constant(let reply)? = answer, headers == nil, faults == nil, progress == nil {
        constant = reply
      } else {
        constant = nil
      }
    }

    /// `owner` is the stub that this is one of several replies of: what that does wrong is counted for all of them.
    func reply(
      to call: Call, in context: AnswerContext, owner: CompiledStub? = nil,
      otherwise: (Call) -> Reply
    ) -> Reply {
      var reply = answer?.reply(to: call, in: context) ?? otherwise(call)
      if let headers, reply.fault == nil {
        reply = reply.adding(headers, for: call, in: context)
      }
      guard let faults = faults ?? owner?.faults else { return reply }
      reply.misbehaviour = faults.next(context.generators.randomBits)
      if answer == nil { reply.origin = "stub '\(name)'" }
      return reply
    }
  }

  /// A stub with all that compiling it came to, for a later set that has it too.
  struct KeptStub: Sendable {
    let stub: CompiledStub
    let path: ValuePath
    let generation: Int
    let problems: [ValueProblem]
    let plans: [ValuePath: KeptPlan]
    let isScoped: Bool
  }

  let answers: NameTable<OperationAnswers>
  /// By what their state is kept under.
  let keptStubs: [String: KeptStub]
  /// What the system as a whole does wrong on purpose; nil for nothing.
  let faults: [FaultPlan]?
  let hasFaults: Bool
  /// What operations answer, for samples in suggestions.
  let outputs: NameTable<Lazy<Schema>>
  let xpath: (any WireXPath)?
  /// What of calls must not be shown; nil for nothing.
  let secrets: (any CallSecrets)?
  /// What is done wrong, by its place: it goes on counting when other stubs are set beside it.
  package let plans: [ValuePath: KeptPlan]
  let scope: ScopeRule
  let seed: UInt64?
  let scenarios: ScenarioCatalog
  let data: DataSets
  /// What each stub's state is kept under, in the order of the file.
  let identities: [String]

  /// Compiles a definition. Operations that are fine work even where others are broken.
  ///
  /// Stubs of `before`, a set of the same file and scenarios, are taken over where they were not set anew: a change
  /// among many stubs costs what it changes.
  package init(
    _ written: MockDefinition, contract: Contract, xpath: (any WireXPath)? = nil,
    abilities: WireAbilities? = nil, openData: DataOpener = { _, _ in nil },
    secrets: (any CallSecrets)? = nil,
    keeping plans: [ValuePath: KeptPlan] = [:], reusing before: StubSet? = nil,
    problems: inout [ValueProblem]
  ) {
    let definition = written.withScenarioStubs(for: contract)
      .atEndpoints(of: contract, problems: &problems)
    scenarios = ScenarioCatalog(definition, problems: &problems)
    data = DataSets(definition.data, open: openData, problems: &problems)
    seed = definition.seed
    scope =
      definition.scope.isNull
      ? .usual
      : ScopeRule(
        definition.scope, contract: contract, at: definition.path.member("scope"),
        problems: &problems)
    identities = definition.stubIdentities
    var compiler = StubCompiler(contract: contract, problems: problems, xpath: xpath)
    compiler.abilities = abilities
    compiler.kept = plans
    self.secrets = secrets
    compiler.scenarios = scenarios
    compiler.data = data
    compiler.seed = seed
    var allSamples: [String: Lazy<Reply>] = [:]
    for operation in contract.operations {
      allSamples[operation.name] = Lazy {
        Reply(
          value: SampleMaker.sample(for: operation.output, named: operation.name),
          origin: "sample"
        ).kept
      }
    }
    let samples = definition.fallback == .sample ? allSamples : [:]
    var responses: [String: CompiledAnswer] = [:]
    for member in definition.responses {
      let path = definition.path.member("responses").member(member.name)
      guard compiler.knows(member.name, at: path) else { continue }
      responses[member.name] = compiler.reply(
        member.value, operation: member.name, origin: "response", at: path)
    }
    var stubs: [String: [(position: Int, stub: CompiledStub)]] = [:]
    var keptStubs: [String: KeptStub] = [:]
    keptStubs.reserveCapacity(identities.count)
    for position in definition.stubsInOrder {
      let stub = definition.stubs[position]
      guard compiler.knows(stub.operation, at: stub.operationPath) else { continue }
      let identity = identities[position]
      let kept = compiler.compile(
        stub, title: stub.title(at: position), identity: identity,
        reusing: before?.keptStubs[identity])
      keptStubs[identity] = kept
      stubs[stub.operation, default: []].append((position, kept.stub))
    }
    self.keptStubs = keptStubs
    self.xpath = xpath
    let names = Set(samples.keys).union(responses.keys).union(stubs.keys).sorted()
    outputs = NameTable(
      names.compactMap { name in
        contract.operation(named: name).map { operation in
          (name, Lazy { operation.output })
        }
      })
    let scoped = compiler.scoped
    answers = NameTable(
      names.map { name in
        (
          name,
          OperationAnswers(
            stubs: stubs[name] ?? [], response: responses[name], sample: samples[name],
            stubSample: contract.isOpen ? nil : allSamples[name], isScoped: scoped.contains(name),
            before: before?.answers[name])
        )
      })
    faults = compiler.faultPlans(
      definition.misbehaviour, at: definition.path.member("misbehave"))
    hasFaults = faults != nil
    self.plans = compiler.plans
    problems = compiler.problems
  }

  /// What one set keeps state of and another does not.
  struct Gone {
    var identities: [String]
    var scenarios: [String]
  }

  /// What is gone when another set takes this one's place.
  func gone(in other: StubSet) -> Gone {
    func names(_ set: StubSet) -> Set<String> {
      Set(set.scenarios.machines.map(\.name) + set.scenarios.sets)
    }
    return Gone(
      identities: Array(Set(identities).subtracting(other.identities)),
      scenarios: Array(names(self).subtracting(names(other))))
  }
}
