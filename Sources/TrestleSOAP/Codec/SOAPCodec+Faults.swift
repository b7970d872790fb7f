internal import TrestleCore
internal import TrestleXML

// Faults as envelopes: SOAP 1.1 §4.4, SOAP 1.2 part 1 §5.4.
extension SOAPCodec {
  func response(
    to fault: Fault, headers: Record = [:], version: SOAPVersion, operation: SOAPOperation?,
    because mistake: CodecError? = nil
  ) throws(CodecError) -> WireResponse {
    var writer = ElementWriter(context: context, version: version)
    let segments = segments(version)
    writer.append(segments.start)
    if !headers.isEmpty {
      try write(headers, declared: operation?.output?.headers ?? [], segments, &writer)
    }
    try writeExplanation(of: mistake, segments, &writer)
    writer.append(segments.body.open)
    let code = FaultCode(fault.code, version: version)
    switch version {
    case .soap11: try write11(fault, code, operation, &writer)
    case .soap12: try write12(fault, code, operation, &writer)
    }
    writer.append(segments.end)
    // SOAP 1.1 §6.2 answers every fault with 500; SOAP 1.2 part 2 table 17 gives the sender's own 400.
    let status = version == .soap12 && code.local == "Sender" ? 400 : 500
    var response = response(writer.output.bytes, status: status, version: version)
    if fault.isUnmatched { response.headers.append(name: "X-Trestle-Unmatched", value: "1") }
    return response
  }

  /// Writes the header blocks that explain a fault of the envelope's own (SOAP 1.2 part 1 §5.4.7 and
  /// §5.4.8); nothing for other mistakes, and in SOAP 1.1.
  private func writeExplanation(
    of mistake: CodecError?, _ segments: EnvelopeSegments, _ writer: inout ElementWriter
  ) throws(CodecError) {
    guard writer.version == .soap12 else { return }
    switch mistake?.code {
    case "MustUnderstand":
      writer.append(segments.header.open)
      for name in mistake?.subjects ?? [] {
        try writer.writeReference("soap:NotUnderstood", to: QualifiedName(parsing: name))
      }
      writer.append(segments.header.close)
    case "VersionMismatch":
      writer.append(segments.header.open)
      writer.append(markup: "<soap:Upgrade>")
      for version in [SOAPVersion.soap12, .soap11] {
        try writer.writeReference(
          "soap:SupportedEnvelope", to: QualifiedName(version.namespace, "Envelope"))
      }
      writer.append(markup: "</soap:Upgrade>")
      writer.append(segments.header.close)
    default: return
    }
  }

  private func write11(
    _ fault: Fault, _ code: FaultCode, _ operation: SOAPOperation?, _ writer: inout ElementWriter
  ) throws(CodecError) {
    writer.append(FaultSegments.open)
    try writer.writeText(FaultSegments.faultcode, code.taggedName, declaring: code.declaration)
    try writer.writeText(FaultSegments.faultstring, fault.message)
    if let actor = fault.actor { try writer.writeText(FaultSegments.faultactor, actor) }
    if !fault.detail.isNull {
      writer.append(FaultSegments.detail.open)
      try writeDetail(fault.detail, operation, &writer)
      writer.append(FaultSegments.detail.close)
    }
    writer.append(FaultSegments.close)
  }

  private func write12(
    _ fault: Fault, _ code: FaultCode, _ operation: SOAPOperation?, _ writer: inout ElementWriter
  ) throws(CodecError) {
    writer.append(FaultSegments.open)
    writer.append(FaultSegments.code.open)
    try writer.writeText(FaultSegments.value, code.taggedName, declaring: code.declaration)
    let subcodes = code.subcodes + fault.subcodes.map { FaultCode.name($0) }
    for subcode in subcodes {
      writer.append(FaultSegments.subcode.open)
      try writer.writeText(FaultSegments.value, subcode.tagged, declaring: subcode.declaration)
    }
    for _ in subcodes { writer.append(FaultSegments.subcode.close) }
    writer.append(FaultSegments.code.close)
    writer.append(FaultSegments.reason.open)
    try writer.writeReason(fault.message, language: fault.language ?? "en")
    for translation in fault.translations {
      try writer.writeReason(translation.value.scalarText ?? "", language: translation.name)
    }
    writer.append(FaultSegments.reason.close)
    if let actor = fault.actor { try writer.writeText(FaultSegments.role, actor) }
    if !fault.detail.isNull {
      writer.append(FaultSegments.detail12.open)
      try writeDetail(fault.detail, operation, &writer)
      writer.append(FaultSegments.detail12.close)
    }
    writer.append(FaultSegments.close)
  }

