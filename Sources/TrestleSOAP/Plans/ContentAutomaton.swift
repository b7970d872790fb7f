/// The order that a content model allows: a position automaton (Glushkov) in linear space.
///
/// Each place of an element or a wildcard is a position. Whether one may follow another is read from
/// the model's tree: from the node where their ways part, and how far up each is a first or a last
/// thing. A table of all pairs would say the same, but grow with the square of repeating choices and
/// xs:all; counts are numbers beside the positions, never copies of them.
package struct ContentAutomaton: Sendable {
  enum Kind: Sendable {
    case leaf, sequence, choice, all
  }

  /// A node of the model's tree, numbered in document order.
  struct Node: Sendable {
    let kind: Kind
    /// -1 for the root.
    let parent: Int
    let depth: Int
    /// Its place among its siblings.
    let ordinal: Int
    /// How many siblings before it may not be left out.
    let requiredBefore: Int
    let repeats: Bool
    /// The depth of the innermost repeating node at or above it; -1 for none.
    let repeatingDepth: Int
    var isEmptiable = false
  }

  struct Position: Sendable {
    let node: Int
    /// What stands there, for messages.
    let name: String
    /// The scope its member is of.
    let scope: Int
    let wildcard: XSDWildcard?
    let minimum: Int
    let maximum: Int?
    /// How far up the position may be the first: the depth of the highest such node.
    let firstDepth: Int
    /// How far up it may be the last.
    var lastDepth = 0
  }

  /// How a position is reached from another.
  enum Step: Sendable, Equatable {
    /// Further on in the same repetition of everything around both.
    case within
    /// By beginning the repeating node at this depth anew.
    case again(depth: Int)
  }

  let nodes: [Node]
  let positions: [Position]
  /// The position of each leaf of the plan.
  let positionsOfLeaves: [Int]
  let wildcards: [Int]
  /// The depth of each scope's repeating node.
  let groupDepths: [Int]
  private let isEmptiable: Bool

  init(
    nodes: [Node], positions: [Position], positionsOfLeaves: [Int], groupDepths: [Int]
  ) {
    self.nodes = nodes
    self.positions = positions
    self.positionsOfLeaves = positionsOfLeaves
    self.groupDepths = groupDepths
    wildcards = positions.indices.filter { positions[$0].wildcard != nil }
    isEmptiable = nodes.first?.isEmptiable ?? true
  }

  /// The start of every content.
  static let start = -1

  /// How a position may follow another; nil when it may not.
  func step(from last: Int, to next: Int) -> Step? {
    let target = positions[next]
    guard last >= 0 else { return target.firstDepth == 0 ? .within : nil }
    let source = positions[last]
    let (left, right, common) = parting(source.node, target.node)
    if left != right, source.lastDepth <= nodes[left].depth, target.firstDepth <= nodes[right].depth
    {
      switch nodes[common].kind {
      case .sequence where nodes[left].ordinal < nodes[right].ordinal:
        let between =
          nodes[right].requiredBefore - nodes[left].requiredBefore
          - (nodes[left].isEmptiable ? 0 : 1)
        if between == 0 { return .within }
      case .all: return .within
      case .sequence, .choice, .leaf: break
      }
    }
    let depth = nodes[common].repeatingDepth
    return depth >= max(source.lastDepth, target.firstDepth) ? .again(depth: depth) : nil
  }

  /// Whether the content may end after a position.
  func mayEnd(after last: Int) -> Bool {
    last < 0 ? isEmptiable : positions[last].lastDepth == 0
  }

  /// What may follow a position, by name.
  func expected(after last: Int) -> [String] {
    var names: [String] = []
    for next in positions.indices where step(from: last, to: next) != nil {
      if !names.contains(positions[next].name) { names.append(positions[next].name) }
    }
    return names
  }

  /// The children of the nearest common node that two nodes are in or are, and that node.
  private func parting(_ first: Int, _ second: Int) -> (left: Int, right: Int, common: Int) {
    var left = first
    var right = second
    if left == right { return (left, right, left) }
    while nodes[left].depth > nodes[right].depth { left = nodes[left].parent }
    while nodes[right].depth > nodes[left].depth { right = nodes[right].parent }
    while nodes[left].parent != nodes[right].parent {
      left = nodes[left].parent
      right = nodes[right].parent
    }
    return (left, right, nodes[left].parent)
  }
}

extension ContentAutomaton {
  /// A run over one element's content that counts as well: what strict reading asks.
  package struct Run: Sendable {
    private(set) var position = ContentAutomaton.start
    private var count = 0
    /// The parts of xs:all that have been there.
    private var seen: Set<Int> = []

    package init() {}

    /// Goes on to a position; gives what is against it, as the end of a sentence.
    mutating func take(_ next: Int, in automaton: ContentAutomaton) -> String? {
      let step = automaton.step(from: position, to: next)
      let target = automaton.positions[next]
      let isRepetition =
        position == next && step == .again(depth: automaton.nodes[target.node].depth)
      guard step != nil, isRepetition || noteAll(target.node, in: automaton) else {
        return "is not allowed here" + expectation(in: automaton)
      }
      if isRepetition {
        count += 1
        if let maximum = target.maximum, count > maximum {
          return "is not allowed here: at most \(maximum) may come"
        }
        return nil
      }
      if let refusal = shortage(in: automaton) { return refusal }
      position = next
      count = 1
      return nil
    }

    /// What keeps the content from ending here; nil when nothing does.
    func refusalOfEnd(in automaton: ContentAutomaton) -> String? {
      if let refusal = shortage(in: automaton) { return refusal }
      if !automaton.mayEnd(after: position) {
        return "ends too early" + expectation(in: automaton)
      }
      if let root = automaton.nodes.first, root.kind == .all, position >= 0 || !root.isEmptiable {
        let missing = automaton.positions.filter {
          !automaton.nodes[$0.node].isEmptiable && automaton.nodes[$0.node].parent == 0
            && !seen.contains($0.node)
        }
        if let first = missing.first { return "ends too early; expected \(first.name)" }
      }
      return nil
    }

    private func shortage(in automaton: ContentAutomaton) -> String? {
      guard position >= 0, count < automaton.positions[position].minimum else { return nil }
      let place = automaton.positions[position]
      return "is not allowed here: \(place.name) must come \(place.minimum) times, found \(count)"
    }

    private func expectation(in automaton: ContentAutomaton) -> String {
      let names = automaton.expected(after: position).filter { name in
        !automaton.positions.contains { $0.name == name && seen.contains($0.node) }
      }
      if names.isEmpty { return "; nothing more is expected" }
      let shown = names.prefix(8).joined(separator: ", ")
      return "; expected " + (names.count > 8 ? shown + ", …" : shown)
    }

    /// Notes the part of an xs:all that a node is or is in; false when it has been there before.
    private mutating func noteAll(_ node: Int, in automaton: ContentAutomaton) -> Bool {
      var node = node
      while automaton.nodes[node].parent >= 0 {
        if automaton.nodes[automaton.nodes[node].parent].kind == .all {
          return seen.insert(node).inserted
        }
        node = automaton.nodes[node].parent
      }
      return true
    }
  }
}
