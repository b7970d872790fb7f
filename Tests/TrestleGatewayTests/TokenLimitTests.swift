import Testing
import Trestle

@testable import TrestleGateway

@Suite("Limits of tokens", .timeLimit(.minutes(3)))
struct TokenLimitTests {
  @Test("a rate is a number in a second, minute or hour, with a burst")
  func readsRates() throws {
    let rate = try #require(TokenLimits.Rate("600/min"))
    #expect(rate.perSecond == 10)
    #expect(rate.burst == 10)
    #expect(TokenLimits.Rate("1/h")?.burst == 1)
    #expect(TokenLimits.Rate("1/s", burst: 7)?.burst == 7)
    for text in ["", "5", "5/", "/s", "0/s", "-1/s", "5/day", "5/s/s", "1e9/s", "5 / s"] {
      #expect(TokenLimits.Rate(text) == nil, "\(text)")
    }
  }

  @Test(
    "the burst is had at once, then one for each part of a second, and no more after a long pause")
  func bucket() throws {
    let start = ContinuousClock.now
    let meter = TokenMeter(TokenLimits(rate: TokenLimits.Rate("4/s")), now: start)
    func goes(_ time: Duration) -> Bool {
      (try? meter.begin(now: start + time)) != nil
    }
    #expect((0..<6).map { _ in goes(.zero) } == [true, true, true, true, false, false])
    #expect(
      [goes(.milliseconds(249)), goes(.milliseconds(250)), goes(.milliseconds(499))] == [
        false, true, false,
      ])
    #expect(goes(.milliseconds(500)))
    #expect((0..<5).map { _ in goes(.seconds(3600)) } == [true, true, true, true, false])
  }

  @Test("who sends too much is told when to come again, in whole seconds")
  func tellsWhen() throws {
    let start = ContinuousClock.now
    let meter = TokenMeter(TokenLimits(rate: TokenLimits.Rate("6/min", burst: 1)), now: start)
    try meter.begin(now: start)
    let refusal = #expect(throws: APIError.self) { try meter.begin(now: start + .seconds(3)) }
    #expect(refusal?.status == 429)
    #expect(refusal?.fields == [HeaderField("Retry-After", "7")])
  }

  @Test("requests under way are counted until they end")
  func concurrency() throws {
    let meter = TokenMeter(TokenLimits(concurrent: 2))
    var first: Admission? = try Admission(meter)
    let second = try Admission(meter)
    #expect(throws: APIError.self) { try Admission(meter) }
    #expect(first != nil)
    first = nil
    let third = try Admission(meter)
    #expect(throws: APIError.self) { try Admission(meter) }
    withExtendedLifetime((second, third)) {}
  }

  @Test("a client over its rate is refused before its body is read, and others are not")
  func refusesByRate() async throws {
    let text = "limited-0123456789abcdef"
    var limited = ClientToken(name: "limited", token: try AccessToken(text), scopes: [.call])
    limited.limits.rate = TokenLimits.Rate("2/h", burst: 2)
    let options = GatewayOptions.onAnyPort { [limited] in $0.clients = [limited] }
    try await ServedGateway.run(options: options) { served in
      var client = served.client
      client.token = text
      // Refused for its scope: not counted.
      for _ in 0..<3 { #expect(try await client.get("/v1/mocks").status == 403) }
      for _ in 0..<2 { #expect(try await client.get("/v1/systems").status == 200) }
      // The body that is announced never comes.
      let head =
        "POST /v1/systems/forms/operations/Describe HTTP/1.1\r\nHost: 127.0.0.1\r\n"
        + "Authorization: Bearer \(text)\r\nContent-Type: application/json\r\nContent-Length: 9\r\n\r\n"
      let bytes = try await RawClient.exchange(Array(head.utf8), port: served.gateway.port)
      let answer = try #require(RawResponse(bytes))
      #expect(answer.status == 429)
      #expect(answer["retry-after"].flatMap { Int($0) }.map { (1000...1800).contains($0) } == true)
      #expect(try await served.client.get("/v1/systems").status == 200)
    }
  }

  @Test("a request that ends makes room for the next, on one connection and on others")
  func makesRoom() async throws {
    let text = "limited-0123456789abcdef"
    var limited = ClientToken(name: "limited", token: try AccessToken(text), scopes: [.admin])
    limited.limits.concurrent = 1
    let options = GatewayOptions.onAnyPort { [limited] in $0.clients = [limited] }
    try await ServedGateway.run(options: options) { served in
      let head =
        "GET /version HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer \(text)\r\n"
      let both = Array((head + "\r\n" + head + "Connection: close\r\n\r\n").utf8)
      let answers = String(
        decoding: try await RawClient.exchange(both, port: served.gateway.port), as: UTF8.self)
      #expect(answers.split(separator: "HTTP/1.1 200").count == 2, "\(answers)")
      #expect(!answers.contains("429"))
    }
  }
}
