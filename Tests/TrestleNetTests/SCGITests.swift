import NIOCore
import NIOPosix
import Testing
import TrestleCore

@testable import TrestleNet

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

@Suite("SCGI, and sockets of this machine")
struct SCGITests {
  @Test("a request is a netstring of headers and the body, byte for byte")
  func request() throws {
    let request = WireRequest(
      target: "/RPC2?x=1", headers: ["Content-Type": "text/xml", "Host": "h", "X-A-b": "c"],
      body: Array("<a/>".utf8))
    let bytes = SCGIExchange.bytes(of: request, to: try Endpoint(http: "scgi://h:5000/RPC2"))
    let head =
      "CONTENT_LENGTH\u{0}4\u{0}SCGI\u{0}1\u{0}REQUEST_METHOD\u{0}POST\u{0}REQUEST_URI\u{0}/RPC2?x=1\u{0}"
      + "SCRIPT_NAME\u{0}/RPC2\u{0}PATH_INFO\u{0}\u{0}QUERY_STRING\u{0}x=1\u{0}"
      + "SERVER_PROTOCOL\u{0}HTTP/1.1\u{0}CONTENT_TYPE\u{0}text/xml\u{0}HTTP_HOST\u{0}h\u{0}HTTP_X_A_B\u{0}c\u{0}"
    #expect(String(decoding: bytes, as: UTF8.self) == "\(head.utf8.count):\(head),<a/>")
  }

  @Test(
    "an answer is read whole however it is cut",
    arguments: [
      ("Status: 200 OK\r\nContent-Type: text/xml\r\nContent-Length: 4\r\n\r\n<a/>", 200),
      ("Status: 404 Not Found\nContent-Type: text/xml\n\n<a/>", 404),
      ("Content-Type: text/xml\r\n\r\n<a/>", 200),
      ("HTTP/1.1 500 Oops\r\nContent-Type: text/xml\r\n\r\n<a/>", 500),
    ])
  func answer(_ text: String, _ status: Int) throws {
    let bytes = ByteBuffer(string: text)
    for length in 0..<text.utf8.count {
      let part = try #require(bytes.getSlice(at: 0, length: length))
      #expect(try CGIResponse(part.readableBytesView, isWhole: false) == nil)
    }
    let read = try #require(try CGIResponse(bytes.readableBytesView, isWhole: true))
    #expect(read.answer.status == status)
    #expect(read.answer.headers["content-type"] == "text/xml")
    #expect(String(decoding: read.answer.body, as: UTF8.self) == "<a/>")
  }

