internal import TrestleCore

/// An operation that the peer calls by itself, and what answers it: `{echo: {reply: {rc: "00"}}}`.
struct UnsolicitedRule: Sendable {
  enum Answer: Sendable {
    case none
    case value(Template)
    case fault(code: String, message: String)
  }

  let operation: String
  let answer: Answer

  static func read(
    _ value: Value, at path: ValuePath, operations: [TCPOperation],
    problems: inout [ValueProblem]
  ) -> [UnsolicitedRule] {
    var named = Record()
    if let names = value.arrayValue {
      // `unsolicited: [notice]` takes messages and answers none.
      for name in names.compactMap(\.stringValue) { named[name] = "none" }
    } else {
      guard let reader = KeyReader(value, at: path, problems: &problems) else { return [] }
      named = reader.record
    }
    var rules: [UnsolicitedRule] = []
    for member in named {
      let place = path.member(member.name)
      guard let operation = operations.first(where: { $0.name == member.name }) else {
        problems.error(
          "there is no operation \"\(member.name)\""
            + Suggestion.clause(for: member.name, among: operations.map(\.name)), at: place,
          hint: "the peer's message is declared as an operation, whose request it is")
        continue
      }
      let reply = member.value["reply"]
      for name in reply.flatMap({ operation.map?.unknownNames(in: $0) }) ?? [] {
        problems.error(
          "the result of \(member.name) has no \"\(name)\"",
          at: place.member("reply").member(name))
      }
      if let answer = answer(member.value, at: place, isOneWay: operation.isOneWay, &problems) {
        rules.append(UnsolicitedRule(operation: member.name, answer: answer))
      }
    }
    return rules
  }

  private static func answer(
    _ value: Value, at path: ValuePath, isOneWay: Bool, _ problems: inout [ValueProblem]
  ) -> Answer? {
    if value.isNull || value == "none" { return Answer.none }
    guard var keys = KeyReader(value, at: path, problems: &problems) else { return nil }
    let reply = keys.value("reply"), fault = keys.value("fault")
    keys.finish("an unsolicited message", problems: &problems)
    if isOneWay, reply != nil || fault != nil {
      problems.error("the operation has reply: none", at: path)
      return nil
    }
    switch (reply, fault) {
    case (nil, nil), ("none"?, nil): return Answer.none
    case (let reply?, nil):
      return .value(Template.compile(reply, at: path.member("reply"), problems: &problems))
    case (nil, let fault?):
      return .fault(
        code: fault["code"]?.scalarText ?? "error", message: fault["message"]?.scalarText ?? "")
    default:
      problems.error("has both a reply and a fault", at: path)
      return nil
    }
  }
}
