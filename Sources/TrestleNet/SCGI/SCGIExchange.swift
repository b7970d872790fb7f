internal import NIOCore
internal import NIOPosix
internal import TrestleCore

/// A request over SCGI (python.ca/scgi/protocol.txt), on a connection of its own: rTorrent, and
/// applications that a web server stands before.
///
/// What would be HTTP's header section is a netstring of names and values; the answer is CGI's
/// (RFC 3875 §6): header lines with a `Status`, an empty line, the body, and the end of the connection.
struct SCGIExchange {
  let connectTimeout: Duration
  let responseLimit: Int

  private typealias Connection = NIOAsyncChannel<ByteBuffer, ByteBuffer>

  func send(_ request: WireRequest, to endpoint: Endpoint) async throws -> HTTPSender.RawAnswer {
    let bootstrap = ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
      .connectTimeout(TimeAmount(connectTimeout))
    let connection: Connection =
      if endpoint.scheme.isUnix {
        try await bootstrap.connect(unixDomainSocketPath: endpoint.host, channelInitializer: wrap)
      } else {
        try await bootstrap.channelOption(.tcpOption(.tcp_nodelay), value: 1)
          .connect(host: endpoint.host, port: endpoint.port, channelInitializer: wrap)
      }
    return try await connection.executeThenClose { inbound, outbound in
      try await outbound.write(ByteBuffer(bytes: Self.bytes(of: request, to: endpoint)))
      var received = ByteBuffer()
      for try await part in inbound {
        guard received.readableBytes + part.readableBytes <= responseLimit else {
          throw NIOTooManyBytesError(maxBytes: responseLimit)
        }
        received.writeImmutableBuffer(part)
        if let whole = try CGIResponse(received.readableBytesView, isWhole: false) {
          return whole.answer
        }
      }
      guard received.readableBytes > 0 else { throw ChannelError.eof }
      guard let whole = try CGIResponse(received.readableBytesView, isWhole: true) else {
        throw ChannelError.inputClosed
      }
      return whole.answer
    }
  }

  @Sendable private func wrap(_ channel: any Channel) -> EventLoopFuture<Connection> {
    channel.eventLoop.makeCompletedFuture { try Connection(wrappingChannelSynchronously: channel) }
  }

  /// The netstring of headers, `CONTENT_LENGTH` first, and the body.
  static func bytes(of request: WireRequest, to endpoint: Endpoint) -> [UInt8] {
    let path = request.target.prefix { $0 != "?" }
    var fields: [(String, String)] = [
      ("CONTENT_LENGTH", String(request.body.count)), ("SCGI", "1"),
      ("REQUEST_METHOD", request.method), ("REQUEST_URI", request.target),
      ("SCRIPT_NAME", String(path)), ("PATH_INFO", ""),
      ("QUERY_STRING", String(request.target.dropFirst(path.count + 1))),
      ("SERVER_PROTOCOL", "HTTP/1.1"),
    ]
    if let type = request.headers["Content-Type"] { fields.append(("CONTENT_TYPE", type)) }
    for field in request.headers.fields where !field.name.isEqualIgnoringCase("Content-Type") {
      let name = field.name.uppercased().map { $0 == "-" ? "_" : $0 }
      fields.append(("HTTP_" + String(name), field.value))
    }
    var head: [UInt8] = []
    var seen: Set<String> = []
    // "Duplicate names are not allowed in the headers." The first stands.
    for (name, value) in fields where seen.insert(name).inserted {
      head += name.utf8
      head.append(0)
      head += value.utf8.filter { $0 != 0 }
      head.append(0)
    }
    return Array("\(head.count):".utf8) + head + [UInt8(ascii: ",")] + request.body
  }
}

/// A response as CGI programs write it.
struct CGIResponse {
  let answer: HTTPSender.RawAnswer

  /// Longer than the header section of any answer.
  private static let maximumHead = 64 << 10

  /// Reads what has come of a response. Nil while more has to come; a body without a length ends with
  /// the connection.
  init?(_ bytes: ByteBufferView, isWhole: Bool) throws(TransportError) {
    guard let end = Self.endOfHead(bytes) else {
      guard bytes.count <= Self.maximumHead, !isWhole else { throw Self.broken(bytes) }
      return nil
    }
    var status = 200
    var headers = Headers()
    for line in bytes[..<end.head].split(separator: UInt8(ascii: "\n")) {
      var line = line
      if line.last == UInt8(ascii: "\r") { line.removeLast() }
      guard let colon = line.firstIndex(of: UInt8(ascii: ":")) else {
        // A program that speaks HTTP itself begins with its status line.
        let words = line.split(separator: UInt8(ascii: " "), maxSplits: 2)
        guard line.starts(with: "HTTP/".utf8), words.count > 1,
          let number = Int(String(decoding: words[1], as: UTF8.self))
        else { throw Self.broken(bytes) }
        status = number
        continue
      }
      let name = String(decoding: line[..<colon], as: UTF8.self)
      let value = String(
        decoding: line[line.index(after: colon)...].drop { $0 == UInt8(ascii: " ") },
        as: UTF8.self)
      if name.isEqualIgnoringCase("Status") {
        status = Int(value.prefix { $0 != " " }) ?? status
      } else {
        headers.append(name: name, value: value)
      }
    }
    let body = bytes[end.body...]
    guard (100...599).contains(status) else { throw Self.broken(bytes) }
    if let length = headers["Content-Length"].flatMap({ Int($0) }), length >= 0 {
      guard body.count >= length else {
        guard isWhole else { return nil }
        throw TransportError(
          kind: .interrupted,
          reason: "the answer broke off after \(body.count) of \(length) bytes",
          mayHaveBeenSent: true)
      }
      answer = HTTPSender.RawAnswer(
        status: status, headers: headers, body: Array(body.prefix(length)))
      return
    }
    guard isWhole else { return nil }
    answer = HTTPSender.RawAnswer(status: status, headers: headers, body: Array(body))
  }

  /// Where the header section ends and the body begins; lines may end in LF alone.
  private static func endOfHead(
    _ bytes: ByteBufferView
  ) -> (head: ByteBufferView.Index, body: ByteBufferView.Index)? {
    var index = bytes.startIndex
    while let feed = bytes[index...].firstIndex(of: UInt8(ascii: "\n")) {
      var next = bytes.index(after: feed)
      if next < bytes.endIndex, bytes[next] == UInt8(ascii: "\r") { next += 1 }
      if next < bytes.endIndex, bytes[next] == UInt8(ascii: "\n") { return (feed, next + 1) }
      index = bytes.index(after: feed)
      guard index - bytes.startIndex <= maximumHead else { return nil }
    }
    return nil
  }

  private static func broken(_ bytes: ByteBufferView) -> TransportError {
    let start = String(decoding: bytes.prefix(60), as: UTF8.self)
      .filter { !$0.isNewline }
    return TransportError(
      kind: .protocolViolation, reason: "the answer is none of SCGI: \"\(start)\"",
      hint: "an endpoint of HTTP begins with http://", mayHaveBeenSent: true)
  }
}