  @Test(
    "what is none of SCGI, or breaks off, is told",
    arguments: [
      ("nonsense\r\n\r\n", "the answer is none of SCGI: \"nonsense\""),
      (
        "Status: 200 OK\r\nContent-Length: 9\r\n\r\n<a/>", "the answer broke off after 4 of 9 bytes"
      ),
      ("Status: 9000\r\n\r\n", "the answer is none of SCGI"),
      ("Status: 200 OK\r\nnever ends", "the answer is none of SCGI"),
    ])
  func broken(_ text: String, _ reason: String) {
    let error = #expect(throws: TransportError.self) {
      _ = try CGIResponse(ByteBuffer(string: text).readableBytesView, isWhole: true)
    }
    #expect(error?.reason.hasPrefix(reason) == true, "\(String(describing: error))")
  }

  /// A server that answers every connection with the same bytes, and closes it.
  private func serve(
    _ answer: String, at path: String, _ body: () async throws -> Void
  ) async throws {
    let channel = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
      .childChannelInitializer { channel in
        channel.eventLoop.makeCompletedFuture {
          try channel.pipeline.syncOperations.addHandler(OneAnswer(text: answer))
        }
      }
      .bind(unixDomainSocketPath: path, cleanupExistingSocketFile: true).get()
    do {
      try await body()
      try await channel.close()
    } catch {
      try await channel.close()
      throw error
    }
  }

  private final class OneAnswer: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer
    let text: String

    init(text: String) { self.text = text }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
      let channel = context.channel
      channel.writeAndFlush(ByteBuffer(string: text)).whenComplete { _ in
        channel.close(promise: nil)
      }
    }
  }

  @Test(
    "calls reach a socket of this machine, by HTTP and by SCGI",
    arguments: [
      ("http+unix", "HTTP/1.1 200 OK\r\nContent-Length: 4\r\nConnection: close\r\n\r\n<a/>"),
      ("scgi+unix", "Status: 200 OK\r\nContent-Length: 4\r\n\r\n<a/>"),
    ])
  func unix(_ scheme: String, _ answer: String) async throws {
    let path = "/tmp/trestle-\(UInt32.random(in: .min ... .max)).sock"
    try await serve(answer, at: path) {
      let endpoint = "\(scheme)://\(path.split(separator: "/").map { "%2F" + $0 }.joined())/RPC2"
      try await withHTTPTransport(endpoint) { transport in
        let response = try await transport.exchange(
          WireRequest(body: Array("<b/>".utf8)), timeout: .seconds(10))
        #expect(String(decoding: response.body, as: UTF8.self) == "<a/>")
      }
    }
    // Nobody listens there any more.
    try await withHTTPTransport("\(scheme)://%2Ftmp%2Fnobody-\(UInt32.random(in: .min ... .max))/")
    {
      transport in
      let error = await #expect(throws: TransportError.self) {
        _ = try await transport.exchange(WireRequest(), timeout: .seconds(10))
      }
      #expect(error?.kind == .connect)
      #expect(error?.reason.contains("/tmp/nobody") == true, "\(String(describing: error))")
    }
  }

  @Test(
    "endpoints that name no socket are refused with how to write them",
    arguments: [
      ("unix:///run/x.sock", "write http+unix://%2Frun%2Fx.sock/RPC2"),
      ("http+unix:///RPC2", "write it as http+unix://%2Frun%2Fname.sock/RPC2"),
      ("scgi://host/RPC2", "write it as"),
      ("http+unix://%2F\(String(repeating: "a", count: 120))/", "link to it"),
    ])
  func endpoints(_ text: String, _ hint: String) {
    let error = #expect(throws: TransportError.self) { _ = try Endpoint(http: text) }
    #expect(error?.hint?.contains(hint) == true, "\(String(describing: error))")
  }

  // MARK: - Serving

  private static let limits: HTTPServerLimits = {
    var limits = HTTPServerLimits()
    limits.bodyBytes = 100
    return limits
  }()

  private func request(_ headers: [(String, String)], _ body: String = "") -> [UInt8] {
    let head = headers.map { "\($0.0)\u{0}\($0.1)\u{0}" }.joined()
    return Array("\(head.utf8.count):\(head),\(body)".utf8)
  }

  @Test("a request is cut out whole however its bytes arrive, and written by us reads the same")
  func parsing() throws {
    let sent = SCGIExchange.bytes(
      of: WireRequest(
        target: "/RPC2?a=b", headers: ["Content-Type": "text/xml", "X-Key": "k"],
        body: Array("<a/>".utf8)), to: try Endpoint(http: "scgi://h:1/"))
    for step in [1, 7, sent.count] {
      var parser = SCGIRequestParser(limits: Self.limits)
      var found: WireRequest?
      for start in stride(from: 0, to: sent.count, by: step) {
        #expect(found == nil)
        parser.append(ByteBuffer(bytes: sent[start..<min(start + step, sent.count)]))
        found = try parser.next()
      }
      let request = try #require(found)
      #expect(request.method == "POST" && request.target == "/RPC2?a=b")
      #expect(request.headers["Content-Type"] == "text/xml" && request.headers["x-key"] == "k")
      #expect(request.body == Array("<a/>".utf8))
    }
    // All that rTorrent's clients send.
    var parser = SCGIRequestParser(limits: Self.limits)
    parser.append(ByteBuffer(bytes: request([("CONTENT_LENGTH", "1"), ("SCGI", "1")], "x")))
    let least = try #require(try parser.next())
    #expect(least.method == "POST" && least.target == "/" && least.body == [0x78])
  }

  @Test(
    "what is no request, or too much, is refused",
    arguments: [
      ([], "GET / HTTP/1.1\r\n", 400), ([("SCGI", "1"), ("CONTENT_LENGTH", "0")], "", 400),
      ([("CONTENT_LENGTH", "0")], "", 400), ([("CONTENT_LENGTH", ""), ("SCGI", "1")], "", 400),
      ([("CONTENT_LENGTH", "-1"), ("SCGI", "1")], "", 400),
      ([("CONTENT_LENGTH", "101"), ("SCGI", "1")], "", 413),
      ([("CONTENT_LENGTH", "0"), ("SCGI", "1"), ("SCGI", "1")], "", 400), ([], "9999999:", 400),
      ([], "999999:", 431), ([], "3:abc;", 400), ([], ":", 400), ([], "3:a\u{0}b,", 400),
    ])
  func refused(_ headers: [(String, String)], _ text: String, _ status: Int) {
    var parser = SCGIRequestParser(limits: Self.limits)
    parser.append(ByteBuffer(bytes: headers.isEmpty ? Array(text.utf8) : request(headers, text)))
    let refusal = #expect(throws: HTTPRefusal.self) { _ = try parser.next() }
    #expect(refusal?.status == status)
  }

  @Test("a socket that is another program's is left to it")
  func foreignSockets() async throws {
    let service = Service(
      codec: EchoCodec(), responder: ClosureResponder { .value(.string($0.operation)) })
    let path = "/tmp/trestle-\(UInt32.random(in: .min ... .max)).sock"
    let server = try await HTTPServer(service).start(at: .socket(path))
    await server.shutdown(grace: .zero)
    #expect(access(path, F_OK) != 0)
    // What is no stream of anybody's is in use as well.
    let datagrams = socket(AF_UNIX, Int32(SOCK_DGRAM.rawValue), 0)
    defer { close(datagrams) }
    var address = sockaddr_un()
    address.sun_family = sa_family_t(AF_UNIX)
    withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: Array(path.utf8)) }
    let bound = withUnsafePointer(to: &address) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        bind(datagrams, $0, socklen_t(MemoryLayout<sockaddr_un>.size))
      }
    }
    #expect(bound == 0)
    defer { unlink(path) }
    let error = await #expect(throws: ListenError.self) {
      _ = try await HTTPServer(service).start(at: .socket(path))
    }
    #expect(error?.kind == .portInUse)
    #expect(access(path, F_OK) == 0)
  }

  @Test("a service answers over SCGI and HTTP, on ports and on sockets", arguments: [true, false])
  func serving(isSCGI: Bool) async throws {
    let service = Service(
      codec: EchoCodec(), responder: ClosureResponder { .value(.string($0.operation)) })
    let path = "/tmp/trestle-\(UInt32.random(in: .min ... .max)).sock"
    for place in [ListeningPlace.port(0), .socket(path), .socket(path)] {
      let server =
        isSCGI
        ? try await SCGIServer(service).start(at: place)
        : try await HTTPServer(service).start(at: place)
      let scheme = isSCGI ? "scgi" : "http"
      let endpoint =
        server.socket.map { "\(scheme)+unix://\(PercentEncoding.encoded($0))/x" }
        ?? "\(scheme)://127.0.0.1:\(server.port)/x"
      try await withHTTPTransport(endpoint) { transport in
        for number in 0..<3 {
          let response = try await transport.exchange(
            WireRequest(body: Array("n=\(number)".utf8)), timeout: .seconds(10))
          #expect(response.status == 200)
          #expect(String(decoding: response.body, as: UTF8.self).contains("\(number)"))
        }
        // The client library for HTTP may fail to write before it reads why.
        guard isSCGI else { return }
        let large = try await transport.exchange(
          WireRequest(body: [UInt8](repeating: 0x61, count: 5 << 20)), timeout: .seconds(10))
        #expect(large.status == 413)
      }
      if server.socket != nil {
        let error = await #expect(throws: ListenError.self) {
          _ = try await HTTPServer(service).start(at: place)
        }
        #expect(error?.kind == .portInUse)
      }
      await server.shutdown(grace: .zero)
    }
    await #expect(throws: ListenError.self) {
      _ = try await HTTPServer(service).start(at: .socket("/nowhere/at/all.sock"))
    }
  }
}
