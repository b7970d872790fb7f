extension Expression {
  /// The expression with its paths led elsewhere: what a definition calls by one path, messages may hold
  /// under another.
  package func relocated(_ place: (ValuePath) -> ValuePath) -> Expression {
    Expression(text: text, root: Self.relocated(root, place))
  }

  private static func relocated(_ node: Node, _ place: (ValuePath) -> ValuePath) -> Node {
    switch node {
    case .literal: return node
    case .path(_, _, let offset):
      guard let path = path(of: node) else { return node }
      let moved = place(path)
      guard moved != path, case .member(let name)? = moved.steps.first else { return node }
      let steps = moved.steps.dropFirst().map { step -> Step in
        switch step {
        case .member(let name): .member(name)
        case .item(let position): .item(position)
        }
      }
      return .path(name, steps, offset)
    case .select(let inner, let steps): return .select(relocated(inner, place), steps)
    case .call(let name, let nodes, let offset):
      return .call(name, nodes.map { relocated($0, place) }, offset)
    case .index(let inner, let key):
      return .index(relocated(inner, place), relocated(key, place))
    case .list(let nodes): return .list(nodes.map { relocated($0, place) })
    case .not(let inner): return .not(relocated(inner, place))
    case .presence(let inner, let isWanted): return .presence(relocated(inner, place), isWanted)
    case .binary(let operation, let left, let right):
      return .binary(operation, relocated(left, place), relocated(right, place))
    }
  }
}

extension Template {
  /// The template with the paths of its placeholders led elsewhere.
  package func relocated(_ place: (ValuePath) -> ValuePath) -> Template {
    Template(root: Self.relocated(root, place))
  }

  private static func relocated(_ node: Node, _ place: (ValuePath) -> ValuePath) -> Node {
    switch node {
    case .constant: node
    case .expression(let expression): .expression(expression.relocated(place))
    case .text(let segments):
      .text(
        segments.map { segment in
          switch segment {
          case .literal: segment
          case .expression(let expression): .expression(expression.relocated(place))
          }
        })
    case .array(let nodes): .array(nodes.map { relocated($0, place) })
    case .object(let members):
      .object(members.map { (name: $0.name, node: relocated($0.node, place)) })
    }
  }
}
