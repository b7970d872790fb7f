internal import TrestleCore
internal import TrestleXML

/// Follows every reference of the schemas once, so that what leads nowhere is told at load, with its
/// place, and with the operations that depend on it.
final class ReferenceCheck {
  private let set: SchemaSet
  private let log: DiagnosticLog
  /// Namespaces that references need and no schema has.
  private(set) var missingNamespaces: Set<String> = []
  private var findings: [(node: SchemaNode, diagnostic: Diagnostic)] = []
  private var hasGuesses = false
  private var hasOpenReferences = false
  private var oversizedGroups: Set<ObjectIdentifier> = []
  private var document: SchemaDocument
  /// Fingerprints of references that are known to be good in the document at hand.
  private var good: Set<UInt64> = []

  init?(_ set: SchemaSet, log: DiagnosticLog) {
    guard let first = set.documents.first else { return nil }
    self.set = set
    self.log = log
    document = first
  }

  /// Looks at all documents. Nothing is put on the log yet.
  func run() {
    for document in set.documents {
      self.document = document
      good.removeAll(keepingCapacity: true)
      for child in document.root.children {
        if child.hasLocalName("redefine") {
          for inner in child.children { check(global: inner) }
        } else {
          check(global: child)
        }
      }
    }
    for group in GroupSizes.oversized(in: set) {
      oversizedGroups.insert(ObjectIdentifier(group))
      report(
        .error, "the group \(group.name) stands for more than \(GroupSizes.limit) particles",
        at: group.element, in: group, hint: nil)
    }
  }

  /// Puts what was found on the log; gives which components it spoils.
  func finish() -> ReferenceFindings {
    guard !findings.isEmpty else { return ReferenceFindings() }
    var spoiled: [ObjectIdentifier: Set<Int>] = [:]
    for (node, diagnostic) in findings {
      let position = log.add(diagnostic)
      guard diagnostic.severity == .error else { continue }
      spoiled[ObjectIdentifier(node), default: []].insert(position)
    }
    var result =
      spoiled.isEmpty ? ReferenceFindings() : ReferenceFindings(spreading: spoiled, in: set)
    result.hasGuesses = hasGuesses
    result.hasOpenReferences = hasOpenReferences
    result.oversizedGroups = oversizedGroups
    return result
  }

  private func check(global element: XMLElement) {
    guard element.isOfSchemaLanguage,
      let kind = ComponentKind(elementName: element.localName),
      let local = element.attribute("name"),
      let node = set.node(
        kind, QualifiedName(document.targetNamespace, local.trimmingXMLSpace()))
    else { return }
    var owner = node
    while owner.element != element {
      // The second definition of a name is not used, so what it refers to does not matter.
      guard let original = owner.original else { return }
      owner = original
    }
    check(element, in: owner, isScoped: element.declaresNamespaces)
  }

  private func check(_ element: XMLElement, in owner: SchemaNode, isScoped: Bool) {
    guard element.isOfSchemaLanguage else { return }
    switch element.localName {
    case "element":
      reference("type", .type, of: element, in: owner, isScoped)
      reference("ref", .element, of: element, in: owner, isScoped)
      reference("substitutionGroup", .element, of: element, in: owner, isScoped)
    case "attribute":
      reference("type", .type, of: element, in: owner, isScoped)
      reference("ref", .attribute, of: element, in: owner, isScoped)
    case "restriction", "extension":
      reference("base", .type, of: element, in: owner, isScoped)
    case "group": reference("ref", .group, of: element, in: owner, isScoped)
    case "attributeGroup": reference("ref", .attributeGroup, of: element, in: owner, isScoped)
    case "list": reference("itemType", .type, of: element, in: owner, isScoped)
    case "union":
      for name in (element.attribute("memberTypes") ?? "").split(whereSeparator: \.isXMLSpace) {
        resolve(String(name), .type, attribute: "memberTypes", of: element, in: owner)
      }
    case "sequence", "choice", "all", "any", "complexType", "simpleType", "complexContent",
      "simpleContent", "anyAttribute":
      break
    case "annotation", "enumeration", "pattern", "length", "minLength", "maxLength",
      "minInclusive", "maxInclusive", "minExclusive", "maxExclusive", "totalDigits",
      "fractionDigits", "whiteSpace", "unique", "key", "keyref":
      // Identity constraints hold between parts of one document; nothing here depends on them.
      return
    default:
      report(
        .warning, "xs:\(element.localName) is not known in XSD 1.0 and is passed over",
        at: element, in: owner, hint: nil)
      return
    }
    checkForm(of: element, in: owner)
    var child = element.firstChild
    while let current = child {
      check(current, in: owner, isScoped: isScoped || current.declaresNamespaces)
      child = current.nextSibling
    }
  }

