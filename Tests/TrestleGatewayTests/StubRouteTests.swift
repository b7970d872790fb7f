import Testing
import Trestle

@testable import TrestleGateway

@Suite("Stubs and responses over HTTP", .timeLimit(.minutes(3)))
struct StubRouteTests {
  /// What each protocol's operation answers in place of what its file says.
  private static func other(_ system: String, _ number: Int) -> Value {
    switch system {
    case "claims": ["status": .string("closed \(number)")]
    case "orders": .string("other \(number)")
    default: ["value": .string("\(number).5"), "unit": "F"]
    }
  }

  @Test(
    "an updated response is what the next call gets, and updating it again changes nothing",
    arguments: SteeredMocks.calls.map(\.system))
  func updateResponse(system: String) async throws {
    try await SteeredMocks.run { steered in
      let client = steered.client
      let call = try #require(SteeredMocks.calls.first { $0.system == system })
      func answer() async throws -> Value {
        try await steered.call(call.system, call.operation, call.parameters)
      }
      let path = "/v1/mocks/\(system)/responses/\(call.operation)"
      let (one, two) = (Self.other(system, 1), Self.other(system, 2))
      let first = try await client.put(path, one)
      #expect(first.status == 200)
      #expect(first.value["previous"] != .null)
      #expect(try await answer() == one)
      let stubs = try await client.get("/v1/mocks/\(system)/stubs?origin=live").value
      for _ in 0..<2 {
        #expect(try await client.put(path, one).value["previous"] == one)
        #expect(try await answer() == one)
      }
      let again = try await client.get("/v1/mocks/\(system)/stubs?origin=live").value
      #expect(again["stubs"]?.arrayValue?.count == stubs["stubs"]?.arrayValue?.count)
      #expect(try await client.put(path, two).value["previous"] == one)
      #expect(try await answer() == two)
      #expect(try await client.delete(path).value["previous"] == two)
      #expect(try await client.delete(path).value["previous"] == .null)
      #expect(try await answer() == call.reply)
    }
  }

  @Test("a response of an operation that is none is told, or odd where there is no contract")
  func unknownOperation() async throws {
    try await SteeredMocks.run { steered in
      let wrong = try await steered.client.put("/v1/mocks/orders/responses/plaec", "x")
      #expect(wrong.status == 404)
      #expect(wrong.message.hasSuffix("did you mean \"place\"?"))
      let open = try await steered.client.put("/v1/mocks/claims/responses/GetStatus", ["a": "1"])
      #expect(open.status == 200)
      #expect(open.value["warnings"]?.arrayValue?.count == 1)
      #expect(try await steered.call("claims", "GetStatus") == ["a": "1"])
    }
  }

