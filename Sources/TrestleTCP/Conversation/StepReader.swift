internal import TrestleCore

/// Reads the calls that a connection makes by itself: an operation's name, `{operation: NAME,
/// parameters: {…}}`, or a message, which becomes an operation of its own.
struct StepReader {
  private(set) var operations: [TCPOperation]
  private let layouts: LayoutSet

  init(operations: [TCPOperation], layouts: LayoutSet) {
    self.operations = operations
    self.layouts = layouts
  }

  /// The steps under a key: one, or a list.
  mutating func steps(
    _ keys: inout KeyReader, _ key: String, named name: String, problems: inout [ValueProblem]
  ) -> [SessionRules.Step] {
    guard let value = keys.value(key) else { return [] }
    let path = keys.place(key)
    guard let items = value.arrayValue else {
      return step(value, at: path, named: name, problems: &problems).map { [$0] } ?? []
    }
    var steps: [SessionRules.Step] = []
    for (position, item) in items.enumerated() {
      let step = step(item, at: path.item(position), named: name, problems: &problems)
      if let step { steps.append(step) }
    }
    return steps
  }

  mutating func step(
    _ value: Value, at path: ValuePath, named name: String, problems: inout [ValueProblem]
  ) -> SessionRules.Step? {
    if let operation = value.stringValue {
      return step(operation, [:], at: path, problems: &problems)
    }
    guard let record = value.objectValue, !record.isEmpty else {
      problems.error(
        "expects an operation or a message, found \(value.kindName)", at: path,
        hint: "like {operation: logon, parameters: {…}}")
      return nil
    }
    if record["operation"] != nil {
      guard var keys = KeyReader(value, at: path, problems: &problems) else { return nil }
      let operation = keys.text("operation", problems: &problems)
      let parameters = keys.value("parameters")
      keys.finish("a step", problems: &problems)
      guard let operation else { return nil }
      return step(operation, parameters?.objectValue ?? [:], at: path, problems: &problems)
    }
    return message(record, at: path, named: name, problems: &problems)
  }

  private func step(
    _ operation: String, _ parameters: Record, at path: ValuePath,
    problems: inout [ValueProblem]
  ) -> SessionRules.Step? {
    guard let known = operations.first(where: { $0.name == operation }) else {
      let names = operations.map(\.name)
      problems.error(
        "there is no operation \"\(operation)\"" + Suggestion.clause(for: operation, among: names),
        at: path, hint: "operations: \(names.prefix(8).joined(separator: ", "))")
      return nil
    }
    do throws(CodecError) {
      _ = try known.parameters.toMessage(parameters)
    } catch {
      let place = error.path.isEmpty ? "" : "\(error.path) "
      problems.error(
        "\(operation): \(place)\(error.reason)", at: path.member("parameters"), hint: error.hint)
      return nil
    }
    return SessionRules.Step(operation: operation, parameters: parameters)
  }

  /// A message as it stands: `{mti: "0800", set: {70: "001"}}`, or its fields alone.
  private mutating func message(
    _ record: Record, at path: ValuePath, named wanted: String, problems: inout [ValueProblem]
  ) -> SessionRules.Step? {
    var name = wanted
    var number = 1
    while operations.contains(where: { $0.name == name }) {
      number += 1
      name = "\(wanted)\(number)"
    }
    let isWhole = record["set"] != nil || record["layout"] != nil
    let definition: Value = ["request": isWhole ? .object(record) : ["set": .object(record)]]
    guard
      let operation = TCPOperation(
        name, definition, at: path, layouts: layouts, problems: &problems)
    else { return nil }
    operations.append(operation)
    return SessionRules.Step(operation: name, parameters: [:])
  }
}
