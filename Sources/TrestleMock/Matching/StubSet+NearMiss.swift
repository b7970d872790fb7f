package import TrestleCore

extension StubSet {
  /// How many stubs a near miss looks at on each side of a call's own values, and from the beginning.
  private static let neighbours = 32

  /// The stubs nearest to a call; nil for an operation without stubs. The work is bounded however many
  /// there are: the candidates, the neighbours in the index, and the first ones.
  package func nearMiss(for call: Call, generators: Generators) -> NearMiss? {
    nearMiss(for: call, generators: generators, state: nil)
  }

  /// The same, with what of the call's scope keeps stubs from answering.
  func nearMiss(for call: Call, generators: Generators, state: AnswerContext?) -> NearMiss? {
    guard let answers = answers[call.operation], !answers.stubs.isEmpty else { return nil }
    let context = state?.matching ?? MatchContext(now: generators.now)
    let view = WireView(xpath)
    var seen: Set<Int> = []
    var ranked: [(score: Int, order: Int, candidate: NearMiss.Candidate)] = []
    let positions =
      answers.index.candidates(for: call).prefix(2 * Self.neighbours)
      + answers.index.neighbours(of: call, limit: Self.neighbours)
      + answers.stubs.indices.prefix(2 * Self.neighbours)
    for position in positions where seen.insert(position).inserted {
      let stub = answers.stubs[position]
      // Nobody who misses an answer looks for one that a scenario would switch on.
      guard !stub.isOfScenario else { continue }
      var differences = stub.differences(from: call, view: view, context)
      if let state { differences += stub.progress?.differences(from: call, in: state) ?? [] }
      for index in differences.indices { secrets?.hide(in: &differences[index], of: call) }
      let holding = max(0, stub.conditionCount - differences.count)
      let weight = differences.reduce(0) { $0 + $1.weight }
      ranked.append(
        (
          2 * weight - min(holding, 16), ranked.count,
          NearMiss.Candidate(stub: stub.name, differences: differences, holding: holding)
        ))
    }
    // Of equals, the one that came up first: the nearer neighbour, then the earlier stub.
    ranked.sort { ($0.score, $0.order) < ($1.score, $1.order) }
    let own = answers.stubs.filter { !$0.isOfScenario }
    guard !own.isEmpty else { return nil }
    return NearMiss(
      operation: call.operation, candidates: ranked.prefix(3).map(\.candidate),
      stubCount: own.count, names: own.prefix(8).map(\.name),
      suggestion: suggestedStub(for: call))
  }

  /// A stub that a call would match, with a sample of the reply.
  package func suggestedStub(for call: Call) -> String {
    let output = outputs[call.operation]?.value
    let sample = output.map { SampleMaker.sample(for: $0, named: call.operation) } ?? .emptyObject
    return StubText.entry(for: call, reply: sample, secrets: secrets)
  }
}

extension StubSet.CompiledStub {
  var conditionCount: Int {
    matcher.conditionCount + (beside?.headers?.conditionCount ?? 0)
      + (beside?.transport?.facts(of: nil).count ?? 0) + (beside?.xpath.count ?? 0)
  }

  /// Every place where a call is not as the stub asks.
  func differences(
    from call: Call, view: WireView, _ context: MatchContext
  ) -> [NearMiss.Difference] {
    func difference(_ mismatch: Matcher.Mismatch, _ prefix: String = "") -> NearMiss.Difference {
      NearMiss.Difference(
        path: prefix + mismatch.path.description, expected: mismatch.expected,
        found: mismatch.found)
    }
    var found = matcher.mismatches(.object(call.parameters), in: context).map { difference($0) }
    guard let beside else { return found }
    if let headers = beside.headers {
      found += headers.mismatches(.object(call.headers), in: context)
        .map { difference($0, "headers.") }
    }
    for fact in beside.transport?.facts(of: call.request) ?? []
    where !fact.matcher.matches(fact.found, in: context) {
      found.append(
        NearMiss.Difference(
          path: "transport.\(fact.place)", expected: fact.matcher.noun, found: fact.found))
    }
    guard !beside.xpath.isEmpty else { return found }
    guard let document = view.document(of: call) else {
      found.append(
        NearMiss.Difference(path: "xpath", expected: "a request in XML", found: nil))
      return found
    }
    for condition in beside.xpath where !condition.holds(in: document, context) {
      found.append(
        NearMiss.Difference(
          path: "xpath \(condition.expression)", expected: condition.matcher.noun,
          found: condition.found(in: document)))
    }
    return found
  }
}

extension NearMiss.Difference {
  /// How far it sets a stub apart: a value that is nearly right less than another one, and that less than one
  /// that is missing.
  fileprivate var weight: Int {
    guard let found else { return 3 }
    if path.hasPrefix("transport.") { return 1 }
    guard let text = found.scalarText, text.utf8.count <= 64 else { return 2 }
    let asked = expected.hasPrefix("\"") ? String(expected.dropFirst().dropLast()) : expected
    return Suggestion.nearest(to: text, among: [asked]) == nil ? 2 : 1
  }
}