  /// Writes a detail: members by the operation's declared faults first, by any global element of the
  /// name next, else as their own shape says.
  private func writeDetail(
    _ detail: Value, _ operation: SOAPOperation?, _ writer: inout ElementWriter
  ) throws(CodecError) {
    guard case .object(let record) = detail else {
      return try writer.writeUntyped(tags: XMLTagSegments("value"), detail)
    }
    for member in record {
      let declared = operation?.faults.first {
        $0.key == member.name || $0.element.name.local == member.name || $0.name == member.name
      }
      do throws(CodecError) {
        if let declared {
          try writer.writeRoot(
            declared.element, member.value,
            attributes: declared.element.isEncoded ? segments(writer.version).encodingStyle : [])
        } else if member.name == "_any" {
          for item in member.value.arrayValue ?? [member.value] {
            try writer.appendFragment(item, key: "_any", isWhole: true)
          }
        } else {
          let items = member.value.arrayValue ?? [member.value]
          for item in items {
            try writer.writeUntypedRoot(
              QualifiedName(parsing: member.name), item, isTyped: open?.use == .encoded,
              isQualified: member.name.hasPrefix("{"))
          }
        }
      } catch {
        throw error.inside("detail.\(member.name)")
      }
    }
  }
}

extension ElementWriter {
  /// An empty element that names another one.
  fileprivate mutating func writeReference(
    _ tag: String, to name: QualifiedName
  ) throws(CodecError) {
    append(plain: "<" + tag)
    if !name.namespace.isEmpty {
      append(markup: " xmlns:h=\"")
      try appendAttributeValue(name.namespace)
      append(markup: "\"")
    }
    append(plain: " qname=\"" + (name.namespace.isEmpty ? "" : "h:") + name.local + "\"/>")
  }

  /// SOAP 1.2 part 1 §5.4.2.1: every Text says its language.
  fileprivate mutating func writeReason(
    _ text: String, language: String
  ) throws(CodecError) {
    append(FaultSegments.text.head)
    append(markup: " xml:lang=\"")
    try appendAttributeValue(language)
    append(markup: "\">")
    try appendText(text)
    append(FaultSegments.text.close)
  }
}

/// A fault's code as one version spells it.
struct FaultCode {
  let local: String
  let taggedName: String
  let declaration: String?
  /// In SOAP 1.2 a code of one's own is a subcode of one of the five.
  let subcodes: [(tagged: String, declaration: String?)]

  init(_ code: String, version: SOAPVersion) {
    let standard = FaultCode.standard(code, version)
    if let standard {
      local = standard
      taggedName = "soap:" + standard
      declaration = nil
      subcodes = []
    } else if version == .soap12 {
      local = version.serviceCode
      taggedName = "soap:" + version.serviceCode
      declaration = nil
      subcodes = [FaultCode.name(code)]
    } else {
      let name = FaultCode.name(code)
      local = code
      taggedName = name.tagged
      declaration = name.declaration
      subcodes = []
    }
  }

  /// The version's own word for a code, where it has one.
  private static func standard(_ code: String, _ version: SOAPVersion) -> String? {
    switch (code, version) {
    case ("Client", _), ("Sender", _): version.callerCode
    case ("Server", _), ("Receiver", _), ("", _): version.serviceCode
    case ("VersionMismatch", _), ("MustUnderstand", _): code
    case ("DataEncodingUnknown", .soap12): code
    // SOAP 1.1 §4.4.1 extends its codes with dots.
    case (_, .soap11) where code.hasPrefix("Client.") || code.hasPrefix("Server."): code
    default: nil
    }
  }

  /// `{namespace}name` or a name alone, with the namespace that its prefix `f` must be declared for.
  static func name(_ text: String) -> (tagged: String, declaration: String?) {
    let name = QualifiedName(parsing: text)
    if name.namespace.isEmpty { return (name.local, nil) }
    return ("f:" + name.local, name.namespace)
  }
}
