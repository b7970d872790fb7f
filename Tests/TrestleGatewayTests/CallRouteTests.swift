import Testing
import Trestle

@testable import TrestleGateway

@Suite("Calls over HTTP", .timeLimit(.minutes(3)))
struct CallRouteTests {
  @Test("logs of every protocol are queried by system, operation, fields and outcome")
  func queries() async throws {
    try await SteeredMocks.run { steered in
      let client = steered.client
      try await steered.callAll()
      _ = try? await steered.call("claims", "GetClaim", ["id": "X-1"])
      // What has just been answered is in the list.
      let all = try await client.get("/v1/calls")
      let calls = all.value["calls"]?.arrayValue ?? []
      #expect(calls.map { $0["system"] } == ["claims", "boiler", "orders", "claims"])
      #expect(calls.map { $0["outcome"] } == ["fault", "ok", "ok", "ok"])
      #expect(all.value["next"] == .null)
      #expect(calls.allSatisfy { $0["request"] == nil && $0["response"] == nil })
      func systems(_ query: String) async throws -> [Value?] {
        let answer = try await client.get("/v1/calls?\(query)")
        return (answer.value["calls"]?.arrayValue ?? []).map { $0["system"] }
      }
      #expect(try await systems("system=orders") == ["orders"])
      #expect(try await systems("operation=GetClaim&where=id%3DC-7") == ["claims"])
      #expect(try await systems("where=sku=A-1&where=amount=2") == ["orders"])
      #expect(try await systems("where=sku=A-1&where=amount=3") == [])
      #expect(try await systems("outcome=fault&outcome=unmatched") == ["claims"])
      #expect(try await systems("origin=unknown+claim") == ["claims"])
      #expect(try await systems("text=T1") == ["boiler"])
      #expect(try await systems("since=5m").count == 4)
      #expect(try await systems("until=5m") == [])
      let bodies = try await client.get("/v1/calls?system=boiler&bodies=true")
      #expect(
        bodies.value["calls"]?[0]?["request"]?["text"] == "CMD=READ;ID=T1")
    }
  }

  @Test(
    "a system or operation that is not there is told, with the nearest",
    arguments: ["", "/analysis", "/export"])
  func unknownNames(route: String) async throws {
    try await SteeredMocks.run { steered in
      try await steered.callAll()
      for (query, words) in [
        ("system=order", "did you mean \"orders\"?"), ("system=", "there is no system"),
        ("system=orders&operation=plaec", "did you mean \"place\"?"),
      ] {
        let answer = try await steered.client.get("/v1/calls\(route)?\(query)")
        #expect(answer.status == 422)
        #expect(answer.message.contains(words), "\(answer.message)")
      }
      #expect(try await steered.client.get("/v1/calls\(route)?operation=place").status == 200)
    }
  }

  @Test("long lists come a page at a time, each call once")
  func pages() async throws {
    try await SteeredMocks.run { steered in
      for _ in 0..<7 { _ = try await steered.call("orders", "count") }
      var seen: [Value] = []
      var target = "/v1/calls?limit=3"
      var pages = 0
      while pages < 10 {
        let page = try await steered.client.get(target)
        seen += (page.value["calls"]?.arrayValue ?? []).compactMap { $0["id"] }
        pages += 1
        guard let next = page.value["next"]?.integerValue else { break }
        target = "/v1/calls?limit=3&before=\(next)"
      }
      #expect(pages == 3)
      #expect(seen.count == 7)
      #expect(Set(seen).count == 7)
      let newer = try await steered.client.get("/v1/calls?after=\(seen[2])")
      #expect(newer.value["calls"]?.arrayValue?.count == 2)
    }
  }

  @Test("one call is told with the messages of both sides")
  func single() async throws {
    try await SteeredMocks.run { steered in
      try await steered.callAll()
      let listed = try await steered.client.get("/v1/calls?system=claims")
      let id = try #require(listed.value["calls"]?[0]?["id"]?.integerValue)
      let call = try await steered.client.get("/v1/calls/\(id)")
      #expect(call.value["request"]?["method"] == "POST")
      #expect(call.value["request"]?["text"]?.stringValue?.contains("C-7") == true)
      #expect(call.value["response"]?["text"]?.stringValue?.contains("open") == true)
      #expect(try await steered.client.get("/v1/calls/999999").status == 404)
      for text in ["x", "0", "-1", "99999999999999999999"] {
        #expect(try await steered.client.get("/v1/calls/\(text)").status == 400)
      }
    }
  }

  @Test("logs of every protocol are analysed")
  func analysis() async throws {
    try await SteeredMocks.run { steered in
      try await steered.callAll()
      let answer = try await steered.client.get("/v1/calls/analysis")
      #expect(answer.value["total"] == 3)
      #expect(answer.value["systems"] == ["boiler": 1, "claims": 1, "orders": 1])
      #expect(answer.value["insights"]?[0] == "All 3 calls were answered with a value.")
      let one = try await steered.client.get("/v1/calls/analysis?system=boiler")
      #expect(one.value["operations"] == ["boiler read": 1])
      let none = try await steered.client.get("/v1/calls/analysis?text=nowhere")
      #expect(none.value["insights"] == ["There are no such calls."])
    }
  }

  @Test("calls are exported as HAR and as JSON lines, however many", arguments: [0, 200, 201])
  func export(count: Int) async throws {
    try await SteeredMocks.run { steered in
      for _ in 0..<count { _ = try await steered.call("orders", "count") }
      let har = try await steered.client.get("/v1/calls/export?format=har&system=orders")
      #expect(har.value["log"]?["version"] == "1.2")
      let entries = har.value["log"]?["entries"]?.arrayValue ?? []
      #expect(entries.count == count)
      let ids = entries.compactMap { $0["_id"]?.integerValue }
      #expect(ids == ids.sorted() && Set(ids).count == count)
      let lines = try await steered.client.get("/v1/calls/export?format=jsonl&system=orders")
      #expect(lines.raw["content-type"] == "application/jsonl")
      let texts = String(decoding: lines.raw.body, as: UTF8.self).split(separator: "\n")
      #expect(texts.count == count)
      for text in texts.prefix(3) {
        let call = try JSONParser.parse(String(text))
        #expect(call["request"]?["text"] != nil)
      }
    }
  }
}