  /// What a declaration must have to be one, and the numbers it may have.
  private func checkForm(of element: XMLElement, in owner: SchemaNode) {
    let isDeclaration = element.hasLocalName("element") || element.hasLocalName("attribute")
    if isDeclaration { checkName(of: element, in: owner) }
    guard !element.hasLocalName("attribute"), !element.hasLocalName("complexType"),
      !element.hasLocalName("simpleType"), !element.hasLocalName("restriction"),
      !element.hasLocalName("extension")
    else { return }
    for attribute: StaticString in ["minOccurs", "maxOccurs"] {
      let isNumber = element.withAttributeBytes(attribute) { bytes in
        guard let bytes = bytes?.trimmingXMLSpace() else { return true }
        return bytes.allSatisfy { $0 &- 48 < 10 } && !bytes.isEmpty
          || bytes.elementsEqual("unbounded".utf8)
      }
      if !isNumber, let text = element.attribute(attribute) {
        report(
          .warning, "\(attribute)=\"\(text)\" of xs:\(element.localName) is no number; 1 is used",
          at: element, in: owner, hint: nil)
      }
    }
  }

  private func checkName(of element: XMLElement, in owner: SchemaNode) {
    let isPlain = element.withAttributeBytes("name") { bytes in
      // What nearly all are, found without a String for each.
      guard let first = bytes?.first, (first | 0x20) &- 97 < 26 else { return false }
      return bytes?.allSatisfy { ($0 | 0x20) &- 97 < 26 || $0 &- 48 < 10 || $0 == 0x5F } ?? false
    }
    if isPlain { return }
    if let name = element.attribute("name"),
      !XMLNameRules.isLocalName(name.trimmingXMLSpaceIfAny())
    {
      report(
        .error,
        "name=\"\(name)\" of xs:\(element.localName) is no name XML has: it cannot be written",
        at: element, in: owner, hint: "letters, digits, \"-\", \"_\" and \".\" make a name")
    }
    if !element.hasAttribute("name"), !element.hasAttribute("ref") {
      report(
        .error, "xs:\(element.localName) has neither name nor ref", at: element, in: owner,
        hint: nil)
    }
  }

  private func reference(
    _ attribute: StaticString, _ kind: ComponentKind, of element: XMLElement,
    in owner: SchemaNode, _ isScoped: Bool
  ) {
    let fingerprint: UInt64? = element.withAttributeBytes(attribute) { bytes in
      bytes.map { Self.fingerprint($0, kind) }
    }
    guard let fingerprint, isScoped || !good.contains(fingerprint) else { return }
    guard let text = element.attribute(attribute) else { return }
    if resolve(text, kind, attribute: attribute, of: element, in: owner), !isScoped {
      good.insert(fingerprint)
    }
  }

  @discardableResult
  private func resolve(
    _ text: String, _ kind: ComponentKind, attribute: StaticString, of element: XMLElement,
    in owner: SchemaNode
  ) -> Bool {
    let place = SchemaPlace(owner)
    let written = "\(attribute)=\"\(text)\" of xs:\(element.localName)"
    if let target = set.target(kind, text, at: element, from: place) {
      if target.isGuess {
        hasGuesses = true
        report(
          .warning, "\(written) is read as \(target.name)", at: element, in: owner,
          hint: "use a prefix that is declared for its namespace")
      }
      if case .builtIn("NOTATION") = target.component,
        element.hasLocalName("element") || element.hasLocalName("attribute")
      {
        report(
          .warning,
          "\(written) may only be restricted (XSD 1.0 part 2 §3.2.19); it is read as QName",
          at: element, in: owner, hint: "derive a type that enumerates the notations")
      }
      if let node = target.node, owner.kind == .type,
        DerivationIndex.derivation(in: owner.element) == element, isRing(node, from: owner)
      {
        report(
          .error, "the type \(owner.name) derives from itself", at: element, in: owner,
          hint: "break the ring of base types")
        return false
      }
      return !target.isGuess
    }
    guard let name = place.name(text, at: element) else {
      report(
        .error, "\(written) uses a prefix that is not declared", at: element, in: owner,
        hint: "declare the prefix")
      return false
    }
    let isKnown = set.has(namespace: name.namespace) || name.namespace == XMLNamespaces.schema
    if !isKnown { missingNamespaces.insert(name.namespace) }
    let isOpen = Self.isReadOpen(kind, of: element)
    if isOpen { hasOpenReferences = true }
    report(
      isOpen ? .warning : .error,
      "\(written) leads to no \(kind.word) \(name)" + (isOpen ? openness(kind, name, element) : ""),
      at: element, in: owner,
      hint: isKnown
        ? Self.suggestion(for: name, kind, in: set)
        : "no schema of the namespace \"\(name.namespace)\" was loaded: import it with a schemaLocation"
    )
    return false
  }

