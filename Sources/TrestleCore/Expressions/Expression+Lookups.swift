extension Expression {
  /// The expression with `data.TABLE[KEY]` (for the name `data`) written as a call `row('TABLE', KEY)`, also where
  /// the key stands as it is: `data.customers.c7`. What is looked up is one row then, not the whole table.
  package func lookingUp(in name: String, by function: String) -> Expression {
    Expression(text: text, root: root.lookingUp(in: name, by: function))
  }

  /// The first argument of each call of a function, where it is a text that stands as it is.
  package func firstTexts(of function: String) -> [String] {
    var texts: [String] = []
    root.visit { node in
      if case .call(function, let arguments, _) = node,
        case .literal(.string(let text))? = arguments.first
      {
        texts.append(text)
      }
    }
    return texts
  }

  /// What is asked of a call's result directly, with the text that the call begins with:
  /// `row('customers', id).name` asks `customers` for `name`.
  package func members(ofCallsOf function: String) -> [(text: String, member: String)] {
    var found: [(text: String, member: String)] = []
    root.visit { node in
      if case .select(.call(function, let arguments, _), let steps) = node,
        case .literal(.string(let text))? = arguments.first, case .member(let member)? = steps.first
      {
        found.append((text, member))
      }
    }
    return found
  }

  /// The functions it calls.
  package var functions: Set<String> {
    var functions: Set<String> = []
    root.visit { if case .call(let name, _, _) = $0 { functions.insert(name) } }
    return functions
  }
}

extension Expression.Node {
  fileprivate func lookingUp(in name: String, by function: String) -> Expression.Node {
    func inside(_ node: Expression.Node) -> Expression.Node {
      node.lookingUp(in: name, by: function)
    }
    switch self {
    case .literal: return self
    case .path(name, let steps, let offset) where steps.count > 1:
      guard case .member(let table) = steps[0] else { return self }
      let key: Value =
        switch steps[1] {
        case .member(let member): .string(member)
        case .item(let position): .integer(Int64(position))
        }
      let call = Expression.Node.call(
        function, [.literal(.string(table)), .literal(key)], offset)
      return steps.count > 2 ? .select(call, Array(steps.dropFirst(2))) : call
    case .path: return self
    case .index(.path(name, let steps, let offset), let key) where steps.count == 1:
      guard case .member(let table) = steps[0] else { return self }
      return .call(function, [.literal(.string(table)), inside(key)], offset)
    case .index(let node, let key): return .index(inside(node), inside(key))
    case .select(let node, let steps): return .select(inside(node), steps)
    case .call(let called, let nodes, let offset): return .call(called, nodes.map(inside), offset)
    case .list(let nodes): return .list(nodes.map(inside))
    case .not(let node): return .not(inside(node))
    case .presence(let node, let isWanted): return .presence(inside(node), isWanted)
    case .binary(let operation, let left, let right):
      return .binary(operation, inside(left), inside(right))
    }
  }
}

extension Template {
  /// The template with each expression made another.
  package func mapping(_ change: (Expression) -> Expression) -> Template {
    Template(root: Self.mapping(root, change))
  }

  private static func mapping(_ node: Node, _ change: (Expression) -> Expression) -> Node {
    switch node {
    case .constant: node
    case .expression(let expression): .expression(change(expression))
    case .text(let segments):
      .text(
        segments.map { segment in
          switch segment {
          case .literal: segment
          case .expression(let expression): .expression(change(expression))
          }
        })
    case .array(let nodes): .array(nodes.map { mapping($0, change) })
    case .object(let members):
      .object(members.map { (name: $0.name, node: mapping($0.node, change)) })
    }
  }
}

extension Template {
  /// The expression, when the value is nothing but one placeholder.
  package var expression: Expression? {
    if case .expression(let expression) = root { return expression }
    return nil
  }
}
