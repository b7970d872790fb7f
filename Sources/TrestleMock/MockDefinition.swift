package import TrestleCore

/// What a mock shall answer, as a file says it: nothing is compiled or checked against a contract yet.
package struct MockDefinition: Sendable {
  /// What answers an operation for which there is neither a fitting stub nor a response.
  package enum Fallback: String, Sendable, CaseIterable {
    /// A valid sample made from the contract, the same every time.
    case sample
    /// A fault that says what was tried.
    case fault
  }

  /// Operation → the reply value it gives; templates allowed.
  package var responses: Record
  /// In the order they are tried.
  package var stubs: [StubDefinition]
  package var fallback: Fallback
  /// Scenario → `start`, its first state, or `responses`, which hold while it is on.
  package var scenarios: Record = [:]
  /// How the scope of a call is found; null leaves it at `ScopeRule.usual`.
  package var scope = Value.null
  /// What chance begins with, for replies that are the same in every run.
  package var seed: UInt64?
  package var data: [DataDefinition] = []
  /// What the system as a whole does wrong on purpose; see `FaultPlan`. Null where nothing is.
  package var misbehaviour = Value.null
  /// Where the definition stands in its file.
  package var path: ValuePath

  package init(
    responses: Record = [:], stubs: [StubDefinition] = [], fallback: Fallback = .sample,
    path: ValuePath = ValuePath()
  ) {
    self.responses = responses
    self.stubs = stubs
    self.fallback = fallback
    self.path = path
  }

  /// Reads the `mock` part of an adapter file whose keys and types have been checked; what is
  /// nevertheless unusable is left out.
  package init(_ value: Value?, at path: ValuePath = ValuePath()) {
    self.init(
      responses: value?["responses"]?.objectValue ?? [:],
      fallback: value?["fallback"]?.stringValue.flatMap(Fallback.init) ?? .sample, path: path)
    scenarios = value?["scenarios"]?.objectValue ?? [:]
    scope = value?["scope"] ?? .null
    seed = value?["seed"]?.writtenInteger.map { UInt64(bitPattern: Int64($0)) }
    data = (value?["data"]?.objectValue ?? [:]).compactMap {
      DataDefinition($0, at: path.member("data").member($0.name))
    }
    misbehaviour = value?["misbehave"] ?? .null
    for (position, stub) in (value?["stubs"]?.arrayValue ?? []).enumerated() {
      if var stub = StubDefinition(stub, at: path.member("stubs").item(position)) {
        if stub.name == nil { stub.identity = "stub \(position + 1)" }
        stubs.append(stub)
      }
    }
  }
}

/// An answer under conditions.
package struct StubDefinition: Sendable {
  package static let usualPriority = 5

  package enum Answer: Sendable {
    case reply(Value)
    /// `code`, `message`, `detail`, `actor`; templates allowed.
    case fault(Record)
    /// Bytes in place of what the codec would write: a text, or an object as `RawTemplate` reads it.
    case raw(Value)
    /// What the operation is answered with otherwise.
    case usual
  }

  /// Where the definition was written, which says where its parts are to be found.
  enum Form: Sendable {
    /// As an entry of `stubs`.
    case entry
    /// Under the name of its operation, with the keys of a stub that say what it answers.
    case answer
    /// Under the name of its operation, as the value itself.
    case value
  }

  /// What lists and logs call it.
  package var name: String?
  /// What its state is kept under when it is not the name.
  package var identity: String?
  /// Which of those that were set under its identity it is; 0 for one of a file.
  var generation = 0
  package var operation: String
  /// What the parameters must be like; see `Matcher`.
  package var when: Value
  /// What the header blocks must be like, by name.
  package var whenHeaders: Record = [:]
  /// What header fields, method, path and peer must be like.
  package var whenTransport: Record = [:]
  /// What XPath expressions must find in the request as it came.
  package var whenXPath: Record = [:]
  /// Which stubs go before which: 1 before 5; then the order of the file counts.
  package var priority = StubDefinition.usualPriority
  package var answer: Answer
  /// What goes beside the answer in the message's header, by block; templates allowed.
  package var headers: Record
  /// What is done wrong on purpose; see `FaultPlan`. Null where nothing is.
  package var misbehaviour: Value
  /// What it asks and changes of the state, and several answers in place of one.
  package var state = StateDefinition.none
  /// The keys that say what it answers; one of them is to stand.
  var answerKeys: [String] = []
  var form = Form.entry
  package var path: ValuePath

  package init(
    name: String? = nil, operation: String, when: Value = .emptyObject, answer: Answer,
    headers: Record = [:], misbehaviour: Value = .null, path: ValuePath = ValuePath()
  ) {
    self.name = name
    self.operation = operation
    self.when = when
    self.answer = answer
    self.headers = headers
    self.misbehaviour = misbehaviour
    self.path = path
  }

  /// Reads one entry of `stubs`; nil without an operation. Without `reply` and `fault` the reply is
  /// null, or the usual one where the stub is there to misbehave.
  package init?(_ value: Value, at path: ValuePath) {
    guard let operation = value["operation"]?.stringValue else { return nil }
    let misbehaviour = value["misbehave"] ?? .null
    var answer = Answer.reply(value["reply"] ?? .null)
    if let fault = value["fault"]?.objectValue {
      answer = .fault(fault)
    } else if let raw = value["raw"] {
      answer = .raw(raw)
    } else if value["reply"] == nil, !misbehaviour.isNull || value["replies"] != nil {
      answer = .usual
    }
    self.init(
      name: value["name"]?.scalarText, operation: operation, when: value["when"] ?? .emptyObject,
      answer: answer, headers: value["headers"]?.objectValue ?? [:], misbehaviour: misbehaviour,
      path: path)
    if let status = value["status"] { headers[":status"] = status }
    state = StateDefinition(value, operation: operation, at: path)
    answerKeys = ["reply", "fault", "raw", "replies"].filter { value[$0] != nil }
    whenHeaders = value["when_headers"]?.objectValue ?? [:]
    whenTransport = value["when_transport"]?.objectValue ?? [:]
    whenXPath = value["when_xpath"]?.objectValue ?? [:]
    priority = value["priority"]?.integerValue.map { Int(clamping: $0) } ?? Self.usualPriority
  }
}
