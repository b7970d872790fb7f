/// A compiled expression of the small pure language that `{{…}}`, computed fields and conditions share:
/// paths, literals, function calls, comparison, `and`/`or`/`not`, arithmetic. No scripts, no loops.
///
/// Truth: absent, null, false and the empty text are false; everything else, also 0, is true. `or`
/// and `and` give the deciding operand itself, so `name or "none"` gives a default.
package struct Expression: Sendable, Hashable {
  /// The text it was compiled from, for messages.
  package let text: String
  let root: Node

  /// Compiles a text.
  ///
  /// - Throws: `ExpressionError` with the place of the first mistake.
  package init(_ text: String) throws(ExpressionError) {
    self.text = text
    root = try ExpressionParser.parse(text)
  }

  init(text: String, root: Node) {
    self.text = text
    self.root = root
  }

  indirect enum Node: Sendable, Hashable {
    case literal(Value)
    /// A name of the environment and the way on from it.
    case path(String, [Step], Int)
    case select(Node, [Step])
    /// What a value has at a place that is worked out: `lines[request.position]`.
    case index(Node, Node)
    case call(String, [Node], Int)
    case list([Node])
    case not(Node)
    case presence(Node, Bool)
    case binary(Operator, Node, Node)

    func visit(_ body: (Node) -> Void) {
      body(self)
      switch self {
      case .literal, .path: break
      case .select(let node, _), .not(let node), .presence(let node, _): node.visit(body)
      case .call(_, let nodes, _), .list(let nodes): for node in nodes { node.visit(body) }
      case .binary(_, let left, let right), .index(let left, let right):
        left.visit(body)
        right.visit(body)
      }
    }
  }

  enum Step: Sendable, Hashable {
    case member(String)
    case item(Int)
  }

  enum Operator: String, Sendable {
    case or, and
    case equal = "=="
    case unequal = "!="
    case lessOrEqual = "<="
    case less = "<"
    case greaterOrEqual = ">="
    case greater = ">"
    case isIn = "in"
    case plus = "+"
    case minus = "-"
    case times = "*"
    case over = "/"
    case modulo = "%"

    static let comparisons: [Operator] = [
      .equal, .unequal, .lessOrEqual, .less, .greaterOrEqual, .greater, .isIn,
    ]
  }

  static let reserved: Set<String> = ["or", "and", "not", "in", "present", "absent"]

  /// The names that stand at the head of a path, in no particular order; functions are not among them.
  package var names: Set<String> {
    var names: Set<String> = []
    root.visit { if case .path(let name, _, _) = $0 { names.insert(name) } }
    return names
  }

  /// The members that are asked of a name directly: `request.id` asks for `id` of `request`.
  package func members(of name: String) -> Set<String> {
    var members: Set<String> = []
    root.visit { node in
      if case .path(name, let steps, _) = node, case .member(let member)? = steps.first {
        members.insert(member)
      }
    }
    return members
  }

  /// Whether the value is the same wherever and whenever it is evaluated.
  package var isConstant: Bool {
    var isConstant = true
    root.visit { node in
      switch node {
      case .path, .call: isConstant = false
      default: break
      }
    }
    return isConstant
  }

  /// The value in an environment; nil when it is absent (a path that leads nowhere).
  ///
  /// - Throws: `ExpressionError` when an operator or function cannot take its operands.
  package func evaluate(
    in environment: some ExpressionEnvironment
  ) throws(ExpressionError) -> Value? {
    try Self.evaluate(root, environment)
  }

  /// Whether the value is true in an environment.
  ///
  /// - Throws: `ExpressionError` when an operator or function cannot take its operands.
  package func isTrue(in environment: some ExpressionEnvironment) throws(ExpressionError) -> Bool {
    try evaluate(in: environment).isTrue
  }

  private static func evaluate(
    _ node: Node, _ environment: some ExpressionEnvironment
  ) throws(ExpressionError) -> Value? {
    switch node {
    case .literal(let value): return value
    case .path(let name, let steps, _): return follow(steps, from: environment.value(of: name))
    case .select(let node, let steps): return follow(steps, from: try evaluate(node, environment))
    case .index(let node, let key):
      guard let key = try evaluate(key, environment)?.content else { return nil }
      let value = try evaluate(node, environment)
      if let position = key.integerValue { return follow([.item(Int(position))], from: value) }
      return key.scalarText.flatMap { follow([.member($0)], from: value) }
    case .call(let name, let nodes, let offset):
      var arguments: [Value?] = []
      for node in nodes { arguments.append(try evaluate(node, environment)) }
      do throws(ExpressionError) {
        return try environment.call(name, arguments)
      } catch {
        throw ExpressionError(error.reason, hint: error.hint, at: offset)
      }
    case .list(let nodes):
      var items: [Value] = []
      for node in nodes { items.append(try evaluate(node, environment) ?? .null) }
      return .array(items)
    case .not(let node): return .bool(!(try evaluate(node, environment)).isTrue)
    case .presence(let node, let wanted):
      return .bool((try evaluate(node, environment) != nil) == wanted)
    case .binary(.or, let left, let right):
      let value = try evaluate(left, environment)
      return value.isTrue ? value : try evaluate(right, environment)
    case .binary(.and, let left, let right):
      let value = try evaluate(left, environment)
      return value.isTrue ? try evaluate(right, environment) : value
    case .binary(let operation, let left, let right):
      return try apply(
        operation, try evaluate(left, environment), try evaluate(right, environment))
    }
  }

  private static func follow(_ steps: [Step], from value: Value?) -> Value? {
    var value = value
    for step in steps {
      switch step {
      // An attribute is `_name` in Trestle JSON; `@name` is how paths of XML layouts spell it.
      case .member(let name) where name.hasPrefix("@"): value = value?["_" + name.dropFirst()]
      case .member(let name):
        if case .array? = value, let position = Int(name) {
          value = value?[position]
        } else {
          value = value?[name]
        }
      // Counted from the end, as -1 is the last.
      case .item(let position) where position < 0:
        value = value?[(value?.arrayValue?.count ?? 0) + position]
      case .item(let position): value = value?[position]
      }
    }
    return value
  }

  private static func apply(
    _ operation: Operator, _ left: Value?, _ right: Value?
  ) throws(ExpressionError) -> Value? {
    switch operation {
    case .equal: return .bool(areEqual(left?.content, right?.content))
    case .unequal: return .bool(!areEqual(left?.content, right?.content))
    case .isIn:
      guard let items = right?.arrayValue else {
        throw ExpressionError("\"in\" expects a list on its right, like [A, B]")
      }
      return .bool(items.contains { areEqual(left?.content, $0) })
    case .less, .lessOrEqual, .greater, .greaterOrEqual:
      guard let left = left?.content, let right = right?.content,
        let order = left.order(against: right)
      else {
        return .bool(false)
      }
      switch operation {
      case .less: return .bool(order < 0)
      case .lessOrEqual: return .bool(order <= 0)
      case .greater: return .bool(order > 0)
      default: return .bool(order >= 0)
      }
    default:
      return try Arithmetic.apply(
        operation, left?.content ?? .null, right?.content ?? .null)
    }
  }

  private static func areEqual(_ left: Value?, _ right: Value?) -> Bool {
    switch (left, right) {
    case (nil, nil): true
    case (let left?, let right?): left.matches(right)
    // Comparing with null asks whether there is a value at all.
    case (nil, .some(let value)), (.some(let value), nil): value.isNull
    }
  }
}

extension Optional<Value> {
  /// Whether a value counts as true: absent, null, false and the empty text do not.
  package var isTrue: Bool {
    switch self {
    case nil, .null, .bool(false), .string(""): false
    default: true
    }
  }
}
