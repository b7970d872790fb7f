import NIOCore
import Testing
import TrestleCore

@testable import TrestleNet

@Suite struct HTTPRequestParserTests {
  /// What a stream of bytes comes to: requests, and the refusal that ends it.
  private struct Outcome: Equatable {
    var requests: [HTTPRequestParser.Request] = []
    var refusal: HTTPRefusal?
  }

  /// Feeds a stream in pieces, and takes requests after each.
  private func parse(
    _ pieces: [ArraySlice<UInt8>], limits: HTTPServerLimits = HTTPServerLimits()
  ) -> Outcome {
    var parser = HTTPRequestParser(limits: limits)
    var outcome = Outcome()
    for piece in pieces {
      parser.append(ByteBuffer(bytes: piece))
      do throws(HTTPRefusal) {
        while let request = try parser.next() { outcome.requests.append(request) }
      } catch {
        outcome.refusal = error
        return outcome
      }
    }
    return outcome
  }

  private func parse(_ text: String, limits: HTTPServerLimits = HTTPServerLimits()) -> Outcome {
    parse([Array(text.utf8)[...]], limits: limits)
  }

  private static let streams = [
    "POST /a HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\n\r\nhello",
    "POST / HTTP/1.1\nHost: x\nContent-Length: 2\n\nhi",
    "GET /?a=b HTTP/1.1\r\nHost:x:80 \t\r\n\r\nPOST / HTTP/1.0\r\nContent-Length:1\r\n\r\nz",
    "POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n"
      + "3;a=b\r\nabc\r\n00A \r\n0123456789\r\n0\r\nX: y\r\n\r\nGET / HTTP/1.1\r\nHost: y\r\n\r\n",
    "\r\n\r\nPOST / HTTP/1.1\r\nHost: x\r\nConnection: foo, Close\r\n\r\n",
    "POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabcd\r\n",
    "POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n3\nabc\r\n0\r\n\r\n",
    "POST / HTTP/1.1\r\nHost: x\r\nX : y\r\n\r\n",
    "not HTTP at all\r\n",
    "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\n\r\nabcPOST",
  ]

  @Test("requests are the same however the bytes were split", arguments: streams)
  func splits(stream: String) {
    let bytes = Array(stream.utf8)
    let whole = parse([bytes[...]])
    #expect(!whole.requests.isEmpty || whole.refusal != nil)
    #expect(parse(bytes.indices.map { bytes[$0...$0] }) == whole)
    for position in bytes.indices.dropFirst() {
      #expect(parse([bytes[..<position], bytes[position...]]) == whole)
    }
  }

