internal import TrestleXML

/// Fills in what a content model's parts hold, and the tables that choices decide by.
struct ContentTables {
  private let scopes: [ObjectPlan.Scope]
  /// How many places each member has, by scope.
  private var places: [[Int: Int]]

  private init(_ scopes: [ObjectPlan.Scope]) {
    self.scopes = scopes
    places = scopes.map { _ in [:] }
  }

  /// The same model with its tables.
  static func filled(_ root: ObjectPlan.Node, scopes: [ObjectPlan.Scope]) -> ObjectPlan.Node {
    var tables = ContentTables(scopes)
    tables.countPlaces(root, scope: 0)
    return tables.fill(root, scope: 0).node
  }

  private mutating func countPlaces(_ node: ObjectPlan.Node, scope: Int) {
    switch node {
    case .element(let field, _, _, _): places[scope][field, default: 0] += 1
    case .any: places[scope][scopes[scope].anyNumber, default: 0] += 1
    case .sequence(let nodes, _, _), .choice(let nodes, _, _, _):
      for node in nodes { countPlaces(node, scope: scope) }
    case .group(let inner, let node, _, _):
      places[scope][scopes[scope].number(ofGroup: inner), default: 0] += 1
      countPlaces(node, scope: inner)
    }
  }

  /// A node with its tables, and the number of every place in it.
  private struct Filled {
    var node: ObjectPlan.Node
    var numbers: [Int]
    var isEmptiable: Bool
  }

  private func fill(_ node: ObjectPlan.Node, scope: Int) -> Filled {
    switch node {
    case .element(let field, let minimum, _, _):
      return Filled(node: node, numbers: [field], isEmptiable: minimum == 0)
    case .any(_, let minimum, _, _):
      return Filled(
        node: node, numbers: [scopes[scope].anyNumber], isEmptiable: minimum == 0)
    case .sequence(let nodes, let minimum, let contents):
      let parts = nodes.map { fill($0, scope: scope) }
      let numbers = parts.flatMap(\.numbers)
      var members = MemberSet()
      for number in numbers { members.insert(number) }
      let isEmptiable = minimum == 0 || parts.allSatisfy(\.isEmptiable)
      let filled = ObjectPlan.Contents(
        isUnordered: contents.isUnordered, members: members, isEmptiable: isEmptiable)
      return Filled(
        node: .sequence(parts.map(\.node), minimum: minimum, filled), numbers: numbers,
        isEmptiable: isEmptiable)
    case .choice(let nodes, let minimum, _, _):
      let parts = nodes.map { fill($0, scope: scope) }
      let table = table(for: parts.map(\.numbers), scope: scope)
      let isEmptiable = minimum == 0 || parts.contains(where: \.isEmptiable)
      let filled = ObjectPlan.Contents(members: table.members, isEmptiable: isEmptiable)
      return Filled(
        node: .choice(parts.map(\.node), minimum: minimum, filled, table),
        numbers: parts.flatMap(\.numbers), isEmptiable: isEmptiable)
    case .group(let inner, let node, let minimum, let maximum):
      let part = fill(node, scope: inner)
      return Filled(
        node: .group(scope: inner, part.node, minimum: minimum, maximum: maximum),
        numbers: [scopes[scope].number(ofGroup: inner)],
        isEmptiable: minimum == 0 || part.isEmptiable)
    }
  }

  private func table(for alternatives: [[Int]], scope: Int) -> ChoiceTable {
    var counts: [Int: Int] = [:]
    for number in alternatives.joined() { counts[number, default: 0] += 1 }
    var own = MemberSet()
    for (number, count) in counts where places[scope][number] == count { own.insert(number) }
    return ChoiceTable(
      alternatives: alternatives.map { numbers in
        var set = MemberSet()
        for number in numbers { set.insert(number) }
        return set
      }, numbers: alternatives, own: own)
  }
}

extension ObjectPlan.Node {
  /// Whether nothing at all is enough for it (XSD 1.0 part 1 §3.9.6, "emptiable").
  var isEmptiable: Bool {
    switch self {
    case .element(_, let minimum, _, _), .any(_, let minimum, _, _): minimum == 0
    case .sequence(_, _, let contents), .choice(_, _, let contents, _): contents.isEmptiable
    case .group(_, let node, let minimum, _): minimum == 0 || node.isEmptiable
    }
  }
}
