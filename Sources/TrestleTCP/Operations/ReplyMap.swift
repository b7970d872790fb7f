internal import TrestleCore

/// How an operation's result is taken from its reply, and how a mock writes one: `balance:
/// Envelope/Bal as decimal`.
struct ReplyMap: Sendable {
  private indirect enum Node: Sendable {
    /// The first place of these that holds something; written to the first.
    case place([ValuePath], DeclaredType)
    /// Computed; what makes a true one, where that can be said.
    case computed(Expression, DeclaredType, Expression.SimpleCondition?)
    /// Every element at a place, mapped.
    case list(ValuePath, Node)
    case object([Member])
  }

  private struct Member: Sendable {
    let name: String
    let node: Node
    let isOptional: Bool
  }

  private let root: Node

  /// Every place the result is taken from.
  let places: [ValuePath]

  init?(
    _ value: Value, at path: ValuePath, layout: any MessageLayout,
    problems: inout [ValueProblem]
  ) {
    var places: [ValuePath] = []
    guard
      let (node, _) = Self.read(
        value, at: path, in: layout, places: &places, problems: &problems)
    else { return nil }
    root = node
    self.places = places
  }

  // MARK: Definition

  private static func read(
    _ value: Value, at path: ValuePath, in layout: any MessageLayout, places: inout [ValuePath],
    problems: inout [ValueProblem]
  ) -> (node: Node, isOptional: Bool)? {
    switch value {
    case .string(let text):
      return entry(text, at: path, in: layout, places: &places, problems: &problems)
    case .integer(let number):
      return entry(
        String(number), at: path, in: layout, places: &places, problems: &problems)
    case .object(let record) where record["list"] != nil && record["map"] != nil:
      guard let text = record["list"]?.stringValue,
        let written = Expression.compile(text, at: path.member("list"), problems: &problems)?.path
      else {
        problems.error("list expects the path of its elements", at: path.member("list"))
        return nil
      }
      let place = layout.listPlace(written)
      places.append(place)
      var inner: [ValuePath] = []
      guard
        let (item, _) = read(
          record["map"] ?? .null, at: path.member("map"), in: layout, places: &inner,
          problems: &problems)
      else { return nil }
      places += inner.map { place.appending($0) }
      return (.list(place, item), false)
    case .object(let record):
      var members: [Member] = []
      for member in record {
        guard
          let (node, isOptional) = read(
            member.value, at: path.member(member.name), in: layout, places: &places,
            problems: &problems)
        else { continue }
        members.append(Member(name: member.name, node: node, isOptional: isOptional))
      }
      return (.object(members), false)
    default:
      problems.error(
        "expects a path, found \(value.kindName)", at: path,
        hint: "like balance: Envelope/Bal as decimal")
      return nil
    }
  }

  /// Reads `PATH`, `PATH as TYPE`, `EXPRESSION as TYPE`; a question mark at the end makes it optional.
  private static func entry(
    _ text: String, at path: ValuePath, in layout: any MessageLayout, places: inout [ValuePath],
    problems: inout [ValueProblem]
  ) -> (node: Node, isOptional: Bool)? {
    var written = text.trimmed
    let isOptional = written.hasSuffix("?")
    if isOptional { written = String(written.dropLast()).trimmed }
    var type: DeclaredType?
    if let (head, tail) = written.splitAtLast(" as ") {
      guard let declared = DeclaredType(tail) else {
        problems.error(
          "unknown type \"\(tail)\"" + Suggestion.clause(for: tail, among: DeclaredType.words),
          at: path, hint: "known: \(DeclaredType.words.joined(separator: ", "))")
        return nil
      }
      type = declared
      written = head
    }
    guard let expression = layout.expression(written, at: path, problems: &problems) else {
      return nil
    }
    if let alternatives = expression.alternatives {
      places += alternatives
      return (.place(alternatives, type ?? .string), isOptional)
    }
    let condition = expression.simpleCondition
    if condition == nil {
      problems.warn(
        "a mock cannot write \(path.names.last ?? text): it is computed in the reply", at: path,
        hint: "take it from a path, or give what it needs in reply.set")
    }
    if let place = condition?.place { places.append(place) }
    return (
      .computed(expression, type ?? (condition == nil ? .any : .boolean), condition), isOptional
    )
  }

  // MARK: Schema

  /// The schema of results; where nothing is said of a text, what the layout says of its place holds.
  func schema(in layout: any MessageLayout) -> Schema {
    Self.schema(root, of: layout.schema, hasNulls: layout.hasNulls)
  }

  private static func schema(_ node: Node, of layout: Schema?, hasNulls: Bool) -> Schema {
    switch node {
    case .place(let places, let type):
      type.isText ? layout?.text(at: places[0]) ?? type.schema : type.schema
    case .computed(_, let type, _): type.schema
    case .list(_, let item):
      Schema(.array(ArraySchema(item: schema(item, of: nil, hasNulls: hasNulls))))
    case .object(let members):
      Schema(
        .object(
          ObjectSchema(
            members: members.map { member in
              var schema = schema(member.node, of: layout, hasNulls: hasNulls)
              if hasNulls, member.isOptional { schema.isNullable = true }
              return ObjectSchema.Member(
                name: member.name, schema: schema, isRequired: !member.isOptional)
            })))
    }
  }

  /// The name of the result that is taken from a place; nil where none is, or one deeper down.
  func name(ofPlace place: ValuePath) -> String? {
    guard case .object(let members) = root else { return nil }
    return members.first { member in
      if case .place(let places, _) = member.node { return places.first == place }
      return false
    }?.name
  }

