internal import TrestleCore
internal import TrestleMock

/// The `mock` part of an adapter file with what is live among it.
struct MockExport {
  let definition: AdapterDefinition
  let live: LiveAnswers
  let contract: Contract
  /// What was set to be done wrong, the latest first.
  let faults: [Value]

  /// The keys of `mock` in the order in which they are written.
  private static let order = [
    "port", "socket", "host", "tls", "fallback", "scope", "seed", "journal", "secret",
    "namespaces", "data", "misbehave", "scenarios", "responses", "stubs", "sends",
  ]
  /// Those that are written in lines of their own, however short.
  private static let blocks: Set<String> = ["data", "scenarios", "responses"]
  private static let stubOrder = [
    "name", "operation", "priority", "when", "when_headers", "when_transport", "when_xpath",
    "when_store", "when_true", "scenario", "state", "to", "times", "reply", "fault", "raw",
    "headers", "replies", "order", "set", "misbehave",
  ]

  /// It as a value.
  var value: Record {
    var mock = definition.document["mock"]?.objectValue ?? [:]
    var scenarios = mock["scenarios"]?.objectValue ?? [:]
    for member in live.scenarios { scenarios[member.name] = member.value }
    if !scenarios.isEmpty { mock["scenarios"] = .object(scenarios) }
    var responses = mock["responses"]?.objectValue ?? [:]
    var stubs: [Value] = []
    for stub in live.stubs {
      if let response = stub.response, isAlone(stub, scenarios) {
        responses[stub.definition.operation] = response
      } else {
        stubs.append(.object(entry(stub)))
      }
    }
    if !responses.isEmpty { mock["responses"] = .object(responses) }
    stubs += mock["stubs"]?.arrayValue ?? []
    if !stubs.isEmpty { mock["stubs"] = .array(stubs) }
    if !faults.isEmpty {
      let own = mock["misbehave"].map { $0.arrayValue ?? [$0] } ?? []
      let all = faults + own
      mock["misbehave"] = all.count == 1 ? all[0] : .array(all)
    }
    // What `${` stands in was filled in, or came from elsewhere: it is not to be filled in again.
    let escaped = Interpolation.escaped(.object(mock)).objectValue ?? mock
    return Self.sorted(escaped, by: Self.order)
  }

  /// Whether a response is a value and nothing else answers its operation: then it can stand under `responses`.
  private func isAlone(_ response: LiveAnswers.Stub, _ scenarios: Record) -> Bool {
    let operation = response.definition.operation
    guard let value = response.response,
      !StubDefinition.isAnswer(value, to: operation, contract: contract)
    else { return false }
    let others =
      definition.mock.answers.stubs + live.stubs.filter { $0.id != response.id }.map(\.definition)
    return !others.contains { $0.operation == operation }
      && !scenarios.contains { $0.value["responses"]?[operation] != nil }
  }

  /// A live stub as an entry of `stubs`. An id that somebody chose is its name there.
  private func entry(_ stub: LiveAnswers.Stub) -> Record {
    var record = stub.written.objectValue ?? [:]
    record["id"] = nil
    if record["name"] == nil, !stub.hasMadeID, stub.response == nil {
      record["name"] = .string(stub.id)
    }
    return record
  }

  /// It as YAML.
  var yaml: String {
    let value = value
    guard !value.isEmpty else { return "mock: {}\n" }
    var text = YAMLText()
    text.line("mock:")
    for member in value {
      if member.name == "stubs", let stubs = member.value.arrayValue, !stubs.isEmpty {
        text.line("  stubs:")
        text.entries(
          stubs.map { Self.sorted($0.objectValue ?? [:], by: Self.stubOrder) }, indent: 4)
      } else {
        text.members([member.name: member.value], indent: 2, isBlock: Self.blocks.contains)
      }
    }
    return text.text
  }

  /// The members in an order; those that it does not know, at the end.
  private static func sorted(_ record: Record, by order: [String]) -> Record {
    let known = order.compactMap { name in
      record[name].map { Record.Member(name: name, value: $0) }
    }
    return Record(known + record.members.filter { !order.contains($0.name) })
  }
}
