internal import TrestleCore

/// How a service wraps what it answers: `{ Status: Success, Value: "{{value}}" }`.
///
/// A shape is a value in which `{{value}}`, `{{code}}` and `{{message}}` take, or give, what stands
/// there; all else must be as it is written. Members and items that a shape does not speak of do not
/// matter, and placeholders may be missing at the end of an array.
struct ResultShape: Sendable, Hashable {
  enum Place: String, Sendable, CaseIterable {
    case value, code, message
  }

  indirect enum Node: Sendable, Hashable {
    case literal(Value)
    case place(Place)
    case array([Node])
    case object([Member])
  }

  struct Member: Sendable, Hashable {
    let name: String
    let node: Node
    /// `<member><name>…</name>`, built when the shape was read.
    let head: [UInt8]
  }

  let root: Node

  /// The places that the shape has.
  let places: Set<Place>

  /// Reads a shape; nil, with what is wrong said, where it cannot be one.
  init?(_ value: Value, at path: ValuePath, problems: inout [ValueProblem]) {
    var places: [Place] = []
    var wrong: [ValueProblem] = []
    root = Self.node(value, at: path, &places, &wrong)
    self.places = Set(places)
    problems += wrong
    guard wrong.isEmpty else { return nil }
  }

  private static func node(
    _ value: Value, at path: ValuePath, _ places: inout [Place], _ problems: inout [ValueProblem]
  ) -> Node {
    switch value {
    case .array(let items):
      return .array(
        items.enumerated().map { node($1, at: path.item($0), &places, &problems) })
    case .object(let record):
      return .object(
        record.members.map { member in
          Member(
            name: member.name,
            node: node(member.value, at: path.member(member.name), &places, &problems),
            head: XMLRPCSegments.memberHead(member.name))
        })
    case .string(let text) where text.hasPrefix("{{") && text.hasSuffix("}}"):
      let word = String(text.dropFirst(2).dropLast(2).filter { $0 != " " })
      guard let place = Place(rawValue: word) else {
        let known = Place.allCases.map(\.rawValue)
        problems.append(
          ValueProblem(
            .error, "{{\(word)}} is not known here" + Suggestion.clause(for: word, among: known),
            at: path, hint: "a shape has {{\(known.joined(separator: "}}, {{"))}}"))
        return .literal(value)
      }
      places.append(place)
      return .place(place)
    default: return .literal(value)
    }
  }

  // MARK: - Reading

  /// What stands at the places of a value that has this shape; nil for any other value.
  func match(_ value: Value) -> [Place: Value]? {
    var found: [Place: Value] = [:]
    return Self.match(root, value, &found) ? found : nil
  }

  private static func match(_ node: Node, _ value: Value, _ found: inout [Place: Value]) -> Bool {
    switch node {
    case .literal(let expected): return expected.matches(value)
    case .place(let place):
      found[place] = value
      return true
    case .array(let nodes):
      guard case .array(let items) = value else { return false }
      for (position, node) in nodes.enumerated() {
        guard position < items.count else {
          if case .place = node, position > 0 { continue }
          return false
        }
        guard match(node, items[position], &found) else { return false }
      }
      return true
    case .object(let members):
      guard case .object(let record) = value else { return false }
      return members.allSatisfy { member in
        record[member.name].map { match(member.node, $0, &found) } ?? false
      }
    }
  }

  // MARK: - Writing

  /// The value of this shape that has these at its places; nothing stands where none is given.
  func value(_ given: [Place: Value]) -> Value { Self.value(root, given) }

  private static func value(_ node: Node, _ given: [Place: Value]) -> Value {
    switch node {
    case .literal(let value): value
    case .place(let place): given[place] ?? ""
    case .array(let nodes): .array(nodes.map { value($0, given) })
    case .object(let members):
      .object(
        Record(
          uniqueMembers: members.map {
            Record.Member(name: $0.name, value: value($0.node, given))
          }))
    }
  }
}

/// What a service says inside of results that are no faults to XML-RPC (XenAPI, ROS).
struct ResultShapes: Sendable, Hashable {
  /// How a failure looks; its `{{code}}` and `{{message}}` become a fault's.
  let failure: ResultShape
  /// How a success looks; its `{{value}}` is the result. Nil where a success is not wrapped.
  let success: ResultShape?

  /// What a result means: its value, or the fault it tells of.
  func outcome(of value: Value) -> Reply.Outcome {
    // The success first: a failure is often told by anything else.
    if let found = success?.match(value) { return .value(found[.value] ?? .null) }
    guard let found = failure.match(value) else { return .value(value) }
    let message = found[.message].map { $0.scalarText ?? JSONWriter.text($0) } ?? ""
    return .fault(
      Fault(
        code: found[.code]?.scalarText ?? "", message: message, detail: XMLRPCTyping.shown(value)))
  }

  /// A fault as the service tells of it.
  func value(of fault: Fault) -> Value {
    let code = Int32(fault.code).map { Value.integer(Int64($0)) } ?? .string(fault.code)
    return failure.value([.code: code, .message: .string(fault.message)])
  }

  /// Whether a fault is told inside of a result: those of XML-RPC itself are not.
  func tells(_ fault: Fault) -> Bool {
    guard !fault.isUnmatched else { return false }
    return !(Int32(fault.code).map { (-32768 ... -32000).contains($0) } ?? false)
  }
}
