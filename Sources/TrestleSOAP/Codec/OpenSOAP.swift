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

  package init(
    version: SOAPVersion = .soap11, namespace: String = "", isFlat: Bool = false,
    use: BodyUse = .literal
  ) {
    self.version = version
    self.namespace = namespace
    self.isFlat = isFlat
    self.use = use
  }

  func encode(_ call: Call, _ codec: SOAPCodec) throws(CodecError) -> WireRequest {
    let parameters = Value.object(call.parameters)
    let body = try envelope(
      QualifiedName(namespace, call.operation), parameters, headers: call.headers,
      isTyped: use == .encoded || parameters.saysTypes, version, codec)
    return codec.request(body, version: version, action: "")
  }

  func encode(
    _ reply: Reply, _ value: Value, _ call: Call, _ version: SOAPVersion, _ codec: SOAPCodec
  ) throws(CodecError) -> WireResponse {
    let context = call.context as? SOAPCodec.CallContext
    var content = value
    if case .array = value { content = .object(["item": value]) }
    // A result alone is called as SOAP 1.1 §7.1 has it: by any name.
    let isTyped = use == .encoded || context?.isEncoded == true || content.saysTypes
    if isTyped, content.isScalar { content = .object(["return": content]) }
    let body = try envelope(
      QualifiedName(context?.namespace ?? "", call.operation + "Response"), content,
      headers: reply.headers, isTyped: isTyped, version, codec)
    return codec.response(body, status: 200, version: version)
  }

  private func envelope(
    _ element: QualifiedName, _ value: Value, headers: Record, isTyped: Bool,
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
    try writer.writeUntypedRoot(
      element, value, isTyped: isTyped, attributes: isTyped ? segments.encodingStyle : [])
    writer.append(segments.end)
    return writer.output.bytes
  }

  func call(from envelope: DecodedEnvelope, _ codec: SOAPCodec) throws(CodecError) -> Call {
    guard let first = envelope.body.first, envelope.body.count == 1 else {
      throw CodecError(
        reason: "the Body holds \(envelope.body.count) elements; a call is exactly one")
    }
    var call = Call(operation: first.name.local)
    if case .object(let record) = first.value { call.parameters = record }
    call.headers = codec.record(of: envelope.headers, declared: [])
    call.warnings = envelope.warnings
    call.context = SOAPCodec.CallContext(
      version: envelope.version, namespace: first.name.namespace, isEncoded: envelope.isTyped)
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
      for member in members where !member.name.hasPrefix("_") {
        flatten(member.value, named: member.name, into: &record)
      }
    case .array(let items):
      for item in items { flatten(item, named: name, into: &record) }
    default:
      let text = value.scalarText ?? ""
      if !text.allSatisfy(\.isWhitespace) { record[name] = .string(text) }
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
