internal import TrestleCore
internal import TrestleSOAP
internal import TrestleXML

extension InteropCase {
  /// Why a case that does not come out as recorded is not held against us, with the clause; told by
  /// what the case holds, never by its name. Nil where there is no such reason.
  func explanation(_ definitions: WSDLDefinitions?) -> String? {
    let request = text("request") ?? ""
    let response = text("response") ?? ""
    if let why = malformed(request) ?? malformed(response) { return why }
    if request.contains("http://axis.apache.org/mock/template") {
      return "the request is a template with placeholders of its toolkit, not a message"
    }
    let isFault = response.contains("Fault>")
    if request.contains("<!DOCTYPE"), isFault {
      return "a document type declaration is the sender's mistake (SOAP 1.2 part 1 §5)"
    }
    if response.contains("SOAP-ERROR: Encoding"), response.contains("Receiver<") {
      return "what breaks the encoding is the sender's mistake (SOAP 1.2 part 2 §4.4)"
    }
    if hasInstruction(request) {
      return "processing instructions are refused (SOAP 1.2 part 1 §5)"
    }
    if request.contains(SOAPVersion.soap11.namespace),
      !response.contains(SOAPVersion.soap11.namespace),
      response.contains("VersionMismatch")
    {
      return
        "answered by a node that knows SOAP 1.2 alone; ours takes both (SOAP 1.2 part 1 appendix A)"
    }
    if response.contains("href=\"#"), response.contains("id=\""), isRing(response) {
      return "the reply holds itself, which Trestle JSON has no form for"
    }
    if let definitions {
      if let why = unknownType(request, definitions) ?? unknownType(response, definitions) {
        return why
      }
      if let why = emptyMessage(request, definitions) { return why }
      if let why = missingPart(request, definitions) { return why }
      if let why = unqualifiedAttribute(request, definitions) { return why }
      if let why = invalid(request, definitions) ?? invalid(response, definitions) { return why }
    }
    return nil
  }

  private func malformed(_ text: String) -> String? {
    guard !text.isEmpty else { return nil }
    var limits = XMLLimits.message
    limits.allowsDocumentType = true
    limits.allowsProcessingInstructions = true
    do throws(XMLFailure) {
      _ = try XMLDocument(Array(text.utf8), limits: limits)
      return nil
    } catch {
      return "is not well-formed: \(error.codecError.reason)"
    }
  }

  private func hasInstruction(_ text: String) -> Bool {
    let rest = text.hasPrefix("<?xml ") ? text.dropFirst(5) : text[...]
    return rest.contains("<?")
  }

  /// Whether an element is referred to from inside itself.
  private func isRing(_ text: String) -> Bool {
    guard let document = try? XMLDocument(Array(text.utf8), limits: .contract) else { return false }
    func rings(_ element: XMLElement, _ open: [String]) -> Bool {
      var open = open
      for attribute in element.attributes {
        if attribute.name.local == "id" { open.append("#" + attribute.value) }
        if attribute.name.local == "href", open.contains(attribute.value) { return true }
      }
      return element.children.contains { rings($0, open) }
    }
    return rings(document.root, [])
  }

  /// An `xsi:type` in the namespace of the contract's types that the contract has no type for: the
  /// names that some toolkits give to anonymous types.
  private func unknownType(_ text: String, _ definitions: WSDLDefinitions) -> String? {
    guard let document = try? XMLDocument(Array(text.utf8), limits: .contract) else { return nil }
    var found: QualifiedName?
    func walk(_ element: XMLElement) {
      for attribute in element.attributes
      where attribute.name == QualifiedName(XMLNamespaces.instance, "type") {
        guard let type = element.qualifiedName(attribute.value),
          type.namespace != XMLNamespaces.schema, type.namespace != EncodingNamespaces.soap11,
          type.namespace != EncodingNamespaces.soap12, definitions.components.type(type) == nil
        else { continue }
        found = found ?? type
      }
      for child in element.children { walk(child) }
    }
    walk(document.root)
    return found.map {
      "xsi:type names \($0), which the contract does not define (XSD 1.0 part 1 §2.6.1)"
    }
  }

  /// An unqualified attribute that the contract declares globally: such ones are qualified.
  private func unqualifiedAttribute(_ text: String, _ definitions: WSDLDefinitions) -> String? {
    guard let document = try? XMLDocument(Array(text.utf8), limits: .contract),
      let contract = definitions.documents.first.map({ String(decoding: $0.bytes, as: UTF8.self) })
    else { return nil }
    var found: String?
    func walk(_ element: XMLElement) {
      for attribute in element.attributes where attribute.name.namespace.isEmpty {
        let local = attribute.name.local
        if contract.contains("attribute ref=\"tns:\(local)\"") { found = found ?? local }
      }
      for child in element.children { walk(child) }
    }
    walk(document.root)
    return found.map {
      "the attribute \($0) is declared globally and must be qualified (XSD 1.0 part 1 §3.2.2)"
    }
  }

  /// An element where the contract's message is empty, as a document call's Body then is.
  private func emptyMessage(_ text: String, _ definitions: WSDLDefinitions) -> String? {
    let wire = WireRequest(headers: ["Content-Type": "text/xml"], body: Array(text.utf8))
    let call = try? SOAPCodec(definitions).decode(wire)
    let isPassedOver = call?.warnings.contains { $0.contains("where its message is empty") }
    return isPassedOver == true
      ? "calls by an element where the message has no part and the Body is empty (WSDL 1.1 §3.5)"
      : nil
  }

  /// A part that an rpc call leaves out: every part has its accessor.
  private func missingPart(_ text: String, _ definitions: WSDLDefinitions) -> String? {
    let codec = SOAPCodec(definitions)
    let wire = WireRequest(headers: ["Content-Type": "text/xml"], body: Array(text.utf8))
    guard let call = try? codec.decode(wire),
      let operation = codec.contract.operations.first(where: { $0.name == call.operation }),
      operation.notes.contains(where: { $0.contains("rpc/") }),
      case .object(let schema) = operation.input.resolved.shape,
      let missing = schema.members.first(where: {
        $0.isRequired && call.parameters[$0.name] == nil
      })
    else { return nil }
    return "lacks the part \(missing.name) (WSDL 1.1 §3.5, SOAP 1.1 §7.1)"
  }

  private func invalid(_ text: String, _ definitions: WSDLDefinitions) -> String? {
    guard !text.isEmpty, let validator = try? ContractValidator(definitions),
      let problem = try? validator.problems(inEnvelope: Array(text.utf8)).first
    else { return nil }
    return "breaks its own contract: \(problem.message)"
  }
}
