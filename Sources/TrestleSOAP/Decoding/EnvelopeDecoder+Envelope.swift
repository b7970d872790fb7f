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

  mutating func startBodyChild(_ element: borrowing XMLStartElement) {
    if element.symbol == parts?.fault {
      fault = FaultReader()
      return push(.fault, key: "Fault")
    }
    if let plan = rootLookup(element.symbol, element) {
      let name = plan.symbol == element.symbol ? plan.name : element.name
      body.append((name, .null))
      begin(plan, element, leaf: nil, key: name.local)
    } else {
      let name = element.name
      body.append((name, .null))
      beginUntyped(element, key: name.local)
    }
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
      case "mustUnderstand": block.mustUnderstand = value == "1" || value == "true"
      case "actor", "role": block.role = value
      default: break
      }
    }
    headers.append(block)
    startKnownOrUntyped(element, name: name)
  }

  mutating func startDetail(_ element: borrowing XMLStartElement) {
    startKnownOrUntyped(element, name: element.name)
  }

  /// Begins an element by its global declaration where the contract has one.
  private mutating func startKnownOrUntyped(
    _ element: borrowing XMLStartElement, name: QualifiedName
  ) {
    if let plan = context.element(name) {
      begin(plan, element, leaf: nil, key: name.local)
    } else {
      beginUntyped(element, key: name.local)
    }
  }

  mutating func startFaultPart(_ element: borrowing XMLStartElement) {
    let local = element.localName
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
