package import TrestleCore

/// Which calls are meant, as people write it on command lines and in URLs.
package struct JournalFilter: Sendable {
  /// Why a filter cannot be read.
  package struct Mistake: Error, Sendable, Hashable {
    /// What is wrong, as a clause.
    package var reason: String
    /// How it is written.
    package var hint: String
  }

  /// The system called.
  package var system: String?
  /// The operation called.
  package var operation: String?
  /// `path=value`, all of which must be so.
  package var conditions: [String] = []
  /// What became of the calls: any of these; empty for all.
  package var outcomes: [JournalEntry.Outcome] = []
  /// What made the answer.
  package var origin: String?
  /// A text anywhere in the call.
  package var text: String?
  /// How long ago the calls began at most: `5m`.
  package var since: String?
  /// How long ago they began at least.
  package var until: String?

  package init() {}

  /// The query for these calls.
  ///
  /// - Throws: `Mistake` that says how it is written.
  package func query(limit: Int, now: WallTime = .now) throws(Mistake) -> JournalQuery {
    var query = JournalQuery(
      system: system, operation: operation, outcomes: outcomes, origin: origin, text: text,
      limit: limit)
    for condition in conditions {
      guard let equals = condition.firstIndex(of: "="), equals > condition.startIndex else {
        throw Mistake(
          reason: "\"\(condition)\" is no condition", hint: "write path=value: claim.id=C-7")
      }
      query.conditions.append(
        JournalQuery.Condition(
          path: String(condition[..<equals]),
          text: String(condition[condition.index(after: equals)...])))
    }
    query.from = try since.map { text throws(Mistake) in try Self.moment(text, before: now) }
    query.to = try until.map { text throws(Mistake) in try Self.moment(text, before: now) }
    return query
  }

  /// The moment that lies a written duration back, in microseconds since 1970.
  package static func moment(
    _ text: String, before now: WallTime = .now
  ) throws(Mistake) -> Int64 {
    guard let duration = Duration(written: text) else {
      throw Mistake(reason: "\"\(text)\" is no duration", hint: "write 30s, 5m or 2h")
    }
    let (seconds, attoseconds) = duration.components
    return (now.milliseconds - seconds * 1000 - attoseconds / 1_000_000_000_000_000) * 1000
  }
}