  @Test("method, target, fields and body come through as sent")
  func fields() throws {
    let text =
      "PUT /a%20b?c HTTP/1.1\r\nHost: h\r\nA: 1\r\na:\t2 \r\nB:\r\nC: \u{FC} x\r\n"
      + "Content-Length: 3\r\n\r\nxyz"
    let request = try #require(parse(text).requests.first)
    #expect(request.head.method == "PUT" && request.head.target == "/a%20b?c")
    #expect(
      request.head.headers
        == Headers([
          .init(name: "Host", value: "h"), .init(name: "A", value: "1"),
          .init(name: "a", value: "2"), .init(name: "B", value: ""),
          .init(name: "C", value: "\u{FC} x"), .init(name: "Content-Length", value: "3"),
        ]))
    #expect(request.body == Array("xyz".utf8) && !request.head.isLast)
  }

  @Test(
    "a connection lives on as its version and Connection field say",
    arguments: [
      ("1.1", "", false), ("1.1", "close", true), ("1.1", "Keep-Alive", false),
      ("1.1", "TE, CLOSE", true), ("1.1", "Upgrade, HTTP2-Settings", false), ("1.0", "", true),
      ("1.0", "keep-alive", false), ("1.0", "close", true),
    ])
  func connections(version: String, connection: String, isLast: Bool) throws {
    let request = parse("GET / HTTP/\(version)\r\nHost: x\r\nConnection: \(connection)\r\n\r\n")
    #expect(try #require(request.requests.first).head.isLast == isLast)
  }

  @Test(
    "an absolute target is read as its path",
    arguments: [
      ("http://h/a?b", "/a?b"), ("HTTP://h", "/"), ("https://h?x", "/?x"), ("*", "*"),
      ("h:1", "h:1"),
    ])
  func targets(target: String, path: String) throws {
    let request = parse("GET \(target) HTTP/1.1\r\nHost: x\r\n\r\n")
    #expect(try #require(request.requests.first).head.target == path)
  }

  @Test(
    "what could be read in two ways is refused",
    arguments: [
      ("POST  / HTTP/1.1", 400), ("POST /  HTTP/1.1", 400), ("POST / HTTP/1.1 ", 400),
      ("POST / HTTP/1", 400), ("POST / http/1.1", 400), ("POST / HTTP/11.1", 400),
      ("POST /\u{1} HTTP/1.1", 400), ("POST", 400), ("POST /", 400), ("P(ST / HTTP/1.1", 400),
      ("POST / HTTP/9.9", 505), ("PRI * HTTP/2.0", 505),
      ("POST / HTTP/1.1\r\n folded: x", 400), ("POST / HTTP/1.1\r\nA: b\r\n c", 400),
      ("POST / HTTP/1.1\r\nA b: c", 400), ("POST / HTTP/1.1\r\nA : c", 400),
      ("POST / HTTP/1.1\r\n: c", 400), ("POST / HTTP/1.1\r\nA: b\0c", 400),
      ("POST / HTTP/1.1\r\nA: b\rc", 400), ("POST / HTTP/1.1\r\nA", 400),
      ("POST / HTTP/1.1\r\nContent-Length: +1", 400), ("POST / HTTP/1.1\r\nContent-Length:", 400),
      ("POST / HTTP/1.1\r\nContent-Length: 1, 1", 400),
      ("POST / HTTP/1.1\r\nContent-Length: 1\r\nContent-Length: 1", 400),
      ("POST / HTTP/1.1\r\nContent-Length: -1", 400),
      ("POST / HTTP/1.1\r\nContent-Length: 99999999999999999999999", 413),
      ("POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\nContent-Length: 1", 400),
      ("POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\nTransfer-Encoding: chunked", 501),
      ("POST / HTTP/1.1\r\nTransfer-Encoding: \u{B}chunked", 400),
      ("POST / HTTP/1.1\r\nTransfer-Encoding: identity", 501),
      ("POST / HTTP/1.0\r\nTransfer-Encoding: chunked", 400),
    ])
  func refuses(head: String, status: Int) {
    let outcome = parse(head + "\r\nHost: x\r\n\r\n")
    #expect(outcome.refusal?.status == status && outcome.requests.isEmpty)
  }

  @Test(
    "chunks that are not what they say are refused, before what they claim has come",
    arguments: [
      ("5\r\nhelloX\r\n", 400), ("0x5\r\n", 400), ("-1\r\n", 400), ("\r\n", 400), ("5 5\r\n", 400),
      ("5;\n", 400), ("5\n", 400), (";a\r\n", 400), ("ffffffffffffffff\r\n", 413),
      ("fffffffffffffffffffffffff\r\n", 413), ("B\r\n", 413), ("A\r\n0123456789\r\n1\r\n", 413),
      ("1;\(String(repeating: "a", count: 2000))", 400), ("0\r\nX: y\nZ: z\r\n\r\n", 400),
      ("0\r\n\(String(repeating: "X: y\r\n", count: 101))", 431),
    ])
  func refusesChunks(chunks: String, status: Int) {
    var limits = HTTPServerLimits()
    limits.bodyBytes = 10
    let outcome = parse(
      "POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n" + chunks, limits: limits)
    #expect(outcome.refusal?.status == status && outcome.requests.isEmpty)
  }

  @Test(
    "what is not HTTP is told before its header section ends",
    arguments: ["\u{16}\u{3}", "EHLO\r\n"])
  func tellsEarly(start: String) {
    #expect(parse(start).refusal?.status == 400)
  }

  @Test("progress tells where in a request the stream stands")
  func progress() throws {
    var parser = HTTPRequestParser(limits: HTTPServerLimits())
    #expect(parser.progress == .nothing)
    parser.append(ByteBuffer(string: "POST / HTTP/1.1\r\n"))
    #expect(try parser.next() == nil && parser.progress == .head)
    parser.append(
      ByteBuffer(string: "Host: x\r\nExpect: 100-continue\r\nContent-Length: 4\r\n\r\n"))
    #expect(try parser.next() == nil && parser.progress == .body(received: 0))
    #expect(parser.expectsContinue)
    parser.append(ByteBuffer(string: "abc"))
    #expect(try parser.next() == nil && parser.progress == .body(received: 3))
    #expect(!parser.expectsContinue)
    parser.append(ByteBuffer(string: "dP"))
    #expect(try parser.next()?.body == Array("abcd".utf8))
    #expect(parser.progress == .head && parser.unread == 1)
  }

  @Test("a long stream of requests, each with a bit of the next, keeps the buffer small")
  func staysSmall() throws {
    let request = Array("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\n".utf8)
    let unit = request + [UInt8](repeating: 97, count: 100)
    let stream = [[UInt8]](repeating: unit, count: 50).flatMap { $0 }
    var parser = HTTPRequestParser(limits: HTTPServerLimits())
    var count = 0
    for start in stride(from: 0, to: stream.count, by: 61) {
      parser.append(ByteBuffer(bytes: stream[start..<min(start + 61, stream.count)]))
      while let request = try parser.next() {
        #expect(request.body.count == 100)
        count += 1
      }
      #expect(parser.unread < 62 + request.count)
    }
    #expect(count == 50)
  }

  @Test("random damage to a request never traps")
  func damage() {
    var random = SplitMix(seed: 7)
    let base = Array(Self.streams.joined().utf8)
    for _ in 0..<2000 {
      var bytes = base
      for _ in 0..<Int.random(in: 1...8, using: &random) {
        let position = Int.random(in: 0..<bytes.count, using: &random)
        switch Int.random(in: 0..<3, using: &random) {
        case 0: bytes[position] = UInt8.random(in: 0...255, using: &random)
        case 1: bytes.remove(at: position)
        default: bytes.insert(UInt8.random(in: 0...255, using: &random), at: position)
        }
      }
      let split = Int.random(in: 1..<bytes.count, using: &random)
      #expect(parse([bytes[..<split], bytes[split...]]) == parse([bytes[...]]))
    }
  }

  /// A repeatable source of random numbers.
  private struct SplitMix: RandomNumberGenerator {
    var seed: UInt64

    mutating func next() -> UInt64 {
      seed &+= 0x9E37_79B9_7F4A_7C15
      var mixed = seed
      mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
      mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
      return mixed ^ (mixed >> 31)
    }
  }
}
