internal import TrestleCore
package import TrestleXML

/// How a complex type's content becomes the members of an object, and back.
package final class ObjectPlan: Sendable {
  /// One member that holds an element, or an array of them.
  package struct Field: Sendable {
    package let key: String
    package let element: ElementPlan
    /// Whether more than one may occur: then the member is always an array.
    package let isArray: Bool
    /// Whether the model has more than one place for it.
    var hasSeveralPlaces = false
  }

  /// One attribute.
  package struct Attribute: Sendable {
    package let key: String
    package let name: QualifiedName
    package let symbol: XMLSymbol
    package let taggedName: String
    package let namespaceIndex: Int
    package let isRequired: Bool
    package let defaultText: String?
    package let fixedText: String?
    package let scalar: ScalarPlan
    package let documentation: String?
  }

  /// A place in the content model where an element may stand.
  package final class Leaf: Sendable {
    package let symbol: XMLSymbol
    package let scope: Int
    package let field: Int
    /// Document order among the leaves.
    package let order: Int
    /// The element that stands there: the field's own, or one of its substitutes.
    package let element: ElementPlan
    package let isSubstitute: Bool
    /// What `_type` says of a substitute; empty for the field's own element.
    let substituteLabel: String
    /// The element's scalar where its declared type is simple.
    package let scalar: ScalarPlan?
    /// The field's key and whether it is a list.
    package let key: String
    package let isArray: Bool
    /// Whether its value is a member of the object itself as it comes: no list, no substitute's object.
    let isPlain: Bool

    init(
      _ draft: LeafDraft, field: Field
    ) {
      symbol = draft.element.symbol
      scope = draft.scope
      self.field = draft.field
      order = draft.order
      element = draft.element
      isSubstitute = draft.substituteLabel != nil
      substituteLabel = draft.substituteLabel ?? ""
      scalar = draft.element.scalar
      key = field.key
      isArray = field.isArray
      isPlain = draft.scope == 0 && draft.substituteLabel == nil && !field.isArray
    }
  }

  /// What the decoder needs of a leaf to begin it. The references count nothing: `leaves` holds what
  /// they point to for as long as the plan lives.
  struct Place: Sendable {
    /// The element's symbol; no symbol's number where several leaves have the name, and which is meant
    /// depends on what came before.
    let symbol: Int32
    let leaf: Unmanaged<Leaf>
    let scalar: Unmanaged<ScalarPlan>?

    init(_ leaf: Leaf, isShared: Bool) {
      symbol = isShared ? -2 : leaf.symbol.rawValue
      self.leaf = .passUnretained(leaf)
      scalar = leaf.scalar.map { .passUnretained($0) }
    }
  }

  /// A leaf before its field's key is known.
  struct LeafDraft {
    let scope: Int
    let field: Int
    let order: Int
    let element: ElementPlan
    /// What `_type` says of a substitute; nil for the field's own element.
    let substituteLabel: String?
  }

  /// The content model as the encoder walks it.
  package indirect enum Node: Sendable {
    /// One occurrence place of a field; `later` is how many items places after it still need.
    case element(field: Int, minimum: Int, maximum: Int?, later: Int)
    case sequence([Node], minimum: Int, Contents)
    case choice([Node], minimum: Int, Contents, ChoiceTable)
    /// A repeating group: items of the scope's array, each written by the node.
    case group(scope: Int, Node, minimum: Int, maximum: Int?)
    case any(XSDWildcard, minimum: Int, maximum: Int?, later: Int)
  }

  /// What a part of the content model may hold. A class, so that walking a model copies no sets.
  package final class Contents: Sendable {
    /// The members of its scope that have a place in it.
    let members: MemberSet
    /// Whether nothing at all is enough for it.
    let isEmptiable: Bool
    /// Whether its parts may come in any order (xs:all).
    let isUnordered: Bool

    init(isUnordered: Bool = false, members: MemberSet = MemberSet(), isEmptiable: Bool = false) {
      self.members = members
      self.isEmptiable = isEmptiable
      self.isUnordered = isUnordered
    }
  }

  package let typeName: QualifiedName?
  package let documentation: String?
  package let attributes: [Attribute]
  package let anyAttribute: XSDWildcard?
  /// The text beside attributes (simple content), the member `_text`.
  package let text: ScalarPlan?
  package let isMixed: Bool
  package let isAbstract: Bool
  package let scopes: [Scope]
  package let leaves: [Leaf]
  package let root: Node?
  package let wildcards: [XSDWildcard]
  /// Fields of scope 0 outside every choice that are arrays: present as `[]` when nothing came.
  package let alwaysArrays: [Int]
  /// Whether a field of some scope has several places.
  let hasSharedFields: Bool
  /// The positions of scope 0's fields by key, for the places of `alwaysArrays`; empty without any.
  let fieldPositions: [String: Int]

  /// The leaves' places, one after the other.
  let places: [Place]
  private let leafTable: SymbolIndex
  /// The order that the content model allows; made when something first asks.
  package var automaton: ContentAutomaton { madeAutomaton.value }
  private let madeAutomaton: Lazy<ContentAutomaton>

  package init(
    typeName: QualifiedName?, documentation: String?, attributes: [Attribute],
    anyAttribute: XSDWildcard?, text: ScalarPlan?, isMixed: Bool, isAbstract: Bool,
    scopes: [Scope], leaves: [Leaf], root: Node?, wildcards: [XSDWildcard], alwaysArrays: [Int]
  ) {
    self.typeName = typeName
    self.documentation = documentation
    self.attributes = attributes
    self.anyAttribute = anyAttribute
    self.text = text
    self.isMixed = isMixed
    self.isAbstract = isAbstract
    self.scopes = scopes
    self.leaves = leaves
    self.root = root
    self.wildcards = wildcards
    self.alwaysArrays = alwaysArrays
    hasSharedFields = scopes.contains { $0.fields.contains(where: \.hasSeveralPlaces) }
    let fields = alwaysArrays.isEmpty ? [] : scopes.first?.fields ?? []
    fieldPositions = Dictionary(
      fields.enumerated().map { ($0.element.key, $0.offset) },
      uniquingKeysWith: { first, _ in first })
    leafTable = SymbolIndex(leaves.map(\.symbol))
    let table = leafTable
    places = leaves.map { Place($0, isShared: table.isShared($0.symbol)) }
    madeAutomaton = Lazy { ContentAutomaton(root, leaves: leaves, scopes: scopes) }
  }

  /// The position of the leaf an element stands for, preferring the place after the last one.
  ///
  /// Of several leaves of one name, it is the one that the content model allows there.
  @inline(__always)
  func leaf(for symbol: XMLSymbol, after last: Int) -> Int? {
    // Most messages are in order: the next place, or the same one again, fits at once. An unknown
    // name's number is no leaf's.
    let next = last &+ 1
    if next < places.count, places[next].symbol == symbol.rawValue { return next }
    if last >= 0, places[last].symbol == symbol.rawValue { return last }
    guard symbol.isKnown, let first = leafTable[symbol] else { return nil }
    return places[first].symbol == symbol.rawValue ? first : sharedLeaf(first, after: last)
  }

  /// The leaf among those of one name that may follow the last one, else the first.
  @inline(never)
  private func sharedLeaf(_ first: Int, after last: Int) -> Int {
    let position = last < 0 ? ContentAutomaton.start : automaton.positionsOfLeaves[last]
    var candidate: Int? = first
    while let leaf = candidate {
      if automaton.step(from: position, to: automaton.positionsOfLeaves[leaf]) != nil {
        return leaf
      }
      candidate = leafTable.next(after: leaf)
    }
    return first
  }

  /// The leaf of a local name in whatever namespace: what servers get wrong most often.
  package func leafIgnoringNamespace(_ local: String) -> Int? {
    leaves.firstIndex { $0.element.name.local == local }
  }

  package func attribute(for symbol: XMLSymbol) -> Attribute? {
    guard symbol.isKnown else { return nil }
    return attributes.first { $0.symbol == symbol }
  }
}
