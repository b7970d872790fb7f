/// A value with `{{…}}` placeholders, compiled at load.
///
/// A text that is nothing but one placeholder gives the placeholder's value with its type, and is left
/// out of its object where that is absent. Inside a longer text a placeholder gives its text, and
/// nothing where it is absent.
package struct Template: Sendable {
  /// A mistake in a placeholder, and the place in the value where it stands.
  package struct Problem: Sendable, Hashable {
    package var path: ValuePath
    /// The placeholder's text without its braces.
    package var placeholder: String
    package var error: ExpressionError
  }

  indirect enum Node: Sendable {
    case constant(Value)
    case expression(Expression)
    case text([Segment])
    case array([Node])
    case object([(name: String, node: Node)])

    var isConstant: Bool {
      if case .constant = self { return true }
      return false
    }
  }

  enum Segment: Sendable {
    case literal(String)
    case expression(Expression)
  }

  let root: Node

  /// The value, when it holds no placeholder at all.
  package var constant: Value? {
    if case .constant(let value) = root { return value }
    return nil
  }

  /// How many items the template's value has, when it is a list.
  package var itemCount: Int {
    switch root {
    case .constant(.array(let items)): items.count
    case .array(let nodes): nodes.count
    default: 0
    }
  }

  init(root: Node) { self.root = root }

  /// A template without placeholders.
  package init(constant: Value) { root = .constant(constant) }

  /// Compiles a value, collecting what is wrong with its placeholders; a wrong one stands as it is.
  package init(_ value: Value, in vocabulary: ExpressionVocabulary, problems: inout [Problem]) {
    var compiler = Compiler(vocabulary: vocabulary)
    root = compiler.compile(value, at: ValuePath())
    problems += compiler.problems
  }

  /// Where placeholders stand, and what stands there.
  package var placeholders: [(path: ValuePath, expressions: [Expression])] {
    var found: [(path: ValuePath, expressions: [Expression])] = []
    Self.visit(root, at: ValuePath()) { found.append(($0, $1)) }
    return found
  }

  private static func visit(
    _ node: Node, at path: ValuePath, _ body: (ValuePath, [Expression]) -> Void
  ) {
    switch node {
    case .constant: break
    case .expression(let expression): body(path, [expression])
    case .text(let segments):
      body(
        path,
        segments.compactMap { segment in
          if case .expression(let expression) = segment { expression } else { nil }
        })
    case .array(let nodes):
      for (position, node) in nodes.enumerated() { visit(node, at: path.item(position), body) }
    case .object(let members):
      for (name, node) in members { visit(node, at: path.member(name), body) }
    }
  }

  /// The value for one environment.
  ///
  /// - Throws: `ExpressionError` when an expression cannot take its operands.
  package func render(in environment: some ExpressionEnvironment) throws(ExpressionError) -> Value {
    try Self.render(root, environment) ?? .null
  }

  private static func render(
    _ node: Node, _ environment: some ExpressionEnvironment
  ) throws(ExpressionError) -> Value? {
    switch node {
    case .constant(let value): return value
    case .expression(let expression): return try expression.evaluate(in: environment)
    case .text(let segments):
      var text = ""
      for segment in segments {
        switch segment {
        case .literal(let literal): text += literal
        case .expression(let expression):
          guard let value = try expression.evaluate(in: environment) else { continue }
          text += value.scalarText ?? value.description
        }
      }
      return .string(text)
    case .array(let nodes):
      var items: [Value] = []
      items.reserveCapacity(nodes.count)
      for node in nodes { items.append(try render(node, environment) ?? .null) }
      return .array(items)
    case .object(let members):
      var record = Record()
      record.reserveCapacity(members.count)
      for (name, node) in members {
        if let value = try render(node, environment) { record.append(unique: name, value) }
      }
      return .object(record)
    }
  }

  private struct Compiler {
    let vocabulary: ExpressionVocabulary
    var problems: [Problem] = []

    mutating func compile(_ value: Value, at path: ValuePath) -> Node {
      switch value {
      case .string(let text) where text.contains("{{"): return compile(text, at: path)
      case .array(let items):
        let nodes = items.enumerated().map { compile($1, at: path.item($0)) }
        return nodes.allSatisfy(\.isConstant) ? .constant(value) : .array(nodes)
      case .object(let record):
        let members = record.members.map { member in
          (
            name: member.name,
            node: compile(member.value, at: path.member(member.name))
          )
        }
        return members.allSatisfy(\.node.isConstant) ? .constant(value) : .object(members)
      default: return .constant(value)
      }
    }

    private mutating func compile(_ text: String, at path: ValuePath) -> Node {
      var segments: [Segment] = []
      var rest = Substring(text)
      while let opening = rest.firstRange(of: "{{") {
        if opening.lowerBound > rest.startIndex {
          segments.append(.literal(String(rest[..<opening.lowerBound])))
        }
        guard let closing = Self.closing(of: rest[opening.upperBound...]) else {
          problems.append(
            Problem(
              path: path, placeholder: String(rest[opening.upperBound...]),
              error: ExpressionError(
                "\"{{\" is not closed", hint: "end the placeholder with \"}}\"")))
          return .constant(.string(text))
        }
        let inner = String(rest[opening.upperBound..<closing.lowerBound])
        segments.append(compile(placeholder: inner, at: path))
        rest = rest[closing.upperBound...]
      }
      if !rest.isEmpty { segments.append(.literal(String(rest))) }
      if segments.count == 1, case .expression(let expression) = segments[0] {
        return .expression(expression)
      }
      return .text(segments)
    }

    private mutating func compile(placeholder: String, at path: ValuePath) -> Segment {
      do throws(ExpressionError) {
        let expression = try Expression(placeholder)
        for problem in expression.problems(in: vocabulary) {
          problems.append(Problem(path: path, placeholder: placeholder, error: problem))
        }
        return .expression(expression)
      } catch {
        problems.append(Problem(path: path, placeholder: placeholder, error: error))
        return .literal("{{\(placeholder)}}")
      }
    }

    /// Where the placeholder ends; braces inside quotes do not end it.
    private static func closing(of text: Substring) -> Range<Substring.Index>? {
      var quote: Character?
      var index = text.startIndex
      while index < text.endIndex {
        let character = text[index]
        let next = text.index(after: index)
        if let open = quote {
          if character == open { quote = nil }
        } else if character == "'" || character == "\"" {
          quote = character
        } else if character == "}", next < text.endIndex, text[next] == "}" {
          return index..<text.index(after: next)
        }
        index = next
      }
      return nil
    }
  }
}

extension Substring {
  /// The first place of an ASCII text; `firstRange(of:)` of the standard library needs a regex engine.
  fileprivate func firstRange(of pattern: String) -> Range<Index>? {
    var index = startIndex
    while index < endIndex {
      if self[index...].hasPrefix(pattern) {
        return index..<self.index(index, offsetBy: pattern.count)
      }
      index = self.index(after: index)
    }
    return nil
  }
}
