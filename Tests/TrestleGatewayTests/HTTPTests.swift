import Testing
import Trestle
import TrestleNet

@testable import TrestleGateway

@Suite("HTTP of the admin API", .timeLimit(.minutes(3)))
struct HTTPTests {
  @Test("methods that a path does not have are told with those it has")
  func methods() async throws {
    try await SteeredMocks.run { steered in
      let client = steered.client
      let patch = try await client.send("PATCH", "/v1/mocks/claims/faults")
      #expect(patch.status == 405)
      #expect(patch.raw["allow"] == "GET, POST, DELETE, HEAD, OPTIONS")
      #expect(patch.error["code"] == "method_not_allowed")
      let options = try await client.send("OPTIONS", "/v1/mocks/claims/faults")
      #expect(options.status == 204)
      #expect(options.raw["allow"] == "GET, POST, DELETE, HEAD, OPTIONS")
      let get = try await client.get("/v1/mocks")
      let head = try await client.send("HEAD", "/v1/mocks")
      #expect(head.status == 200)
      #expect(head.raw.body.isEmpty)
      #expect(head.raw["content-length"] == get.raw["content-length"])
    }
  }

  @Test("a path that is none is told with the nearest one")
  func paths() async throws {
    try await SteeredMocks.run { steered in
      let near = try await steered.client.get("/v1/mock")
      #expect(near.status == 404)
      #expect(near.message == "there is nothing at /v1/mock; did you mean \"/v1/mocks\"?")
      let slash = try await steered.client.get("/v1/mocks/")
      #expect(slash.message == "there is nothing at /v1/mocks/; did you mean \"/v1/mocks\"?")
      for path in ["/", "//", "/v1/mocks/../../etc/passwd", "/v1/mocks/%2e%2e/x/y/z"] {
        #expect(try await steered.client.get(path).status == 404, "\(path)")
      }
    }
  }

