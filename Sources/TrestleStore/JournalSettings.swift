internal import TrestleCore

/// How a system's calls are kept.
public struct JournalSettings: Sendable, Hashable {
  /// When a call counts as kept.
  public enum Durability: String, Sendable, Hashable, CaseIterable {
    /// Nothing is kept.
    case off
    /// Calls are written in batches behind the replies.
    case batched
    /// A reply is held back until its call is on the disk.
    case sync
  }

  /// When a call counts as kept.
  public var durability: Durability
  /// The most calls kept of one system; the oldest go first.
  public var entries: Int
  /// The most bytes kept of one system's calls.
  public var bytes: Int
  /// The most bytes kept of one request's or reply's body; its true size is kept beside it.
  public var body: Int
  /// The longest a call is kept.
  public var age: Duration

  /// Settings that keep the last ten thousand calls.
  public init(
    durability: Durability = .batched, entries: Int = 10_000, bytes: Int = 64 << 20,
    body: Int = 64 << 10, age: Duration = .seconds(7 * 24 * 3600)
  ) {
    self.durability = durability
    self.entries = entries
    self.bytes = bytes
    self.body = body
    self.age = age
  }
}

/// Why a journal cannot be opened, read or written.
public struct JournalError: Error, Sendable, CustomStringConvertible {
  /// The journal's file.
  public var path: String
  /// What happened, as a clause.
  public var reason: String
  /// What to do about it, as a sentence.
  public var hint: String?

  /// Says which journal, and what is wrong with it.
  public init(path: String, reason: String, hint: String? = nil) {
    self.path = path
    self.reason = reason
    self.hint = hint
  }

  /// Which journal and what is wrong with it.
  public var description: String { "\(path): \(reason)" }
}
