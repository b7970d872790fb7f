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

  package init(version: SOAPVersion = .soap11, namespace: String = "", isFlat: Bool = false) {
    self.version = version
    self.namespace = namespace
    self.isFlat = isFlat
  }

  func encode(_ call: Call, _ codec: SOAPCodec) throws(CodecError) -> WireRequest {
    let body = try envelope(
      call.operation, namespace: namespace, .object(call.parameters), version, codec)
    return codec.request(body, version: version, action: "")
  }

  func encode(
    _ value: Value, _ call: Call, namespace: String, _ version: SOAPVersion, _ codec: SOAPCodec
  ) throws(CodecError) -> WireResponse {
    var content = value
    if case .array = value { content = .object(["item": value]) }
    let body = try envelope(
      call.operation + "Response", namespace: namespace, content, version, codec)
    return codec.response(body, status: 200, version: version)
  }

  private func envelope(
    _ element: String, namespace: String, _ value: Value, _ version: SOAPVersion,
    _ codec: SOAPCodec
  ) throws(CodecError) -> [UInt8] {
    guard XMLNameRules.isLocalName(element) else {
      throw CodecError(
        reason: "the operation \"\(element)\" is no XML name, so it cannot name the Body's element")
    }
    let segments = codec.segments(version)
    var writer = ElementWriter(context: codec.context)
    writer.append(segments.start)
    writer.append(segments.body.open)
    try writer.writeUntypedRoot(element, namespace: namespace, value)
    writer.append(segments.end)
    return writer.output.bytes
  }

  func call(from envelope: DecodedEnvelope) throws(CodecError) -> Call {
    guard let first = envelope.body.first, envelope.body.count == 1 else {
      throw CodecError(
        reason: "the Body holds \(envelope.body.count) elements; a call is exactly one")
    }
    var call = Call(operation: first.name.local)
    if case .object(let record) = first.value { call.parameters = record }
    call.headers = SOAPCodec.record(of: envelope.headers)
    call.warnings = envelope.warnings
    call.context = SOAPCodec.CallContext(
      version: envelope.version, namespace: first.name.namespace)
    return call
  }

  func decode(
    _ response: WireResponse, _ call: Call, _ codec: SOAPCodec
  ) throws(CodecError) -> Reply {
    let charset = ContentType(response.headers["Content-Type"]).charset
    let envelope = try codec.read(response.body, charset: charset) { _, _ in nil }
    var reply = Reply(.value(.null), warnings: envelope.warnings)
    reply.headers = SOAPCodec.record(of: envelope.headers)
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
