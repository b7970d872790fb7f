internal import HTTPTypes
internal import HummingbirdCore
internal import NIOCore
internal import Trestle

/// Has Hummingbird's requests answered by the routes.
struct RouteResponder: Sendable {
  let table: Published<RouteTable>
  /// Whose requests there are: where clients have tokens, what they may do differs.
  let registry: Published<ClientRegistry>
  /// Where requests are told of that call or steer.
  var audit: AuditLog?

  /// Whether somebody else issues tokens: then what clients may do differs, and routes are told by which name they
  /// were found.
  var hasIssuer = false

  /// What tells it: the codec takes it out of the fields.
  static let hostField = HTTPField.Name("Host")

  // Concurrent, as Hummingbird's own functions are: what they share cannot be handed from one
  // isolation to another.
  @concurrent
  func respond(
    to request: Request, _ writer: consuming ResponseWriter, over channel: any Channel
  ) async throws {
    // The gate has let no more in than the route takes.
    var request = request
    // Kept in the request: what watches for the client's end below reads on from there.
    let body = try await request.collectBody(upTo: .max)
    let claimed = try await claimed(over: channel)
    // Counted as long as it is answered, whether or not its client waits for it.
    defer { withExtendedLifetime(claimed.admitted?.admission) {} }
    let target = request.head.path ?? "/"
    let bytes = Array(body.readableBytesView)
    var fields = request.headers
    if hasIssuer, let name = Self.hostField { fields[name] = request.head.authority }
    let response = await table.value.respond(
      method: request.method.rawValue, target: target, fields: fields, body: bytes,
      grant: claimed.admitted?.grant ?? .whole)
    let entry = claimed.entry.flatMap { $0.naming(target: target, body: bytes) }
    let tell = { [audit] in
      guard let entry else { return }
      let callID = response.fields.first { $0.name == CallRequest.callField }?.value
      audit?.write(entry.line(status: response.status, callID: callID))
    }
    // Before it is sent: a call was made, whether or not its client hears of it.
    if case .stream = response.body {} else { tell() }
    if case .stream(let type, let parts) = response.body, request.method != .head {
      // What a stream tells is done while it is sent.
      defer { tell() }
      return try await stream(parts, type: type, response, writer, over: channel)
    }
    try await write(response, isHead: request.method == .head, writer)
  }

  /// What the gate let the request in as, nothing where everybody may everything; and what is to be told of it.
  @concurrent
  private func claimed(over channel: any Channel) async throws -> RequestGate.Claimed {
    guard hasIssuer || !registry.value.clients.isEmpty || audit != nil else {
      return RequestGate.Claimed()
    }
    let promise = channel.eventLoop.makePromise(of: RequestGate.Claimed.self)
    let asked = channel.eventLoop.makePromise(of: Void.self)
    // A gate that is gone answers no claim, and its channel fails the event.
    asked.futureResult.whenFailure { promise.fail($0) }
    channel.triggerUserOutboundEvent(RequestGate.Claim(promise: promise), promise: asked)
    return try await promise.futureResult.get()
  }

  @concurrent
  private func write(
    _ response: APIResponse, isHead: Bool, _ writer: consuming ResponseWriter
  ) async throws {
    switch response.body {
    case .nothing:
      try await writer.writeResponse(head(response, JSONBody.fields(type: nil)))
    case .json(let value):
      try await write(JSONBody.bytes(of: value), type: JSONBody.type, response, isHead, writer)
    case .text(let bytes, let type): try await write(bytes, type: type, response, isHead, writer)
    case .stream(let type, _):
      try await writer.writeResponse(head(response, JSONBody.fields(type: type)))
    case .pieces(let type, var piece, let next):
      let head = head(response, JSONBody.fields(type: type))
      guard !isHead else { return try await writer.writeResponse(head) }
      var bodyWriter: any ResponseBodyWriter = try await writer.writeHead(head)
      try await bodyWriter.write(ByteBuffer(bytes: piece.bytes))
      // An error in the middle cuts the connection: the client sees that something is missing.
      while let cursor = piece.cursor {
        // Read from files: the event loop is for others meanwhile.
        piece = try await awayFromEventLoop { try await next(cursor) }
        try await bodyWriter.write(ByteBuffer(bytes: piece.bytes))
      }
      try await bodyWriter.finish(nil)
    }
  }

  /// Writes parts as they come, until there are no more or the client goes away.
  @concurrent
  private func stream(
    _ parts: AsyncStream<[UInt8]>, type: String, _ response: APIResponse,
    _ writer: consuming ResponseWriter, over channel: any Channel
  ) async throws {
    let bodyWriter = try await writer.writeHead(head(response, JSONBody.fields(type: type)))
    let (isGone, gone) = AsyncStream<Void>.makeStream()
    channel.triggerUserOutboundEvent(
      RequestGate.Departure { gone.finish() }, promise: nil)
    try await withThrowingTaskGroup(of: Void.self) { group in
      group.addTask {
        var writer: any ResponseBodyWriter = bodyWriter
        for await part in parts { try await writer.write(ByteBuffer(bytes: part)) }
        try await writer.finish(nil)
      }
      group.addTask {
        for await _ in isGone {}
      }
      // Whichever ends first ends the other: the parts, or a client that is gone.
      try await group.next()
      group.cancelAll()
    }
  }

  @concurrent
  private func write(
    _ bytes: [UInt8], type: String, _ response: APIResponse, _ isHead: Bool,
    _ writer: consuming ResponseWriter
  ) async throws {
    let fields = JSONBody.fields(type: type) + [HeaderField("Content-Length", "\(bytes.count)")]
    let head = head(response, fields)
    guard !isHead else { return try await writer.writeResponse(head) }
    try await writer.write(
      response: head, body: ResponseBody(byteBuffer: ByteBuffer(bytes: bytes)))
  }

  private func head(_ response: APIResponse, _ fields: [HeaderField]) -> HTTPResponse {
    var head = HTTPResponse(status: .init(code: response.status))
    for field in fields + response.fields {
      if let name = HTTPField.Name(field.name) { head.headerFields[name] = field.value }
    }
    return head
  }
}
