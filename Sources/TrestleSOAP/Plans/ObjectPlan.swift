package import TrestleXML

/// How a complex type's content becomes the members of an object, and back.
package final class ObjectPlan: Sendable {
  /// One member that holds an element, or an array of them.
  package struct Field: Sendable {
    package let key: String
    package let element: ElementPlan
    /// Whether more than one may occur: then the member is always an array.
    package let isArray: Bool
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
    /// Which alternative of a repeating choice the leaf belongs to; 0 otherwise.
    package let branch: Int
    /// Document order among the leaves.
    package let order: Int
    package let repeats: Bool
    /// The element that stands there: the field's own, or one of its substitutes.
    package let element: ElementPlan
    package let isSubstitute: Bool
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
      branch = draft.branch
      order = draft.order
      repeats = draft.repeats
      element = draft.element
      isSubstitute = draft.isSubstitute
      scalar = draft.element.scalar
      key = field.key
      isArray = field.isArray
      isPlain = draft.scope == 0 && !draft.isSubstitute && !field.isArray
    }
  }

  /// What the decoder needs of a leaf to begin it. The references count nothing: `leaves` holds what
  /// they point to for as long as the plan lives.
  struct Place: Sendable {
    let symbol: Int32
    let leaf: Unmanaged<Leaf>
    let scalar: Unmanaged<ScalarPlan>?

    init(_ leaf: Leaf) {
      symbol = leaf.symbol.rawValue
      self.leaf = .passUnretained(leaf)
      scalar = leaf.scalar.map { .passUnretained($0) }
    }
  }

  /// A leaf before its field's key is known.
  struct LeafDraft {
    let scope: Int
    let field: Int
    let branch: Int
    let order: Int
    let repeats: Bool
    let element: ElementPlan
    let isSubstitute: Bool
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

  /// What a part of the content model may hold.
  package struct Contents: Sendable {
    /// The members of its scope that have a place in it.
    var members = MemberSet()
    /// Whether nothing at all is enough for it.
    var isEmptiable = false
    /// Whether its parts may come in any order (xs:all).
    var isUnordered = false
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
  /// The positions of scope 0's fields by key.
  let fieldPositions: [String: Int]

  /// The leaves' places, one after the other.
  let places: [Place]
  private let leafTable: SymbolIndex

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
    fieldPositions = Dictionary(
      (scopes.first?.fields ?? []).enumerated().map { ($0.element.key, $0.offset) },
      uniquingKeysWith: { first, _ in first })
    places = leaves.map(Place.init)
    leafTable = SymbolIndex(leaves.map(\.symbol))
  }

  /// The position of the leaf an element stands for, preferring the place after the last one.
  ///
  /// Several leaves of one name share a field, so any of them gives the same member.
  @inline(__always)
  func leaf(for symbol: XMLSymbol, after last: Int) -> Int? {
    // Most messages are in order: the next place, or the same one again, fits at once. An unknown
    // name's number is no leaf's.
    let next = last &+ 1
    if next < places.count, places[next].symbol == symbol.rawValue { return next }
    if last >= 0, places[last].symbol == symbol.rawValue { return last }
    return symbol.isKnown ? leafTable[symbol] : nil
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

/// First positions by symbol, in one flat table.
struct SymbolIndex: Sendable {
  private let slots: [Int32]
  private let symbols: [XMLSymbol]
  private let mask: Int

  init(_ symbols: [XMLSymbol]) {
    var capacity = 4
    while capacity < symbols.count * 2 { capacity *= 2 }
    var slots = [Int32](repeating: -1, count: capacity)
    for (position, symbol) in symbols.enumerated() {
      var slot = symbol.index & (capacity - 1)
      while slots[slot] >= 0, symbols[Int(slots[slot])] != symbol {
        slot = (slot + 1) & (capacity - 1)
      }
      if slots[slot] < 0 { slots[slot] = Int32(position) }
    }
    self.slots = slots
    self.symbols = symbols
    mask = capacity - 1
  }

  subscript(symbol: XMLSymbol) -> Int? {
    var slot = symbol.index & mask
    while slots[slot] >= 0 {
      let position = Int(slots[slot])
      if symbols[position] == symbol { return position }
      slot = (slot + 1) & mask
    }
    return nil
  }
}