  /// Whether a reference that leads nowhere still says where what it names stands: the content of an
  /// element, an attribute or a list item is then read as it comes, and nothing that uses it is lost.
  private static func isReadOpen(_ kind: ComponentKind, of element: XMLElement) -> Bool {
    switch kind {
    case .attribute: true
    case .type:
      element.hasLocalName("element") || element.hasLocalName("attribute")
        || element.hasLocalName("list") || element.hasLocalName("union")
    case .element, .group, .attributeGroup: false
    }
  }

  /// How such a reference is read, as the end of a sentence.
  private func openness(
    _ kind: ComponentKind, _ name: QualifiedName, _ element: XMLElement
  ) -> String {
    guard kind == .type, element.hasLocalName("element") else { return "; any text is taken" }
    return set.node(.element, name) == nil
      ? "; any content is taken" : ", but to an element, whose type is taken"
  }

  /// The attributes of a schema element that refer to one component each, and to which kind.
  static func references(of construct: String) -> [(String, ComponentKind)] {
    switch construct {
    case "element": [("type", .type), ("ref", .element), ("substitutionGroup", .element)]
    case "attribute": [("type", .type), ("ref", .attribute)]
    case "restriction", "extension": [("base", .type)]
    case "group": [("ref", .group)]
    case "attributeGroup": [("ref", .attributeGroup)]
    case "list": [("itemType", .type)]
    default: []
    }
  }

  private func isRing(_ base: SchemaNode, from owner: SchemaNode) -> Bool {
    var node = base
    for _ in 0..<SchemaCompiler.maximumChain {
      if node === owner { return true }
      guard let next = DerivationIndex.base(of: node, in: set)?.node else { return false }
      node = next
    }
    return true
  }

  private func report(
    _ severity: Diagnostic.Severity, _ message: String, at element: XMLElement,
    in owner: SchemaNode, hint: String?
  ) {
    findings.append(
      (
        owner,
        Diagnostic(
          severity, message, file: owner.document.file.displayPath, line: element.line, hint: hint)
      ))
  }

  private static func suggestion(
    for name: QualifiedName, _ kind: ComponentKind, in set: SchemaSet
  ) -> String? {
    let known =
      name.namespace == XMLNamespaces.schema
      ? BuiltInTypes.names : set.names(kind, in: name.namespace)
    return Suggestion.nearest(to: name.local, among: known).map { "did you mean \"\($0)\"?" }
  }

  /// FNV-1a over the reference and what it is to name.
  private static func fingerprint(
    _ bytes: UnsafeBufferPointer<UInt8>, _ kind: ComponentKind
  ) -> UInt64 {
    var hash: UInt64 = 0xCBF2_9CE4_8422_2325 ^ UInt64(kind.rawValue)
    for byte in bytes { hash = (hash ^ UInt64(byte)) &* 0x0000_0100_0000_01B3 }
    return hash
  }
}

extension ComponentKind {
  /// The kind that a global element of a schema defines.
  init?(elementName: String) {
    switch elementName {
    case "element": self = .element
    case "complexType", "simpleType": self = .type
    case "attribute": self = .attribute
    case "group": self = .group
    case "attributeGroup": self = .attributeGroup
    default: return nil
    }
  }
}

extension Character {
  var isXMLSpace: Bool { utf8.allSatisfy(\.isXMLSpace) }
}
