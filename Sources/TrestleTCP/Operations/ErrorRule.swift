internal import TrestleCore

/// When a reply is an error, and where it says what is wrong: read by the client, written by the mock.
struct ErrorRule: Sendable {
  private let when: Expression
  private let condition: Expression.SimpleCondition?
  private let code: Expression?
  private let message: Expression?
  private let detail: Expression?
  private let template: Template?

  /// Every place the rule speaks of.
  let places: [ValuePath]

  init?(
    _ value: Value, at path: ValuePath, operation: String, layout: any MessageLayout,
    problems: inout [ValueProblem]
  ) {
    guard var keys = KeyReader(value, at: path, problems: &problems) else { return nil }
    func expression(_ key: String, problems: inout [ValueProblem]) -> Expression? {
      guard let text = keys.text(key, problems: &problems) else { return nil }
      return layout.expression(text, at: keys.place(key), problems: &problems)
    }
    let when = expression("when", problems: &problems)
    code = expression("code", problems: &problems)
    message = expression("message", problems: &problems)
    detail = expression("detail", problems: &problems)
    let set = keys.value("set")
    template = set.map {
      Template.compileReply($0, at: path.member("set"), layout: layout, problems: &problems)
    }
    keys.finish("error", problems: &problems)
    guard let when else {
      if keys.record["when"] == nil {
        problems.error(
          "error does not say when a reply is one", at: path,
          hint: "like error: {when: 'Envelope/Rc != \"0000\"', code: Envelope/Rc}")
      }
      return nil
    }
    self.when = when
    condition = when.simpleCondition
    places =
      [when, code, message, detail].compactMap { $0 }.flatMap(\.paths)
      + (template?.mentions ?? [])
    for (key, expression) in [("code", code), ("message", message), ("detail", detail)] {
      guard let expression, expression.alternatives == nil else { continue }
      problems.warn(
        "a mock cannot write an error's \(key): it is computed", at: path.member(key),
        hint: "take it from a path, or from several joined by \"or\"")
    }
    if template == nil, !isMadeByCode {
      problems.warn(
        "a mock cannot tell what an error of \(operation) looks like from \"\(when.text)\"",
        at: path, hint: "give error.set the values that make it one")
    }
  }

  /// Whether writing the code makes the condition true, or the condition says itself how.
  private var isMadeByCode: Bool {
    let codePlace = code?.alternatives?.first
    return switch condition {
    case .present(let place)?: codePlace?.steps.starts(with: place.steps) ?? false
    // A place that is not written is unequal to everything.
    case .unequal?, .equal?, .isIn?, .absent?: true
    case nil: false
    }
  }

  /// Whether a reply is an error.
  ///
  /// - Throws: `CodecError` when the condition cannot take what the reply holds.
  func applies(to reply: Value) throws(CodecError) -> Bool {
    do throws(ExpressionError) {
      return try when.isTrue(in: MessageScope(message: reply))
    } catch {
      throw CodecError(path: "error.when", reason: error.reason)
    }
  }

  /// What an error reply says.
  ///
  /// - Throws: `CodecError` when the reply has nothing of what would make it one, nor of an error: it is
  ///   another message than the definition speaks of.
  func fault(in reply: Value) throws(CodecError) -> Fault {
    let code = text(code, in: reply), message = text(message, in: reply)
    if code == nil, message == nil, let missing = missingStatus(in: reply) {
      throw CodecError(
        path: missing.written, reason: "is missing from the reply, and says whether it is an error",
        hint: "error.when is \(when.text); see whether this is the reply to that request at all")
    }
    return Fault(
      code: code ?? "error", message: message ?? "the system answered with an error",
      detail: detail.flatMap { try? $0.evaluate(in: MessageScope(message: reply)) } ?? .null)
  }

  /// A place that the condition compares, where the reply has none of them.
  private func missingStatus(in reply: Value) -> ValuePath? {
    guard when.isComparison, !when.paths.isEmpty,
      when.paths.allSatisfy({ reply[at: $0] == nil })
    else { return nil }
    return when.paths.first
  }

  private func text(_ expression: Expression?, in reply: Value) -> String? {
    guard let expression,
      let value = try? expression.evaluate(in: MessageScope(message: reply)),
      let text = value.content.scalarText, !text.isEmpty
    else { return nil }
    return text
  }

  /// The place that holds one certain value in every reply that is no error, with its text.
  var successMark: (place: ValuePath, text: String)? {
    guard case .unequal(let place, let value)? = condition, let text = value.scalarText else {
      return nil
    }
    return (place, text)
  }

  /// Makes a reply no error, as far as the condition says how.
  func avoid(in reply: inout Value) { condition?.make(false, in: &reply) }

  /// Writes a fault into a reply.
  ///
  /// - Throws: `CodecError` when what comes out does not read as an error.
  func write(
    _ fault: Fault, into reply: inout Value, scope: CallScope
  ) throws(CodecError) {
    if let template { reply.merge(try template.value(in: scope)) }
    let codePlace = code?.alternatives?.first
    if let codePlace { reply.set(.string(fault.code), at: codePlace) }
    if let place = message?.alternatives?.first { reply.set(.string(fault.message), at: place) }
    if let place = detail?.alternatives?.first, !fault.detail.isNull {
      reply.set(fault.detail, at: place)
    }
    if try !applies(to: reply), let condition {
      // The fault's own code does not make it one (a list of codes, say); what does goes before it.
      condition.make(true, in: &reply)
    }
    guard try !applies(to: reply) else { return }
    throw CodecError(
      path: "error.when",
      reason:
        "\"\(when.text)\" is not true of the reply that was written for the fault \(fault.code)",
      hint: "give error.set the values that make a reply an error")
  }
}

extension Value {
  /// Puts everything that another value holds into this one, member by member.
  mutating func merge(_ other: Value) {
    guard case .object(var record) = self, case .object(let added) = other else {
      if !other.isNull { self = other }
      return
    }
    self = .null
    for member in added {
      if var known = record[member.name] {
        known.merge(member.value)
        record[member.name] = known
      } else {
        record[member.name] = member.value
      }
    }
    self = .object(record)
  }
}
