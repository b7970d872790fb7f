public import TrestleCore

/// Stubs that are set on mocks while they run.
///
/// A live stub goes before a stub of the file of the same priority, and the latest first; a list that was set
/// as one keeps its order. Files that are read again leave live stubs as they are.
extension RunningMocks {
  /// All stubs of a system's mock, the live ones first, in the order in which those of the same priority are tried.
  ///
  /// - Throws: `MockControlError` where no such mock runs.
  public func stubs(
    of system: String, scope: String? = nil
  ) throws(MockControlError) -> [MockStub] {
    _ = try control(of: system)
    return []
  }

  /// One stub by its id.
  ///
  /// - Throws: `MockControlError` where there is no such mock or stub.
  public func stub(
    _ id: String, of system: String, scope: String? = nil
  ) throws(MockControlError) -> MockStub {
    throw .init(.notFound, system: system, "there is no stub \"\(id)\"")
  }

  /// Sets a list of live stubs, all or, with a mistake in any, none; each has the keys that it would have under
  /// `mock.stubs`, and `id`. One whose id (else its name) is set already replaces that one in its place.
  /// The result are their ids.
  ///
  /// - Throws: `MockControlError` of kind `invalid` with everything that is wrong.
  @discardableResult
  public func setStubs(
    _ stubs: [Value], on system: String
  ) throws(MockControlError) -> MockChange<[String]> {
    _ = try control(of: system)
    throw .init(.conflict, system: system, "not available yet")
  }

  /// Sets one live stub, in place of one of the same id, else of the same name. The result is its id.
  ///
  /// - Throws: `MockControlError` of kind `invalid` with everything that is wrong.
  @discardableResult
  public func setStub(
    _ stub: Value, id: String? = nil, on system: String
  ) throws(MockControlError) -> MockChange<String> {
    _ = try control(of: system)
    throw .init(.conflict, system: system, "not available yet")
  }

  /// Takes a live stub away, and gives it as it was.
  ///
  /// - Throws: `MockControlError` where there is no such stub, or it is the file's.
  @discardableResult
  public func removeStub(
    _ id: String, on system: String
  ) throws(MockControlError) -> MockStub {
    throw .init(.notFound, system: system, "there is no stub \"\(id)\"")
  }

  /// Takes all live stubs away, live responses among them. Gives how many.
  ///
  /// - Throws: `MockControlError` where no such mock runs.
  @discardableResult
  public func removeLiveStubs(on system: String) throws(MockControlError) -> Int {
    _ = try control(of: system)
    return 0
  }

  /// What the operation answers from now on, whatever stubs say: a value, or `{fault: …}`, `{raw: …}` or
  /// `{reply: …}` as in a stub. Doing it again changes nothing. The result is the live response before, or else what the
  /// file has under `responses`; nil where there was neither.
  ///
  /// - Throws: `MockControlError` for an operation that the contract lacks.
  @discardableResult
  public func setResponse(
    _ response: Value, to operation: String, on system: String
  ) throws(MockControlError) -> MockChange<Value?> {
    _ = try control(of: system)
    throw .init(.conflict, system: system, "not available yet")
  }

  /// Lets an operation answer as the file says again; gives what was set, nil where nothing was.
  ///
  /// - Throws: `MockControlError` where no such mock runs.
  @discardableResult
  public func removeResponse(
    to operation: String, on system: String
  ) throws(MockControlError) -> Value? {
    _ = try control(of: system)
    return nil
  }

  /// The `mock` part of the system's adapter file, with what is live merged in, as YAML. Read again it gives the
  /// same answers.
  ///
  /// - Throws: `MockControlError` where no such mock runs.
  public func exportYAML(of system: String) throws(MockControlError) -> String {
    _ = try control(of: system)
    return "mock: {}\n"
  }
}
