internal import TrestleXML

/// A contract's schemas put together so that libxml2 takes them: contracts spread a namespace over
/// several inline schemas and files, leave locations out, and define things twice.
///
/// Each namespace gets a document that includes all schemas of it; imports lead to these, and every
/// schema may use every namespace.
struct SchemaBundle {
  /// The schema documents by name.
  private(set) var documents: [String: [UInt8]] = [:]
  /// Imports all namespaces, and the rpc wrappers.
  let main = "main.xsd"

  private let set: SchemaSet
  private let findings: ReferenceFindings
  private let namespaces: [String]

  init(_ set: SchemaSet, findings: ReferenceFindings, wrappers: RPCWrappers) {
    self.set = set
    self.findings = findings
    var seen: Set<String> = []
    namespaces = set.documents.map(\.targetNamespace).filter { seen.insert($0).inserted }
    for (position, document) in set.documents.enumerated()
    where document.root.isNamed(SchemaNames.namespace, "schema") || document.root.namespace.isEmpty
    {
      documents[name(ofDocument: position)] = rewritten(document)
    }
    for (position, namespace) in namespaces.enumerated() {
      documents[name(ofNamespace: position)] = hub(namespace)
    }
    let wrapperName = "rpc.xsd"
    documents[wrapperName] = Array(wrappers.schema(importing: imports(except: nil)).utf8)
    let head =
      "<xs:schema xmlns:xs=\"\(XMLNamespaces.schema)\" targetNamespace=\"urn:trestle:main\">"
    let own =
      "<xs:import namespace=\"\(RPCWrappers.namespace)\" schemaLocation=\"\(wrapperName)\"/>"
    documents[main] = Array((head + imports(except: nil) + own + "</xs:schema>").utf8)
  }

  private func name(ofDocument position: Int) -> String { "schema\(position).xsd" }

  private func name(ofNamespace position: Int) -> String { "namespace\(position).xsd" }

  /// `xs:import` elements for every namespace but one.
  private func imports(except own: String?) -> String {
    namespaces.enumerated().filter { $0.element != own }.map { position, namespace in
      let name = namespace.isEmpty ? "" : " namespace=\"\(Self.escaped(namespace))\""
      return "<xs:import\(name) schemaLocation=\"\(self.name(ofNamespace: position))\"/>"
    }.joined()
  }

  /// The document that stands for a namespace.
  private func hub(_ namespace: String) -> [UInt8] {
    var text = "<xs:schema xmlns:xs=\"\(XMLNamespaces.schema)\""
    if !namespace.isEmpty { text += " targetNamespace=\"\(Self.escaped(namespace))\"" }
    text += ">"
    for (position, document) in set.documents.enumerated()
    where document.targetNamespace == namespace && documents[name(ofDocument: position)] != nil {
      text += "<xs:include schemaLocation=\"\(name(ofDocument: position))\"/>"
    }
    return Array((text + "</xs:schema>").utf8)
  }

  // MARK: - One schema

  private func rewritten(_ document: SchemaDocument) -> [UInt8] {
    guard let copy = XMLElementCopy(of: document.root) else { return [] }
    let root = copy.root
    if document.root.namespace.isEmpty {
      copy.declare("xs", XMLNamespaces.schema)
      root.rename(QualifiedName(XMLNamespaces.schema, "schema"))
    }
    if document.isChameleon {
      root.setAttribute("targetNamespace", to: document.targetNamespace)
      // Its unqualified references mean what includes it.
      copy.declare("", document.targetNamespace)
    }
    for (original, child) in zip(Array(document.root.children), root.children) {
      edit(child, original, in: document)
    }
    // Text between definitions is let pass elsewhere, but not by libxml2.
    root.removeText()
    // A schema can name only what it declares a prefix for; importing the rest as well takes libxml2
    // long.
    let named = copy.declaredNamespaces
    for (position, namespace) in namespaces.enumerated().reversed()
    where namespace != document.targetNamespace
      && (namespace.isEmpty || namespace == XMLNamespaces.xml || named.contains(namespace))
    {
      var attributes = [("schemaLocation", name(ofNamespace: position))]
      if !namespace.isEmpty { attributes.append(("namespace", namespace)) }
      root.insertFirst("import", attributes: attributes)
    }
    return copy.serialized()
  }

  private func edit(
    _ child: XMLEditableElement, _ original: XMLElement, in document: SchemaDocument
  ) {
    switch original.localName {
    case "import", "include": child.remove()
    case "redefine":
      for (inner, copy) in zip(Array(original.children), child.children) {
        edit(component: copy, inner, in: document)
      }
      child.unwrap()
    case "annotation",
      "notation" where original.isOfSchemaLanguage:
      break
    default: edit(component: child, original, in: document)
    }
  }

