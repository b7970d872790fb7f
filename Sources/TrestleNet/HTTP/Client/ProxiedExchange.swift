internal import NIOCore
internal import NIOHTTP1
internal import NIOPosix
internal import TrestleCore

/// A plain HTTP request through a proxy that is told its whole URL (RFC 9112 §3.2.2), over a connection
/// of its own.
///
/// The client library would ask for a tunnel instead, which proxies give to HTTPS alone.
struct ProxiedExchange {
  let proxy: HTTPProxy
  let connectTimeout: Duration
  let responseLimit: Int

  private typealias Connection = NIOAsyncChannel<HTTPClientResponsePart, HTTPClientRequestPart>

  func send(_ request: WireRequest, to endpoint: Endpoint) async throws -> HTTPSender.RawAnswer {
    let connection = try await ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
      .connectTimeout(TimeAmount(connectTimeout))
      .channelOption(.tcpOption(.tcp_nodelay), value: 1)
      .connect(host: proxy.host, port: proxy.port) { channel in
        channel.eventLoop.makeCompletedFuture {
          try channel.pipeline.syncOperations.addHTTPClientHandlers()
          return try Connection(wrappingChannelSynchronously: channel)
        }
      }
    return try await connection.executeThenClose { inbound, outbound in
      try await outbound.write(.head(head(of: request, endpoint)))
      if !request.body.isEmpty {
        try await outbound.write(.body(.byteBuffer(ByteBuffer(bytes: request.body))))
      }
      try await outbound.write(.end(nil))
      return try await answer(inbound)
    }
  }

  private func head(of request: WireRequest, _ endpoint: Endpoint) -> NIOHTTP1.HTTPRequestHead {
    var headers = HTTPHeaders()
    for field in request.headers.fields { headers.add(name: field.name, value: field.value) }
    if !request.body.isEmpty || request.method == "POST" {
      headers.replaceOrAdd(name: "Content-Length", value: String(request.body.count))
    }
    if let authorization = proxy.authorization {
      headers.replaceOrAdd(name: "Proxy-Authorization", value: authorization)
    }
    headers.replaceOrAdd(name: "Connection", value: "close")
    return NIOHTTP1.HTTPRequestHead(
      version: .http1_1, method: HTTPMethod(rawValue: request.method),
      uri: "http://\(endpoint.hostField)\(request.target)", headers: headers)
  }

  private func answer(
    _ inbound: NIOAsyncChannelInboundStream<HTTPClientResponsePart>
  ) async throws -> HTTPSender.RawAnswer {
    var answer: HTTPSender.RawAnswer?
    for try await part in inbound {
      switch part {
      // 1xx says that the answer is still to come.
      case .head(let head) where head.status.code < 200: continue
      case .head(let head):
        answer = HTTPSender.RawAnswer(
          status: Int(head.status.code), headers: Headers(head.headers), body: [])
      case .body(let bytes):
        guard (answer?.body.count ?? 0) + bytes.readableBytes <= responseLimit else {
          throw NIOTooManyBytesError(maxBytes: responseLimit)
        }
        answer?.body += bytes.readableBytesView
      case .end:
        if let answer { return answer }
      }
    }
    throw ChannelError.eof
  }
}
