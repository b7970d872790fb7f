import Testing
import Trestle

@testable import TrestleGateway

@Suite("Mocks and their faults over HTTP", .timeLimit(.minutes(3)))
struct MockRouteTests {
  @Test("mocks tell where they listen and what they offer")
  func listing() async throws {
    try await SteeredMocks.run { steered in
      let all = try await steered.client.get("/v1/mocks")
      let mocks = all.value["mocks"]?.arrayValue ?? []
      #expect(mocks.map { $0["system"] } == ["boiler", "claims", "orders"])
      #expect(mocks.map { $0["protocol"] } == ["custom_tcp", "soap", "xml_rpc"])
      for mock in mocks {
        let name = try #require(mock["system"]?.stringValue)
        #expect(mock["endpoint"]?.stringValue == steered.mocks.endpoints[name])
      }
      let one = try await steered.client.get("/v1/mocks/orders")
      #expect(one.value["operations"]?.arrayValue?.map { $0["name"] } == ["place", "count"])
      #expect(one.value["takes_any_operation"] == false)
    }
  }

  @Test("a system that is none is told with the nearest one, on every route")
  func unknownSystem() async throws {
    try await SteeredMocks.run { steered in
      let mock = try await steered.client.get("/v1/mocks/claim")
      #expect(mock.status == 404)
      #expect(mock.error["code"] == "not_found")
      #expect(mock.message == "claim: no mock of it runs; did you mean \"claims\"?")
      #expect(mock.error["known"] == ["boiler", "claims", "orders"])
      for route in AdminAPI(steered.mocks, version: "1").table.routes
      where route.path.hasPrefix("/v1/mocks/{system}") {
        let target = route.path.replacing("{system}", with: "claim")
          .replacing(/\{[a-z]+\}/, with: "x")
        let answer = try await steered.client.send(
          route.method.rawValue, target, route.body.flatMap(\.example))
        #expect(answer.status == 404, "\(route.method.rawValue) \(target)")
      }
    }
  }

  @Test(
    "a fault is set, seen, happens, and is cleared, on every protocol",
    arguments: SteeredMocks.calls.map(\.system))
  func faults(system: String) async throws {
    try await SteeredMocks.run { steered in
      let client = steered.client
      let call = try #require(SteeredMocks.calls.first { $0.system == system })
      let path = "/v1/mocks/\(system)/faults"
      let made = try await client.post(path, ["close": "before", "times": 1])
      #expect(made.status == 200)
      let id = try #require(made.value["id"]?.stringValue)
      await #expect(throws: BridgeError.self) {
        try await steered.call(call.system, call.operation, call.parameters)
      }
      let listed = try await client.get(path).value["faults"]
      #expect(
        listed == [
          [
            "id": .string(id), "settings": ["close": "before", "times": 1], "times": 1,
            "is_over": true,
          ]
        ])
      #expect(try await steered.call(call.system, call.operation, call.parameters) == call.reply)

