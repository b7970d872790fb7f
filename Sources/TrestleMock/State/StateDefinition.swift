package import TrestleCore

/// What a stub asks and changes of a mock's state, as a file says it.
package struct StateDefinition: Sendable {
  package var scenario: String?
  /// The states it answers in; empty for all.
  package var states: [String]
  /// The state its answer leads to.
  package var next: String?
  /// How often it answers before it is passed over.
  package var times: Int?
  /// Conditions on the store; null for none.
  package var whenStore: Value
  /// An expression that must be true.
  package var whenTrue: String?
  /// Key → what is put into the store under it; templates allowed in both.
  package var set: Record
  /// Several answers in place of one.
  package var replies: [ReplyDefinition]
  package var order: ReplyOrder?

  /// One of several answers.
  package struct ReplyDefinition: Sendable {
    /// A stub without conditions, for what it answers.
    package var answer: StubDefinition
    package var weight: Int?
  }

  /// Whether there is nothing of all this.
  package var isEmpty: Bool {
    scenario == nil && states.isEmpty && next == nil && times == nil && whenStore.isNull
      && whenTrue == nil && set.isEmpty && replies.isEmpty && order == nil
  }

  /// A stub that asks nothing of the state and changes nothing.
  package static var none: StateDefinition { StateDefinition([:], operation: "", at: ValuePath()) }

  /// Reads a stub whose keys and types have been checked.
  package init(_ stub: Value, operation: String, at path: ValuePath) {
    scenario = stub["scenario"]?.scalarText
    states = stub["state"].map { $0.arrayValue ?? [$0] }?.compactMap(\.scalarText) ?? []
    next = stub["to"]?.scalarText
    times = stub["times"]?.writtenInteger
    whenStore = stub["when_store"] ?? .null
    whenTrue = stub["when_true"]?.scalarText
    set = stub["set"]?.objectValue ?? [:]
    order = stub["order"]?.stringValue.flatMap { ReplyOrder(rawValue: $0) }
    replies = []
    for (position, entry) in (stub["replies"]?.arrayValue ?? []).enumerated() {
      guard var record = entry.objectValue else { continue }
      let place = path.member("replies").item(position)
      record["operation"] = .string(operation)
      // What goes beside every one of the answers is said once.
      if record["headers"] == nil { record["headers"] = stub["headers"] }
      guard let answer = StubDefinition(.object(record), at: place) else { continue }
      replies.append(ReplyDefinition(answer: answer, weight: entry["weight"]?.writtenInteger))
    }
  }
}

/// In which order several answers are given.
package enum ReplyOrder: String, Sendable, CaseIterable {
  /// One after the other; the last one stays.
  case inTurn = "in_turn"
  /// One after the other, and from the first again.
  case cycle
  /// By chance, by their weights.
  case random
}

extension Value {
  /// A whole number, also one that `${…}` filled in.
  var writtenInteger: Int? {
    (integerValue ?? stringValue.flatMap { Int64($0) }).flatMap { Int(exactly: $0) }
  }
}
