import Testing
import Trestle

@testable import TrestleGateway

@Suite("Scenarios over HTTP", .timeLimit(.minutes(3)))
struct ScenarioRouteTests {
  @Test(
    "scenarios are created, listed and switched, and a switch gives the previous one",
    arguments: SteeredMocks.calls.map(\.system))
  func sets(system: String) async throws {
    try await SteeredMocks.run { steered in
      let client = steered.client
      let call = try #require(SteeredMocks.calls.first { $0.system == system })
      let path = "/v1/mocks/\(system)/scenarios"
      let code: Value = system == "claims" ? "Server" : system == "orders" ? 503 : "E503"
      let outage: Value = [
        "responses": [call.operation: ["fault": ["code": code, "message": "down"]]]
      ]
      let created = try await client.put(path + "/outage", outage)
      #expect(created.status == 200)
      #expect(created.value["scenario"]?["kind"] == "responses")
      #expect(created.value["scenario"]?["state"] == "off")
      _ = try await client.put(path + "/calm", ["responses": [:]])
      func answer() async -> Value? {
        try? await steered.call(call.system, call.operation, call.parameters)
      }
      #expect(await answer() == call.reply)
      let first = try await client.post(path + "/outage/switch")
      #expect(first.value["previous"] == .null)
      #expect(first.value["scenario"]?["state"] == "on")
      #expect(await answer() == nil)
      #expect(try await client.post(path + "/calm/switch", [:]).value["previous"] == "outage")
      #expect(await answer() == call.reply)
      let listed = try await client.get(path).value["scenarios"]?.arrayValue ?? []
      let states = Dictionary(
        listed.compactMap { scenario in
          scenario["name"]?.stringValue.map { ($0, scenario["state"]?.stringValue) }
        }, uniquingKeysWith: { $1 })
      #expect(states["outage"] == "off")
      #expect(states["calm"] == "on")
      #expect(try await client.post(path + "/calm/reset").value["previous"] == "calm")
      #expect(try await client.get(path + "/calm").value["state"] == "off")
      #expect(try await client.delete(path + "/outage").status == 204)
      #expect(try await client.get(path + "/outage").status == 404)
    }
  }

  @Test("a machine is moved to a state in one scope, and back to its start")
  func machines() async throws {
    try await SteeredMocks.run { steered in
      let client = steered.client
      let path = "/v1/mocks/claims/scenarios/claim"
      #expect(try await client.get(path).value["state"] == "started")
      #expect(try await steered.call("claims", "Approve") == ["ok": "true"])
      #expect(try await client.get(path).value["state"] == "approved")
      #expect(try await client.get(path + "?scope=t1").value["state"] == "started")
      let moved = try await client.post(path + "/switch?scope=t1", ["state": "approved"])
      #expect(moved.value["previous"] == "started")
      #expect(moved.value["scenario"]?["state"] == "approved")
      #expect(try await client.post(path + "/reset").value["previous"] == "approved")
      #expect(try await client.get(path).value["state"] == "started")
      #expect(try await client.delete(path).status == 409)
    }
  }

  @Test("what a scenario lacks is told with the nearest word")
  func mistakes() async throws {
    try await SteeredMocks.run { steered in
      let client = steered.client
      let path = "/v1/mocks/claims/scenarios"
      let missing = try await client.post(path + "/clam/switch", ["state": "approved"])
      #expect(missing.status == 404)
      #expect(missing.message == "claims: Scenario clam not found; did you mean \"claim\"?")
      let state = try await client.post(path + "/claim/switch", ["state": "aproved"])
      #expect(state.status == 404)
      #expect(state.message.hasSuffix("did you mean \"approved\"?"))
      #expect(state.error["known"] == ["started", "approved"])
      #expect(try await client.post(path + "/claim/switch").status == 400)
      let key = try await client.post(path + "/claim/switch", ["sate": "approved"])
      #expect(key.status == 422)
      #expect(key.error["path"] == "/sate")
      let shape = try await client.put(path + "/odd", ["respones": [:]])
      #expect(shape.status == 422)
      #expect(shape.error["path"] == "/respones")
      let operation = try await client.put(
        "/v1/mocks/orders/scenarios/odd", ["responses": ["plaec": "x"]])
      #expect(operation.status == 422)
      #expect(operation.error["path"] == "/responses/plaec")
      #expect(try await client.get("/v1/mocks/orders/scenarios").value == ["scenarios": []])
    }
  }
}