      #expect(try await client.put(path + "/down", ["reset": true]).value == ["id": "down"])
      #expect(
        try await client.put(path + "/down", ["late": "1ms"]).value == ["id": "down"])
      #expect(try await client.get(path).value["faults"]?.arrayValue?.count == 2)
      #expect(try await client.delete(path + "/down").status == 204)
      let again = try await client.delete(path + "/down")
      #expect(again.status == 404)
      #expect(again.error["known"] == [.string(id)])
      #expect(try await client.delete(path).value == ["removed": 1])
      #expect(try await client.delete(path).value == ["removed": 0])
    }
  }

  @Test("a fault with mistakes changes nothing, and tells all of them with their places")
  func faultMistakes() async throws {
    try await SteeredMocks.run { steered in
      let client = steered.client
      let keys = try await client.post(
        "/v1/mocks/claims/faults", ["statsu": 503, "times": "often"])
      #expect(keys.status == 422)
      #expect(keys.error["code"] == "invalid")
      let problems = keys.error["problems"]?.arrayValue ?? []
      #expect(problems.map { $0["path"] } == ["/statsu", "/times"])
      #expect(
        problems.first?["message"] == "unknown key \"statsu\"; did you mean \"status\"?")
      let operation = try await client.post(
        "/v1/mocks/orders/faults", ["status": 503, "operation": "plaec"])
      #expect(operation.status == 422)
      #expect(operation.error["path"] == "/operation")
      // What the protocol cannot do.
      let status = try await client.post("/v1/mocks/boiler/faults", ["status": 503])
      #expect(status.status == 422)
      for system in ["claims", "orders", "boiler"] {
        #expect(try await client.get("/v1/mocks/\(system)/faults").value == ["faults": []])
      }
    }
  }

  @Test("faults of one operation are cleared alone")
  func faultsOfOperation() async throws {
    try await SteeredMocks.run { steered in
      let path = "/v1/mocks/orders/faults"
      _ = try await steered.client.put(path + "/a", ["status": 503, "operation": "place"])
      _ = try await steered.client.put(path + "/b", ["status": 503, "operation": "count"])
      #expect(
        try await steered.client.delete(path + "?operation=place").value == ["removed": 1])
      let left = try await steered.client.get(path)
      #expect(left.value["faults"]?.arrayValue?.map { $0["id"] } == ["b"])
    }
  }

  @Test("the store is read and written, a scope at a time")
  func store() async throws {
    try await SteeredMocks.run { steered in
      let client = steered.client
      let path = "/v1/mocks/claims/store"
      #expect(try await client.get(path).value == ["store": [:]])
      #expect(
        try await client.put(path + "/balance", ["cents": 5]).value
          == ["key": "balance", "previous": nil])
      #expect(
        try await client.put(path + "/balance", 7).value
          == ["key": "balance", "previous": ["cents": 5]])
      #expect(try await client.put(path + "/a%2Fb", "slash").status == 200)
      #expect(
        try await client.put(path + "/balance?scope=t1", 1).value["previous"] == .null)
      #expect(try await client.get(path).value == ["store": ["balance": 7, "a/b": "slash"]])
      #expect(try await client.get(path + "?scope=t1").value == ["store": ["balance": 1]])
      let missing = try await client.delete(path + "/balanec")
      #expect(missing.status == 404)
      #expect(missing.message.hasSuffix("did you mean \"balance\"?"))
      #expect(
        try await client.delete(path + "/balance").value == ["key": "balance", "previous": 7])
      let large = try await client.put(
        path + "/large", .string(String(repeating: "x", count: 300_000)))
      #expect(large.status == 409)
      #expect(try await client.delete(path).value == ["removed": 1])
      _ = try await client.post("/v1/mocks/claims/reset?scope=t1")
      #expect(try await client.get(path + "?scope=t1").value == ["store": [:]])
    }
  }

  @Test("a reset begins one scope again, or everything")
  func reset() async throws {
    try await SteeredMocks.run { steered in
      let client = steered.client
      _ = try await client.put("/v1/mocks/claims/store/k", 1)
      _ = try await client.put("/v1/mocks/claims/store/k?scope=t1", 1)
      _ = try await client.put("/v1/mocks/claims/faults/late", ["late": "1ms"])
      #expect(try await client.post("/v1/mocks/claims/reset").value == ["reset": ["claims"]])
      #expect(try await client.get("/v1/mocks/claims/store").value == ["store": [:]])
      #expect(try await client.get("/v1/mocks/claims/store?scope=t1").value != ["store": [:]])
      let odd = try await client.post("/v1/reset", ["al": true])
      #expect(odd.status == 422)
      #expect(odd.error["path"] == "/al")
      #expect(
        try await client.post("/v1/reset", ["all": true]).value
          == ["reset": ["boiler", "claims", "orders"]])
      #expect(try await client.get("/v1/mocks/claims/store?scope=t1").value == ["store": [:]])
      #expect(try await client.get("/v1/mocks/claims/faults").value == ["faults": []])
    }
  }
}
