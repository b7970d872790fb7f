internal import TrestleCore

/// Puts `name=value` words together to parameters, each value by the type its schema declares.
struct ParameterReader {
  let operation: Operation
  let system: String
  /// The parameter that stands for all of them by position, where the protocol has one.
  var positionalKey: String?
  /// The bytes of a file that a word names with `@`.
  let readFile: (String) throws(CommandFailure) -> [UInt8]

  /// The parameters: what the words say, over what is there already.
  func parameters(_ words: [String], over base: Value?) throws(CommandFailure) -> Value {
    var value = base
    for word in words {
      let assignment = try Assignment(word)
      value = try set(
        assignment, steps: assignment.steps[...], in: value, schema: operation.input,
        at: ValuePath())
    }
    return value ?? .emptyObject
  }

  private func set(
    _ assignment: Assignment, steps: ArraySlice<ValuePath.Step>, in current: Value?, schema: Schema,
    at path: ValuePath
  ) throws(CommandFailure) -> Value {
    guard let step = steps.first else {
      return try value(of: assignment, schema: schema, after: current, at: path)
    }
    switch step {
    case .member(let name):
      return try setMember(name, assignment, steps, current, schema, path)
    case .item(let position):
      return try setItem(position, assignment, steps, current, schema, path)
    }
  }

  private func setMember(
    _ name: String, _ assignment: Assignment, _ steps: ArraySlice<ValuePath.Step>,
    _ current: Value?, _ schema: Schema, _ path: ValuePath
  ) throws(CommandFailure) -> Value {
    var record = current?.objectValue ?? [:]
    var name = name
    var rest = steps.dropFirst()
    // Names with dots in them (XML-RPC has such) are taken whole where the contract knows them.
    let whole = Self.text(steps)
    var inner = try member(whole, of: schema, record: record, path, mustExist: rest.isEmpty)
    if inner != nil, whole != name {
      name = whole
      rest = []
    } else {
      inner = try member(name, of: schema, record: record, path, mustExist: true)
    }
    if let current, !current.isNull, current.objectValue == nil {
      throw failure("\(display(path)) is \(current.kindName) already", assignment)
    }
    record[name] = try set(
      assignment, steps: rest, in: record[name], schema: inner ?? .any, at: path.member(name))
    return .object(record)
  }

  /// The schema of a member; nil when there is none of that name and there need not be.
  private func member(
    _ name: String, of schema: Schema, record: Record, _ path: ValuePath, mustExist: Bool
  ) throws(CommandFailure) -> Schema? {
    switch schema.resolved.shape {
    case .any: return mustExist ? .any : nil
    case .object(let object):
      var members = object.members
      if let type = record["_type"]?.stringValue,
        let variant = object.variants.first(where: { $0.name == type }),
        case .object(let derived) = variant.schema.resolved.shape
      {
        members = derived.members
      }
      if let member = members.first(where: { $0.name == name }) { return member.schema }
      if name == "_type", !object.variants.isEmpty { return .any }
      if path.isEmpty, name == "_headers" { return headers }
      if path.isEmpty, name == positionalKey { return Schema(.array(ArraySchema(item: .any))) }
      guard mustExist else { return nil }
      if object.isOpen { return .any }
      throw unknown(name, among: members.map(\.name), path)
    default:
      guard mustExist else { return nil }
      if path.isEmpty { throw unknown(name, among: [], path) }
      throw CommandFailure.usage(
        "\(place): \(path) is \(Self.kind(schema)) and has no \"\(name)\" in it")
    }
  }

  /// The header blocks that may be given beside the parameters; those the contract does not declare
  /// too, by `{namespace}name`.
  private var headers: Schema {
    let members = operation.headers.input.map {
      ObjectSchema.Member(name: $0.name, schema: Self.block($0.schema))
    }
    return Schema(.object(ObjectSchema(members: members, isOpen: true)))
  }

  /// A header block: what it holds, and the attributes that say whom it is for (SOAP 1.2 part 1 §5.2).
  private static func block(_ content: Schema) -> Schema {
    let attributes = [
      ("_mustUnderstand", ScalarSchema(kind: .boolean, form: .boolean, typeName: "xs:boolean")),
      ("_role", ScalarSchema(kind: .uri, form: .string, typeName: "xs:anyURI")),
      ("_relay", ScalarSchema(kind: .boolean, form: .boolean, typeName: "xs:boolean")),
    ].map {
      ObjectSchema.Member(name: $0.0, schema: Schema(.scalar($0.1)), isRequired: false)
    }
    switch content.resolved.shape {
    case .object(var object):
      object.members += attributes
      return Schema(.object(object))
    case .scalar:
      let text = ObjectSchema.Member(name: "_text", schema: content)
      return Schema(.object(ObjectSchema(members: [text] + attributes)))
    default: return content
    }
  }

