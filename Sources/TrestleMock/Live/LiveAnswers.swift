package import TrestleCore

/// What was set on a mock while it runs, beside what its file says: stubs and scenarios. It outlives changes of the
/// file.
package struct LiveAnswers: Sendable {
  /// A stub that was set.
  package struct Stub: Sendable {
    package let id: String
    /// As it was written.
    package let written: Value
    package var definition: StubDefinition
    /// Whether nobody chose its id.
    package let hasMadeID: Bool
    /// What was given as the operation's response, for one that was set as such.
    package let response: Value?

    /// What its state is kept under: a new one each time a stub is set, so that whoever is still answered by the one
    /// before counts for that one. No stub of a file has such a name by chance.
    package var identity: String { definition.identity ?? id }
  }

  /// In the order in which those of the same priority are tried.
  package private(set) var stubs: [Stub] = []
  package private(set) var scenarios: Record = [:]
  private var lastNumber = 0
  private var lastGeneration = 0

  package init() {}

  package var isEmpty: Bool { stubs.isEmpty && scenarios.isEmpty }

  /// The part of the path that what is wrong with a live stub begins with.
  package static func path(of id: String) -> ValuePath {
    ValuePath([.member("live"), .member(id)])
  }

  /// The id of the live stub that a path is in; nil for a path in the file.
  package static func id(in path: ValuePath) -> String? {
    guard path.steps.count >= 2, path.steps[0] == .member("live"),
      case .member(let id) = path.steps[1]
    else { return nil }
    return id
  }

  /// What is live at a path, in words; nil for a path in the file.
  package func owner(of path: ValuePath) -> String? {
    if let id = Self.id(in: path) { return "live stub \"\(id)\"" }
    guard path.steps.count >= 3, path.steps[1] == .member("scenarios"),
      case .member(let name) = path.steps[2], scenarios[name] != nil
    else { return nil }
    return "live scenario \"\(name)\""
  }

  /// The id under which a response to an operation is kept.
  package static func responseID(_ operation: String) -> String { "response \(operation)" }

  /// The file's answers with these among them: of the same priority live stubs go first.
  package func merged(into file: MockDefinition) -> MockDefinition {
    var all = file
    all.stubs = stubs.map(\.definition) + file.stubs
    for member in scenarios { all.scenarios[member.name] = member.value }
    return all
  }

  // MARK: Stubs

  /// Sets stubs, each with its id where one was given: one that is known is replaced in its place, the others go
  /// before all others in the order given. Gives their ids.
  ///
  /// Stubs without an operation are left out; they were found to be wrong before.
  package mutating func set(_ given: [(id: String?, written: Value)]) -> [String] {
    var places: [String: Int] = [:]
    for (place, stub) in stubs.enumerated() { places[stub.id] = place }
    let taken = Set(places.keys).union(given.compactMap(\.id))
    var fresh: [Stub] = []
    var ids: [String] = []
    for (id, written) in given {
      let isMade = id == nil
      let id = id ?? makeID(avoiding: taken)
      guard let stub = stub(id, written, hasMadeID: isMade) else { continue }
      ids.append(id)
      if let place = places[id] {
        stubs[place] = stub
      } else {
        // One that is given twice would have been found before.
        fresh.append(stub)
      }
    }
    stubs = fresh + stubs
    return ids
  }

  /// Sets what an operation answers, before all other stubs.
  package mutating func setResponse(_ value: Value, to operation: String, contract: Contract) {
    let id = Self.responseID(operation)
    var definition = StubDefinition(
      answering: operation, with: value, contract: contract, at: Self.path(of: id))
    definition.priority = 0
    definition.name = id
    // It is the same however often it is set: its count goes on.
    let made = makeIdentity(id)
    definition.identity = stubs.first { $0.id == id }?.identity ?? made
    definition.generation = lastGeneration
    var written: Record = ["operation": .string(operation), "priority": 0]
    let answer =
      StubDefinition.isAnswer(value, to: operation, contract: contract)
      ? value.objectValue ?? [:] : ["reply": value]
    for member in answer { written[member.name] = member.value }
    stubs.removeAll { $0.id == id }
    stubs.insert(
      Stub(
        id: id, written: .object(written), definition: definition, hasMadeID: false,
        response: value), at: 0)
  }

  /// Takes a stub away; nil where there is none of the id.
  package mutating func remove(_ id: String) -> Stub? {
    guard let place = stubs.firstIndex(where: { $0.id == id }) else { return nil }
    return stubs.remove(at: place)
  }

  package mutating func removeAllStubs() { stubs = [] }

  /// The plans of what is done wrong that go on when this takes the place of other answers: all but those of stubs
  /// that were set anew.
  package func keeping(
    _ plans: [ValuePath: KeptPlan], from before: LiveAnswers
  ) -> [ValuePath: KeptPlan] {
    guard plans.contains(where: { Self.id(in: $0.key) != nil }) else { return plans }
    let known = Set(before.stubs.map(\.identity))
    let same = Set(stubs.filter { known.contains($0.identity) }.map(\.id))
    return plans.filter { path, _ in Self.id(in: path).map(same.contains) ?? true }
  }

  private mutating func stub(_ id: String, _ written: Value, hasMadeID: Bool) -> Stub? {
    guard var definition = StubDefinition(written, at: Self.path(of: id)) else { return nil }
    definition.name = definition.name ?? id
    definition.identity = makeIdentity(id)
    definition.generation = lastGeneration
    return Stub(
      id: id, written: written, definition: definition, hasMadeID: hasMadeID, response: nil)
  }

  private mutating func makeIdentity(_ id: String) -> String {
    lastGeneration += 1
    return "live \(lastGeneration) \(id)"
  }

  private mutating func makeID(avoiding taken: Set<String>) -> String {
    repeat { lastNumber += 1 } while taken.contains("live-\(lastNumber)")
    return "live-\(lastNumber)"
  }

  // MARK: Scenarios

  package mutating func setScenario(_ name: String, to definition: Value) {
    scenarios[name] = definition
  }

  package mutating func removeScenario(_ name: String) -> Bool {
    guard scenarios[name] != nil else { return false }
    scenarios[name] = nil
    return true
  }

  package mutating func removeAllScenarios() { scenarios = [:] }
}
