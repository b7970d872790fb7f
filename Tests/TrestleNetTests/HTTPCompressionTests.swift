import Testing
import TrestleCore

@testable import TrestleNet

/// Bodies compressed by Python's gzip and zlib.
@Suite("Compressed HTTP bodies")
struct HTTPCompressionTests {
  private static let text = "<reply>" + String(repeating: "<row>1</row>", count: 20) + "</reply>"
  private static let gzip =
    "H4sIAAAAAAACA7MpSi3IqbSzKcovtzO00QdRI4KtD/E3AKeFt5z/AAAA"
  private static let zlib = "eJyzKUotyKm0synKL7cztNEHUSOCrQ/xNwD6nFXM"
  private static let raw = "sylKLciptLMpyi+3M7TRB1Ejgq0P8TcA"
  /// Two gzip members, one after the other.
  private static let members =
    "H4sIAAAAAAACA7MpSi3IqbSzKcovtzO00QdRVGcDAJhEu79kAAAAH4sIAAAAAAACA8svt7Mpyi+3M7TRB1GDgq1flFqQU2kHAPXULpabAAAA"
  /// 256 kB of zeros.
  private static let zeros =
    "H4sIAAAAAAACA+3BMQEAAADCoPVP7W0HoAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"
    + "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"
    + "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"
    + "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"
    + "AAAAAAAAAAAAAAAAAAAA3gAi6g7iAAAEAA=="

  private func bytes(_ text: String) throws -> [UInt8] { try #require(Base64.decode(text.utf8)) }

  private func call(
    _ body: [UInt8], coding: String, limit: Int = 64 << 20
  ) async throws -> (WireResponse, ScriptedServer.Request) {
    try await ScriptedServer.run { _, _ in
      .response("200 OK", ["Content-Encoding: \(coding)"], bytes: body)
    } _: { server, port async throws in
      var options = HTTPTransport.Options()
      options.responseLimit = limit
      return try await withHTTPTransport("http://127.0.0.1:\(port)/", options: options) {
        let response = try await $0.exchange(WireRequest("x"), timeout: .seconds(60))
        return (response, server.requests[0])
      }
    }
  }

  private func failure(
    _ body: [UInt8], coding: String, limit: Int = 64 << 20
  ) async -> TransportError? {
    await #expect(throws: TransportError.self) {
      _ = try await call(body, coding: coding, limit: limit)
    }
  }

  @Test(
    "a compressed answer is read as if it were not, in each of the ways servers write one",
    arguments: [
      (gzip, "gzip"), (gzip, "x-GZIP"), (members, "gzip"), (zlib, "deflate"), (raw, "deflate"),
    ])
  func read(body: String, coding: String) async throws {
    let (response, request) = try await call(try bytes(body), coding: coding)
    #expect(String(decoding: response.body, as: UTF8.self) == Self.text)
    #expect(response.headers["Content-Encoding"] == nil)
    #expect(response.headers["Content-Length"] == "\(Self.text.utf8.count)")
    #expect(request.field("Accept-Encoding") == "gzip, deflate")
  }

  @Test("an answer that becomes a hundred times its size and more than a megabyte is a bomb")
  func bomb() async throws {
    let member = try bytes(Self.zeros)
    let body = Array(repeatElement(member, count: 100).joined())
    let error = await failure(body, coding: "gzip")
    #expect(error?.kind == .protocolViolation)
    #expect(error?.reason.hasSuffix("becomes more than \(body.count * 100) bytes") == true)
    #expect(error?.hint?.contains("bomb") == true)
    // A megabyte may come of anything.
    let few = Array(repeatElement(member, count: 4).joined())
    #expect(try await call(few, coding: "gzip").0.body.count == 1 << 20)
  }

  @Test("an answer that becomes larger than answers may be is refused")
  func tooLarge() async throws {
    let error = await failure(try bytes(Self.gzip), coding: "gzip", limit: 100)
    #expect(error?.reason.hasSuffix("becomes more than 100 bytes") == true)
  }

  @Test("what is not of its coding, cut off or another coding is told")
  func broken() async throws {
    let whole = try bytes(Self.gzip)
    for (body, coding) in [
      (Array(whole.dropLast(9)), "gzip"), (Array("<reply/>".utf8), "gzip"),
      (Array("<reply/>".utf8), "deflate"), (whole + [1, 2, 3], "gzip"),
    ] {
      let error = await failure(body, coding: coding)
      #expect(error?.reason.hasSuffix("is no whole \(coding) data") == true, "\(coding)")
    }
    let error = await failure([1], coding: "br")
    #expect(error?.reason.contains("compressed with br, which was not asked for") == true)
    let twice = await failure([1], coding: "gzip, gzip")
    #expect(twice?.kind == .protocolViolation)
  }

