internal import TrestleXML

/// How many particles each group stands for with the groups it refers to: doubling from group to group
/// makes a page of schema into more than any memory holds.
struct GroupSizes {
  /// Real groups stand for some hundred particles at most.
  static let limit = 5_000

  private let set: SchemaSet
  private var sizes: [ObjectIdentifier: Int] = [:]

  /// The groups over the limit.
  static func oversized(in set: SchemaSet) -> [SchemaNode] {
    var sizes = GroupSizes(set: set)
    return set.nodes.filter { $0.kind == .group && sizes.size(of: $0, inside: []) > limit }
  }

  private init(set: SchemaSet) { self.set = set }

  private mutating func size(of group: SchemaNode, inside groups: [SchemaNode]) -> Int {
    if let known = sizes[ObjectIdentifier(group)] { return known }
    // A ring is cut where it is compiled, and so it is here.
    guard !groups.contains(where: { $0 === group }) else { return 0 }
    guard groups.count < SchemaCompiler.maximumChain else { return Self.limit + 1 }
    let size = size(of: group.element, in: group, inside: groups + [group])
    sizes[ObjectIdentifier(group)] = size
    return size
  }

  private mutating func size(
    of element: XMLElement, in owner: SchemaNode, inside groups: [SchemaNode]
  ) -> Int {
    var total = 0
    for child in element.children {
      switch child.localName {
      case "sequence", "choice", "all":
        total += 1 + size(of: child, in: owner, inside: groups)
      case "element", "any": total += 1
      case "group":
        let node = child.attribute("ref").flatMap {
          set.target(.group, $0, at: child, from: SchemaPlace(owner))?.node
        }
        total += node.map { size(of: $0, inside: groups) } ?? 0
      default: break
      }
      if total > Self.limit { return Self.limit + 1 }
    }
    return total
  }
}
