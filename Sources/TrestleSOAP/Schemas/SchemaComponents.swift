internal import Synchronization
internal import TrestleCore
internal import TrestleXML

/// A contract's schema components, each compiled when it is first asked for and then kept.
final class SchemaComponents: XSDComponents {
  let set: SchemaSet
  let findings: ReferenceFindings
  private let cache = ComponentCache()
  private let compiler: SchemaCompiler
  private let derivations: Lazy<[QualifiedName: [QualifiedName]]>
  private let substitutions: Lazy<[QualifiedName: [QualifiedName]]>

  init(_ set: SchemaSet, findings: ReferenceFindings) {
    self.set = set
    self.findings = findings
    compiler = SchemaCompiler(set: set, findings: findings, cache: cache)
    derivations = Lazy { DerivationIndex.derivations(in: set) }
    substitutions = Lazy { DerivationIndex.substitutions(in: set) }
  }

  func element(_ name: QualifiedName) -> XSDElement? { compiler.globalElement(name) }

  func type(_ name: QualifiedName) -> XSDType? { compiler.namedType(name) }

  func derivedTypes(of name: QualifiedName) -> [QualifiedName] { derivations.value[name] ?? [] }

  func isConcreteComplexType(_ name: QualifiedName) -> Bool {
    guard let node = set.node(.type, name) else { return name == BuiltInTypes.anyTypeName }
    return node.element.hasLocalName("complexType") && !node.element.isSet("abstract")
  }

  func substitutes(for head: QualifiedName) -> [XSDElement] {
    (substitutions.value[head] ?? []).compactMap { element($0) }.filter { !$0.isAbstract }
  }

  func simplestElement(allowedBy wildcard: XSDWildcard) -> XSDElement? {
    // The first few hundred are enough to find one where there is one; a contract may have thousands.
    let candidates = set.nodes.lazy.filter {
      $0.kind == .element && wildcard.allows(namespace: $0.name.namespace)
    }.prefix(500).map { [compiler] in compiler.globalElement($0) }.filter { !$0.isAbstract }
    let simple = candidates.first {
      if case .simple = $0.type { return true }
      return false
    }
    if let simple { return simple }
    var least: (element: XSDElement, size: Int)?
    for candidate in candidates {
      guard let size = LeastContent.size(of: candidate.type) else { continue }
      if size == 0 { return candidate }
      if size < least?.size ?? .max { least = (candidate, size) }
    }
    return least?.element
  }
}

/// Components compiled so far.
///
/// Components hold their compiler's cache weakly: the cache holds them, and a ring would never be freed.
final class ComponentCache: Sendable {
  private struct State {
    var elements: [ObjectIdentifier: XSDElement] = [:]
    var types: [ObjectIdentifier: XSDType] = [:]
    var attributes: [ObjectIdentifier: XSDAttribute] = [:]
  }

  private let state = Mutex(State())

  // Made outside the lock, since making one may need another; the first result to arrive is kept.

  func element(_ node: SchemaNode, _ make: () -> XSDElement) -> XSDElement {
    let key = ObjectIdentifier(node)
    if let known = state.withLock({ $0.elements[key] }) { return known }
    let made = make()
    return state.withLock { state in
      if let earlier = state.elements[key] { return earlier }
      state.elements[key] = made
      return made
    }
  }

  func type(_ node: SchemaNode, _ make: () -> XSDType) -> XSDType {
    let key = ObjectIdentifier(node)
    if let known = state.withLock({ $0.types[key] }) { return known }
    let made = make()
    return state.withLock { state in
      if let earlier = state.types[key] { return earlier }
      state.types[key] = made
      return made
    }
  }

  func attribute(_ node: SchemaNode, _ make: () -> XSDAttribute) -> XSDAttribute {
    let key = ObjectIdentifier(node)
    if let known = state.withLock({ $0.attributes[key] }) { return known }
    let made = make()
    return state.withLock { state in
      if let earlier = state.attributes[key] { return earlier }
      state.attributes[key] = made
      return made
    }
  }
}
