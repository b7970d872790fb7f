internal import TrestleXML

/// Namespaces of the languages contracts are written in.
enum SchemaNames {
  static let namespace: StaticString = "http://www.w3.org/2001/XMLSchema"
  /// Drafts that old contracts still use; what they have in common with XSD 1.0 is read.
  static let draft1999: StaticString = "http://www.w3.org/1999/XMLSchema"
  static let draft2000: StaticString = "http://www.w3.org/2000/10/XMLSchema"
  /// The attributes of schemas and WSDLs whose values are QNames.
  static let referenceAttributes = Set(
    [
      "type", "ref", "base", "itemType", "substitutionGroup", "refer", "element", "message",
      "binding",
    ].map { QualifiedName("", $0) })
  static let encoding = "http://schemas.xmlsoap.org/soap/encoding/"
  static let instance: StaticString = "http://www.w3.org/2001/XMLSchema-instance"
}

enum WSDLNames {
  static let namespace: StaticString = "http://schemas.xmlsoap.org/wsdl/"
  static let soap11: StaticString = "http://schemas.xmlsoap.org/wsdl/soap/"
  static let soap12: StaticString = "http://schemas.xmlsoap.org/wsdl/soap12/"
  static let http: StaticString = "http://schemas.xmlsoap.org/wsdl/http/"
  static let mime: StaticString = "http://schemas.xmlsoap.org/wsdl/mime/"
  static let version20: StaticString = "http://www.w3.org/ns/wsdl"
}

extension XMLElement {
  /// Whether the element is one of XSD's, drafts included.
  var isOfSchemaLanguage: Bool {
    hasNamespace(SchemaNames.namespace) || hasNamespace(SchemaNames.draft1999)
      || hasNamespace(SchemaNames.draft2000)
  }

  func isSchema(_ word: StaticString) -> Bool { hasLocalName(word) && isOfSchemaLanguage }

  func schemaChild(_ word: StaticString) -> XMLElement? { children.first { $0.isSchema(word) } }

  func schemaChildren(_ word: StaticString) -> [XMLElement] {
    children.filter { $0.isSchema(word) }
  }
}
