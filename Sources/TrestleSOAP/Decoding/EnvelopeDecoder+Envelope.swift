internal import TrestleCore
internal import TrestleXML

// The parts of an envelope: header blocks, the Body's children, faults.
extension EnvelopeDecoder {
  mutating func startEnvelope(_ element: borrowing XMLStartElement) {
    for symbols in [context.envelope11, context.envelope12] where symbols.envelope == element.symbol
    {
      version = symbols.version
      parts = symbols
      return push(.envelope)
    }
    guard element.hasLocalName("Envelope") else {
      return fail(
        CodecError(
          reason: "is no SOAP envelope: the document's root is \(element.name)",
          hint: "a SOAP message begins with an Envelope in a SOAP namespace"))
    }
    // SOAP 1.1 §4.4.1 and SOAP 1.2 part 1 §5.4.7: another namespace is another version.
    fail(
      CodecError(
        reason: "has an Envelope in the unknown namespace \"\(element.namespace)\"",
        code: "VersionMismatch"))
  }

  mutating func startPart(_ element: borrowing XMLStartElement) {
    noteEncodingStyle(element)
    if element.symbol == parts?.body, !hasBody {
      hasBody = true
      push(.body)
    } else if element.symbol == parts?.header, !hasHeader, !hasBody {
      hasHeader = true
      push(.header)
    } else if hasBody, version == .soap11, element.namespace != version?.namespace {
      // SOAP 1.1 §4 allows namespace-qualified elements after the Body; nothing is bound to them.
      let name = element.name
      warn("the element \(name) after the Body was passed over")
      skip()
    } else {
      refuse(
        "has the element \(element.name) where an Envelope allows only one Header and one Body")
    }
  }

  /// SOAP 1.2 part 1 §5.1.1: an encoding style stands on what it holds for, never on the envelope's own
  /// parts.
  private mutating func noteEncodingStyle(_ element: borrowing XMLStartElement) {
    guard version == .soap12, element.attributeCount > 0 else { return }
    for index in 0..<element.attributeCount
    where element.attributeName(index)
      == QualifiedName(SOAPVersion.soap12.namespace, "encodingStyle")
    {
      misplacedEncodingStyle = element.localName
    }
  }

  mutating func startBodyChild(_ element: borrowing XMLStartElement) {
    if element.symbol == parts?.fault {
      fault = FaultReader()
      return push(.fault, key: "Fault")
    }
    if mayBeEncoded, isReferred(element) {
      makeGraph().beginBody(nil, by: nil)
      return startGraph(element)
    }
    let found = rootLookup(element.symbol, element)
    if mayBeEncoded, found?.isEncoded ?? true {
      let isNamed = found.map { $0.symbol == element.symbol } ?? false
      body.append((isNamed ? found?.name ?? element.name : element.name, .null))
      makeGraph().beginBody(body.count - 1, by: found)
      return startGraph(element)
    }
    if let plan = found {
      let name = plan.symbol == element.symbol ? plan.name : element.name
      body.append((name, .null))
      begin(plan, element, leaf: nil, key: name.local)
    } else {
      let name = element.name
      body.append((name, .null))
      beginUntyped(element, key: name.local)
    }
  }

  /// Whether a child of the Body is there only for others to refer to: what has an `id` and follows the
  /// call, unless it says that it is a root (SOAP 1.1 §5.6).
  private func isReferred(_ element: borrowing XMLStartElement) -> Bool {
    guard !body.isEmpty || fault != nil else { return false }
    var hasID = false
    for index in 0..<element.attributeCount {
      let name = element.attributeName(index)
      if name.local == "id", name.namespace.isEmpty || EncodingNamespaces.has(name.namespace) {
        hasID = true
      } else if name.local == "root", EncodingNamespaces.has(name.namespace) {
        return element.attributeValue(index) != "1"
      }
    }
    return hasID
  }

  mutating func startHeaderBlock(_ element: borrowing XMLStartElement) {
    let name = element.name
    var block = HeaderBlock(name: name, value: .null, mustUnderstand: false)
    let namespace = version?.namespace ?? ""
    for index in 0..<element.attributeCount {
      let attribute = element.attributeName(index)
      guard attribute.namespace == namespace else { continue }
      let value = element.attributeValue(index)
      switch attribute.local {
      case "mustUnderstand":
        guard let flag = Self.flag(value) else {
          // SOAP 1.1 §4.2.3 and SOAP 1.2 part 1 §5.2.3.
          return refuse(
            "has a header \(name.local) whose mustUnderstand is no boolean: \"\(value)\"")
        }
        block.mustUnderstand = flag
      case "relay": block.isRelayed = Self.flag(value) ?? false
      case "actor", "role": block.role = value.trimmingXMLSpace()
      default: break
      }
    }
    headers.append(block)
    // A block that nobody declares keeps its namespaces this way, encoded or not.
    if let entry = graphEntry(name) {
      makeGraph().beginHeader(headers.count - 1, by: entry.plan)
      return startGraph(element)
    }
    startKnownOrUntyped(element, name: name, key: name.local)
  }

  private static func flag(_ text: String) -> Bool? {
    switch text.trimmingXMLSpace() {
    case "1", "true": true
    case "0", "false": false
    default: nil
    }
  }

  mutating func startDetail(_ element: borrowing XMLStartElement) {
    let name = element.name
    // An entry that nobody declares keeps its namespaces this way, encoded or not.
    if let entry = graphEntry(name) {
      let key = entry.plan == nil ? name.description : entryLookup.detailKey(name)
      makeGraph().beginDetail(key, by: entry.plan)
      return startGraph(element)
    }
    startKnownOrUntyped(element, name: name, key: entryLookup.detailKey(name))
  }

  private mutating func makeGraph() -> MessageGraph {
    if let graph { return graph }
    let fresh = MessageGraph()
    graph = fresh
    return fresh
  }

  /// How a header block or detail entry is read as a graph; nil where a literal declaration reads it.
  private func graphEntry(_ name: QualifiedName) -> GraphEntry? {
    if let plan = entryLookup.plan(name) { return plan.isEncoded ? GraphEntry(plan: plan) : nil }
    return context.element(name) == nil ? GraphEntry(plan: nil) : nil
  }

  private struct GraphEntry {
    /// Nil for an element that nothing is known of.
    let plan: ElementPlan?
  }

  /// Begins an element by its global declaration where the contract has one.
  private mutating func startKnownOrUntyped(
    _ element: borrowing XMLStartElement, name: QualifiedName, key: String
  ) {
    if let plan = entryLookup.plan(name) ?? context.element(name) {
      begin(plan, element, leaf: nil, key: key)
    } else {
      beginUntyped(element, key: key)
    }
  }

  mutating func startFaultPart(_ element: borrowing XMLStartElement) {
    let local = element.localName
    if local == "Text" {
      fault?.language = (0..<element.attributeCount).first {
        element.attributeName($0) == QualifiedName(XMLNamespaces.xml, "lang")
      }.map { element.attributeValue($0) }
    }
    if local == "detail" || local == "Detail" {
      push(.detail, key: local)
    } else {
      push(.fault, key: local)
    }
  }

  mutating func endFaultPart(_ frame: borrowing Frame) {
    let string = text.text(from: frame.textStart)
    let code = reader.qualifiedName(string)
    fault?.take(frame.key, text: string, name: code, envelope: version?.namespace ?? "")
  }
}
