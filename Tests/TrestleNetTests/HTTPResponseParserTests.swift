import NIOCore
import Testing
import TrestleCore

@testable import TrestleNet

@Suite struct HTTPResponseParserTests {
  /// What a stream of bytes comes to: a response and how much is left after it, or why there is none.
  private struct Outcome: Equatable {
    var response: HTTPResponseParser.Response?
    var unread = 0
    var error: HTTPFramingError?
  }

  private static let limits = HTTPMessageLimits(
    headBytes: 400, fieldBytes: 200, fields: 8, bodyBytes: 100)

  /// Feeds a stream in pieces, and its end after them.
  private func parse(_ pieces: [ArraySlice<UInt8>], method: String = "POST") -> Outcome {
    var parser = HTTPResponseParser(answering: method, limits: Self.limits)
    var outcome = Outcome()
    do throws(HTTPFramingError) {
      for piece in pieces {
        parser.append(ByteBuffer(bytes: piece))
        if outcome.response == nil { outcome.response = try parser.next() }
      }
      outcome.unread = parser.unread
      if outcome.response == nil { outcome.response = parser.end() }
    } catch {
      outcome.error = error
    }
    return outcome
  }

  private func parse(_ text: String, method: String = "POST") -> Outcome {
    parse([Array(text.utf8)[...]], method: method)
  }

  private static let streams = [
    "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello",
    "HTTP/1.1 200\nContent-Length:2 \t\n\nhi",
    "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3;a=b\r\nabc\r\n00A \r\n0123456789\r\n0\r\nX: y\r\n\r\n",
    "HTTP/1.0 200 OK\r\nX: y\r\n\r\nto the end",
    "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early\r\nA: b\r\n\r\nHTTP/1.1 201 Made\r\nContent-Length: 0\r\n\r\n",
    "HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\nabc",
    "HTTP/1.1 200 OK\r\nA: b\r\n\t c\r\nContent-Length: 0\r\n\r\n",
    "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabcd\r\n",
    "HTTP/1.1 200 OK\r\nX : y\r\n\r\n",
    "220 mail.example ESMTP ready\r\n",
  ]

  @Test("the response is the same however the bytes were split", arguments: streams)
  func splits(stream: String) {
    let bytes = Array(stream.utf8)
    let whole = parse([bytes[...]])
    #expect(whole.response != nil || whole.error != nil)
    #expect(parse(bytes.indices.map { bytes[$0...$0] }) == whole)
    for position in bytes.indices.dropFirst() {
      #expect(parse([bytes[..<position], bytes[position...]]) == whole)
    }
  }

