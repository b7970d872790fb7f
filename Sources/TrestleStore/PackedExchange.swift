internal import TrestleCore

/// An exchange in one piece of memory, as it waits to be written.
///
/// As values, an exchange is some thirty objects. Thousands of them, kept for a while and let go of
/// one by one, push all else out of the processor's caches; a copy in one piece costs less than that.
struct PackedExchange: Sendable {
  private let bytes: [UInt8]
  private let constant: ConstantReply?

  /// Bodies of more than this are rather kept than copied.
  private static let largestBodies = 8 << 10

  init(copying bytes: UnsafeRawBufferPointer, constant: ConstantReply?) {
    self.bytes = Array(bytes)
    self.constant = constant
  }

  /// A reply that is the same each time: it is kept by everyone who has it, and copied by none.
  struct ConstantReply: Sendable {
    /// Who says what was answered.
    let rendered: RenderedReply
    /// The response's body.
    let body: [UInt8]

    init?(_ reply: Reply, _ response: WireResponse) {
      guard let rendered = reply.rendered else { return nil }
      self.rendered = rendered
      body = response.body
    }
  }

  /// Whether a call that was answered can be packed: not one with a fault, a lie on the wire, a long message, or
  /// nothing sent.
  static func packs(_ reply: Reply, _ request: WireRequest, _ response: WireResponse) -> Bool {
    if case .fault = reply.outcome { return false }
    return request.body.count + response.body.count <= largestBodies
      && reply.isUsual && !response.isNothing
      && !response.isUnframed && !response.changesMessage && !response.$misbehaviour
      && !response.$unmatched
  }

  /// Lays a call down that was answered, without what its `ConstantReply` has; `end` is when, in microseconds
  /// since 1970, and `nanoseconds` how long it took.
  static func pack(
    _ call: Call, _ reply: Reply, _ request: WireRequest, _ response: WireResponse,
    number: UInt64, end: Int64, took nanoseconds: Int64, into writer: inout PackingWriter
  ) {
    let isConstant = reply.rendered != nil
    writer.put(fixed: Int64(bitPattern: number))
    writer.put(fixed: end - nanoseconds / 1000)
    writer.put(fixed: nanoseconds)
    writer.put(call.operation)
    writer.put(call.parameters)
    writer.put(call.headers)
    writer.put(call.warnings)
    writer.put(request.method)
    writer.put(request.target)
    writer.put(request.headers)
    writer.put(request.body)
    writer.put(size: request.sender?.connection ?? 0)
    writer.put(request.sender?.peer ?? "")
    if !isConstant, case .value(let value) = reply.outcome { writer.put(value) }
    writer.put(reply.headers)
    writer.put(reply.warnings)
    writer.put(reply.origin ?? "")
    writer.put(fixed: Int64(response.status))
    writer.put(response.headers)
    if !isConstant { writer.put(response.body) }
  }

  /// The number of a call that was laid down.
  static func number(_ bytes: UnsafeRawBufferPointer) -> UInt64 {
    var reader = PackedReader(bytes)
    return UInt64(bitPattern: reader.fixed())
  }

  /// Its place among the calls of all systems.
  var number: UInt64 { bytes.withUnsafeBytes { Self.number($0) } }

  /// When it began, in microseconds since 1970.
  var start: Int64 {
    bytes.withUnsafeBytes { bytes in
      var reader = PackedReader(bytes)
      _ = reader.fixed()
      return reader.fixed()
    }
  }

  /// The exchange, without what only its codec knew of it.
  var exchange: Service.Exchange {
    bytes.withUnsafeBytes { bytes in
      var reader = PackedReader(bytes)
      _ = reader.fixed()
      _ = reader.fixed()
      let duration = Duration.nanoseconds(reader.fixed())
      var call = Call(
        operation: reader.text(), parameters: reader.record(), headers: reader.record())
      call.warnings = reader.texts()
      var request = WireRequest(
        method: reader.text(), target: reader.text(), headers: reader.headers(),
        body: reader.bytes())
      let connection = reader.size()
      let peer = reader.text()
      if connection > 0 {
        request.sender = WireSender(peer: peer.isEmpty ? nil : peer, connection: connection)
      }
      call.request = request
      let value = constant == nil ? reader.value() : constant?.rendered.value ?? .null
      var reply = Reply(.value(value), headers: reader.record(), warnings: reader.texts())
      let origin = reader.text()
      reply.origin = origin.isEmpty ? nil : origin
      let response = WireResponse(
        status: Int(reader.fixed()), headers: reader.headers(),
        body: constant?.body ?? reader.bytes())
      return Service.Exchange(
        call: call, reply: reply, request: request, response: response, duration: duration)
    }
  }
}
