internal import TrestleCore
internal import TrestleXML

/// SOAP without a contract: the operation is the Body's element, its parameters are the element's
/// children as their own shape says.
package struct OpenSOAP: Sendable {
  package var version: SOAPVersion
  /// The namespace of the operation's element; empty for none.
  package var namespace: String
  /// Whether replies are read as one flat object: local name → text, the last of a name standing.
  package var isFlat: Bool
  /// Whether calls say the type of every value, as the encoding does; replies do where the call did.
  package var use: BodyUse
  /// Whether parameters are in the namespace of the operation; replies go by the call.
  package var isQualified: Bool

  package init(
    version: SOAPVersion = .soap11, namespace: String = "", isFlat: Bool = false,
    use: BodyUse = .literal, isQualified: Bool = false
  ) {
    self.version = version
    self.namespace = namespace
    self.isFlat = isFlat
    self.use = use
    self.isQualified = isQualified
  }

  func encode(_ call: Call, _ codec: SOAPCodec) throws(CodecError) -> WireRequest {
    let parameters = Value.object(call.parameters)
    let body =
      call.operation.isEmpty
      ? try emptyEnvelope(call.headers, version, codec)
      : try envelope(
        QualifiedName(namespace, call.operation), parameters, headers: call.headers,
        isTyped: use == .encoded || parameters.saysTypes, isQualified: isQualified, version, codec)
    return codec.request(body, version: version, action: "")
  }

  func encode(
    _ reply: Reply, _ value: Value, _ call: Call, _ version: SOAPVersion, _ codec: SOAPCodec
  ) throws(CodecError) -> WireResponse {
    let context = call.context as? SOAPCodec.RequestContext
    var content = value
    if case .array = value { content = .object(["item": value]) }
    // A result alone is called as SOAP 1.1 §7.1 has it: by any name.
    let isTyped = use == .encoded || context?.isEncoded == true || content.saysTypes
    if call.operation.isEmpty, content.isNull || content == .emptyObject {
      return codec.response(
        try emptyEnvelope(reply.headers, version, codec), status: 200, version: version)
    }
    if isTyped, content.isScalar { content = .object(["return": content]) }
    let body = try envelope(
      QualifiedName(context?.namespace ?? "", call.operation + "Response"), content,
      headers: reply.headers, isTyped: isTyped,
      // Accessors of the encoding are unqualified (SOAP 1.1 §5.1).
      isQualified: !isTyped && context?.isQualified == true, version, codec)
    return codec.response(body, status: 200, version: version)
  }

  /// The accessor that a typed SOAP 1.2 reply names as its result (SOAP 1.2 part 2 §4.2.1).
  private static func result(of value: Value) -> String? {
    guard case .object(let record) = value, record.count == 1, record["return"] != nil else {
      return nil
    }
    return "return"
  }

  private func envelope(
    _ element: QualifiedName, _ value: Value, headers: Record, isTyped: Bool, isQualified: Bool,
    _ version: SOAPVersion, _ codec: SOAPCodec
  ) throws(CodecError) -> [UInt8] {
    guard XMLNameRules.isLocalName(element.local) else {
      throw CodecError(
        reason:
          "the operation \"\(element.local)\" is no XML name, so it cannot name the Body's element")
    }
    let segments = codec.segments(version)
    var writer = ElementWriter(context: codec.context, version: version)
    writer.append(segments.start)
    if !headers.isEmpty { try codec.write(headers, declared: [], segments, &writer) }
    writer.append(segments.body.open)
    let start = writer.output.count
    try writer.writeUntypedRoot(
      element, value, isTyped: isTyped, isQualified: isQualified,
      attributes: isTyped ? segments.encodingStyle : [])
    if isTyped, version == .soap12, let result = Self.result(of: value) {
      let name = segments.result.open + Array(result.utf8) + segments.result.close
      writer.insertFirstChild(name, ofElementAt: start)
    }
    writer.append(segments.end)
    return writer.output.bytes
  }

  /// An envelope that has nothing to say but its headers.
  private func emptyEnvelope(
    _ headers: Record, _ version: SOAPVersion, _ codec: SOAPCodec
  ) throws(CodecError) -> [UInt8] {
    let segments = codec.segments(version)
    var writer = ElementWriter(context: codec.context, version: version)
    writer.append(segments.start)
    if !headers.isEmpty { try codec.write(headers, declared: [], segments, &writer) }
    writer.append(segments.body.open)
    writer.append(segments.end)
    return writer.output.bytes
  }

  /// A call: the operation is the Body's element. An empty Body is the operation without a name, which
  /// only headers are sent to.
  func call(from envelope: DecodedEnvelope, _ codec: SOAPCodec) throws(CodecError) -> Call {
    guard envelope.body.count <= 1 else {
      throw CodecError(
        reason: "the Body holds \(envelope.body.count) elements; a call is exactly one")
    }
    let first = envelope.body.first
    var call = Call(operation: first?.name.local ?? "")
    switch first?.value {
    case .object(let record): call.parameters = record
    case .string(""), .null, nil: break
    case .some(let text): call.parameters = ["_text": text]
    }
    call.headers = codec.record(of: envelope.headers, declared: [])
    call.warnings = envelope.warnings
    call.context = SOAPCodec.RequestContext(
      version: envelope.version, namespace: first?.name.namespace ?? "",
      isEncoded: envelope.isTyped, isQualified: envelope.membersAreQualified)
    return call
  }

  func decode(
    _ response: WireResponse, _ call: Call, _ codec: SOAPCodec
  ) throws(CodecError) -> Reply {
    let charset = ContentType(response.headers["Content-Type"]).charset
    let envelope = try codec.read(response.body, charset: charset) { _, _ in nil }
    var reply = Reply(.value(.null), warnings: envelope.warnings)
    reply.headers = codec.record(of: envelope.headers, declared: [])
    if let fault = envelope.fault {
      reply.outcome = .fault(fault)
    } else if isFlat {
      var record: Record = [:]
      for child in envelope.body {
        Self.flatten(child.value, named: child.name.local, into: &record)
      }
      reply.outcome = .value(.object(record))
    } else if let first = envelope.body.first {
      // An element without children and without text is an empty object, not an empty text.
      reply.outcome = .value(first.value == .string("") ? .emptyObject : first.value)
    }
    return reply
  }

  private static func flatten(_ value: Value, named name: String, into record: inout Record) {
    switch value {
    case .object(let members):
      for member in members where member.name == "_text" || !member.name.hasPrefix("_") {
        // The text beside attributes is the element's own.
        flatten(
          member.value, named: member.name == "_text" ? name : member.name, into: &record)
      }
    case .array(let items):
      for item in items { flatten(item, named: name, into: &record) }
    default:
      let text = value.scalarText ?? ""
      if !text.isEmpty { record[name] = .string(text) }
    }
  }
}

extension Value {
  /// Whether a value in it says its own type.
  fileprivate var saysTypes: Bool {
    switch self {
    case .array(let items): items.contains(where: \.saysTypes)
    case .object(let record): record.contains { $0.name == "_type" || $0.value.saysTypes }
    default: false
    }
  }

  fileprivate var isScalar: Bool {
    switch self {
    case .null, .array, .object: false
    default: true
    }
  }
}
