internal import TrestleXML

/// An `xs:schema` in the namespace it works in: a file that is included into two namespaces
/// (XSD 1.0 part 1 §4.2.1, "chameleon") makes two of these.
final class SchemaDocument: Sendable {
  let root: XMLElement
  let file: ContractFile
  let targetNamespace: String
  /// Whether the file itself names no namespace and takes on the one of who includes it.
  let isChameleon: Bool
  let qualifiesElements: Bool
  let qualifiesAttributes: Bool

  init(root: XMLElement, file: ContractFile, targetNamespace: String, isChameleon: Bool) {
    self.root = root
    self.file = file
    self.targetNamespace = targetNamespace
    self.isChameleon = isChameleon
    qualifiesElements = root.attribute("elementFormDefault", is: "qualified")
    qualifiesAttributes = root.attribute("attributeFormDefault", is: "qualified")
  }
}

/// The kinds of named components (XSD 1.0 part 1 §2.2): each has names of its own.
enum ComponentKind: Int, CaseIterable {
  case element, type, attribute, group, attributeGroup

  /// What people call it.
  var word: String {
    switch self {
    case .element: "element"
    case .type: "type"
    case .attribute: "attribute"
    case .group: "group"
    case .attributeGroup: "attribute group"
    }
  }
}

/// A named component, not yet looked into.
final class SchemaNode: Sendable {
  let kind: ComponentKind
  let name: QualifiedName
  let element: XMLElement
  let document: SchemaDocument
  /// What a redefinition refers to by its own name (XSD 1.0 part 1 §4.2.2).
  let original: SchemaNode?

  init(
    kind: ComponentKind, name: QualifiedName, element: XMLElement, document: SchemaDocument,
    original: SchemaNode? = nil
  ) {
    self.kind = kind
    self.name = name
    self.element = element
    self.document = document
    self.original = original
  }
}
