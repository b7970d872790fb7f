internal import TrestleCore
internal import TrestleXML

/// The types that need no schema (XSD 1.0 part 2 §3).
enum BuiltInTypes {
  static let anyTypeName = QualifiedName(XMLNamespaces.schema, "anyType")

  /// xs:anyType: any elements, attributes and text (XSD 1.0 part 1 §3.4.7).
  static let anyType = XSDComplexType(name: anyTypeName) {
    let wildcard = XSDWildcard(namespaces: .any, processing: .lax)
    let content = XSDParticle(
      .sequence([XSDParticle(.any(wildcard), minimum: 0, maximum: nil)]))
    return XSDComplexType.Definition(
      content: .elements(content), anyAttribute: wildcard, isMixed: true)
  }

  static let anySimpleType = atomic("anySimpleType", .string, .preserve, builtIn: "string")

  /// The type of a name in the schema namespace; nil for a name it does not have.
  static func type(_ local: String) -> XSDType? {
    if local == "anyType" { return .complex(anyType) }
    return simpleTypes[local].map { .simple($0) }
  }

  static func simpleType(_ local: String) -> XSDSimpleType? { simpleTypes[local] }

  static var names: [String] { Array(simpleTypes.keys) + ["anyType"] }

  /// Whether the schema language itself has a component of a name.
  static func has(_ kind: ComponentKind, _ local: String) -> Bool {
    switch kind {
    case .type: local == "anyType" || simpleTypes[local] != nil
    case .element: local == "schema"
    case .attribute, .group, .attributeGroup: false
    }
  }

  /// `xs:schema` as an element in a message, as .NET's data sets have it: read as it comes.
  static let schemaElement = XSDElement(
    name: QualifiedName(XMLNamespaces.schema, "schema"), isGlobal: true
  ) { .complex(anyType) }

  /// The 2001 name of a type of the drafts that some old contracts still use.
  static func modernName(of name: QualifiedName) -> QualifiedName {
    guard
      name.namespace == "http://www.w3.org/1999/XMLSchema"
        || name.namespace == "http://www.w3.org/2000/10/XMLSchema"
    else { return name }
    let local =
      switch name.local {
      case "timeInstant": "dateTime"
      case "binary": "base64Binary"
      case "uriReference", "uri": "anyURI"
      case "timeDuration": "duration"
      case "ur-type": "anyType"
      default: name.local
      }
    return QualifiedName(XMLNamespaces.schema, local)
  }

  private static func atomic(
    _ local: String, _ kind: ScalarSchema.Kind, _ whiteSpace: XSDSimpleType.WhiteSpace = .collapse,
    builtIn: String? = nil, _ facets: Facets = Facets()
  ) -> XSDSimpleType {
    XSDSimpleType(
      name: QualifiedName(XMLNamespaces.schema, local), variety: .atomic,
      builtIn: builtIn ?? local, kind: kind, facets: facets, whiteSpace: whiteSpace)
  }

  private static func integer(
    _ local: String, _ minimum: String?, _ maximum: String?
  ) -> XSDSimpleType {
    var facets = Facets()
    facets.minimum = minimum
    facets.maximum = maximum
    facets.fractionDigits = 0
    return atomic(local, .integer, facets)
  }

  private static func atomic(
    _ local: String, _ kind: ScalarSchema.Kind, _ facets: Facets
  ) -> XSDSimpleType {
    atomic(local, kind, .collapse, builtIn: nil, facets)
  }

  private static func name(_ local: String, pattern: String) -> XSDSimpleType {
    var facets = Facets()
    facets.patterns = [pattern]
    return atomic(local, .string, facets)
  }

  private static func list(_ local: String, of item: XSDSimpleType) -> XSDSimpleType {
    var facets = Facets()
    facets.minimumLength = 1
    return XSDSimpleType(
      name: QualifiedName(XMLNamespaces.schema, local), variety: .list(item), builtIn: "string",
      kind: .string, facets: facets, whiteSpace: .collapse)
  }

  // XSD 1.0 part 2 §3.3.4, §3.3.6, §3.3.7: the patterns of the schema for schemas.
  private static let localNamePattern = #"[\i-[:]][\c-[:]]*"#
  private static let token = #"\c+"#

  private static let simpleTypes: [String: XSDSimpleType] = {
    let nmtoken = name("NMTOKEN", pattern: token)
    let idref = name("IDREF", pattern: localNamePattern)
    let entity = name("ENTITY", pattern: localNamePattern)
    let all: [XSDSimpleType] = [
      anySimpleType,
      atomic("string", .string, .preserve),
      atomic("normalizedString", .string, .replace),
      atomic("token", .string, .collapse),
      name("language", pattern: "[a-zA-Z]{1,8}(-[a-zA-Z0-9]{1,8})*"),
      name("Name", pattern: #"\i\c*"#),
      name("NCName", pattern: localNamePattern),
      name("ID", pattern: localNamePattern),
      idref, entity, nmtoken,
      list("NMTOKENS", of: nmtoken), list("IDREFS", of: idref), list("ENTITIES", of: entity),
      atomic("boolean", .boolean), atomic("decimal", .decimal),
      atomic("float", .float), atomic("double", .double),
      atomic("duration", .duration), atomic("dateTime", .dateTime), atomic("time", .time),
      atomic("date", .date), atomic("gYearMonth", .gYearMonth), atomic("gYear", .gYear),
      atomic("gMonthDay", .gMonthDay), atomic("gDay", .gDay), atomic("gMonth", .gMonth),
      atomic("hexBinary", .hex), atomic("base64Binary", .base64), atomic("anyURI", .uri),
      atomic("QName", .qualifiedName), atomic("NOTATION", .qualifiedName),
      integer("integer", nil, nil),
      integer("nonPositiveInteger", nil, "0"), integer("negativeInteger", nil, "-1"),
      integer("nonNegativeInteger", "0", nil), integer("positiveInteger", "1", nil),
      integer("long", "-9223372036854775808", "9223372036854775807"),
      integer("int", "-2147483648", "2147483647"),
      integer("short", "-32768", "32767"), integer("byte", "-128", "127"),
      integer("unsignedLong", "0", "18446744073709551615"),
      integer("unsignedInt", "0", "4294967295"),
      integer("unsignedShort", "0", "65535"), integer("unsignedByte", "0", "255"),
    ]
    return Dictionary(
      all.map { ($0.name?.local ?? "", $0) }, uniquingKeysWith: { first, _ in first })
  }()
}