  /// The names in a result that have no place.
  func unknownNames(in result: Value) -> [String] {
    guard case .object(let members) = root, let record = result.objectValue else { return [] }
    return record.names.filter { name in !members.contains { $0.name == name } }
  }

  // MARK: Reading

  /// The result in a reply.
  ///
  /// - Throws: `CodecError` with the path of what is not of its type.
  func result(of message: Value, warnings: inout [String]) throws(CodecError) -> Value {
    try Self.read(root, message, isOptional: true, &warnings) ?? .null
  }

  private static func read(
    _ node: Node, _ message: Value, isOptional: Bool, _ warnings: inout [String]
  ) throws(CodecError) -> Value? {
    switch node {
    case .place(let places, let type):
      guard let (place, value) = places.firstHeld(in: message) else {
        if type.isList { return .array([]) }
        if !isOptional { warnings.append("the reply has no \(places[0].written)") }
        return nil
      }
      do throws(CodecError) {
        return try type.fromMessage(value)
      } catch {
        throw CodecError(path: place.written, reason: error.reason)
      }
    case .computed(let expression, let type, _):
      do throws(ExpressionError) {
        guard let value = try expression.evaluate(in: MessageScope(message: message)) else {
          return nil
        }
        return (try? type.fromMessage(value)) ?? value
      } catch {
        throw CodecError(path: expression.text, reason: error.reason)
      }
    case .list(let place, let item):
      guard let value = message[at: place] else { return .array([]) }
      var items: [Value] = []
      for (position, element) in (value.arrayValue ?? [value]).enumerated() {
        do throws(CodecError) {
          items.append(try read(item, element, isOptional: true, &warnings) ?? .null)
        } catch {
          throw error.inside("\(place.written)[\(position)]")
        }
      }
      return .array(items)
    case .object(let members):
      var record = Record()
      for member in members {
        if let value = try read(member.node, message, isOptional: member.isOptional, &warnings) {
          record.append(unique: member.name, value)
        }
      }
      return .object(record)
    }
  }

  // MARK: Writing

  /// Puts a result into a reply.
  ///
  /// - Throws: `CodecError` with the path of what is not of its type, or has no place.
  func write(_ result: Value, into message: inout Value) throws(CodecError) {
    try Self.write(root, result, into: &message)
  }

  private static func write(
    _ node: Node, _ result: Value, into message: inout Value
  ) throws(CodecError) {
    switch node {
    case .place(let places, let type):
      message.set(try type.toMessage(result), at: places[0])
    case .computed(_, _, let condition):
      guard let condition else { return }
      condition.make(result.boolValue ?? false, in: &message)
    case .list(let place, let item):
      guard case .array(let elements) = result else {
        throw CodecError(reason: "expects a list, found \(result.kindName)")
      }
      var items: [Value] = []
      for (position, element) in elements.enumerated() {
        var written = Value.null
        do throws(CodecError) {
          try write(item, element, into: &written)
        } catch {
          throw error.inside("[\(position)]")
        }
        items.append(written)
      }
      message.set(.array(items), at: place)
    case .object(let members):
      guard case .object(let record) = result else {
        // An operation whose result nobody looks at may be answered with nothing.
        if result.isNull { return }
        throw CodecError(reason: "expects an object, found \(result.kindName)")
      }
      try refuseUnknown(record, members)
      for member in members {
        guard let value = record[member.name] else { continue }
        do throws(CodecError) {
          try write(member.node, value, into: &message)
        } catch {
          throw error.inside(member.name)
        }
      }
    }
  }

  private static func refuseUnknown(_ record: Record, _ members: [Member]) throws(CodecError) {
    for name in record.names where !members.contains(where: { $0.name == name }) {
      let known = members.map(\.name)
      throw CodecError(
        path: name,
        reason: "has no place in the reply" + Suggestion.clause(for: name, among: known),
        hint: "results: \(known.joined(separator: ", "))")
    }
  }
}

extension Schema {
  /// The schema of a text at a place of messages; nil where none is declared, or no text.
  func text(at place: ValuePath) -> Schema? {
    var schema = self
    for step in place.steps {
      guard case .member(let name) = step, case .object(let object) = schema.resolved.shape,
        let member = object.member(named: name)
      else { return nil }
      schema = member.schema
    }
    guard case .scalar(let scalar) = schema.resolved.shape, scalar.form == .string else {
      return nil
    }
    return schema
  }
}

extension [ValuePath] {
  /// The first place that holds a value.
  func firstHeld(in message: Value) -> (ValuePath, Value)? {
    for place in self {
      if let value = message[at: place] { return (place, value) }
    }
    return nil
  }
}

extension Expression.SimpleCondition {
  /// The place the condition is about.
  var place: ValuePath {
    switch self {
    case .equal(let place, _), .unequal(let place, _), .isIn(let place, _), .present(let place),
      .absent(let place):
      place
    }
  }

  /// Makes the condition true or false as far as one value does it.
  func make(_ isTrue: Bool, in message: inout Value) {
    switch (self, isTrue) {
    case (.equal(let place, let value), true), (.unequal(let place, let value), false):
      message.set(value, at: place)
    case (.isIn(let place, let values), true):
      if let first = values.first { message.set(first, at: place) }
    case (.present(let place), true), (.absent(let place), false):
      if message[at: place] == nil { message.set("", at: place) }
    default: break
    }
  }
}

extension String {
  /// The texts before and after the last place of a separator, without spaces at their ends.
  func splitAtLast(_ separator: String) -> (String, String)? {
    var index = endIndex
    while index > startIndex {
      index = self.index(before: index)
      if self[index...].hasPrefix(separator) {
        let after = self.index(index, offsetBy: separator.count)
        return (String(self[..<index]).trimmed, String(self[after...]).trimmed)
      }
    }
    return nil
  }
}
