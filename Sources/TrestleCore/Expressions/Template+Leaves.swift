extension Template {
  /// A scalar of a template: always the same, or made of placeholders and the text between them.
  package enum Leaf: Sendable {
    case constant(Value)
    /// Several pieces; one alone is a lone placeholder.
    case pieces([Piece])
  }

  /// A part of a text.
  package enum Piece: Sendable {
    case literal(String)
    case placeholder(Expression)
  }

  /// Every scalar with its place, in order; also empty objects and arrays, as constants.
  package var leaves: [(path: ValuePath, leaf: Leaf)] {
    var leaves: [(path: ValuePath, leaf: Leaf)] = []
    Self.collect(root, at: ValuePath(), into: &leaves)
    return leaves
  }

  private static func collect(
    _ node: Node, at path: ValuePath, into leaves: inout [(path: ValuePath, leaf: Leaf)]
  ) {
    switch node {
    case .constant(let value): collect(value, at: path, into: &leaves)
    case .expression(let expression): leaves.append((path, .pieces([.placeholder(expression)])))
    case .text(let segments):
      let pieces = segments.map { segment -> Piece in
        switch segment {
        case .literal(let text): .literal(text)
        case .expression(let expression): .placeholder(expression)
        }
      }
      leaves.append((path, .pieces(pieces)))
    case .array(let nodes):
      for (position, node) in nodes.enumerated() {
        collect(node, at: path.item(position), into: &leaves)
      }
    case .object(let members):
      for (name, node) in members { collect(node, at: path.member(name), into: &leaves) }
    }
  }

  private static func collect(
    _ value: Value, at path: ValuePath, into leaves: inout [(path: ValuePath, leaf: Leaf)]
  ) {
    switch value {
    case .object(let record) where !record.isEmpty:
      for member in record { collect(member.value, at: path.member(member.name), into: &leaves) }
    case .array(let items) where !items.isEmpty:
      for (position, item) in items.enumerated() {
        collect(item, at: path.item(position), into: &leaves)
      }
    default: leaves.append((path, .constant(value)))
    }
  }
}
