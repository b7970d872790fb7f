internal import Synchronization
internal import TrestleCore
package import TrestleXML

/// How the parts of a message become XML (WSDL 1.1 §3.5).
package enum BodyUse: Sendable {
  /// As the schema says.
  case literal
  /// By the rules of an encoding: SOAP 1.1 §5, SOAP 1.2 part 2 §3.
  case encoded
}

/// What all plans of one codec share: names, prefixes, the contract's components, and the plans made
/// so far.
package final class PlanContext: Sendable {
  package let symbols: XMLSymbolTable
  package let prefixes: PrefixTable
  package let components: any XSDComponents
  /// What the plans of this context are for.
  package let use: BodyUse
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

  /// The context of encoded plans beside this one of literal ones; nil in that context itself.
  private let twin: Lazy<PlanContext>?

  package convenience init(components: any XSDComponents) {
    let symbols = XMLSymbolTable()
    let prefixes = PrefixTable()
    let readers = XMLReaderPool(symbols: symbols)
    self.init(
      components: components, use: .literal, symbols: symbols, prefixes: prefixes,
      readers: readers,
      twin: Lazy {
        PlanContext(
          components: components, use: .encoded, symbols: symbols, prefixes: prefixes,
          readers: readers, twin: nil)
      })
  }

  private init(
    components: any XSDComponents, use: BodyUse, symbols: XMLSymbolTable, prefixes: PrefixTable,
    readers: XMLReaderPool, twin: Lazy<PlanContext>?
  ) {
    self.components = components
    self.use = use
    self.symbols = symbols
    self.prefixes = prefixes
    self.readers = readers
    self.twin = twin
    typeAttribute = symbols.symbol(for: QualifiedName(XMLNamespaces.instance, "type"))
    envelope11 = EnvelopeSymbols(.soap11, symbols)
    envelope12 = EnvelopeSymbols(.soap12, symbols)
    nilAttribute = symbols.symbol(for: QualifiedName(XMLNamespaces.instance, "nil"))
  }

  /// The context whose plans write and read by the encoding's rules; it shares all names with this one.
  package var encoded: PlanContext { twin?.value ?? self }

  /// The plan of a global element, nil when the contract declares none.
  package func element(_ name: QualifiedName) -> ElementPlan? {
    components.element(name).map { element($0) }
  }

  /// The plan of an element declaration.
  package func element(_ declaration: XSDElement) -> ElementPlan {
    // The encoding knows no global elements: an accessor is what its struct says (SOAP 1.1 §5.1).
    guard declaration.isGlobal, use == .literal else {
      return ElementPlan(element: declaration, context: self)
    }
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

  /// The element that a part is in a Body, a header or a detail: the one it names, or one called after
  /// the part.
  package func element(
    of part: WSDLPart, namespace: String, isEncoded: Bool
  ) -> ElementPlan {
    let own = isEncoded ? encoded : self
    switch part.definition {
    case .element(let declaration) where !isEncoded: return element(declaration)
    case .element(let declaration):
      return ElementPlan(name: declaration.name, context: own) {
        own.content(of: declaration.type)
      }
    case .type(let type, _):
      return ElementPlan(name: QualifiedName(namespace, part.name), context: own) {
        own.content(of: type)
      }
    }
  }

  /// The plan of a type's content.
  package func content(of type: XSDType) -> ContentPlan {
    switch type {
    case .simple(let simple):
      return cached(simple) {
        // An encoded element says its type: one without a name by the built-in type it comes from.
        let builtIn = QualifiedName(XMLNamespaces.schema, simple.builtIn)
        return ContentPlan(
          .scalar(ScalarPlan(simple)), typeName: simple.name ?? (use == .encoded ? builtIn : nil))
      }
    case .complex(let complex):
      if complex.name == QualifiedName(XMLNamespaces.schema, "anyType") {
        return cached(complex) { ContentPlan(.untyped, typeName: complex.name) }
      }
      return cached(complex) {
        if use == .encoded, let content = EncodedTypes(context: self).content(of: complex) {
          return content
        }
        return ObjectPlanBuilder.content(of: complex, context: self)
      }
    }
  }

  /// The plan that a type name in an `xsi:type` stands for.
  package func content(ofTypeNamed name: QualifiedName) -> ContentPlan? {
    components.type(name).map { content(of: $0) }
  }

  /// The same, and the built-in types where there is no contract.
  package func content(ofTypeOrBuiltIn name: QualifiedName) -> ContentPlan? {
    let name = BuiltInTypes.modernName(of: name)
    if let content = content(ofTypeNamed: name) { return content }
    guard name.namespace == XMLNamespaces.schema else { return nil }
    return BuiltInTypes.type(name.local).map { content(of: $0) }
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
