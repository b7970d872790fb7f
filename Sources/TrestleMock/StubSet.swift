package import TrestleCore

/// Everything a mock can answer, compiled against its contract: an immutable snapshot.
///
/// A call costs one look-up by its operation and then only the conditions of that operation's stubs.
package final class StubSet: Sendable {
  /// What answers calls of one operation.
  struct OperationAnswers: Sendable {
    /// First match wins: later stubs are fallbacks.
    var stubs: [CompiledStub] = []
    var response: CompiledAnswer?
    /// Made from the contract on first use and then kept; nil where the fallback is a fault.
    var sample: Lazy<Reply>?
    /// Whether anything of them needs the call's scope.
    var isScoped = false

    /// What a call is answered with where no stub fits.
    func usual(to call: Call, in context: AnswerContext) -> Reply? {
      response?.reply(to: call, in: context) ?? sample?.value
    }
  }

  struct CompiledStub: Sendable {
    /// Its name, or `stub 3` for one without.
    let name: String
    let matcher: Matcher
    /// Nil where the operation is answered as it is otherwise.
    let answer: CompiledAnswer?
    /// What goes along in the message's header.
    let headers: Template?
    let misbehaviour: Misbehaviour?
    /// Its place in the file.
    let position: Int
    /// What it asks and changes of the state; nil where nothing.
    let progress: StubProgress?

    func reply(
      to call: Call, in context: AnswerContext, otherwise: (Call) -> Reply
    ) -> Reply {
      var reply = answer?.reply(to: call, in: context) ?? otherwise(call)
      if let headers, reply.fault == nil {
        reply = reply.adding(headers, for: call, in: context)
      }
      guard let misbehaviour else { return reply }
      reply.misbehaviour = misbehaviour
      if answer == nil { reply.origin = "stub '\(name)'" }
      return reply
    }
  }

  private let answers: NameTable<OperationAnswers>
  let scope: ScopeRule
  let seed: UInt64?
  let scenarios: ScenarioCatalog
  private let data: DataSets
  /// What each stub's state is kept under, in the order of the file.
  let identities: [String]

  /// Compiles a definition. Operations that are fine work even where others are broken.
  package init(
    _ definition: MockDefinition, contract: Contract, openData: DataOpener = { _, _ in nil },
    problems: inout [ValueProblem]
  ) {
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
    var compiler = StubCompiler(contract: contract, problems: problems)
    compiler.scenarios = scenarios
    compiler.data = data
    compiler.seed = seed
    var answers: [String: OperationAnswers] = [:]
    if definition.fallback == .sample {
      for operation in contract.operations {
        answers[operation.name] = OperationAnswers(
          sample: Lazy {
            Reply(
              value: SampleMaker.sample(for: operation.output, named: operation.name),
              origin: "sample"
            ).kept
          })
      }
    }
    for member in definition.responses {
      let path = definition.path.member("responses").member(member.name)
      guard compiler.knows(member.name, at: path) else { continue }
      answers[member.name, default: OperationAnswers()].response = compiler.reply(
        member.value, operation: member.name, origin: "response", at: path)
    }
    for (position, stub) in definition.stubs.enumerated() {
      let path = stub.path.member("operation")
      guard compiler.knows(stub.operation, at: path) else { continue }
      answers[stub.operation, default: OperationAnswers()].stubs.append(
        compiler.compile(stub, position: position, identity: identities[position]))
    }
    for operation in compiler.scoped { answers[operation]?.isScoped = true }
    self.answers = NameTable(answers.sorted { $0.key < $1.key }.map { ($0.key, $0.value) })
    problems = compiler.problems
  }

  /// The reply to a call. A call that nothing fits gets a fault that says what was tried.
  func reply(to call: Call, generators: Generators, binding: StubBinding) -> Reply {
    guard let answers = answers[call.operation] else {
      return .fault(.unmatched(unknown(call.operation)))
    }
    var context = AnswerContext(generators: generators, data: data)
    if answers.isScoped {
      context.enter(binding.state.scope(named: scope.name(of: call)), seed: seed)
    }
    for stub in answers.stubs where stub.matcher.matches(.object(call.parameters)) {
      var answering = stub
      if let progress = stub.progress {
        switch progress.take(call, &context, state: binding.state) {
        case .passed: continue
        case .taken(let reply): if let reply { answering = reply }
        case .failed(let error): return stub.failure(error)
        }
      }
      binding.tallies[stub.position].add()
      return answering.reply(to: call, in: context) {
        answers.usual(to: $0, in: context) ?? .fault(.unmatched(unknown($0.operation)))
      }
    }
    if let usual = answers.usual(to: call, in: context) { return usual }
    guard !answers.stubs.isEmpty else { return .fault(.unmatched(unknown(call.operation))) }
    return .fault(.unmatched(nearMiss(for: call, among: answers.stubs, context)))
  }

  private func unknown(_ operation: String) -> String {
    let names = answers.keys.filter { name in
      answers[name].map { !$0.stubs.isEmpty || $0.response != nil } ?? false
    }
    let known = names.isEmpty ? "nothing is set up" : "set up: \(names.joined(separator: ", "))"
    return "\(operation): it has neither stub nor response (\(known))"
  }

  private func nearMiss(
    for call: Call, among stubs: [CompiledStub], _ context: AnswerContext
  ) -> String {
    var nearest: (stub: CompiledStub, mismatches: [String])?
    for stub in stubs {
      var mismatches = stub.matcher.mismatches(.object(call.parameters)).map(\.description)
      if let unmet = stub.progress?.mismatch(for: call, context) { mismatches.append(unmet) }
      if nearest.map({ mismatches.count < $0.mismatches.count }) ?? true {
        nearest = (stub, mismatches)
      }
    }
    guard let nearest else { return call.operation }
    var text = "\(call.operation); nearest is \"\(nearest.stub.name)\": "
    text += nearest.mismatches.prefix(3).joined(separator: "; ")
    if nearest.mismatches.count > 3 { text += "; and \(nearest.mismatches.count - 3) more" }
    let tried = stubs.prefix(8).map { "\"\($0.name)\"" }.joined(separator: ", ")
    let rest = stubs.count > 8 ? " and \(stubs.count - 8) more" : ""
    return text + " (tried: \(tried)\(rest))"
  }
}
