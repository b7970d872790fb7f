internal import TrestleCore

/// Reads steps and actions, collecting what is wrong with them.
struct StepReader {
  var problems: [ValueProblem] = []

  /// The steps of a list, or of an object by their names.
  mutating func steps(_ value: Value?, at path: ValuePath) -> [StepDefinition] {
    switch value {
    case .array(let items)?:
      items.enumerated().map { position, item in
        step(item, named: nil, position: position, at: path.item(position))
      }
    case .object(let record)?:
      record.enumerated().map { position, member in
        step(member.value, named: member.name, position: position, at: path.member(member.name))
      }
    default: []
    }
  }

  /// One step. What is wrong with it leaves a step that does nothing.
  mutating func step(
    _ value: Value, named name: String?, position: Int = 0, at path: ValuePath
  ) -> StepDefinition {
    let record = value.objectValue ?? [:]
    let type = record["type"]?.scalarText ?? Self.impliedType(record)
    var step = StepDefinition(
      name: record["name"]?.scalarText ?? name ?? "\(type) \(position + 1)", type: type,
      work: .nothing, document: record, path: path)
    step.work = work(type, record, at: path)
    step.condition = expression(record["if"], at: path.member("if"))
    if let needs = record["needs"] {
      step.needs = needs.arrayValue?.compactMap(\.scalarText) ?? needs.scalarText.map { [$0] }
    }
    for member in record["save"]?.objectValue ?? [:] {
      let place = path.member("save").member(member.name)
      if let expression = expression(member.value, at: place) {
        step.saves.append((member.name, expression))
      }
    }
    var sets = record["set"]?.objectValue ?? [:]
    for member in record["context_updates"]?.objectValue ?? [:] { sets[member.name] = member.value }
    step.sets = ContextTemplate(
      .object(sets), at: path.member(record["set"] == nil ? "context_updates" : "set"))
    step.onSuccess = record["transition_on_success"]?.scalarText
    step.onFailure = record["transition_on_failure"]?.scalarText
    step.transitions = transitions(record["transitions"], at: path.member("transitions"))
    step.timeout = record["timeout"]?.scalarText.flatMap { Duration(written: $0) }
    step.continuesOnFailure = record["continue_on_failure"]?.boolValue ?? false
    if let retry = record["retry"] {
      step.retry.times = (retry["times"] ?? retry).integerValue.flatMap { Int(exactly: $0) } ?? 0
      if let pause = retry["pause"]?.scalarText.flatMap({ Duration(written: $0) }) {
        step.retry.pause = pause
      }
    }
    return step
  }

  /// Where a state or a step leads under conditions.
  mutating func transitions(_ value: Value?, at path: ValuePath) -> [StepDefinition.Transition] {
    (value?.arrayValue ?? []).enumerated().compactMap { position, item in
      guard let target = item["to"]?.scalarText else { return nil }
      let condition = expression(item["if"], at: path.item(position).member("if"))
      return StepDefinition.Transition(condition: condition, target: target)
    }
  }

  /// A step that does not say its type is what its keys say.
  private static func impliedType(_ record: Record) -> String {
    if record["system"] != nil { return "legacy_call" }
    if record["service"] != nil || record["endpoint"] != nil || record["url"] != nil {
      return "api_call"
    }
    if record["condition"] != nil { return "condition_check" }
    if record["emit"] != nil { return "emit" }
    if record["wait"] != nil { return "wait" }
    if ["map", "template", "to", "input"].contains(where: { record[$0] != nil }) {
      return "data_transform"
    }
    return "set"
  }

  private mutating func work(
    _ type: String, _ record: Record, at path: ValuePath
  ) -> StepDefinition.Work {
    switch type {
    case "api_call": return .serviceCall(ServiceCall(record, at: path, problems: &problems))
    case "legacy_call": return .systemCall(SystemCall(record, at: path, problems: &problems))
    case "condition_check":
      guard let condition = expression(record["condition"], at: path.member("condition")) else {
        if record["condition"] == nil {
          problems.append(
            ValueProblem(
              .error, "\(path) lacks \"condition\"", at: path,
              hint: "an expression, like response.accuracy >= 0.85"))
        }
        return .nothing
      }
      return .condition(condition)
    case "data_transform":
      return .transform(DataTransform(record, at: path, problems: &problems))
    case "emit":
      let emitted = record["emit"]
      let type = (emitted?["type"] ?? emitted ?? record["event"])?.scalarText ?? ""
      if type.isEmpty {
        problems.append(ValueProblem(.error, "\(path) says no event to emit", at: path))
      }
      let place = emitted?["data"] == nil ? path.member("data") : path.member("emit").member("data")
      return .emit(
        type: type,
        data: ContextTemplate(emitted?["data"] ?? record["data"] ?? .emptyObject, at: place))
    case "wait":
      guard let pause = record["wait"]?.scalarText.flatMap({ Duration(written: $0) }) else {
        problems.append(
          ValueProblem(
            .error, "\(path) says not how long to wait", at: path,
            hint: "write wait: 5s, or 500ms or 2m"))
        return .nothing
      }
      return .wait(pause)
    case "set": return .nothing
    default:
      let error = WorkflowError.unknownAction(type)
      problems.append(
        ValueProblem(.error, error.message, at: path.member("type"), hint: error.hint))
      return .nothing
    }
  }

  /// An expression; a text that is none is a problem.
  mutating func expression(_ value: Value?, at path: ValuePath) -> Expression? {
    guard let value else { return nil }
    guard let text = value.scalarText else {
      problems.append(
        ValueProblem(.error, "\(path) expects an expression, found \(value.kindName)", at: path))
      return nil
    }
    do throws(ExpressionError) {
      // Whoever is used to `${…}` writes it here too.
      let inner =
        text.hasPrefix("${") && text.hasSuffix("}") ? String(text.dropFirst(2).dropLast()) : text
      return try Expression(inner)
    } catch {
      problems.append(
        ValueProblem(.error, "\(path): \(error.reason)", at: path, hint: error.hint))
      return nil
    }
  }
}