  private func unknown(
    _ name: String, among names: [String], _ path: ValuePath
  ) -> CommandFailure {
    let listed = names.prefix(12).joined(separator: ", ") + (names.count > 12 ? ", …" : "")
    if path.isEmpty {
      return .usage(
        "\(place) has no parameter \"\(name)\"" + Suggestion.clause(for: name, among: names),
        hint: names.isEmpty ? "it takes none" : "parameters: \(listed)")
    }
    return .usage(
      "\(place): \(path) has no \"\(name)\"" + Suggestion.clause(for: name, among: names),
      hint: "it has: \(listed)")
  }

  private func setItem(
    _ position: Int, _ assignment: Assignment, _ steps: ArraySlice<ValuePath.Step>,
    _ current: Value?, _ schema: Schema, _ path: ValuePath
  ) throws(CommandFailure) -> Value {
    let item: Schema
    switch schema.resolved.shape {
    case .any: item = .any
    case .array(let array): item = array.item
    default:
      throw CommandFailure.usage(
        "\(place): \(display(path)) is \(Self.kind(schema)), not a list",
        hint: "leave [\(position)] out")
    }
    var items = current?.arrayValue ?? []
    guard position <= items.count else {
      throw failure(
        "\(path.item(items.count)) must be there before \(path.item(position))", assignment)
    }
    let value = try set(
      assignment, steps: steps.dropFirst(),
      in: items.indices.contains(position) ? items[position] : nil,
      schema: item, at: path.item(position))
    if position == items.count { items.append(value) } else { items[position] = value }
    return .array(items)
  }

  /// The value a word gives to a place of a type.
  private func value(
    of assignment: Assignment, schema: Schema, after current: Value?, at path: ValuePath
  ) throws(CommandFailure) -> Value {
    if assignment.isJSON { return try json(assignment) }
    switch schema.resolved.shape {
    case .any: return .string(assignment.text)
    case .nothing: throw CommandFailure.usage("\(place): \(path) takes no value")
    case .scalar(let scalar): return try scalarValue(assignment, scalar, path)
    case .array(let array):
      // Said again, a list's name adds an item.
      let items = current?.arrayValue ?? []
      return .array(
        items + [
          try value(of: assignment, schema: array.item, after: nil, at: path.item(items.count))
        ])
    case .object(let object):
      guard let text = object.member(named: "_text") else {
        let example = object.members.first?.name ?? "name"
        throw CommandFailure.usage(
          "\(place): \(path) is an object",
          hint: "write \(assignment.name).\(example)=…, or all of it: \(assignment.name):='{…}'")
      }
      // A text that has attributes: its attributes may be set already.
      var record = current?.objectValue ?? [:]
      record["_text"] = try value(
        of: assignment, schema: text.schema, after: nil, at: path.member("_text"))
      return .object(record)
    case .reference: return .string(assignment.text)
    }
  }

  private func scalarValue(
    _ assignment: Assignment, _ scalar: ScalarSchema, _ path: ValuePath
  ) throws(CommandFailure) -> Value {
    let text = assignment.text
    if scalar.kind == .base64 || scalar.kind == .hex, text.hasPrefix("@") {
      let bytes = try readFile(String(text.dropFirst()))
      return .string(scalar.kind == .hex ? Hexadecimal.text(bytes) : Base64.encode(bytes))
    }
    let wrong = CommandFailure.usage(
      "\(place): \(path) expects \(scalar.typeName), found \"\(text)\"")
    switch scalar.form {
    case .string: return .string(text)
    case .boolean:
      switch text {
      case "true", "1": return .bool(true)
      case "false", "0": return .bool(false)
      default: throw wrong
      }
    case .number:
      if ["INF", "-INF", "NaN"].contains(text) { return .string(text) }
      if let number = Int64(text), NumberText(text) != nil { return .integer(number) }
      guard let number = NumberText(text) else { throw wrong }
      return .number(number)
    }
  }

  private func json(_ assignment: Assignment) throws(CommandFailure) -> Value {
    let bytes =
      assignment.text.hasPrefix("@")
      ? try readFile(String(assignment.text.dropFirst())) : Array(assignment.text.utf8)
    do throws(JSONError) {
      return try JSONParser.parse(bytes)
    } catch {
      throw CommandFailure.usage(
        "\(assignment.name):= is not followed by JSON: \(error.reason)"
          + " (line \(error.line), column \(error.column))",
        hint:
          "a text is \(assignment.name)=text, or in double quotes: '\(assignment.name):=\"text\"'")
    }
  }

  private var place: String { "\(system) \(operation.name)" }

  private func display(_ path: ValuePath) -> String {
    path.isEmpty ? "the parameters" : path.description
  }

  private func failure(_ message: String, _ assignment: Assignment) -> CommandFailure {
    .usage("\(place): \(message) (in \"\(assignment.word)\")")
  }

  private static func text(_ steps: ArraySlice<ValuePath.Step>) -> String {
    ValuePath(Array(steps)).description
  }

  private static func kind(_ schema: Schema) -> String {
    switch schema.resolved.shape {
    case .any, .reference: "any value"
    case .nothing: "nothing"
    case .scalar(let scalar): scalar.typeName
    case .array: "a list"
    case .object: "an object"
    }
  }
}
