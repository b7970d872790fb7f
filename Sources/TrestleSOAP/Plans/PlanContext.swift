internal import Synchronization
package import TrestleXML

/// What all plans of one codec share: names, prefixes, the contract's components, and the plans made
/// so far.
package final class PlanContext: Sendable {
  package let symbols = XMLSymbolTable()
  package let prefixes = PrefixTable()
  package let components: any XSDComponents
  /// Attributes of the schema-instance namespace (XSD 1.0 part 1 §2.6).
  package let typeAttribute: XMLSymbol
  package let nilAttribute: XMLSymbol
  /// The parts of an envelope by version.
  let envelope11: EnvelopeSymbols
  let envelope12: EnvelopeSymbols
  package let readers: XMLReaderPool
  private let cache = Mutex(Cache())

  private struct Cache {
    var contents: [ObjectIdentifier: ContentPlan] = [:]
    var globals: [QualifiedName: ElementPlan] = [:]
    /// Keeps the keys of `contents` alive, so that an address is never used twice.
    var types: [any AnyObject & Sendable] = []
  }

  package init(components: any XSDComponents) {
    self.components = components
    readers = XMLReaderPool(symbols: symbols)
    typeAttribute = symbols.symbol(for: QualifiedName(XMLNamespaces.instance, "type"))
    envelope11 = EnvelopeSymbols(.soap11, symbols)
    envelope12 = EnvelopeSymbols(.soap12, symbols)
    nilAttribute = symbols.symbol(for: QualifiedName(XMLNamespaces.instance, "nil"))
  }

  /// The plan of a global element, nil when the contract declares none.
  package func element(_ name: QualifiedName) -> ElementPlan? {
    components.element(name).map { element($0) }
  }

  /// The plan of an element declaration.
  package func element(_ declaration: XSDElement) -> ElementPlan {
    guard declaration.isGlobal else { return ElementPlan(element: declaration, context: self) }
    if let known = cache.withLock({ $0.globals[declaration.name] }) { return known }
    let substitutes = components.substitutes(for: declaration.name).map {
      ElementPlan(element: $0, context: self)
    }
    let plan = ElementPlan(element: declaration, context: self, substitutes: substitutes)
    return cache.withLock { cache in
      if let earlier = cache.globals[declaration.name] { return earlier }
      cache.globals[declaration.name] = plan
      return plan
    }
  }

  /// The plan of a type's content.
  package func content(of type: XSDType) -> ContentPlan {
    switch type {
    case .simple(let simple):
      return cached(simple) { ContentPlan(.scalar(ScalarPlan(simple)), typeName: simple.name) }
    case .complex(let complex):
      if complex.name == QualifiedName(XMLNamespaces.schema, "anyType") {
        return cached(complex) { ContentPlan(.untyped, typeName: complex.name) }
      }
      return cached(complex) { ObjectPlanBuilder.content(of: complex, context: self) }
    }
  }

  /// The plan that a type name in an `xsi:type` stands for.
  package func content(ofTypeNamed name: QualifiedName) -> ContentPlan? {
    components.type(name).map { content(of: $0) }
  }

  private func cached(
    _ type: any AnyObject & Sendable, _ make: () -> ContentPlan
  ) -> ContentPlan {
    let key = ObjectIdentifier(type)
    if let known = cache.withLock({ $0.contents[key] }) { return known }
    let plan = make()
    return cache.withLock { cache in
      if let earlier = cache.contents[key] { return earlier }
      cache.contents[key] = plan
      cache.types.append(type)
      return plan
    }
  }
}

/// The names of an envelope's parts in one version.
struct EnvelopeSymbols: Sendable {
  let version: SOAPVersion
  let envelope: XMLSymbol
  let header: XMLSymbol
  let body: XMLSymbol
  let fault: XMLSymbol

  init(_ version: SOAPVersion, _ symbols: XMLSymbolTable) {
    func symbol(_ local: String) -> XMLSymbol {
      symbols.symbol(for: QualifiedName(version.namespace, local))
    }
    self.version = version
    envelope = symbol("Envelope")
    header = symbol("Header")
    body = symbol("Body")
    fault = symbol("Fault")
  }
}
