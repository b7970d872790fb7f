internal import Synchronization

/// What changes in a mock while it answers. It lives as long as the mock: when a file is read again, stubs go
/// on where they were, told apart by their names, or by their places where they have none.
package final class MockState: Sendable {
  /// How much a mock remembers.
  package struct Limits: Sendable {
    /// Scopes beside the one that all share.
    package var scopes = 1000
    /// Of all stores together.
    package var bytes = 64 << 20

    package init() {}
  }

  private struct Entry {
    let scope: MockScope
    var lastUse: UInt64
    var bytes = 0
  }

  private struct Registry {
    var scopes: [String: Entry] = [:]
    var uses: UInt64 = 0
    var bytes = 0
    var tallies: [String: StubTally] = [:]
    var notices: [String] = []

    private static var mostNotices: Int { 50 }

    mutating func forgetOldest(because reason: String) -> String? {
      guard let oldest = scopes.min(by: { $0.value.lastUse < $1.value.lastUse }) else { return nil }
      scopes[oldest.key] = nil
      bytes -= oldest.value.bytes
      let notice = "scope \"\(oldest.key)\" was forgotten: \(reason)"
      note([notice])
      return notice
    }

    mutating func note(_ said: [String]) {
      notices += said
      notices.removeFirst(max(0, notices.count - Self.mostNotices))
    }
  }

  /// The scope of calls that name none. It is never forgotten.
  let shared = MockScope(name: nil)
  private let limits: Limits
  private let registry = Mutex(Registry())
  private let report: (@Sendable (String) -> Void)?
  private let scopedAnswers = Atomic(false)

  /// A state in which nothing has happened. `report` is told what had to be forgotten.
  package init(limits: Limits = Limits(), report: (@Sendable (String) -> Void)? = nil) {
    self.limits = limits
    self.report = report
  }

  /// Whether any scope has had answers of its own: where none has, no call looks for them.
  var hasScopedAnswers: Bool { scopedAnswers.load(ordering: .relaxed) }

  func expectsScopedAnswers() { scopedAnswers.store(true, ordering: .relaxed) }

  /// The scope of a name, made when it is first used; beyond the limit the one that was used longest ago
  /// makes room.
  func scope(named name: String?) -> MockScope {
    guard let name else { return shared }
    let (scope, notice) = registry.withLock { registry -> (MockScope, String?) in
      registry.uses += 1
      if let known = registry.scopes[name] {
        registry.scopes[name]?.lastUse = registry.uses
        return (known.scope, nil)
      }
      let notice =
        registry.scopes.count >= limits.scopes
        ? registry.forgetOldest(because: "there are \(limits.scopes) scopes") : nil
      let scope = MockScope(name: name)
      registry.scopes[name] = Entry(scope: scope, lastUse: registry.uses)
      return (scope, notice)
    }
    if let notice { report?(notice) }
    return scope
  }

  /// The scope of a name, if there is one.
  func existingScope(named name: String?) -> MockScope? {
    guard let name else { return shared }
    return registry.withLock { $0.scopes[name]?.scope }
  }

  /// The names of the scopes there are, beside the one that all share.
  package var scopeNames: [String] { registry.withLock { $0.scopes.keys.sorted() } }

  /// The last things that had to be forgotten, a sentence each.
  package var notices: [String] { registry.withLock { $0.notices } }

  /// Takes note of a store's new size, and of what went from it.
  func storeChanged(in scope: MockScope, bytes: Int, dropped: [String]) {
    var said = dropped.prefix(1).map { key in
      "scope \(scope.title): key \"\(key)\" was forgotten, since its store is full"
    }
    registry.withLock { registry in
      if let name = scope.name, let entry = registry.scopes[name] {
        registry.bytes += bytes - entry.bytes
        registry.scopes[name]?.bytes = bytes
      }
      registry.note(said)
      while registry.bytes > limits.bytes,
        let notice = registry.forgetOldest(because: "all stores together are full")
      {
        said.append(notice)
      }
    }
    for notice in said { report?(notice) }
  }

  /// Forgets everything of one scope; nil is the one that all share.
  package func reset(scope name: String?) {
    guard let name else { return shared.reset() }
    registry.withLock { registry in
      if let entry = registry.scopes.removeValue(forKey: name) { registry.bytes -= entry.bytes }
    }
  }

  /// Forgets everything of all scopes, and how often stubs have answered.
  package func resetAll() {
    shared.reset()
    registry.withLock { registry in
      registry.scopes = [:]
      registry.bytes = 0
      for tally in registry.tallies.values { tally.reset() }
    }
  }

  /// Forgets how often stubs have answered, and how far they have come in all scopes.
  func forget(_ identities: [String]) {
    guard !identities.isEmpty else { return }
    let scopes = registry.withLock { registry in
      for identity in identities { registry.tallies[identity] = nil }
      return registry.scopes.values.map(\.scope)
    }
    for scope in scopes + [shared] {
      scope.withContent { content in
        guard !content.progress.isEmpty else { return }
        for identity in identities { content.progress[identity] = nil }
      }
    }
  }

  /// Forgets how scenarios stand in all scopes: of machines their states, of sets of responses whether they are on.
  func forget(scenarios names: Set<String>) {
    guard !names.isEmpty else { return }
    for scope in registry.withLock({ $0.scopes.values.map(\.scope) }) + [shared] {
      scope.withContent { content in
        for name in names { content.states[name] = nil }
        if let active = content.states[ScenarioCatalog.setMachine], names.contains(active) {
          content.states[ScenarioCatalog.setMachine] = nil
        }
      }
    }
  }

  /// What anything is counted under.
  package var identities: Set<String> {
    let (tallies, scopes) = registry.withLock {
      (Set($0.tallies.keys), $0.scopes.values.map(\.scope))
    }
    return (scopes + [shared]).reduce(into: tallies) { all, scope in
      all.formUnion(scope.withContent { Array($0.progress.keys) })
    }
  }

  func tally(of identity: String) -> StubTally {
    registry.withLock { registry in
      if let known = registry.tallies[identity] { return known }
      let tally = StubTally()
      registry.tallies[identity] = tally
      return tally
    }
  }
}

extension MockScope {
  var title: String { name.map { "\"\($0)\"" } ?? "shared" }
}

/// How often a stub has answered, in all scopes together.
final class StubTally: Sendable {
  private let count = Atomic(0)

  func add() { count.add(1, ordering: .relaxed) }
  func reset() { count.store(0, ordering: .relaxed) }
  var answered: Int { count.load(ordering: .relaxed) }
}

/// A set of stubs and the state that its calls change.
final class StubBinding: Sendable {
  let stubs: StubSet
  let state: MockState
  /// By the stub's position in the file.
  let tallies: [StubTally]

  init(_ stubs: StubSet, state: MockState) {
    self.stubs = stubs
    self.state = state
    tallies = stubs.identities.map { state.tally(of: $0) }
  }
}
