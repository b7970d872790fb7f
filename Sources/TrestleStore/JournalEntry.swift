public import TrestleCore

/// One exchange as the journal keeps it. What is secret was masked before it was written.
public struct JournalEntry: Sendable {
  /// What became of a call.
  public enum Outcome: String, Sendable, Hashable, CaseIterable {
    /// It was answered with a value.
    case ok
    /// It was answered with a fault.
    case fault
    /// The mock did something wrong on purpose, and what arrived was not its reply.
    case misbehaved
    /// The mock had no answer for it.
    case unmatched
    /// It broke the contract, and was answered so.
    case refused
    /// The request could not be read as a call.
    case unreadable
    /// The mock's reply could not be written.
    case failed
  }

  /// One side of an exchange on the wire.
  public struct Message: Sendable {
    /// The header fields; empty for framed protocols.
    public var headers = Headers()
    /// The body, or the frame's content without its frame; cut off where it was longer than is kept.
    public var body: [UInt8] = []
    /// How many bytes the body had.
    public var size = 0

    /// Makes an empty message.
    public init() {}

    /// Whether the body is shorter than it was.
    public var isCut: Bool { body.count < size }
  }

  /// Its number: later calls of a system have higher ones.
  public var id: Int64
  /// When it began, in microseconds since 1970-01-01T00:00:00Z.
  public var start: Int64
  /// How long reading, answering and writing took.
  public var duration: Duration
  /// The system that was called.
  public var system: String
  /// The operation; nil when the request could not be read as a call.
  public var operation: String?
  /// What became of it.
  public var outcome: Outcome
  /// What made the answer: `stub 'paid invoice'`, `response`, `sample`.
  public var origin: String?
  /// Whose state it was answered from; nil for the one that all share.
  public var scope: String?
  /// The client's address.
  public var peer: String?
  /// The parameters; null when the request could not be read as a call.
  public var parameters: Value
  /// The header blocks beside the parameters.
  public var callHeaders: Record
  /// The value that was answered; nil for a fault or none.
  public var value: Value?
  /// The fault that was answered, as Trestle JSON shows it.
  public var fault: Value?
  /// The header blocks beside the reply.
  public var replyHeaders: Record
  /// For a call without a fitting stub: the nearest ones, and where they differ.
  public var nearMiss: String?
  /// What was wrong with the request or with the answer.
  public var error: String?
  /// What a lenient decoder let pass, and what was done wrong on purpose, a sentence each.
  public var warnings: [String]
  /// The HTTP method and target; nil for framed protocols.
  public var method: String?
  /// The HTTP request target; nil for framed protocols.
  public var target: String?
  /// The HTTP status; nil for framed protocols and where nothing was sent.
  public var status: Int?
  /// The request on the wire; nil when none could be cut from the bytes.
  public var request: Message?
  /// The reply on the wire; nil when nothing was sent.
  public var response: Message?

  /// When it began, ISO 8601 in UTC with milliseconds.
  public var time: String { WallTime(milliseconds: start / 1000).iso8601 }

  /// How long it took, in milliseconds.
  public var milliseconds: Double { Double(microseconds) / 1000 }

  var microseconds: Int64 {
    duration.components.seconds * 1_000_000 + duration.components.attoseconds / 1_000_000_000_000
  }

  /// The entry as Trestle JSON shows it; with `bodies`, the wire of both sides too.
  public func jsonValue(bodies: Bool = true) -> Value {
    var record: Record = [
      "id": .integer(id), "time": .string(time), "system": .string(system),
      "outcome": .string(outcome.rawValue), "milliseconds": .double(milliseconds),
    ]
    if let operation { record["operation"] = .string(operation) }
    for (name, text) in [
      ("origin", origin), ("scope", scope), ("peer", peer), ("near_miss", nearMiss),
      ("error", error),
    ] {
      if let text { record[name] = .string(text) }
    }
    if !parameters.isNull { record["parameters"] = parameters }
    if !callHeaders.isEmpty { record["headers"] = .object(callHeaders) }
    if let value { record["value"] = value }
    if let fault { record["fault"] = fault }
    if !replyHeaders.isEmpty { record["reply_headers"] = .object(replyHeaders) }
    if !warnings.isEmpty { record["warnings"] = .array(warnings.map { .string($0) }) }
    if let status { record["status"] = .integer(Int64(status)) }
    guard bodies else { return .object(record) }
    if var request = request?.jsonValue.objectValue {
      if let method { request["method"] = .string(method) }
      if let target { request["target"] = .string(target) }
      record["request"] = .object(request)
    }
    if let response { record["response"] = response.jsonValue }
    return .object(record)
  }
}

extension [JournalEntry] {
  /// The calls by when they began. Numbers are in that order for each system alone: what several were called with
  /// at about the same time is written a system at a time.
  package var inTimeOrder: [JournalEntry] { sorted { ($0.start, $0.id) < ($1.start, $1.id) } }
}

extension JournalEntry.Message {
  /// `size`, `headers`, and the body as `text`, or as `base64` where it is none.
  var jsonValue: Value {
    var record: Record = ["size": .integer(Int64(size))]
    if !headers.fields.isEmpty {
      record["headers"] = .array(
        headers.fields.map { ["name": .string($0.name), "value": .string($0.value)] })
    }
    if let text = body.readableText {
      record["text"] = .string(text)
    } else {
      record["base64"] = .string(Base64.encode(body))
    }
    if isCut { record["cut"] = true }
    return .object(record)
  }
}

extension [UInt8] {
  /// The bytes as text that a person could read; nil for anything else.
  var readableText: String? {
    guard allSatisfy({ $0 >= 0x20 || $0 == 0x09 || $0 == 0x0A || $0 == 0x0D }) else { return nil }
    // A body that was cut off may end inside a character.
    for dropped in 0..<Swift.min(4, Swift.max(1, count)) {
      if let text = String(validating: dropLast(dropped), as: UTF8.self) { return text }
    }
    return nil
  }
}
