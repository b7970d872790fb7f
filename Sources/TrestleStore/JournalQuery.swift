internal import TrestleCore

/// Which calls of a journal are meant. What is left out does not matter.
public struct JournalQuery: Sendable {
  /// A parameter and what it must be.
  public struct Condition: Sendable, Hashable {
    /// Where it stands in the call: `id`, `order.lines[0].sku`.
    public var path: String
    /// Its text.
    public var text: String

    /// A condition on one parameter.
    public init(path: String, text: String) {
      self.path = path
      self.text = text
    }
  }

  /// The system called.
  public var system: String?
  /// The operation called.
  public var operation: String?
  /// The parameters, all of which must be so.
  public var conditions: [Condition]
  /// What became of the calls: any of these; empty for all.
  public var outcomes: [JournalEntry.Outcome]
  /// What made the answer: a stub's name, `response`, `sample`.
  public var origin: String?
  /// A text somewhere in the call, its reply or the messages.
  public var text: String?
  /// The earliest start, in microseconds since 1970.
  public var from: Int64?
  /// The latest start, in microseconds since 1970.
  public var to: Int64?
  /// Only calls with a higher number.
  public var after: Int64?
  /// Only calls with a lower number: the next page of a list from the newest.
  public var before: Int64?
  /// How many at most.
  public var limit: Int
  /// Whether the oldest come first.
  public var isOldestFirst: Bool

  /// A query for the newest calls.
  public init(
    system: String? = nil, operation: String? = nil, conditions: [Condition] = [],
    outcomes: [JournalEntry.Outcome] = [], origin: String? = nil, text: String? = nil,
    from: Int64? = nil, to: Int64? = nil, after: Int64? = nil, before: Int64? = nil,
    limit: Int = 100, isOldestFirst: Bool = false
  ) {
    self.system = system
    self.operation = operation
    self.conditions = conditions
    self.outcomes = outcomes
    self.origin = origin
    self.text = text
    self.from = from
    self.to = to
    self.after = after
    self.before = before
    self.limit = limit
    self.isOldestFirst = isOldestFirst
  }
}

extension JournalQuery.Condition {
  /// Whether a call's parameters fulfil it.
  func holds(in parameters: Value) -> Bool {
    guard let found = parameters[at: ValuePath(written: path)] else { return false }
    if let scalar = found.scalarText { return scalar == text }
    // Text beside attributes is the element's text.
    if let inner = found["_text"]?.scalarText { return inner == text }
    return JSONWriter.text(found) == text
  }
}