  @Test("queries are held against what the route takes")
  func queries() async throws {
    try await SteeredMocks.run { steered in
      let unknown = try await steered.client.get("/v1/calls?sytem=claims")
      #expect(unknown.status == 400)
      #expect(
        unknown.message == "unknown query parameter \"sytem\"; did you mean \"system\"?")
      for query in [
        "limit=0", "limit=1001", "limit=x", "since=yesterday", "outcome=good", "system=a&system=b",
        "bodies=yes", "where=claims",
      ] {
        let answer = try await steered.client.get("/v1/calls?\(query)")
        #expect(answer.status == 400, "\(query)")
        #expect(answer.error["code"] == "unreadable", "\(query)")
      }
    }
  }

  @Test(
    "a body is JSON and said to be",
    arguments: [
      (nil, "{}", 415), ("text/plain", "{}", 415), ("application/x-www-form-urlencoded", "{}", 415),
      ("application/json; charset=utf-16", "{}", 415), ("application/json", "{", 400),
      ("application/json", "", 400), ("application/json", "{\"a\":1,}", 400),
      ("application/json", "\u{FEFF}{}", 400), ("application/json", "[]", 422),
      ("application/json; charset=UTF-8", "{\"status\":503}", 200),
      ("Application/JSON", "{\"status\":503}", 200),
    ])
  func bodies(type: String?, body: String, status: Int) async throws {
    try await SteeredMocks.run { steered in
      let lines =
        ["POST /v1/mocks/claims/faults HTTP/1.1", "Host: localhost", "Connection: close"]
        + (type.map { ["Content-Type: \($0)"] } ?? []) + ["Content-Length: \(body.utf8.count)"]
      let bytes = Array((lines.map { $0 + "\r\n" }.joined() + "\r\n" + body).utf8)
      let answer = try await steered.client.send(
        bytes, as: ("POST", "/v1/mocks/claims/faults"))
      #expect(answer.status == status)
      let faults = try await steered.client.get("/v1/mocks/claims/faults")
      #expect(faults.value["faults"]?.arrayValue?.count == (status == 200 ? 1 : 0))
    }
  }

  @Test("JSON that nests too deep is refused with its place")
  func depth() async throws {
    try await SteeredMocks.run { steered in
      func nested(_ depth: Int) -> Value { (0..<depth).reduce(1) { inner, _ in [inner] } }
      let path = "/v1/mocks/claims/store/x"
      #expect(try await steered.client.put(path, nested(64)).status == 200)
      let deep = try await steered.client.put(path, nested(65))
      #expect(deep.status == 400)
      #expect(
        deep.message == "the body is no JSON: line 1, column 65: nested deeper than 64")
    }
  }

  @Test("a body may be as large as its route says, said before or not")
  func sizes() async throws {
    try await SteeredMocks.run { steered in
      let client = steered.client
      let small = Value.object([
        "status": 503, "body": .string(String(repeating: "x", count: 70_000)),
      ])
      let large = try await client.post("/v1/mocks/claims/faults", small)
      #expect(large.status == 413)
      #expect(large.error["code"] == "too_large")
      #expect(large.raw["connection"] == "close")
      let head =
        "PUT /v1/mocks/claims/responses/GetClaim HTTP/1.1\r\nHost: localhost\r\n"
        + "Content-Type: application/json\r\n"
      // It is refused by what it says, before a byte of it was sent.
      let claimed = try await client.send(Array((head + "Content-Length: 99999999\r\n\r\n").utf8))
      #expect(claimed.status == 413)
      let chunks = String(
        repeating: "4000\r\n\(String(repeating: "y", count: 16 << 10))\r\n", count: 5)
      let unsaid = try await client.send(
        Array(
          ("POST /v1/reset HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n"
            + chunks)
            .utf8))
      #expect(unsaid.status == 413)
    }
  }

  @Test("bodies may come in chunks, but claims of chunks that do not come are not waited for")
  func chunks() async throws {
    try await SteeredMocks.run { steered in
      let head =
        "PUT /v1/mocks/claims/store/k HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n"
        + "Content-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n"
      let whole = try await steered.client.send(
        Array((head + "1\r\n1\r\n2\r\n23\r\n0\r\n\r\n").utf8))
      #expect(whole.status == 200)
      #expect(try await steered.client.get("/v1/mocks/claims/store").value == ["store": ["k": 123]])
      let claimed = try await steered.client.send(Array((head + "fffffffff\r\n1").utf8))
      #expect(claimed.status == 408)
    }
  }

  @Test("several requests on one connection are answered in their order")
  func pipelined() async throws {
    try await SteeredMocks.run { steered in
      func request(_ path: String, _ more: String = "") -> String {
        "GET \(path) HTTP/1.1\r\nHost: localhost\r\n\(more)\r\n"
      }
      let text =
        request("/healthz") + request("/nothing") + request("/healthz", "Connection: close\r\n")
      let received = try await RawClient.exchange(
        Array((text + request("/healthz")).utf8), port: steered.admin.port)
      let all = String(decoding: received, as: UTF8.self)
      let statuses = all.matches(of: /HTTP\/1.1 ([0-9]+)/).map { String($0.1) }
      #expect(statuses == ["200", "404", "200"])
    }
  }

  private static let refusedTable: [String] = [
    "GET / HTTP/9.9\r\n\r\n", "nonsense\r\n\r\n",
    "GET /healthz HTTP/1.1\r\nHost: localhost\r\nBad Name: x\r\n\r\n",
    "POST /v1/reset HTTP/1.1\r\nHost: localhost\r\nContent-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\nGET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n",
    "POST /v1/reset HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\nGET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n",
    "POST /v1/reset HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
    "POST /v1/reset HTTP/1.1\r\nHost: localhost\r\nContent-Encoding: gzip\r\nContent-Length: 2\r\n\r\n{}",
  ]

  @Test("what is no request is refused, once, and the connection closed")
  func refused() async throws {
    // One set of mocks for all: starting them takes longer than asking.
    try await SteeredMocks.run { steered in
      for text in Self.refusedTable {
        let received = try await RawClient.exchange(Array(text.utf8), port: steered.admin.port)
        let all = String(decoding: received, as: UTF8.self)
        #expect(all.ranges(of: "HTTP/1.1 ").count == 1, "\(all)")
        let answer = try #require(RawResponse(received))
        #expect(answer.status >= 400)
        #expect(answer["connection"] == "close")
        let value = try JSONParser.parse(answer.body)
        #expect(value["error"]?["message"] != nil)
      }
    }
  }

  private static let bodilessTable: [(line: String, status: Int)] = [
    ("GET /v1/mocks", 400), ("HEAD /v1/mocks", 400), ("OPTIONS /v1/mocks", 400),
    ("POST /v1/mocks", 405), ("GET /v1/none", 404), ("POST /v1/none", 404),
    ("DELETE /v1/calls", 405),
  ]

  @Test("a body that nothing takes is not waited for, and ends the connection")
  func bodiless() async throws {
    try await SteeredMocks.run { steered in
      for (line, status) in Self.bodilessTable {
        for length in ["Content-Length: 9", "Transfer-Encoding: chunked"] {
          // None of it comes.
          let head = "\(line) HTTP/1.1\r\nHost: localhost\r\n\(length)\r\n\r\n"
          let start = ContinuousClock.now
          let received = try await RawClient.exchange(Array(head.utf8), port: steered.admin.port)
          let answer = RawResponse(received)
          #expect(answer?.status == status, "\(line), \(length)")
          #expect(answer?["connection"] == "close", "\(line)")
          #expect(ContinuousClock.now - start < .seconds(4), "\(line)")
        }
      }
    }
  }

  @Test(
    "a client that is too slow is told so, or dropped",
    arguments: [
      ("head", "GET /healthz HTTP/1.1\r\n", nil),
      (
        "body",
        "POST /v1/reset HTTP/1.1\r\nHost: localhost\r\nContent-Length: 9\r\n\r\n{", 408
      ),
      ("idle", "GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n", 200),
    ] as [(String, String, Int?)])
  func slow(
    time: String, text: String, status: Int?
  ) async throws {
    var limits = ServerLimits()
    switch time {
    case "head": limits.http.headTime = .milliseconds(50)
    case "body": limits.http.bodyTime = .milliseconds(50)
    default: limits.http.idleTime = .milliseconds(50)
    }
    let impatient = limits
    try await SteeredMocks.run { steered in
      let admin = try await AdminServer(steered.mocks, limits: impatient).start()
      // One that is dropped may see the connection reset.
      let received = (try? await RawClient.exchange(Array(text.utf8), port: admin.port)) ?? []
      #expect(RawResponse(received)?.status == status)
      await admin.stop()
    }
  }

  @Test("one who asks to go on is told to before the body")
  func expectations() async throws {
    try await SteeredMocks.run { steered in
      let head =
        "PUT /v1/mocks/claims/store/k HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nConnection: close\r\n"
      let going = try await RawClient.exchange(
        Array((head + "Content-Length: 1\r\nExpect: 100-continue\r\n\r\n1").utf8),
        port: steered.admin.port)
      let text = String(decoding: going, as: UTF8.self)
      #expect(text.hasPrefix("HTTP/1.1 100 Continue\r\n"))
      #expect(text.contains("HTTP/1.1 200 OK"))
      let large = try await RawClient.exchange(
        Array((head + "Content-Length: 10000000000\r\nExpect: 100-continue\r\n\r\n").utf8),
        port: steered.admin.port)
      #expect(RawResponse(large)?.status == 413)
    }
  }

  @Test("it stops while clients are connected, within its time")
  func stops() async throws {
    try await SteeredMocks.run { steered in
      var limits = ServerLimits()
      limits.stopTime = .milliseconds(300)
      let admin = try await AdminServer(steered.mocks, limits: limits).start()
      async let waiting = RawClient.exchange(
        Array("POST /v1/reset HTTP/1.1\r\nHost: localhost\r\nContent-Length: 9\r\n\r\n{".utf8),
        port: admin.port)
      let client = try await AdminClient(port: admin.port)
      let start = ContinuousClock.now
      await admin.stop()
      _ = try? await waiting
      #expect(ContinuousClock.now - start < .seconds(5))
      await #expect(throws: (any Error).self) { try await client.get("/healthz") }
    }
  }

  @Test("a port that is taken is told with its number")
  func busy() async throws {
    try await SteeredMocks.run { steered in
      let port = steered.admin.port
      let error = await #expect(throws: MockError.self) {
        try await AdminServer(steered.mocks, options: .init(port: port)).start()
      }
      #expect(error?.port == port)
      #expect(
        error?.reason == "the admin API cannot listen: port \(port) on 127.0.0.1 is in use")
    }
  }
}
