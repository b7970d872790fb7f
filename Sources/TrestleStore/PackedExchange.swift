internal import TrestleCore

/// An exchange in one piece of memory, as it waits to be written.
///
/// As values, an exchange is some thirty objects. Thousands of them, kept for a while and let go of
/// one by one, push all else out of the processor's caches; a copy in one piece costs less than that.
struct PackedExchange: Sendable {
  private let bytes: [UInt8]
  /// Who says what was answered, where it is the same each time.
  private let rendered: RenderedReply?

  /// Bodies of more than this are rather kept than copied.
  private static let largestBodies = 8 << 10

  init(copying bytes: UnsafeRawBufferPointer, rendered: RenderedReply?) {
    self.bytes = Array(bytes)
    self.rendered = rendered
  }

  /// Whether a call that was answered can be packed: not one with a fault, a lie on the wire, a long message, or
  /// nothing sent.
  static func packs(_ reply: Reply, _ request: WireRequest, _ response: WireResponse) -> Bool {
    if case .fault = reply.outcome { return false }
    return request.body.count + response.body.count <= largestBodies
      && !reply.$raw && !reply.$misbehaviour && !response.isNothing
      && !response.isUnframed && !response.changesMessage && !response.$misbehaviour
      && !response.$unmatched
  }

  /// Lays a call down that was answered; `end` is when, in microseconds since 1970.
  static func pack(
    _ call: Call, _ reply: Reply, _ request: WireRequest, _ response: WireResponse,
    number: UInt64, end: Int64, duration: Duration, into writer: inout PackingWriter
  ) {
    writer.put(Int(bitPattern: UInt(number)))
    writer.put(Int(end - duration.microseconds))
    writer.put(Int(duration.components.seconds))
    writer.put(Int(duration.components.attoseconds))
    writer.put(call.operation)
    writer.put(call.parameters)
    writer.put(call.headers)
    writer.put(call.warnings)
    writer.put(request.method)
    writer.put(request.target)
    writer.put(request.headers)
    writer.put(request.body)
    writer.put(Int(bitPattern: UInt(request.sender?.connection ?? 0)))
    writer.put(request.sender?.peer ?? "")
    if reply.rendered == nil, case .value(let value) = reply.outcome { writer.put(value) }
    writer.put(reply.headers)
    writer.put(reply.warnings)
    writer.put(reply.origin ?? "")
    writer.put(response.status)
    writer.put(response.headers)
    writer.put(response.body)
  }

  /// The number of a call that was laid down.
  static func number(_ bytes: UnsafeRawBufferPointer) -> UInt64 {
    var reader = PackedReader(bytes)
    return UInt64(UInt(bitPattern: reader.integer()))
  }

  /// Its place among the calls of all systems.
  var number: UInt64 { bytes.withUnsafeBytes { Self.number($0) } }

  /// When it began, in microseconds since 1970.
  var start: Int64 {
    bytes.withUnsafeBytes { bytes in
      var reader = PackedReader(bytes)
      _ = reader.integer()
      return Int64(reader.integer())
    }
  }

  /// The exchange, without what only its codec knew of it.
  var exchange: Service.Exchange {
    bytes.withUnsafeBytes { bytes in
      var reader = PackedReader(bytes)
      _ = reader.integer()
      _ = reader.integer()
      let duration = Duration(
        secondsComponent: Int64(reader.integer()), attosecondsComponent: Int64(reader.integer()))
      var call = Call(
        operation: reader.text(), parameters: reader.record(), headers: reader.record())
      call.warnings = reader.texts()
      var request = WireRequest(
        method: reader.text(), target: reader.text(), headers: reader.headers(),
        body: reader.bytes())
      let connection = UInt64(UInt(bitPattern: reader.integer()))
      let peer = reader.text()
      if connection > 0 {
        request.sender = WireSender(peer: peer.isEmpty ? nil : peer, connection: connection)
      }
      call.request = request
      let value = rendered == nil ? reader.value() : rendered?.value ?? .null
      var reply = Reply(.value(value), headers: reader.record(), warnings: reader.texts())
      let origin = reader.text()
      reply.origin = origin.isEmpty ? nil : origin
      let response = WireResponse(
        status: reader.integer(), headers: reader.headers(), body: reader.bytes())
      return Service.Exchange(
        call: call, reply: reply, request: request, response: response, duration: duration)
    }
  }
}
