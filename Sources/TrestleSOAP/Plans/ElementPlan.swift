internal import Synchronization
package import TrestleXML

/// How one element is written and read.
package final class ElementPlan: Sendable {
  package let name: QualifiedName
  package let symbol: XMLSymbol
  package let isNillable: Bool
  package let isAbstract: Bool
  package let defaultText: String?
  package let fixedText: String?
  package let documentation: String?
  /// The element's tags with the codec's prefix for its namespace.
  package let tags: XMLTagSegments
  /// The namespace's number in the codec's prefix table; -1 for none.
  package let namespaceIndex: Int
  /// Elements that may stand in for this one (substitution group), by symbol.
  package let substitutes: [ElementPlan]

  /// Whether it is written and read by the encoding's rules.
  package let isEncoded: Bool
  /// Set where the declared type is simple and its text means the same everywhere: the decoder then
  /// needs no look at the content.
  package let scalar: ScalarPlan?

  private let makeContent: @Sendable () -> ContentPlan
  /// Set once, never replaced: whoever reads it may use it as long as the element lives.
  private let madeContent = Atomic<Unmanaged<ContentPlan>?>(nil)

  package init(
    element: XSDElement, context: PlanContext, substitutes: [ElementPlan] = []
  ) {
    isEncoded = context.use == .encoded
    // SOAP 1.1 §5.1 (2): accessors of a struct are unqualified, whatever the schema says of forms.
    let name = isEncoded ? QualifiedName("", element.name.local) : element.name
    self.name = name
    symbol = context.symbols.symbol(for: name)
    // Any accessor may be nil (SOAP 1.1 §5.1 (10)).
    isNillable = element.isNillable || isEncoded
    isAbstract = element.isAbstract && !isEncoded
    defaultText = element.defaultText
    fixedText = element.fixedText
    documentation = element.documentation
    namespaceIndex = context.prefixes.index(of: name.namespace)
    tags = XMLTagSegments(context.prefixes.taggedName(name))
    self.substitutes = substitutes
    let type = element.type
    if case .simple = type, case .scalar(let plan) = context.content(of: type).kind,
      !plan.holdsNames
    {
      scalar = plan
    } else {
      scalar = nil
    }
    makeContent = { context.content(of: type) }
  }

  /// An element that no schema declares (an rpc wrapper or accessor).
  package init(
    name: QualifiedName, context: PlanContext, isNillable: Bool = false,
    documentation: String? = nil, content: @escaping @Sendable () -> ContentPlan
  ) {
    self.name = name
    isEncoded = context.use == .encoded
    symbol = context.symbols.symbol(for: name)
    self.isNillable = isNillable || isEncoded
    isAbstract = false
    defaultText = nil
    fixedText = nil
    self.documentation = documentation
    namespaceIndex = context.prefixes.index(of: name.namespace)
    tags = XMLTagSegments(context.prefixes.taggedName(name))
    substitutes = []
    scalar = nil
    makeContent = content
  }

  /// What the element holds; compiled on first use.
  package var content: ContentPlan {
    if let made = madeContent.load(ordering: .acquiring) { return made.takeUnretainedValue() }
    let fresh = Unmanaged.passRetained(makeContent())
    let (exchanged, earlier) = madeContent.compareExchange(
      expected: nil, desired: fresh, ordering: .acquiringAndReleasing)
    if exchanged { return fresh.takeUnretainedValue() }
    fresh.release()
    return earlier?.takeUnretainedValue() ?? makeContent()
  }

  deinit { madeContent.load(ordering: .acquiring)?.release() }
}

extension ElementPlan {
  /// What `_type` says of each substitute: its local name, with its namespace where an earlier one has
  /// the same.
  var substituteLabels: [String] { Self.labels(of: substitutes.map(\.name)) }

  /// Short names by which `_type` finds each of these again, where the first of a local name is meant.
  static func labels(of names: [QualifiedName], after earlier: [String] = []) -> [String] {
    var seen = Set(earlier)
    return names.map { seen.insert($0.local).inserted ? $0.local : $0.description }
  }
}

/// What an element holds.
package final class ContentPlan: Sendable {
  package enum Kind: Sendable {
    case scalar(ScalarPlan)
    case object(ObjectPlan)
    /// An array of the encoding; in encoded plans only.
    case array(ArrayPlan)
    /// xs:anyType: whatever comes, by its xsi:type where it has one.
    case untyped
  }

  package let kind: Kind
  /// The type's name, nil for an anonymous one: what `xsi:type` is compared with.
  package let typeName: QualifiedName?

  package init(_ kind: Kind, typeName: QualifiedName?) {
    self.kind = kind
    self.typeName = typeName
  }
}
