internal import TrestleCore

/// A value with `${…}` in it, which is filled in from what a run knows when a step begins.
///
/// What stands between the braces is a key of the context, or else an expression: `${batch_size}`,
/// `${steps.load.response.size}`. It gives text, as the first description of these workflows has it; a text
/// that is nothing but one keeps the value's type under `substitution: typed`.
struct ContextTemplate: Sendable {
  /// One `${…}`.
  struct Reference: Sendable {
    /// What stands between the braces.
    let text: String
    /// Nil for a text that is no expression, which only a key of the context can be.
    let expression: Expression?
    let path: ValuePath

    init(_ text: String, at path: ValuePath) {
      self.text = text
      self.path = path
      expression = try? Expression(text)
    }
  }

  private indirect enum Node: Sendable {
    case constant(Value)
    case text([Segment])
    case array([Node])
    case object([(name: [Segment], node: Node)])

    var constant: Value? {
      if case .constant(let value) = self { return value }
      return nil
    }
  }

  private enum Segment: Sendable {
    case literal(String)
    case reference(Reference)
  }

  private let root: Node
  /// Every `${…}` in it.
  let references: [Reference]

  /// Whether nothing is to be filled in.
  var isConstant: Bool { root.constant != nil }

  init(_ value: Value, at path: ValuePath = ValuePath()) {
    var references: [Reference] = []
    root = Self.node(value, path, &references)
    self.references = references
  }

  private static func node(
    _ value: Value, _ path: ValuePath, _ references: inout [Reference]
  ) -> Node {
    switch value {
    case .string(let text) where text.contains("${"):
      return .text(segments(text, path, &references))
    case .array(let items):
      let nodes = items.enumerated().map { node($1, path.item($0), &references) }
      return nodes.allSatisfy { $0.constant != nil } ? .constant(value) : .array(nodes)
    case .object(let record):
      let members = record.members.map { member in
        let place = path.member(member.name)
        return (
          name: segments(member.name, place, &references),
          node: node(member.value, place, &references)
        )
      }
      let isConstant = members.allSatisfy { member in
        guard case .literal? = member.name.first, member.name.count == 1 else {
          return member.name.isEmpty && member.node.constant != nil
        }
        return member.node.constant != nil
      }
      return isConstant && !record.names.contains { $0.contains("${") }
        ? .constant(value) : .object(members)
    default: return .constant(value)
    }
  }

  /// The pieces of a text; `$${` is `${` as it stands.
  private static func segments(
    _ text: String, _ path: ValuePath, _ references: inout [Reference]
  ) -> [Segment] {
    guard text.contains("${") else { return text.isEmpty ? [] : [.literal(text)] }
    var segments: [Segment] = []
    var literal = ""
    var rest = Substring(text)
    while let dollar = rest.firstIndex(of: "$") {
      literal += rest[..<dollar]
      rest = rest[dollar...]
      if rest.hasPrefix("$${") {
        literal += "${"
        rest = rest.dropFirst(3)
      } else if rest.hasPrefix("${"), let end = end(of: rest) {
        let inner = rest[rest.index(rest.startIndex, offsetBy: 2)..<end]
        let reference = Reference(String(inner), at: path)
        references.append(reference)
        if !literal.isEmpty { segments.append(.literal(literal)) }
        segments.append(.reference(reference))
        literal = ""
        rest = rest[rest.index(after: end)...]
      } else {
        literal.append("$")
        rest = rest.dropFirst()
      }
    }
    literal += rest
    if !literal.isEmpty { segments.append(.literal(literal)) }
    return segments
  }

  /// Where the brace is that closes the one at the start; texts in quotes may have braces.
  private static func end(of text: Substring) -> Substring.Index? {
    var quote: Character?
    for index in text.indices.dropFirst(2) {
      let character = text[index]
      if let open = quote {
        if character == open { quote = nil }
      } else if character == "'" || character == "\"" {
        quote = character
      } else if character == "}" {
        return index
      }
    }
    // A quote that is never closed is an apostrophe.
    return quote == nil ? nil : text.dropFirst(2).firstIndex(of: "}")
  }

  // MARK: Filling in

  /// The value as a run has it now. What nothing is known of stands as it is, and is added to `unknown`.
  ///
  /// - Throws: `ExpressionError` where an expression cannot take its operands.
  func render(
    in environment: RunEnvironment, typed: Bool, unknown: inout [String]
  ) throws(ExpressionError) -> Value {
    try Self.render(root, environment, typed, &unknown)
  }

  private static func render(
    _ node: Node, _ environment: RunEnvironment, _ typed: Bool, _ unknown: inout [String]
  ) throws(ExpressionError) -> Value {
    switch node {
    case .constant(let value): return value
    case .text(let segments):
      if typed, segments.count == 1, case .reference(let reference)? = segments.first {
        if let value = try environment.value(of: reference) { return value }
      }
      return .string(try text(segments, environment, &unknown))
    case .array(let nodes):
      var items: [Value] = []
      items.reserveCapacity(nodes.count)
      for node in nodes { items.append(try render(node, environment, typed, &unknown)) }
      return .array(items)
    case .object(let members):
      var record = Record()
      for (name, node) in members {
        record[try text(name, environment, &unknown)] =
          try render(node, environment, typed, &unknown)
      }
      return .object(record)
    }
  }

  private static func text(
    _ segments: [Segment], _ environment: RunEnvironment, _ unknown: inout [String]
  ) throws(ExpressionError) -> String {
    var text = ""
    for segment in segments {
      switch segment {
      case .literal(let literal): text += literal
      case .reference(let reference):
        if let value = try environment.value(of: reference) {
          text += value.scalarText ?? JSONWriter.text(value)
        } else {
          text += "${\(reference.text)}"
          if !unknown.contains(reference.text) { unknown.append(reference.text) }
        }
      }
    }
    return text
  }
}
