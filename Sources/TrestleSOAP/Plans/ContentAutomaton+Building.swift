internal import TrestleXML

extension ContentAutomaton {
  /// The automaton of a content model; `leaves` are the plan's, in document order.
  init(_ root: ObjectPlan.Node?, leaves: [ObjectPlan.Leaf], scopes: [ObjectPlan.Scope]) {
    var builder = Builder(leaves: leaves, scopes: scopes)
    if let root { builder.add(root, Builder.Place()) }
    builder.settleLast()
    self.init(
      nodes: builder.nodes, positions: builder.positions,
      positionsOfLeaves: builder.positionsOfLeaves, groupDepths: builder.groupDepths)
  }

  private struct Builder {
    /// Where a node is put.
    struct Place {
      var parent = -1
      var depth = 0
      var ordinal = 0
      var requiredBefore = 0
      /// The depth of the highest node that something first here is first in.
      var firstDepth = 0
      var repeatingDepth = -1
      var repeats = false
      var isOptional = false
      var scope = 0
    }

    private let leaves: [ObjectPlan.Leaf]
    private let scopes: [ObjectPlan.Scope]
    private(set) var nodes: [Node] = []
    private(set) var positions: [Position] = []
    private(set) var positionsOfLeaves: [Int]
    private(set) var groupDepths: [Int]
    private var nextLeaf = 0
    /// How many children of each node may not be left out.
    private var required: [Int] = []

    init(leaves: [ObjectPlan.Leaf], scopes: [ObjectPlan.Scope]) {
      self.leaves = leaves
      self.scopes = scopes
      positionsOfLeaves = Array(repeating: -1, count: leaves.count)
      groupDepths = Array(repeating: 0, count: scopes.count)
    }

    mutating func add(_ node: ObjectPlan.Node, _ place: Place) {
      switch node {
      case .element(let field, let minimum, let maximum, _):
        let element = scopes[place.scope].fields[field].element
        let order = nextLeaf < leaves.count ? leaves[nextLeaf].order : -1
        while nextLeaf < leaves.count, leaves[nextLeaf].order == order {
          positionsOfLeaves[nextLeaf] = positions.count
          nextLeaf += 1
        }
        addLeaf(place, element.name.local, nil, minimum, maximum)
      case .any(let wildcard, let minimum, let maximum, _):
        addLeaf(place, "any element of another contract", wildcard, minimum, maximum)
      case .sequence(let children, let minimum, let contents):
        addGroup(
          children, contents.isUnordered ? .all : .sequence, isEmptiable: contents.isEmptiable,
          isOptional: minimum == 0, place)
      case .choice(let children, let minimum, let contents, _):
        addGroup(
          children, .choice, isEmptiable: contents.isEmptiable, isOptional: minimum == 0, place)
      case .group(let scope, let inner, let minimum, let maximum):
        var place = place
        place.scope = scope
        place.repeats = maximum.map { $0 > 1 } ?? true
        place.isOptional = minimum == 0
        groupDepths[scope] = place.depth
        add(inner, place)
      }
    }

    private mutating func addLeaf(
      _ place: Place, _ name: String, _ wildcard: XSDWildcard?, _ minimum: Int, _ maximum: Int?
    ) {
      let repeats = maximum.map { $0 > 1 } ?? true
      positions.append(
        Position(
          node: nodes.count, name: name, scope: place.scope, wildcard: wildcard, minimum: minimum,
          maximum: maximum, firstDepth: place.firstDepth))
      append(.leaf, place, repeats: repeats, isEmptiable: minimum == 0 || place.isOptional)
    }

    private mutating func append(
      _ kind: Kind, _ place: Place, repeats: Bool, isEmptiable: Bool
    ) {
      let repeats = repeats || place.repeats
      nodes.append(
        Node(
          kind: kind, parent: place.parent, depth: place.depth, ordinal: place.ordinal,
          requiredBefore: place.requiredBefore, repeats: repeats,
          repeatingDepth: repeats ? place.depth : place.repeatingDepth, isEmptiable: isEmptiable))
      required.append(0)
    }

    private mutating func addGroup(
      _ children: [ObjectPlan.Node], _ kind: Kind, isEmptiable: Bool, isOptional: Bool,
      _ place: Place
    ) {
      let own = nodes.count
      append(
        kind, place, repeats: false, isEmptiable: isEmptiable || isOptional || place.isOptional)
      for (ordinal, child) in children.enumerated() {
        var inner = Place(parent: own, depth: place.depth + 1, ordinal: ordinal)
        inner.scope = place.scope
        inner.repeatingDepth = nodes[own].repeatingDepth
        inner.requiredBefore = required[own]
        // In a sequence only what has nothing required before it can be the first.
        let isFirst = kind != .sequence || required[own] == 0
        inner.firstDepth = isFirst ? place.firstDepth : inner.depth
        let start = nodes.count
        add(child, inner)
        if nodes.count > start, !nodes[start].isEmptiable { required[own] += 1 }
      }
    }

    /// How far up each position may be the last, which what comes after it decides.
    mutating func settleLast() {
      var lastDepth = [Int](repeating: 0, count: nodes.count)
      for index in nodes.indices {
        let node = nodes[index]
        guard node.parent >= 0 else { continue }
        let after =
          required[node.parent] - node.requiredBefore - (node.isEmptiable ? 0 : 1)
        let isLast = nodes[node.parent].kind != .sequence || after == 0
        lastDepth[index] = isLast ? lastDepth[node.parent] : node.depth
      }
      for index in positions.indices {
        positions[index].lastDepth = lastDepth[positions[index].node]
      }
    }
  }
}
