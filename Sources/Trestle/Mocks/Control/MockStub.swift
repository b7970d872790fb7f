public import TrestleCore

/// A stub of a running mock.
public struct MockStub: Sendable, Hashable {
  /// Where it comes from.
  public enum Origin: String, Sendable, Hashable, CaseIterable {
    /// From the adapter file.
    case file
    /// Set while the mock runs.
    case live
  }

  /// What it is got, replaced and removed by, unique among the system's: a live stub's id, or the name or
  /// place of one of the file.
  public var id: String
  /// What lists and logs call it: its name, or its id where it has none.
  public var name: String
  /// Where it comes from.
  public var origin: Origin
  /// The operation it answers.
  public var operation: String
  /// Which stubs go first: 1 before 5; live ones before the file's of the same priority.
  public var priority: Int
  /// The stub as it was written.
  public var definition: Value
  /// Where it stands: `adapters/claims.yaml:12`; nil for a live one.
  public var place: String?
  /// How often it has answered, in all scopes together.
  public var answered: Int
  /// How often it has answered in the scope that was asked for; counted where it has to do with state.
  public var answeredInScope: Int
}

/// What setting something on a running mock came to.
public struct MockChange<Result: Sendable>: Sendable {
  /// What was set, or what was before; each method says which.
  public var result: Result
  /// What is odd about what was set, though it works.
  public var warnings: [MockProblem]
}

/// A scenario of a running mock, as it stands in a scope.
public struct MockScenario: Sendable, Hashable {
  /// What a scenario is made of.
  public enum Kind: String, Sendable, Hashable, CaseIterable {
    /// Named states that stubs ask for and lead to.
    case machine
    /// A set of responses that hold while it is on; of a scope's sets at most one is.
    case responses
  }

  /// Its name.
  public var name: String
  /// What it is made of.
  public var kind: Kind
  /// Where it comes from.
  public var origin: MockStub.Origin
  /// A machine's state; `on` or `off` for a set of responses.
  public var state: String
  /// The state it starts in; `off` for a set of responses.
  public var start: String
  /// All states that stubs and the file name, the start first.
  public var states: [String]
  /// What it was created from, as it was written; nil for a machine that only stubs name.
  public var definition: Value?
}
