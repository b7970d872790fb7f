/// Builds an expression from its tokens.
///
///     or      := and ("or" and)*
///     and     := not ("and" not)*
///     not     := "not" not | compare
///     compare := sum (("==" | "!=" | "<" | "<=" | ">" | ">=" | "in") sum | "present" | "absent")?
///     sum     := product (("+" | "-") product)*
///     product := unary (("*" | "/" | "%") unary)*
///     unary   := "-" unary | primary step*
///     step    := "." NAME | "[" "-"? INTEGER | TEXT | or "]"
///     primary := NUMBER | TEXT | "true" | "false" | "null" | NAME | NAME "(" or,* ")"
///              | "(" or ")" | "[" (WORD | or),* "]"
struct ExpressionParser {
  private let places: [ExpressionLexer.Place]
  private var index = 0
  private var depth = 0

  static func parse(_ text: String) throws(ExpressionError) -> Expression.Node {
    var parser = ExpressionParser(places: try ExpressionLexer.tokens(of: text))
    let node = try parser.parseOr()
    guard parser.token == .end else { throw parser.unexpected("an operator or the end") }
    return node
  }

  private init(places: [ExpressionLexer.Place]) { self.places = places }

  private var token: ExpressionLexer.Token { places[index].token }
  private var offset: Int { places[index].offset }

  // The last token is the end, which nothing advances past.
  private mutating func advance() { if index < places.count - 1 { index += 1 } }

  private mutating func take(_ symbol: String) -> Bool {
    guard token == .symbol(symbol) || token == .name(symbol) else { return false }
    advance()
    return true
  }

  private func unexpected(_ wanted: String) -> ExpressionError {
    let found =
      switch token {
      case .end: "the end"
      case .name(let text), .symbol(let text): "\"\(text)\""
      case .literal(let value): value.description
      }
    return ExpressionError("expected \(wanted), found \(found)", at: offset)
  }

  private mutating func parseOr() throws(ExpressionError) -> Expression.Node {
    depth += 1
    defer { depth -= 1 }
    guard depth <= 64 else { throw ExpressionError("nested deeper than 64", at: offset) }
    var left = try parseAnd()
    while take("or") { left = .binary(.or, left, try parseAnd()) }
    return left
  }

  private mutating func parseAnd() throws(ExpressionError) -> Expression.Node {
    var left = try parseNot()
    while take("and") { left = .binary(.and, left, try parseNot()) }
    return left
  }

  private mutating func parseNot() throws(ExpressionError) -> Expression.Node {
    var isNegated = false
    var wasSeen = false
    while take("not") {
      isNegated.toggle()
      wasSeen = true
    }
    let node = try parseComparison()
    guard wasSeen else { return node }
    return isNegated ? .not(node) : .not(.not(node))
  }

  private mutating func parseComparison() throws(ExpressionError) -> Expression.Node {
    let left = try parseSum()
    if take("present") { return .presence(left, true) }
    if take("absent") { return .presence(left, false) }
    for comparison in Expression.Operator.comparisons where take(comparison.rawValue) {
      return .binary(comparison, left, try parseSum())
    }
    return left
  }

  private mutating func parseSum() throws(ExpressionError) -> Expression.Node {
    var left = try parseProduct()
    while true {
      if take("+") {
        left = .binary(.plus, left, try parseProduct())
      } else if take("-") {
        left = .binary(.minus, left, try parseProduct())
      } else {
        return left
      }
    }
  }

  private mutating func parseProduct() throws(ExpressionError) -> Expression.Node {
    var left = try parseUnary()
    while true {
      if take("*") {
        left = .binary(.times, left, try parseUnary())
      } else if take("/") {
        left = .binary(.over, left, try parseUnary())
      } else if take("%") {
        left = .binary(.modulo, left, try parseUnary())
      } else {
        return left
      }
    }
  }

  private mutating func parseUnary() throws(ExpressionError) -> Expression.Node {
    var isNegative = false
    while take("-") { isNegative.toggle() }
    let node = try parseSteps(after: try parsePrimary())
    return isNegative ? .binary(.minus, .literal(.integer(0)), node) : node
  }

  private mutating func parseSteps(
    after node: Expression.Node
  ) throws(ExpressionError) -> Expression.Node {
    var node = node
    var steps: [Expression.Step] = []
    while true {
      if take(".") {
        guard case .name(let name) = token else { throw unexpected("a name after \".\"") }
        advance()
        steps.append(.member(name))
      } else if take("[") {
        if let step = takeFixedStep() {
          steps.append(step)
        } else {
          node = Self.node(node, steps)
          steps = []
          node = .index(node, try parseOr())
        }
        guard take("]") else { throw unexpected("\"]\"") }
      } else {
        break
      }
    }
    return Self.node(node, steps)
  }

  private static func node(
    _ node: Expression.Node, _ steps: [Expression.Step]
  ) -> Expression.Node {
    guard !steps.isEmpty else { return node }
    if case .path(let name, _, let offset) = node { return .path(name, steps, offset) }
    return .select(node, steps)
  }

  /// A position or a name in quotes, with nothing but the bracket behind it; anything else in brackets is an
  /// expression.
  private mutating func takeFixedStep() -> Expression.Step? {
    let start = index
    let isFromEnd = take("-")
    let literal = token
    advance()
    if token == .symbol("]") {
      switch literal {
      case .literal(.integer(let position)):
        return .item(isFromEnd ? -Int(position) : Int(position))
      case .literal(.string(let name)) where !isFromEnd: return .member(name)
      default: break
      }
    }
    index = start
    return nil
  }

  private mutating func parsePrimary() throws(ExpressionError) -> Expression.Node {
    let start = offset
    switch token {
    case .literal(let value):
      advance()
      return .literal(value)
    case .name("true"):
      advance()
      return .literal(.bool(true))
    case .name("false"):
      advance()
      return .literal(.bool(false))
    case .name("null"):
      advance()
      return .literal(.null)
    case .name(let name) where !Expression.reserved.contains(name):
      advance()
      guard take("(") else { return .path(name, [], start) }
      return .call(name, try parseList(until: ")", isWordList: false), start)
    case .symbol("("):
      advance()
      let node = try parseOr()
      guard take(")") else { throw unexpected("\")\"") }
      return node
    case .symbol("["):
      advance()
      return .list(try parseList(until: "]", isWordList: true))
    default: throw unexpected("a value")
    }
  }

  private mutating func parseList(
    until close: String, isWordList: Bool
  ) throws(ExpressionError) -> [Expression.Node] {
    var items: [Expression.Node] = []
    if take(close) { return items }
    while true {
      items.append(isWordList ? try parseListItem() : try parseOr())
      if take(",") { continue }
      guard take(close) else { throw unexpected("\",\" or \"\(close)\"") }
      return items
    }
  }

  /// In a list a bare word stands for itself: `code in [AE, AR]`.
  private mutating func parseListItem() throws(ExpressionError) -> Expression.Node {
    let node = try parseOr()
    if case .path(let word, let steps, _) = node, steps.isEmpty { return .literal(.string(word)) }
    return node
  }
}
