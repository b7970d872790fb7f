internal import TrestleCore

/// An operation's parameters: their places among what callers pass, and their types.
struct Parameters: Sendable {
  struct Parameter: Sendable {
    var path: ValuePath
    var type: DeclaredType
    var isOptional: Bool
    /// What the layout says of the place that the parameter fills, where its type says nothing.
    var place: Schema?

    var schema: Schema { type.isText ? place ?? type.schema : type.schema }
  }

  private(set) var list: [Parameter] = []
  /// Whether parameters besides the list may be passed.
  let isOpen: Bool
  /// The schema of messages that are the parameters themselves; nil where placeholders name them.
  private let whole: Schema?

  /// Reads the `params` section and adds what placeholders speak of besides, as texts.
  init(
    _ value: Value?, at path: ValuePath, mentioned: [ValuePath],
    filling places: [ValuePath: Schema] = [:], isOpen: Bool, problems: inout [ValueProblem]
  ) {
    self.isOpen = isOpen
    whole = nil
    if let value { read(value, at: path, under: ValuePath(), problems: &problems) }
    if !isOpen { checkUse(by: mentioned, at: path, problems: &problems) }
    for path in mentioned where !list.contains(where: { $0.path.isAlike(path) }) {
      list.append(Parameter(path: path, type: .string, isOptional: false))
    }
    for position in list.indices { list[position].place = places[list[position].path] }
  }

  /// Tells of declared parameters that no placeholder names.
  private func checkUse(
    by mentioned: [ValuePath], at path: ValuePath, problems: inout [ValueProblem]
  ) {
    let undeclared = mentioned.filter { name in !list.contains { $0.path.isAlike(name) } }
    for parameter in list where !mentioned.contains(where: { $0.isAlike(parameter.path) }) {
      problems.warn(
        "nothing in request.set uses the parameter \(parameter.path), which is never sent"
          + Suggestion.clause(
            for: parameter.path.description, among: undeclared.map(\.description)),
        at: path.appending(parameter.path))
    }
  }

  /// The fields of a layout, where the message is the parameters themselves.
  init(of schema: Schema) {
    whole = schema
    guard case .object(let object) = schema.shape else {
      isOpen = true
      return
    }
    isOpen = object.isOpen
    list = object.members.map {
      Parameter(path: ValuePath([.member($0.name)]), type: .any, isOptional: !$0.isRequired)
    }
  }

  private mutating func read(
    _ value: Value, at path: ValuePath, under parent: ValuePath, problems: inout [ValueProblem]
  ) {
    guard case .object(let record) = value else {
      problems.error(
        "expects names with types, found \(value.kindName)", at: path,
        hint: "like params: {account: string, amount: decimal, note: string?}")
      return
    }
    for member in record {
      let place = path.member(member.name)
      if member.value.objectValue != nil {
        read(member.value, at: place, under: parent.member(member.name), problems: &problems)
        continue
      }
      guard var text = member.value.stringValue else {
        problems.error("expects a type, found \(member.value.kindName)", at: place)
        continue
      }
      let isOptional = text.hasSuffix("?")
      if isOptional { text = String(text.dropLast()) }
      guard let type = DeclaredType(text) else {
        problems.error(
          "unknown type \"\(text)\"" + Suggestion.clause(for: text, among: DeclaredType.words),
          at: place, hint: "known: \(DeclaredType.words.joined(separator: ", "))")
        continue
      }
      list.append(
        Parameter(path: parent.member(member.name), type: type, isOptional: isOptional))
    }
  }

  func parameter(at path: ValuePath) -> Parameter? { list.first { $0.path == path } }

  // MARK: Schema

  var schema: Schema {
    if let whole { return whole }
    return isOpen && list.isEmpty ? .any : schema(under: ValuePath())
  }

  private func schema(under parent: ValuePath) -> Schema {
    var members: [ObjectSchema.Member] = []
    for parameter in list where parameter.path.steps.starts(with: parent.steps) {
      guard parameter.path.steps.count > parent.steps.count,
        case .member(let name) = parameter.path.steps[parent.steps.count],
        !members.contains(where: { $0.name == name })
      else { continue }
      let isHere = parameter.path.steps.count == parent.steps.count + 1
      let inner = parent.member(name)
      let isRequired =
        isHere
        ? !parameter.isOptional
        : list.contains { $0.path.steps.starts(with: inner.steps) && !$0.isOptional }
      members.append(
        ObjectSchema.Member(
          name: name, schema: isHere ? parameter.schema : schema(under: inner),
          isRequired: isRequired))
    }
    return Schema(.object(ObjectSchema(members: members, isOpen: isOpen)))
  }

  // MARK: Conversion

  /// The parameters as they stand in messages.
  ///
  /// - Throws: `CodecError` for what is missing, unknown or not of its type.
  func toMessage(_ given: Record) throws(CodecError) -> Record {
    if !isOpen { try refuseUnknown(given) }
    var value = Value.object(given)
    for parameter in list {
      guard let text = value[at: parameter.path] else {
        if parameter.isOptional { continue }
        throw CodecError(
          path: parameter.path.description, reason: "is missing",
          hint: whole == nil ? "it is \(Self.article(parameter.type.text))" : nil)
      }
      do throws(CodecError) {
        let written = try parameter.type.toMessage(text)
        if written != text { value.set(written, at: parameter.path) }
      } catch {
        throw error.inside(parameter.path.description)
      }
    }
    return value.objectValue ?? given
  }

  /// A parameter as callers pass it; what is not of its type is kept as it is, with a warning.
  func fromMessage(_ value: Value, at path: ValuePath, warnings: inout [String]) -> Value {
    parameter(at: path)?.type.fromMessage(value, at: path, warnings: &warnings) ?? value
  }

  private func refuseUnknown(_ given: Record) throws(CodecError) {
    let known = Set(list.compactMap { $0.path.names.first })
    for name in given.names where !known.contains(name) {
      throw CodecError(
        path: name,
        reason: "is no parameter" + Suggestion.clause(for: name, among: known.sorted()),
        hint: known.isEmpty
          ? "the operation takes none" : "parameters: \(known.sorted().joined(separator: ", "))")
    }
  }

  private static func article(_ noun: String) -> String {
    "aeiou".contains(noun.prefix(1)) ? "an \(noun)" : "a \(noun)"
  }
}

extension DeclaredType {
  /// A parameter as callers pass it; what is not of its type is kept as it is, with a warning.
  func fromMessage(_ value: Value, at path: ValuePath, warnings: inout [String]) -> Value {
    do throws(CodecError) {
      return try fromMessage(value)
    } catch {
      warnings.append(error.inside(path.description).description)
      return value
    }
  }
}

extension ValuePath {
  /// Whether one path leads through the other: what is declared at the one types the other.
  fileprivate func isAlike(_ other: ValuePath) -> Bool {
    steps.starts(with: other.steps) || other.steps.starts(with: steps)
  }
}