  @Test("an empty body has nothing to decompress")
  func empty() async throws {
    #expect(try await call([], coding: "gzip").0.body.isEmpty)
  }

  @Test(
    "a request is compressed where that was asked for and saves something",
    arguments: [ContentCoding.gzip, .deflate])
  func compressed(coding: ContentCoding) async throws {
    let long = Array(String(repeating: "<row>1</row>", count: 100).utf8)
    try await ScriptedServer.run { _, _ in
      .ok()
    } _: { server, port async throws in
      var options = HTTPTransport.Options()
      options.compression = coding
      try await withHTTPTransport("http://127.0.0.1:\(port)/", options: options) { transport in
        for body in [long, Array("<a/>".utf8)] {
          _ = try await transport.exchange(WireRequest(body: body), timeout: .seconds(60))
        }
      }
      let (first, second) = (server.requests[0], server.requests[1])
      #expect(first.field("Content-Encoding") == coding.rawValue)
      #expect(first.field("Content-Length") == "\(first.body.count)" && first.body.count < 100)
      // RFC 1952 §2.3.1, RFC 1950 §2.2.
      #expect(first.body[0] == (coding == .gzip ? 0x1F : 0x78))
      #expect(
        try coding.decoded(first.body, limit: InflationLimit(bytes: 1 << 20)) == long)
      #expect(second.field("Content-Encoding") == nil && second.body == Array("<a/>".utf8))
    }
  }

  @Test("a mock takes what a client compresses")
  func bothSides() async throws {
    let long = Array(String(repeating: "<row>1</row>", count: 100).utf8)
    try await HTTPServer(.echo()).whileRunning { server in
      var options = HTTPTransport.Options()
      options.compression = .gzip
      try await withHTTPTransport("http://127.0.0.1:\(server.port)/", options: options) {
        let response = try await $0.exchange(WireRequest(body: long), timeout: .seconds(60))
        #expect(response.body == long)
      }
    }
  }

  // MARK: - The mock

  private func post(
    _ body: [UInt8], coding: String, limit: Int? = nil, chunked: Bool = false
  ) async throws -> String {
    var limits = HTTPServerLimits()
    // On a busy machine a client may be slow, and is not what is tested here.
    limits.headTime = .seconds(60)
    if let limit { limits.bodyBytes = limit }
    return try await HTTPServer(.echo(), limits: limits).whileRunning { server in
      var connection = try await RawConnection(to: server.port)
      var head =
        "POST / HTTP/1.1\r\nHost: h\r\nConnection: close\r\nContent-Encoding: \(coding)\r\n"
      if chunked {
        head += "Transfer-Encoding: chunked\r\n\r\n"
        let half = body.count / 2
        try await connection.send(head + String(half, radix: 16) + "\r\n")
        try await connection.send(Array(body[..<half]))
        try await connection.send("\r\n" + String(body.count - half, radix: 16) + "\r\n")
        try await connection.send(body[half...] + Array("\r\n0\r\n\r\n".utf8))
      } else {
        try await connection.send(head + "Content-Length: \(body.count)\r\n\r\n")
        try await connection.send(body)
      }
      return await connection.readToEnd()
    }
  }

  @Test(
    "a mock reads compressed requests, by length and in chunks",
    arguments: [(gzip, "gzip"), (zlib, "deflate"), (raw, "Deflate")], [false, true])
  func requests(_ row: (String, String), chunked: Bool) async throws {
    let answer = try await post(try bytes(row.0), coding: row.1, chunked: chunked)
    #expect(answer.hasPrefix("HTTP/1.1 200"))
    #expect(answer.hasSuffix("\r\n\r\n" + Self.text))
    #expect(answer.contains("Content-Length: \(Self.text.utf8.count)"))
  }

  @Test("a mock refuses bombs, broken bodies and codings it does not know")
  func refusedRequests() async throws {
    let member = try bytes(Self.zeros)
    let bomb = Array(repeatElement(member, count: 20).joined())
    let answer = try await post(bomb, coding: "gzip")
    #expect(answer.hasPrefix("HTTP/1.1 413"), "\(answer)")
    #expect(
      try await post(try bytes(Self.gzip), coding: "gzip", limit: 100).hasPrefix("HTTP/1.1 413"))
    #expect(try await post([1, 2, 3], coding: "gzip").hasPrefix("HTTP/1.1 400"))
    let unknown = try await post([1], coding: "br")
    #expect(unknown.hasPrefix("HTTP/1.1 415") && unknown.contains("Accept-Encoding: gzip, deflate"))
    #expect(try await post([1], coding: "gzip, gzip").hasPrefix("HTTP/1.1 415"))
  }
}
