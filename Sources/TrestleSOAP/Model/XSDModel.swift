package import TrestleCore
package import TrestleXML

// The compiled schema component model that the WSDL loader fills and the codec's plans are made from.
// References between components are lazy: large contracts pay for the types that are used.

/// An element declaration, global or local (XSD 1.0 part 1 §3.3).
package final class XSDElement: Sendable {
  /// The name on the wire: the namespace is empty for an unqualified local element.
  package let name: QualifiedName
  package let isGlobal: Bool
  package let isNillable: Bool
  package let isAbstract: Bool
  package let defaultText: String?
  package let fixedText: String?
  package let documentation: String?
  private let source: TypeSource

  private enum TypeSource {
    /// The element's own type, made once.
    case own(Lazy<XSDType>)
    /// A named type, asked for anew each time: held, a type that contains itself would hold itself.
    case named(@Sendable () -> XSDType)
  }

  package init(
    name: QualifiedName, isGlobal: Bool = false, isNillable: Bool = false,
    isAbstract: Bool = false, defaultText: String? = nil, fixedText: String? = nil,
    documentation: String? = nil, hasNamedType: Bool = false,
    type: @escaping @Sendable () -> XSDType
  ) {
    self.name = name
    self.isGlobal = isGlobal
    self.isNillable = isNillable
    self.isAbstract = isAbstract
    self.defaultText = defaultText
    self.fixedText = fixedText
    self.documentation = documentation
    source = hasNamedType ? .named(type) : .own(Lazy(type))
  }

  package var type: XSDType {
    switch source {
    case .own(let type): type.value
    case .named(let type): type()
    }
  }
}

package enum XSDType: Sendable {
  case simple(XSDSimpleType)
  case complex(XSDComplexType)
}

/// A simple type with everything its derivation says, merged (XSD 1.0 part 2).
package final class XSDSimpleType: Sendable {
  package indirect enum Variety: Sendable {
    case atomic
    case list(XSDSimpleType)
    case union([XSDSimpleType])
  }

  /// Nil for an anonymous type.
  package let name: QualifiedName?
  package let variety: Variety
  /// The built-in type it comes from at last (`int` for a restriction of xs:int), its local name:
  /// `string` for unions and lists.
  package let builtIn: String
  /// What the text means; unions and lists: `.string`.
  package let kind: ScalarSchema.Kind
  /// Facets of all derivation steps together, those of the built-in type included (the bounds of
  /// xs:int, say).
  package let facets: Facets
  package let whiteSpace: WhiteSpace
  package let documentation: String?

  /// XSD 1.0 part 2 §4.3.6.
  package enum WhiteSpace: Sendable {
    case preserve, replace, collapse
  }

  package init(
    name: QualifiedName?, variety: Variety, builtIn: String, kind: ScalarSchema.Kind,
    facets: Facets, whiteSpace: WhiteSpace, documentation: String? = nil
  ) {
    self.name = name
    self.variety = variety
    self.builtIn = builtIn
    self.kind = kind
    self.facets = facets
    self.whiteSpace = whiteSpace
    self.documentation = documentation
  }
}

/// A complex type with its bases merged in: content of the base first, attributes of all steps
/// (XSD 1.0 part 1 §3.4).
package final class XSDComplexType: Sendable {
  package enum Content: Sendable {
    case empty
    /// Text of a simple type, with attributes.
    case simple(XSDSimpleType)
    case elements(XSDParticle)
  }

  /// What is computed when the type is first used.
  package struct Definition: Sendable {
    package var content: Content
    package var attributes: [XSDAttribute]
    package var anyAttribute: XSDWildcard?
    package var isMixed: Bool
    package var isAbstract: Bool

    package init(
      content: Content, attributes: [XSDAttribute] = [], anyAttribute: XSDWildcard? = nil,
      isMixed: Bool = false, isAbstract: Bool = false
    ) {
      self.content = content
      self.attributes = attributes
      self.anyAttribute = anyAttribute
      self.isMixed = isMixed
      self.isAbstract = isAbstract
    }
  }

  /// Nil for an anonymous type.
  package let name: QualifiedName?
  /// The base it is derived from, nil for one that restricts xs:anyType.
  package let base: QualifiedName?
  package let documentation: String?
  private let definition: Lazy<Definition>

  package init(
    name: QualifiedName?, base: QualifiedName? = nil, documentation: String? = nil,
    definition: @escaping @Sendable () -> Definition
  ) {
    self.name = name
    self.base = base
    self.documentation = documentation
    self.definition = Lazy(definition)
  }

  package var content: Content { definition.value.content }
  package var attributes: [XSDAttribute] { definition.value.attributes }
  package var anyAttribute: XSDWildcard? { definition.value.anyAttribute }
  package var isMixed: Bool { definition.value.isMixed }
  package var isAbstract: Bool { definition.value.isAbstract }
}

