internal import TrestleCore

/// A custom TCP protocol as its adapter file declares it, compiled.
struct TCPDefinition: Sendable {
  let frame: FrameDefinition
  let layouts: [any MessageLayout]
  /// The layouts' names; empty where one serves all messages.
  let layoutNames: [String]
  let operations: [TCPOperation]
  let conversation: Conversation

  /// Reads the four sections; nil when nothing of the protocol could work. An operation that is wrong
  /// is left out, with problems that name it.
  init?(_ definition: Value, _ context: LayoutContext, problems: inout [ValueProblem]) {
    var frame: FrameDefinition? = .standard
    if let value = definition["frame"], !value.isNull {
      frame = FrameDefinition(value, at: ValuePath([.member("frame")]), problems: &problems)
    }
    let layoutPath = ValuePath([.member("layout")])
    let layoutSection = definition["layout"].flatMap { $0.isNull ? nil : $0 } ?? "json"
    // Where a layout for all messages is broken, operations are checked all the same.
    let section = LayoutReader.read(
      layoutSection, at: layoutPath, in: context, problems: &problems)
    if section == nil, layoutSection.objectValue != nil { return nil }
    var layouts = section ?? LayoutSet(names: [], layouts: [JSONLayout()])
    var operations: [TCPOperation] = []
    let operationsPath = ValuePath([.member("operations")])
    let written = definition["operations"].flatMap { $0.isNull ? nil : $0 }
    if let reader = KeyReader(written, at: operationsPath, problems: &problems) {
      for member in reader.record {
        let operation = TCPOperation(
          member.name, member.value, at: operationsPath.member(member.name), layouts: layouts,
          problems: &problems)
        if let operation { operations.append(operation) }
      }
    }
    let declared = operations
    conversation = Conversation(
      definition["conversation"], at: ValuePath([.member("conversation")]),
      operations: &operations, layouts: layouts, problems: &problems)
    self.operations = operations
    let conversationPath = ValuePath([.member("conversation")])
    let countersPath = conversationPath.member("counters")
    let areRead = !problems.contains { $0.path.steps.starts(with: countersPath.steps) }
    if areRead {
      DrawnCounters(in: ["layout", "operations", "conversation"].map { definition[$0] }).check(
        conversation.counters.keys.sorted(), at: countersPath, problems: &problems)
    }
    if let frame {
      conversation.checkConnections(
        definition["conversation"], framing: frame.framing, at: conversationPath,
        problems: &problems)
    }

    let parts = conversation.correlation.parts
    let places = operations.flatMap(\.places) + parts.flatMap { [$0.request, $0.reply] }
    layouts.prepare(for: Set(places.flatMap(\.names)))
    Self.checkOperations(
      declared, conversation.correlation, at: operationsPath, problems: &problems)
    Self.checkCompensations(operations, at: operationsPath, problems: &problems)
    guard section != nil, let frame else { return nil }
    // All operations wrong is not the same as none declared, which leaves the names open.
    guard !operations.isEmpty || written == nil else { return nil }
    self.frame = frame
    self.layouts = layouts.layouts
    layoutNames = layouts.names
  }

  /// Tells of `on_timeout` that names no operation.
  private static func checkCompensations(
    _ operations: [TCPOperation], at path: ValuePath, problems: inout [ValueProblem]
  ) {
    let names = operations.map(\.name)
    for operation in operations {
      guard let name = operation.delivery.compensation else { continue }
      let other = operations.first { $0.name == name }
      if other?.delivery.compensation != nil {
        problems.error(
          "\(name) has an on_timeout of its own, so that one could lead to the next without end",
          at: path.member(operation.name).member("on_timeout"), operations: [operation.name])
      }
      guard other == nil else { continue }
      problems.error(
        "there is no operation \"\(name)\"" + Suggestion.clause(for: name, among: names),
        at: path.member(operation.name).member("on_timeout"), operations: [operation.name])
    }
  }

  /// Tells of operations that no mock could tell apart, and of requests without the field that pairs
  /// them with their replies.
  private static func checkOperations(
    _ operations: [TCPOperation], _ correlation: Correlation, at path: ValuePath,
    problems: inout [ValueProblem]
  ) {
    for (position, operation) in operations.enumerated() {
      let place = path.member(operation.name)
      if let earlier = operations[..<position].first(where: { $0.looksLike(operation) }) {
        problems.warn(
          "requests of \(operation.name) look like those of \(earlier.name): a mock takes them for it",
          at: place, hint: "give one of them a constant in request.set, or match")
      }
      guard let request = operation.request else { continue }
      for part in correlation.parts where !part.isOptional {
        guard !request.places.contains(where: { $0 == part.request }) else { continue }
        problems.warn(
          "request.set does not fill \(part.request.written), which pairs replies with requests",
          at: place, hint: "calls of \(operation.name) are paired by order")
      }
    }
  }
}

extension TCPOperation {
  /// Whether a request of the one would pass for one of the other, by all that is declared.
  fileprivate func looksLike(_ other: TCPOperation) -> Bool {
    guard match == nil, other.match == nil, requestLayout == other.requestLayout else {
      return false
    }
    let mine = request?.constants ?? [], others = other.request?.constants ?? []
    return mine.count == others.count
      && mine.allSatisfy { constant in
        others.contains { $0.path == constant.path && $0.isMet(by: constant.value) }
      }
  }
}