  @Test("status, fields and body come through as sent, folded fields as one")
  func fields() throws {
    let outcome = parse(
      "HTTP/1.1 404 Not here\r\nA: 1\r\na:\t2 \r\nB:\r\nC: \u{FC}\r\n  folded\r\nContent-Length: 3\r\n\r\nxyz"
    )
    let response = try #require(outcome.response)
    #expect(response.head.status == 404 && response.body == Array("xyz".utf8))
    #expect(
      response.head.headers
        == Headers([
          .init(name: "A", value: "1"), .init(name: "a", value: "2"), .init(name: "B", value: ""),
          .init(name: "C", value: "\u{FC} folded"), .init(name: "Content-Length", value: "3"),
        ]))
  }

  @Test(
    "a connection lives on as version, length and Connection field say",
    arguments: [
      ("1.1", "Content-Length: 0", true), ("1.1", "Content-Length: 0\r\nConnection: Close", false),
      ("1.1", "Content-Length: 0\r\nConnection: TE , close", false), ("1.1", "X: y", false),
      ("1.0", "Content-Length: 0", false),
      ("1.0", "Content-Length: 0\r\nConnection: Keep-Alive", true),
      ("1.1", "Transfer-Encoding: identity\r\nContent-Length: 0", true),
    ])
  func connections(version: String, fields: String, isKept: Bool) throws {
    let outcome = parse("HTTP/\(version) 200 OK\r\n\(fields)\r\n\r\n")
    #expect(try #require(outcome.response).head.keepsConnection == isKept)
  }

  @Test(
    "some answers have no body, whatever their fields say",
    arguments: [("HEAD", 200), ("POST", 204), ("GET", 304)])
  func noBody(method: String, status: Int) throws {
    let outcome = parse(
      "HTTP/1.1 \(status) X\r\nContent-Length: 5\r\n\r\n", method: method)
    let response = try #require(outcome.response)
    #expect(response.body.isEmpty && response.head.keepsConnection)
  }

  @Test(
    "what could be read in two ways, or is no HTTP, is refused",
    arguments: [
      "HTTP/2 200 OK\r\n\r\n", "HTTP/1.1 20 OK\r\n\r\n", "HTTP/1.1 2000 OK\r\n\r\n",
      "HTTP/1.1 abc OK\r\n\r\n", "HTTP/1.1  200 OK\r\n\r\n", "HTTP/1.1 099 X\r\n\r\n",
      "http/1.1 200 OK\r\n\r\n", "\r\nHTTP/1.1 200 OK\r\n\r\n", "<html>",
    ])
  func noHTTP(text: String) {
    #expect(parse(text).error == .notHTTP)
  }

  @Test(
    "fields that say two things are refused, with what is wrong",
    arguments: [
      ("Content-Length: 1\r\nTransfer-Encoding: chunked", "exclude each other"),
      ("Content-Length: 1\r\nContent-Length: 1", "at most one Content-Length"),
      ("Content-Length: 1, 1", "at most one Content-Length"),
      ("Content-Length: +1", "at most one Content-Length"),
      ("Content-Length: -1", "at most one Content-Length"),
      ("Content-Length:", "at most one Content-Length"),
      ("Transfer-Encoding: gzip, chunked", "the only transfer coding"),
      ("Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked", "the only transfer coding"),
      ("A b: c", "not a name"), ("A : c", "not a name"), (": c", "not a name"), ("A", "not a name"),
      (" folded before any", "not a name"), ("A: b\0c", "control character"),
      ("A: b\rc", "control character"),
    ])
  func ambiguous(fields: String, clause: String) {
    let error = parse("HTTP/1.1 200 OK\r\n\(fields)\r\n\r\n").error
    guard case .malformed(let text) = error else {
      Issue.record("expected a malformed message, found \(String(describing: error))")
      return
    }
    #expect(text.contains(clause))
  }

  @Test("another protocol, which nobody asked for, is refused")
  func switching() {
    let error = parse("HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\n\r\n").error
    #expect(error == .malformed("it switches to another protocol"))
  }

  @Test(
    "chunks that are not what they say are refused",
    arguments: [
      "3\r\nabcd\r\n", "3\nabc\r\n0\r\n\r\n", "\r\n", "x\r\n", "-1\r\n", "0x3\r\nabc\r\n",
      "3 4\r\nabc\r\n", "3\r\nabc0\r\n\r\n", "3;\u{1}\r\nabc\r\n",
    ])
  func chunks(body: String) {
    let error = parse("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n" + body).error
    guard case .malformed = error else {
      Issue.record("expected a malformed message, found \(String(describing: error))")
      return
    }
  }

  @Test(
    "what is larger than allowed is refused from its size alone",
    arguments: [
      "Content-Length: 101\r\n\r\n", "Content-Length: 99999999999999999999999\r\n\r\n",
      "Transfer-Encoding: chunked\r\n\r\n65\r\n",
      "Transfer-Encoding: chunked\r\n\r\nffffffffffffffff\r\n",
      "Transfer-Encoding: chunked\r\n\r\n1\r\na\r\n64\r\n",
      "X: y\r\n\r\n" + String(repeating: "a", count: 101),
    ])
  func tooLarge(rest: String) {
    #expect(parse("HTTP/1.1 200 OK\r\n" + rest).error == .bodyTooLarge)
  }

  @Test(
    "a header section has its limits, trailers too",
    arguments: [
      String(repeating: "A: b\r\n", count: 9), "A: " + String(repeating: "b", count: 200) + "\r\n",
      String(repeating: "A: " + String(repeating: "b", count: 100) + "\r\n", count: 4),
      "A: " + String(repeating: "b", count: 500),
      "Transfer-Encoding: chunked\r\n\r\n0\r\n" + String(repeating: "A: b\r\n", count: 9),
    ])
  func heads(fields: String) {
    #expect(parse("HTTP/1.1 200 OK\r\n\(fields)\r\n").error == .headTooLarge)
  }

  @Test("the announcements that an answer comes are counted")
  func interim() {
    let many = String(repeating: "HTTP/1.1 100 Continue\r\n\r\n", count: 33)
    guard case .malformed = parse(many).error else {
      Issue.record("expected a refusal")
      return
    }
  }

  @Test("damaged streams end in a response or a refusal, never in a trap")
  func damaged() {
    var generator = SystemRandomNumberGenerator()
    for stream in Self.streams {
      for _ in 0..<200 {
        var bytes = Array(stream.utf8)
        for _ in 0..<Int.random(in: 1...4, using: &generator) {
          bytes[Int.random(in: bytes.indices, using: &generator)] = .random(in: 0...255)
        }
        let whole = parse([bytes[...]])
        let middle = bytes.count / 2
        #expect(parse([bytes[..<middle], bytes[middle...]]) == whole, "\(bytes)")
      }
    }
  }
}