/// An attribute that a complex type allows; prohibited ones are already gone.
package struct XSDAttribute: Sendable {
  /// The name on the wire: the namespace is empty for an unqualified attribute.
  package var name: QualifiedName
  package var isRequired: Bool
  package var defaultText: String?
  package var fixedText: String?
  package var type: XSDSimpleType
  package var documentation: String?
  /// `wsdl:arrayType` on a restriction of soapenc:Array, as written and resolved: item type and dimensions.
  package var arrayType: (item: QualifiedName, dimensions: String)?

  package init(
    name: QualifiedName, isRequired: Bool = false, defaultText: String? = nil,
    fixedText: String? = nil, type: XSDSimpleType, documentation: String? = nil,
    arrayType: (item: QualifiedName, dimensions: String)? = nil
  ) {
    self.name = name
    self.isRequired = isRequired
    self.defaultText = defaultText
    self.fixedText = fixedText
    self.type = type
    self.documentation = documentation
    self.arrayType = arrayType
  }
}

/// A term and how often it may occur (XSD 1.0 part 1 §3.9). Group references are already expanded.
package struct XSDParticle: Sendable {
  package indirect enum Term: Sendable {
    case element(XSDElement)
    case sequence([XSDParticle])
    case choice([XSDParticle])
    case all([XSDParticle])
    case any(XSDWildcard)
  }

  package var term: Term
  package var minimum: Int
  /// Nil when unbounded.
  package var maximum: Int?

  package init(_ term: Term, minimum: Int = 1, maximum: Int? = 1) {
    self.term = term
    self.minimum = minimum
    self.maximum = maximum
  }
}

/// xs:any or xs:anyAttribute.
package struct XSDWildcard: Sendable {
  package enum Namespaces: Sendable {
    case any
    /// Any but this one, and not unqualified.
    case other(String)
    /// One of these; the empty text stands for unqualified.
    case oneOf(Set<String>)
  }

  package enum Processing: String, Sendable {
    case strict, lax, skip
  }

  package var namespaces: Namespaces
  package var processing: Processing

  package init(namespaces: Namespaces, processing: Processing) {
    self.namespaces = namespaces
    self.processing = processing
  }

  /// Whether a name of this namespace fits.
  package func allows(namespace: String) -> Bool {
    switch namespaces {
    case .any: true
    case .other(let excluded): !namespace.isEmpty && namespace != excluded
    case .oneOf(let allowed): allowed.contains(namespace)
    }
  }
}

/// All components of a contract's schemas, by name.
package protocol XSDComponents: Sendable {
  func element(_ name: QualifiedName) -> XSDElement?
  /// Built-in types included.
  func type(_ name: QualifiedName) -> XSDType?
  /// The named types derived from a named type through any depth, itself not included, in document order.
  func derivedTypes(of name: QualifiedName) -> [QualifiedName]
  /// Whether a named type is a complex one that an element may be of; found without compiling it.
  func isConcreteComplexType(_ name: QualifiedName) -> Bool
  /// The global elements that may stand in for a head element through any depth, abstract ones not included.
  func substitutes(for head: QualifiedName) -> [XSDElement]
  /// A global element that a wildcard takes and that is quickly written: one of simple type, or one
  /// that may be empty; nil when there is none. A sample for strict wildcards
  /// (XSD 1.0 part 1 §3.10.4) needs one.
  func simplestElement(allowedBy wildcard: XSDWildcard) -> XSDElement?
}

extension XSDComponents {
  package func isConcreteComplexType(_ name: QualifiedName) -> Bool {
    guard case .complex(let complex)? = type(name) else { return false }
    return !complex.isAbstract
  }

  package func simplestElement(allowedBy wildcard: XSDWildcard) -> XSDElement? { nil }
}
