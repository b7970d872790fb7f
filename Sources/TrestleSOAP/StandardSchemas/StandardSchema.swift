internal import TrestleCore
internal import TrestleXML

/// A schema that contracts name without shipping it, written from its public definition.
struct StandardSchema: Sendable {
  /// A file name of ours, unique.
  let name: String
  let namespace: String
  /// Where contracts say it lies: without scheme, fragment and trailing slash.
  let addresses: [String]
  let text: String
  private let tree: Lazy<XMLDocument?>

  init(name: String, namespace: String, addresses: [String] = [], text: String) {
    self.name = name
    self.namespace = namespace
    self.addresses = addresses
    self.text = text
    tree = Lazy { try? XMLDocument(Array(text.utf8), limits: .contract) }
  }

  /// The schema as a tree, parsed once for the process; nil never, as a test makes sure.
  var document: XMLDocument? { tree.value }
}

/// The schemas that come with Trestle, so that loading a contract needs no network.
enum StandardSchemas {
  static let all: [StandardSchema] = [
    xml, xlink, soapEncoding11, soapEncoding12, soapEnvelope11, soapEnvelope12, apacheSOAP, wsdl,
    xmlMime,
    xopInclude,
    addressing200508, addressing200408, addressing200403, discovery200504, signature, encryption,
    securityUtility, securityExtension,
  ]

  static func has(namespace: String) -> Bool { byNamespace[namespace] != nil }

  static func schema(ofNamespace namespace: String) -> StandardSchema? { byNamespace[namespace] }

  /// The schema that lies at an address, by whichever of its spellings.
  static func schema(atAddress address: String) -> StandardSchema? {
    byAddress[key(of: address)]
  }

  private static let byNamespace = Dictionary(
    all.map { ($0.namespace, $0) }, uniquingKeysWith: { first, _ in first })

  private static let byAddress: [String: StandardSchema] = {
    var known: [String: StandardSchema] = [:]
    for schema in all {
      for address in schema.addresses + [key(of: schema.namespace)] { known[address] = schema }
    }
    return known
  }()

  private static func key(of address: String) -> String {
    var rest = Substring(address)
    if let scheme = rest.firstRange(of: "://") { rest = rest[scheme.upperBound...] }
    // `http://www.w3.org/2000/09/xmldsig#` is met with and without what says "the whole of it".
    while rest.last == "/" || rest.last == "#" { rest.removeLast() }
    return String(rest)
  }
}
