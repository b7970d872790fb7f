package import TrestleCore
package import TrestleXML

/// What a document of a contract says of others: its imports, includes and redefinitions.
package struct ContractReferences: Sendable {
  /// What a document is, by its root.
  package enum Kind: Sendable, Hashable {
    case wsdl, schema
    case other(root: String)
  }

  /// One import, include or redefinition that says where the other document is.
  package struct Reference: Sendable, Hashable {
    /// The element as people know it: `wsdl:import`, `xs:include`.
    package var element: String
    package var location: String
    /// The namespace it says the other document has; empty for an include.
    package var namespace: String
    package var line: Int
  }

  package let kind: Kind
  package private(set) var references: [Reference] = []

  /// Reads a document.
  ///
  /// - Throws: `XMLFailure` for what is no XML.
  package init(_ bytes: [UInt8]) throws(XMLFailure) {
    let root = try XMLDocument(bytes, limits: .contract).root
    if root.isNamed(WSDLNames.namespace, "definitions") {
      kind = .wsdl
      for child in root.children where child.hasNamespace(WSDLNames.namespace) {
        if child.localName == "import" {
          add(child, "wsdl:import", location: "location")
        } else if child.localName == "types" {
          addSchema(child)
          for schema in child.schemaChildren("schema") { addSchema(schema) }
        }
      }
    } else if root.isSchema("schema") {
      kind = .schema
      addSchema(root)
    } else {
      kind = .other(root: "\(root.name)")
    }
  }

  private mutating func addSchema(_ schema: XMLElement) {
    for child in schema.children where child.isOfSchemaLanguage {
      guard ["import", "include", "redefine"].contains(child.localName) else { continue }
      add(child, "xs:\(child.localName)", location: "schemaLocation")
    }
  }

  private mutating func add(_ element: XMLElement, _ name: String, location: StaticString) {
    guard let location = element.attribute(location)?.trimmingXMLSpace(), !location.isEmpty else {
      return
    }
    references.append(
      Reference(
        element: name, location: location, namespace: element.attribute("namespace") ?? "",
        line: element.line))
  }

  /// Whether the schema at an address comes with Trestle.
  package static func isBundled(_ address: WebAddress) -> Bool {
    StandardSchemas.schema(atAddress: address.description) != nil
  }

  /// Whether the schema of a namespace comes with Trestle, or needs none.
  package static func isBundled(namespace: String) -> Bool {
    namespace == XMLNamespaces.schema || StandardSchemas.has(namespace: namespace)
  }
}