  /// A redefined component stays under a name of ours, which what redefines it then refers to: libxml2
  /// does not take xs:redefine of a schema that others include as well.
  private func edit(
    component copy: XMLEditableElement, _ original: XMLElement, in document: SchemaDocument
  ) {
    guard let kind = ComponentKind(elementName: original.localName),
      original.hasNamespace(SchemaNames.namespace),
      let local = original.attribute("name")?.trimmingXMLSpace()
    else { return copy.remove() }
    let name = QualifiedName(document.targetNamespace, local)
    var node = set.node(kind, name)
    var depth = 0
    while let current = node, current.element != original {
      node = current.original
      depth += 1
    }
    // What is left out: a second definition, which is not the one in use, and what is broken, so that
    // the rest can be validated.
    guard let node, findings.causes(of: node).isEmpty else { return copy.remove() }
    if depth > 0 { copy.setAttribute("name", to: Self.redefined(local, depth)) }
    for attribute in ["minOccurs", "maxOccurs", "form"] {
      copy.setAttribute(attribute, to: nil)
    }
    tidy(copy)
    if findings.hasGuesses || findings.hasOpenReferences {
      spellOut(copy, original, SchemaPlace(node))
    }
    if node.original != nil {
      replaceReferences(in: copy, to: name, kind, by: Self.redefined(local, depth + 1))
    }
  }

  /// Rewrites references that were guessed to say what they were taken for, and those that lead
  /// nowhere to say that anything is taken.
  private func spellOut(_ copy: XMLEditableElement, _ original: XMLElement, _ place: SchemaPlace) {
    for (attribute, kind) in ReferenceCheck.references(of: original.localName) {
      guard let text = copy.attribute(attribute) else { continue }
      if let target = set.target(kind, text, at: original, from: place) {
        if target.isGuess { copy.setAttribute(attribute, to: copy.reference(to: target.name)) }
      } else if kind == .type, attribute != "base" {
        let open = original.hasLocalName("element") ? "anyType" : "anySimpleType"
        let name = QualifiedName(XMLNamespaces.schema, open)
        copy.setAttribute(attribute, to: copy.reference(to: name))
      }
    }
    for (inner, child) in zip(Array(original.children), copy.children) {
      spellOut(child, inner, place)
    }
  }

  private static func redefined(_ local: String, _ depth: Int) -> String {
    "\(local).redefined\(depth)"
  }

  private func replaceReferences(
    in element: XMLEditableElement, to name: QualifiedName, _ kind: ComponentKind,
    by local: String
  ) {
    let attribute = kind == .type ? "base" : "ref"
    for child in element.children {
      let isReference =
        kind == .type
        ? child.localName == "restriction" || child.localName == "extension"
        : ComponentKind(elementName: child.localName) == kind
      if isReference, let text = child.attribute(attribute), child.qualifiedName(text) == name {
        let prefix = text.lastIndex(of: ":").map { text[...$0] } ?? ""
        child.setAttribute(attribute, to: prefix + local)
      }
      replaceReferences(in: child, to: name, kind, by: local)
    }
  }

  /// Takes out what libxml2 refuses and everybody else lets pass.
  ///
  /// `<xs:element ref="xs:schema"/>`, which .NET's data sets have, becomes a wildcard: libxml2 has no
  /// schema for schemas.
  private func tidy(_ element: XMLEditableElement) {
    switch element.localName {
    case "complexType": element.setAttribute("base", to: nil)
    case "element", "restriction", "extension", "list": tidyType(element)
    case "attribute":
      element.setAttribute("minOccurs", to: nil)
      element.setAttribute("maxOccurs", to: nil)
      tidyType(element)
    default: break
    }
    for child in element.children {
      if child.localName == "complexType" || child.localName == "simpleType" {
        child.setAttribute("name", to: nil)
      }
      if child.localName == "element", let reference = child.attribute("ref"),
        child.qualifiedName(reference) == BuiltInTypes.schemaElement.name
      {
        child.rename(QualifiedName(child.namespace, "any"))
        child.setAttribute("ref", to: nil)
        child.setAttribute("namespace", to: XMLNamespaces.schema)
        child.setAttribute("processContents", to: "skip")
      } else {
        tidy(child)
      }
    }
  }

  /// Types that nothing in a message can be valid by: xs:NOTATION used directly, which XSD 1.0 part 2
  /// §3.2.19 forbids, and entities, which a document type would have to declare (§3.2.12) that no
  /// SOAP message has (SOAP 1.1 §3).
  private func tidyType(_ element: XMLEditableElement) {
    for attribute in ["type", "base", "itemType"] {
      guard let text = element.attribute(attribute), let name = element.qualifiedName(text),
        name.namespace == XMLNamespaces.schema
      else { continue }
      let local: String
      switch name.local {
      case "NOTATION" where attribute == "type": local = "QName"
      case "ENTITY": local = "NCName"
      case "ENTITIES": local = "NMTOKENS"
      default: continue
      }
      element.setAttribute(
        attribute, to: element.reference(to: QualifiedName(XMLNamespaces.schema, local)))
    }
  }

  static func escaped(_ text: String) -> String {
    text.replacing("&", with: "&amp;").replacing("\"", with: "&quot;")
      .replacing("<", with: "&lt;")
  }
}
