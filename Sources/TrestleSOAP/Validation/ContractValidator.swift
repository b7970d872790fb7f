package import TrestleCore
package import TrestleXML

/// Validates messages against the schemas of their own contract, by libxml2.
package final class ContractValidator: Sendable {
  private let validator: XMLSchemaValidator
  private let wrappers: RPCWrappers
  private let components: any XSDComponents

  /// Compiles a contract's schemas for libxml2. Takes a while for large ones: make one and keep it.
  ///
  /// - Throws: `XMLSchemaError` with what libxml2 has against the schemas; it refuses some that
  ///   toolkits take, content models that are not deterministic above all.
  package init(_ definitions: WSDLDefinitions) throws(XMLSchemaError) {
    wrappers = RPCWrappers(definitions.services)
    components = definitions.components
    let components = definitions.components as? SchemaComponents
    let bundle = SchemaBundle(
      components?.set ?? SchemaSet(documents: [], nodes: [], tables: [:]),
      findings: components?.findings ?? ReferenceFindings(), wrappers: wrappers)
    validator = try XMLSchemaValidator(documents: bundle.documents, main: bundle.main)
  }

  /// What a message has against the contract's schemas: the parts of an envelope, or the one element of
  /// an http binding's body. Forms and texts have no schema.
  ///
  /// - Throws: `CodecError` for an envelope that is no XML.
  package func problems(inMessage bytes: [UInt8]) throws(CodecError) -> [XMLSchemaProblem] {
    guard let document = try? XMLDocument(bytes, limits: .message) else {
      return bytes.first == UInt8(ascii: "<") ? try problems(inEnvelope: bytes) : []
    }
    if SOAPVersion(namespace: document.root.namespace) != nil {
      return try problems(inEnvelope: bytes)
    }
    return problems(inBody: document.root)
  }

  /// What the parts of an envelope have against the contract's schemas: the children of Body and
  /// Header that the contract declares, and those of a fault's detail.
  ///
  /// - Throws: `CodecError` for bytes that are no XML.
  package func problems(
    inEnvelope bytes: [UInt8], limits: XMLLimits = .message
  ) throws(CodecError) -> [XMLSchemaProblem] {
    let document: XMLDocument
    do throws(XMLFailure) {
      document = try XMLDocument(bytes, limits: limits)
    } catch {
      throw error.codecError
    }
    var problems: [XMLSchemaProblem] = []
    for section in document.root.children {
      // What an encoded message refers to stands beside its wrapper.
      let isEncoded = section.children.contains { wrappers.encoded.contains($0.name) }
      guard !isEncoded else { continue }
      for child in section.children {
        if section.hasLocalName("Body"), !child.hasLocalName("Fault") {
          problems += self.problems(inBody: child)
        } else if section.hasLocalName("Header") {
          problems += problemsIfDeclared(child)
        } else {
          for detail in child.children where detail.localName.lowercased() == "detail" {
            for entry in detail.children { problems += problemsIfDeclared(entry) }
          }
        }
      }
    }
    return problems
  }

  /// What a child of the Body has against the schemas: an rpc wrapper's parts, or a declared element.
  package func problems(inBody element: XMLElement) -> [XMLSchemaProblem] {
    guard let candidates = wrappers.candidates[element.name] else {
      return isDeclaredInDraft(element) ? [] : ownProblems(in: element)
    }
    var fewest: [XMLSchemaProblem]?
    for candidate in candidates {
      guard let copy = XMLElementCopy(of: element) else { continue }
      copy.declare(Self.prefix, RPCWrappers.namespace)
      copy.root.rename(QualifiedName(RPCWrappers.namespace, candidate))
      // The attribute of SOAP 1.1 §4.1.1 may stand on any element and is no part of the type.
      copy.root.removeQualifiedAttributes()
      // Nor is what SOAP 1.2 part 2 §4.2.1 puts beside the parts.
      for child in copy.root.children
      where EncodingNamespaces.isResult(QualifiedName(child.namespace, child.localName)) {
        child.remove()
      }
      guard let renamed = try? XMLDocument(copy.serialized(), limits: .contract) else { continue }
      let problems = Self.problems(checked(renamed.root), of: element)
      if problems.isEmpty { return [] }
      if problems.count < fewest?.count ?? .max { fewest = problems }
    }
    return fewest ?? []
  }

  /// libxml2 knows XSD 1.0 only; what a schema in a draft of it declares cannot be validated.
  private func isDeclaredInDraft(_ element: XMLElement) -> Bool {
    guard let set = (components as? SchemaComponents)?.set,
      let node = set.node(.element, element.name)
    else { return false }
    return !node.element.hasNamespace(SchemaNames.namespace)
  }

  private static let prefix = "trestle-rpc"

  private func problemsIfDeclared(_ element: XMLElement) -> [XMLSchemaProblem] {
    guard components.element(element.name) != nil, !isDeclaredInDraft(element) else { return [] }
    return ownProblems(in: element)
  }

  /// What an element has against its schema, SOAP's own attributes aside: they may stand on every
  /// header block (SOAP 1.1 §4.2) and encodingStyle on every element (§4.1.1). Some schemas declare
  /// them all the same, so they are taken away only where they are in the way.
  private func ownProblems(in element: XMLElement) -> [XMLSchemaProblem] {
    let problems = checked(element)
    let namespaces = [SOAPVersion.soap11, .soap12].map(\.namespace)
    guard !problems.isEmpty,
      element.attributes.contains(where: { namespaces.contains($0.name.namespace) }),
      let copy = XMLElementCopy(of: element)
    else { return problems }
    copy.root.removeAttributes(inNamespaces: namespaces)
    guard let plain = try? XMLDocument(copy.serialized(), limits: .contract) else {
      return problems
    }
    return Self.problems(checked(plain.root), of: element)
  }

  /// Problems of a copy, with the lines of the element it was made of.
  private static func problems(
    _ problems: [XMLSchemaProblem], of element: XMLElement
  ) -> [XMLSchemaProblem] {
    problems.map {
      XMLSchemaProblem(message: $0.message, line: $0.line.map { $0 + element.line - 1 })
    }
  }

  // MARK: - Strict wildcards

  /// What libxml2 has against an element, without what it does not know: that under a strict wildcard
  /// an element nobody declares may say by xsi:type what it is (XSD 1.0 part 1 §3.10.1).
  private func checked(_ element: XMLElement) -> [XMLSchemaProblem] {
    let problems = validator.problems(in: element)
    guard problems.contains(where: Self.demandsDeclaration) else { return problems }
    var typed: [XMLElement] = []
    collectTyped(element, into: &typed)
    return problems.filter { problem in
      guard Self.demandsDeclaration(problem) else { return true }
      return !typed.contains {
        $0.line == problem.line && problem.message.hasPrefix("Element '\($0.name)'")
          && isValidByType($0)
      }
    }
  }

  private static func demandsDeclaration(_ problem: XMLSchemaProblem) -> Bool {
    problem.message.hasSuffix("but demanded by the strict wildcard.")
  }

  private func collectTyped(_ element: XMLElement, into found: inout [XMLElement]) {
    for child in element.children {
      if child.attribute(SchemaNames.instance, "type") != nil { found.append(child) }
      collectTyped(child, into: &found)
    }
  }

  private func isValidByType(_ element: XMLElement) -> Bool {
    guard let copy = XMLElementCopy(of: element) else { return false }
    copy.declare(Self.prefix, RPCWrappers.namespace)
    copy.root.rename(QualifiedName(RPCWrappers.namespace, RPCWrappers.anything))
    guard let renamed = try? XMLDocument(copy.serialized(), limits: .contract) else { return false }
    return validator.problems(in: renamed.root).isEmpty
  }
}
