extension Expression {
  /// Where the expression leads, when it is nothing but a path: `Envelope/Bal/@ccy` is
  /// `Envelope`, `Bal`, `_ccy`.
  package var path: ValuePath? { Self.path(of: root) }

  /// The place whose presence the expression asks for, when it is nothing but `PATH present` and the
  /// path leads by names alone.
  package var placeToBePresent: ValuePath? {
    guard case .presence(let inner, true) = root, let path = Self.path(of: inner) else {
      return nil
    }
    let leadsByNames = path.steps.allSatisfy { step in
      if case .member(let name) = step { return Int(name) == nil }
      return false
    }
    return leadsByNames ? path : nil
  }

  /// The value at a path, also one whose names could not be written in an expression (`39`).
  package init?(path: ValuePath) {
    guard case .member(let name)? = path.steps.first else { return nil }
    let steps = path.steps.dropFirst().map { step -> Step in
      switch step {
      case .member(let name): .member(name)
      case .item(let position): .item(position)
      }
    }
    self.init(text: path.description, root: .path(name, steps, 0))
  }

  /// A condition so simple that it can be made true or false.
  package enum SimpleCondition: Sendable, Hashable {
    case equal(ValuePath, Value)
    case unequal(ValuePath, Value)
    case isIn(ValuePath, [Value])
    case present(ValuePath)
    case absent(ValuePath)
  }

  /// What the expression says, when it is one simple condition.
  package var simpleCondition: SimpleCondition? { Self.simpleCondition(root) }

  /// The paths of `a or b or c`: each stands in for the ones before it. A path alone is one alternative.
  package var alternatives: [ValuePath]? { Self.alternatives(of: root) }

  /// Whether the expression does nothing but compare values with others, so that it says nothing of a
  /// place that holds none.
  package var isComparison: Bool { Self.isComparison(root) }

  private static func isComparison(_ node: Node) -> Bool {
    switch node {
    case .not(let inner): isComparison(inner)
    case .binary(.and, let left, let right), .binary(.or, let left, let right):
      isComparison(left) && isComparison(right)
    case .binary(let operation, let left, let right):
      Operator.comparisons.contains(operation) && left != .literal(.null)
        && right != .literal(.null)
    default: false
    }
  }

  static func path(of node: Node) -> ValuePath? {
    guard case .path(let name, let steps, _) = node else { return nil }
    var path = ValuePath([.member(Self.key(name))])
    for step in steps {
      switch step {
      case .member(let name): path = path.member(Self.key(name))
      case .item(let position): path = path.item(position)
      }
    }
    return path
  }

  /// An attribute's key in Trestle JSON is `_name`.
  private static func key(_ name: String) -> String {
    name.hasPrefix("@") ? "_" + name.dropFirst() : name
  }

  private static func alternatives(of node: Node) -> [ValuePath]? {
    if let path = path(of: node) { return [path] }
    guard case .binary(.or, let left, let right) = node, let first = alternatives(of: left),
      let second = alternatives(of: right)
    else { return nil }
    return first + second
  }

  private static func simpleCondition(_ node: Node) -> SimpleCondition? {
    switch node {
    case .binary(.equal, let left, let right):
      return comparison(left, right).map { .equal($0.0, $0.1) }
    case .binary(.unequal, let left, let right):
      return comparison(left, right).map { .unequal($0.0, $0.1) }
    case .binary(.isIn, let left, .list(let items)):
      guard let path = path(of: left) else { return nil }
      let values = items.compactMap(literal)
      return values.count == items.count ? .isIn(path, values) : nil
    case .presence(let inner, let isWanted):
      return path(of: inner).map { isWanted ? .present($0) : .absent($0) }
    case .path: return path(of: node).map { .present($0) }
    case .not(let inner):
      switch simpleCondition(inner) {
      case .equal(let path, let value)?: return .unequal(path, value)
      case .unequal(let path, let value)?: return .equal(path, value)
      case .present(let path)?: return .absent(path)
      case .absent(let path)?: return .present(path)
      case .isIn?, nil: return nil
      }
    default: return nil
    }
  }

  private static func comparison(_ left: Node, _ right: Node) -> (ValuePath, Value)? {
    if let path = path(of: left), let value = literal(right) { return (path, value) }
    if let path = path(of: right), let value = literal(left) { return (path, value) }
    return nil
  }

  private static func literal(_ node: Node) -> Value? {
    if case .literal(let value) = node { return value }
    return nil
  }
}

extension Expression {
  /// Every path in the expression.
  package var paths: [ValuePath] {
    var paths: [ValuePath] = []
    root.visit { if let path = Self.path(of: $0) { paths.append(path) } }
    return paths
  }
}
