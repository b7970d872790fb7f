public import TrestleCore
internal import TrestleMock

/// Stubs that are set on mocks while they run.
///
/// A live stub goes before a stub of the file of the same priority, and the latest first; a list that was set
/// as one keeps its order. Files that are read again leave live stubs as they are.
extension RunningMocks {
  /// All stubs of a system's mock, the live ones first, then those of the file in its order. `answeredInScope` counts the
  /// calls of a scope; nil is the one that calls share which name none.
  ///
  /// - Throws: `MockControlError` where no such mock runs.
  public func stubs(
    of system: String, scope: String? = nil
  ) throws(MockControlError) -> [MockStub] {
    try control(of: system).stubs(scope: scope)
  }

  /// One stub by its id.
  ///
  /// - Throws: `MockControlError` where there is no such mock or stub.
  public func stub(
    _ id: String, of system: String, scope: String? = nil
  ) throws(MockControlError) -> MockStub {
    let control = try control(of: system)
    let stubs = control.stubs(scope: scope)
    guard let stub = stubs.first(where: { $0.id == id }) else {
      throw control.noStub(id, among: stubs)
    }
    return stub
  }

  /// Sets a list of live stubs: all or, with a mistake in any, none.
  ///
  ///     try mocks.setStubs(
  ///       [["operation": "GetClaim", "when": ["id": "C-7"], "reply": ["status": "open"]]], on: "claims")
  ///
  /// Each has the keys that it would have under `mock.stubs`, and may have an `id`. One whose id (else its name) is
  /// set already replaces that one in its place, and its counts begin anew. The result are their ids.
  ///
  /// - Throws: `MockControlError` of kind `invalid` with everything that is wrong.
  @discardableResult
  public func setStubs(
    _ stubs: [Value], on system: String
  ) throws(MockControlError) -> MockChange<[String]> {
    var reader = LiveStubReader()
    for (position, stub) in stubs.enumerated() {
      reader.add(stub, at: ValuePath([.item(position)]))
    }
    return try control(of: system).set(
      &reader,
      mistake: stubs.count == 1 ? "the stub is not set" : "none of the \(stubs.count) stubs is set")
  }

  /// Sets one live stub, in place of one of the same id, else of the same name. The result is its id.
  ///
  /// - Throws: `MockControlError` of kind `invalid` with everything that is wrong.
  @discardableResult
  public func setStub(
    _ stub: Value, id: String? = nil, on system: String
  ) throws(MockControlError) -> MockChange<String> {
    var reader = LiveStubReader()
    reader.add(stub, id: id, at: ValuePath())
    let change = try control(of: system).set(&reader, mistake: "the stub is not set")
    return MockChange(result: change.result.first ?? "", warnings: change.warnings)
  }

  /// Takes a live stub away, and gives it as it was.
  ///
  /// - Throws: `MockControlError` where there is no such stub, or it is the file's.
  @discardableResult
  public func removeStub(
    _ id: String, on system: String
  ) throws(MockControlError) -> MockStub {
    let control = try control(of: system)
    let stub = try stub(id, of: system)
    guard stub.origin == .live else {
      throw .init(
        .conflict, system: system, "stub \"\(id)\" is of the file",
        hint:
          "a live stub of priority 0 goes before it; or take it out of \(stub.place ?? "the file")")
    }
    let change = try control.change { (live) throws(MockControlError) in live.remove(id) != nil }
    guard change.result else { throw control.noStub(id, among: control.stubs(scope: nil)) }
    return stub
  }

  /// Takes all live stubs away, live responses among them. Gives how many.
  ///
  /// - Throws: `MockControlError` where no such mock runs.
  @discardableResult
  public func removeLiveStubs(on system: String) throws(MockControlError) -> Int {
    try control(of: system).change { (live) throws(MockControlError) in
      let count = live.stubs.count
      live.removeAllStubs()
      return count
    }.result
  }

  /// The `mock` part of the system's adapter file, with what is live merged in, as YAML. Read again it gives the
  /// same answers.
  ///
  /// - Throws: `MockControlError` where no such mock runs.
  public func exportYAML(of system: String) throws(MockControlError) -> String {
    let control = try control(of: system)
    let (definition, live) = control.answers
    return MockExport(
      definition: definition, live: live, contract: control.system.contract,
      faults: control.engine.faults.entries.filter { !$0.plan.isOver }.map(\.settings)
    ).yaml
  }
}

extension MockControl {
  /// More than this would no longer be compiled in a moment.
  private static let mostStubs = 100_000

  /// All stubs, the live ones first.
  func stubs(scope: String?) -> [MockStub] {
    let counts = Dictionary(
      engine.counts(scope: scope).map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first })
    func stub(
      _ id: String, _ identity: String, _ definition: StubDefinition, _ written: Value,
      _ origin: MockStub.Origin, place: String?
    ) -> MockStub {
      MockStub(
        id: id, name: definition.name ?? id, origin: origin, operation: definition.operation,
        priority: definition.priority, definition: written, place: place,
        answered: counts[identity]?.answered ?? 0,
        answeredInScope: counts[identity]?.answeredInScope ?? 0)
    }
    let (file, live) = answers
    let document = Value.object(file.document)
    let taken = Set(live.stubs.map(\.id))
    let ofFile = zip(file.mock.answers.stubs, file.mock.answers.stubIdentities).map {
      definition, identity in
      let line = file.places.place(of: definition.path)?.line
      return stub(
        taken.contains(identity) ? "\(identity) (file)" : identity, identity, definition,
        document[at: definition.path] ?? .null, .file,
        place: file.file.isEmpty ? nil : line.map { "\(file.file):\($0)" } ?? file.file)
    }
    return live.stubs.map { stub($0.id, $0.identity, $0.definition, $0.written, .live, place: nil) }
      + ofFile
  }

  func noStub(_ id: String, among stubs: [MockStub]) -> MockControlError {
    let names = stubs.map(\.id)
    return MockControlError(
      .notFound, system: system.name,
      "there is no stub \"\(id)\"" + Suggestion.clause(for: id, among: names),
      hint: names.isEmpty ? "it has no stubs" : nil, known: names)
  }

  /// Sets what was read.
  func set(
    _ reader: inout LiveStubReader, mistake: String
  ) throws(MockControlError) -> MockChange<[String]> {
    // The ids that are made are known only once the stubs are in place, and paths are told by them.
    var read = reader
    defer { reader = read }
    let system = system.name
    return try change(
      said: reader.problems, mistake: mistake, path: { read.shown($0) }
    ) { (live) throws(MockControlError) in
      let ids = live.set(read.stubs)
      guard live.stubs.count <= Self.mostStubs else {
        throw .init(
          .conflict, system: system, "a mock takes \(Self.mostStubs) live stubs at most",
          hint: "take some away")
      }
      read.note(made: ids)
      return ids
    }
  }
}
