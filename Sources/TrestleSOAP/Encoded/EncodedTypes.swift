internal import TrestleCore
internal import TrestleXML

/// What the encoding makes of types that are its own or are derived from its own.
struct EncodedTypes {
  let context: PlanContext

  /// How far a chain of derivations is followed; real ones have two or three steps.
  private static let maximumChain = 32

  /// The plan of a type that the encoding has rules of its own for; nil for all others.
  func content(of type: XSDComplexType) -> ContentPlan? {
    guard let ancestor = ancestor(of: type) else { return nil }
    if EncodingNamespaces.isArray(ancestor) {
      return ContentPlan(.array(array(type)), typeName: type.name)
    }
    if EncodingNamespaces.isStruct(ancestor), type.name.map(EncodingNamespaces.isStruct) == true {
      return ContentPlan(.untyped, typeName: type.name)
    }
    // `soapenc:string` and its kind are the built-in types with room for `id` and `href`, which are
    // the encoding's own business.
    if case .simple(let simple) = type.content {
      return ContentPlan(.scalar(ScalarPlan(simple)), typeName: type.name)
    }
    return nil
  }

  /// The type of the encoding's own that a type is or is derived from.
  private func ancestor(of type: XSDComplexType) -> QualifiedName? {
    var current = type
    for _ in 0..<Self.maximumChain {
      if let name = current.name, EncodingNamespaces.has(name.namespace) { return name }
      guard let base = current.base else { return nil }
      if EncodingNamespaces.has(base.namespace) { return base }
      guard case .complex(let next)? = context.components.type(base) else { return nil }
      current = next
    }
    return nil
  }

  // MARK: - Arrays

  private func array(_ type: XSDComplexType) -> ArrayPlan {
    let declared = type.attributes.first { $0.arrayType != nil }?.arrayType
    let element = Self.element(in: type.content)
    let name = QualifiedName("", element?.name.local ?? "item")
    if let declared {
      return array(of: declared.item, ranks: Self.ranks(declared.dimensions), named: name)
    }
    guard let element else { return ArrayPlan(item: anything(named: name), itemType: nil) }
    let own = element.type
    let item = ElementPlan(name: name, context: context) { [context] in context.content(of: own) }
    return ArrayPlan(item: item, itemType: Self.name(of: own))
  }

  /// An array whose last rank is its own; those before it make its items arrays.
  private func array(
    of itemType: QualifiedName, ranks: [Int], named name: QualifiedName
  ) -> ArrayPlan {
    let inner = Array(ranks.dropLast())
    guard !inner.isEmpty else {
      let item = ElementPlan(name: name, context: context) { [context] in
        context.content(ofTypeOrBuiltIn: itemType) ?? ContentPlan(.untyped, typeName: nil)
      }
      return ArrayPlan(item: item, itemType: itemType, rank: ranks.last ?? 1)
    }
    let item = ElementPlan(name: name, context: context) { [self] in
      ContentPlan(
        .array(array(of: itemType, ranks: inner, named: name)),
        typeName: QualifiedName(EncodingNamespaces.soap11, "Array"))
    }
    return ArrayPlan(
      item: item, itemType: itemType,
      itemRank: inner.map { "[" + String(repeating: ",", count: $0 - 1) + "]" }.joined(),
      rank: ranks.last ?? 1)
  }

  private func anything(named name: QualifiedName) -> ElementPlan {
    ElementPlan(name: name, context: context) { ContentPlan(.untyped, typeName: nil) }
  }

  /// The dimensions of each bracket: `[][,]` is one, then two.
  static func ranks(_ dimensions: String) -> [Int] {
    let groups = dimensions.split(separator: "[", omittingEmptySubsequences: true)
    return groups.isEmpty ? [1] : groups.map { $0.count { $0 == "," } + 1 }
  }

  /// The element that a restriction of Array lists for its items (WSDL 1.1 §2.2 allows both ways).
  private static func element(in content: XSDComplexType.Content) -> XSDElement? {
    guard case .elements(let particle) = content else { return nil }
    return element(in: particle)
  }

  private static func element(in particle: XSDParticle) -> XSDElement? {
    switch particle.term {
    case .element(let element): element
    case .sequence(let children), .choice(let children), .all(let children):
      children.lazy.compactMap { element(in: $0) }.first
    case .any: nil
    }
  }

  private static func name(of type: XSDType) -> QualifiedName? {
    switch type {
    case .simple(let simple):
      simple.name ?? QualifiedName(XMLNamespaces.schema, simple.builtIn)
    case .complex(let complex):
      complex.name == BuiltInTypes.anyTypeName ? nil : complex.name
    }
  }
}