  @Test(
    "stubs are set, found, replaced and taken away, on every protocol",
    arguments: SteeredMocks.calls.map(\.system))
  func stubs(system: String) async throws {
    try await SteeredMocks.run { steered in
      let client = steered.client
      let call = try #require(SteeredMocks.calls.first { $0.system == system })
      let path = "/v1/mocks/\(system)/stubs"
      func stub(_ number: Int) -> Value {
        [
          "id": "mine", "operation": .string(call.operation), "when": call.parameters,
          "reply": Self.other(system, number),
        ]
      }
      func answer() async throws -> Value {
        try await steered.call(call.system, call.operation, call.parameters)
      }
      #expect(try await client.post(path, stub(1)).value == ["ids": ["mine"], "warnings": []])
      #expect(try await answer() == Self.other(system, 1))
      #expect(
        try await client.put(path + "/mine", stub(2)).value == ["ids": ["mine"], "warnings": []])
      #expect(try await answer() == Self.other(system, 2))
      let found = try await client.get(path + "/mine")
      #expect(found.value["origin"] == "live")
      #expect(found.value["answered"] == 1)
      #expect(found.value["definition"]?["when"] == call.parameters)
      #expect(
        try await client.get(path + "?origin=live").value["stubs"]?.arrayValue?.count == 1)
      #expect(try await client.delete(path + "/mine").value["id"] == "mine")
      #expect(try await client.delete(path + "/mine").status == 404)
      #expect(try await answer() == call.reply)
      let many = try await client.post(
        path, [["operation": .string(call.operation), "reply": Self.other(system, 3)], stub(4)])
      #expect(many.value["ids"]?.arrayValue?.count == 2)
      #expect(try await client.delete(path).value == ["removed": 2])
    }
  }

  @Test("a stub of the file is listed with its line, and not taken away")
  func fileStubs() async throws {
    try await SteeredMocks.run { steered in
      let listed = try await steered.client.get("/v1/mocks/claims/stubs?operation=GetClaim")
      let stub = listed.value["stubs"]?[0]
      #expect(stub?["id"] == "unknown claim")
      #expect(stub?["origin"] == "file")
      #expect(stub?["place"] == "adapters/claims.yaml:6")
      let removed = try await steered.client.delete("/v1/mocks/claims/stubs/unknown%20claim")
      #expect(removed.status == 409)
      #expect(removed.error["code"] == "conflict")
      let near = try await steered.client.get("/v1/mocks/claims/stubs/unknown%20clam")
      #expect(near.status == 404)
      #expect(near.message.contains("did you mean \"unknown claim\"?"))
    }
  }

  @Test("a list with mistakes sets nothing, and tells all of them as JSON Pointers")
  func mistakes() async throws {
    try await SteeredMocks.run { steered in
      let answer = try await steered.client.post(
        "/v1/mocks/orders/stubs",
        [
          ["operation": "place", "reply": "fine"], ["operation": "place", "replly": "x"],
          ["operation": "plaec", "reply": "x"], 7,
          ["operation": "place", "when": ["amount": ["gtt": 5]], "reply": "x"],
        ])
      #expect(answer.status == 422)
      let errors = (answer.error["problems"]?.arrayValue ?? []).filter { $0["severity"] == "error" }
      let paths = errors.compactMap { $0["path"]?.stringValue }
      #expect(paths.contains("/1/replly"))
      #expect(paths.contains("/3"))
      #expect(answer.error["path"]?.stringValue?.hasPrefix("/") == true)
      let listed = try await steered.client.get("/v1/mocks/orders/stubs?origin=live")
      #expect(listed.value == ["stubs": []])
      let single = try await steered.client.post(
        "/v1/mocks/orders/stubs", ["operation": "place", "replly": "x"])
      #expect(single.status == 422)
      #expect(single.error["path"] == "/replly")
      // What only compiling finds.
      let compiled = try await steered.client.post(
        "/v1/mocks/orders/stubs",
        [["operation": "place", "reply": "x"], ["operation": "plaec", "reply": "x"]])
      #expect(compiled.status == 422)
      #expect(compiled.error["path"] == "/1/operation")
      #expect(
        try await steered.call("orders", "place", ["sku": "A-1", "amount": 2]) == "placed A-1")
    }
  }

  @Test("thousands of stubs are set as one request")
  func many() async throws {
    try await SteeredMocks.run { steered in
      let stubs = (0..<2_000).map { number -> Value in
        [
          "operation": "place", "when": ["sku": .string("S-\(number)")],
          "reply": .string("stub \(number)"),
        ]
      }
      let answer = try await steered.client.post("/v1/mocks/orders/stubs", .array(stubs))
      #expect(answer.status == 200)
      #expect(answer.value["ids"]?.arrayValue?.count == 2_000)
      #expect(
        try await steered.call("orders", "place", ["sku": "S-1999", "amount": 1]) == "stub 1999")
    }
  }

  @Test("the export is YAML with what is live in it")
  func export() async throws {
    try await SteeredMocks.run { steered in
      _ = try await steered.client.put(
        "/v1/mocks/orders/stubs/mine", ["operation": "count", "reply": 99])
      let answer = try await steered.client.get("/v1/mocks/orders/export")
      #expect(answer.status == 200)
      #expect(answer.raw["content-type"] == "application/yaml")
      #expect(String(decoding: answer.raw.body, as: UTF8.self).hasPrefix("mock:"))
    }
  }

  @Test("a name that stands twice in an object is refused: nobody can tell which was meant")
  func repeatedNames() async throws {
    try await SteeredMocks.run { steered in
      let body = #"{"operation": "read", "reply": {"value": 1}, "reply": {"value": 2}}"#
      let head =
        "POST /v1/mocks/boiler/stubs HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n"
        + "Content-Type: application/json\r\nContent-Length: \(body.utf8.count)\r\n\r\n"
      let answer = try await steered.client.send(Array((head + body).utf8))
      #expect(answer.status == 400)
      #expect(answer.message.contains("the name \"reply\" stands twice"), "\(answer.message)")
    }
  }

  @Test("an empty scope is the one that calls share which name none")
  func emptyScope() async throws {
    try await SteeredMocks.run { steered in
      let set = try await steered.client.put("/v1/mocks/boiler/store/key?scope=", 7)
      #expect((200..<300).contains(set.status))
      #expect(try steered.mocks.store(of: "boiler")["key"] == 7)
      #expect(try steered.mocks.scopes(of: "boiler") == [])
    }
  }
}
