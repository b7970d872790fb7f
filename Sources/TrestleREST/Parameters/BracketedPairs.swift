internal import TrestleCore

/// Values whose parts have names with brackets: `filter[a][b]=1`, `ids[]=1`, `lines[0][sku]=x`.
enum BracketedPairs {
  /// Deeper names, and longer lists by number, are none that a client means.
  private static let maximumDepth = 32
  private static let maximumPosition = 10_000

  /// A tree of what names say.
  private final class Node {
    var values: [String] = []
    var names: [String] = []
    var children: [String: Node] = [:]

    func child(_ name: String) -> Node {
      if let known = children[name] { return known }
      let node = Node()
      names.append(name)
      children[name] = node
      return node
    }
  }

  /// The value of all pairs that begin with a name; nil where none does.
  static func value(
    of name: String, in pairs: [QueryText.Pair], as schema: JSONSchema?
  ) -> Value? {
    let root = Node()
    var isThere = false
    for pair in pairs where pair.name.hasPrefix(name) {
      guard let steps = steps(pair.name.dropFirst(name.count)) else { continue }
      isThere = true
      steps.reduce(root) { $0.child($1) }.values.append(pair.value)
    }
    guard isThere else { return nil }
    return value(of: root, as: schema)
  }

  /// The names of `[a][b]`; nil for what is not only brackets.
  private static func steps(_ text: Substring) -> [String]? {
    var steps: [String] = []
    var rest = text
    while !rest.isEmpty {
      guard rest.first == "[", let close = rest.firstIndex(of: "]"), steps.count < maximumDepth
      else { return nil }
      steps.append(String(rest[rest.index(after: rest.startIndex)..<close]))
      rest = rest[rest.index(after: close)...]
    }
    return steps
  }

  private static func value(of node: Node, as schema: JSONSchema?) -> Value {
    let isList = schema?.kinds.contains(.array) == true && schema?.kinds.contains(.object) != true
    if node.children.isEmpty {
      if node.values.count > 1 || isList {
        return .array(node.values.map { TextTyping.value($0, as: schema?.item) })
      }
      return TextTyping.value(node.values.first ?? "", as: schema)
    }
    let areNumbered = node.names.allSatisfy { $0.isEmpty || position($0) != nil }
    if isList || (schema?.kinds.contains(.object) != true && areNumbered) {
      let numbered = node.names.filter { !$0.isEmpty }
        .sorted { (position($0) ?? 0) < (position($1) ?? 0) }
      var items = numbered.compactMap { node.children[$0] }.map { value(of: $0, as: schema?.item) }
      if let unnumbered = node.children[""] {
        if unnumbered.children.isEmpty {
          items += unnumbered.values.map { TextTyping.value($0, as: schema?.item) }
        } else {
          items.append(value(of: unnumbered, as: schema?.item))
        }
      }
      return .array(items)
    }
    var record = Record()
    for name in node.names {
      guard let child = node.children[name] else { continue }
      record[name] = value(of: child, as: schema?.property(name))
    }
    return .object(record)
  }

  private static func position(_ name: String) -> Int? {
    guard let number = Int(name), (0...maximumPosition).contains(number) else { return nil }
    return number
  }
}
