import Testing
import Trestle

@testable import TrestleGateway

@Suite("Verification over HTTP", .timeLimit(.minutes(3)))
struct VerifyRouteTests {
  @Test("checks are texts or objects, on every protocol")
  func checks() async throws {
    try await SteeredMocks.run { steered in
      try await steered.callAll()
      let answer = try await steered.client.post(
        "/v1/verify",
        [
          "checks": [
            "claims GetClaim id=C-7 once", "orders place sku=A-1 amount:={\"gte\":2}",
            ["system": "boiler", "operation": "read", "where": ["sensor": "T1"], "exactly": 1],
            ["system": "boiler", "at_least": 1], ["system": "claims", "at_most": 1],
            ["system": "orders", "operation": "count", "never": true],
            ["operation": "place", "once": true],
          ]
        ])
      #expect(answer.value["passed"] == 7)
      #expect(answer.value["failed"] == 0)
      #expect(answer.value["checks"]?[0]?["check"] == "claims GetClaim id=C-7 once")
    }
  }

  @Test("a check that fails says what came instead")
  func failures() async throws {
    try await SteeredMocks.run { steered in
      try await steered.callAll()
      let answer = try await steered.client.post(
        "/v1/verify",
        ["checks": ["claims GetClaim id=C-8", ["system": "orders", "never": true]]])
      #expect(answer.status == 200)
      #expect(answer.value["failed"] == 2)
      #expect(answer.value["checks"]?[0]?["holds"] == false)
      let failure = answer.value["checks"]?[0]?["failure"]?.stringValue ?? ""
      #expect(failure.contains("never called"))
      #expect(failure.contains("found \"C-7\""))
    }
  }

  @Test("an order is checked across systems, and what is older is left out")
  func order() async throws {
    try await SteeredMocks.run { steered in
      try await steered.callAll()
      let right: Value = ["claims", "orders", "boiler"]
      let wrong: Value = ["boiler", "claims"]
      let held = try await steered.client.post(
        "/v1/verify", ["checks": right, "in_order": true])
      #expect(held.value["passed"] == 1)
      let broken = try await steered.client.post(
        "/v1/verify", ["checks": wrong, "in_order": true])
      #expect(broken.value["failed"] == 1)
      let recent = try await steered.client.post(
        "/v1/verify", ["checks": right, "since": "5m"])
      #expect(recent.value["passed"] == 3)
    }
  }

  private static let mistakesTable: [(Value, String, String)] =
    [
      (["checks": ["claim GetClaim"]], "/checks/0", "did you mean \"claims\"?"),
      (["checks": ["claims", "orders plaec"]], "/checks/1", "did you mean \"place\"?"),
      (
        ["checks": ["claims", ["system": "claims", "once": true, "never": true]]], "/checks/1", ""
      ),
      (["checks": ["claims exactly many"]], "/checks/0", "no number"),
      (["checks": ["orders never"], "in_order": true], "/checks/0", "expects one call"),
      (["checks": ["orders place skuu=1 never"]], "/checks/0", "did you mean \"sku\"?"),
      (
        ["checks": [["system": "claims", "wher": [:]]]], "/checks/0/wher", "did you mean \"where\"?"
      ),
      (["chekcs": []], "/chekcs", "did you mean \"checks\"?"), ([:], "", "lacks \"checks\""),
      (["checks": ["claims"], "since": "yesterday"], "/since", "duration"),
      (
        ["checks": [["system": "orders", "operation": "place", "where": ["amount": ["gtt": 1]]]]],
        "/checks/0", ""
      ),
    ] as [(Value, String, String)]

  @Test("a check that cannot be meant is told with its place")
  func mistakes() async throws {
    // One set of mocks for all: starting them takes longer than asking.
    try await SteeredMocks.run { steered in
      for (body, path, words) in Self.mistakesTable {
        let answer = try await steered.client.post("/v1/verify", body)
        #expect(answer.status == 422)
        #expect(answer.error["path"]?.stringValue == path)
        #expect(words.isEmpty || answer.message.contains(words), "\(answer.message)")
      }
    }
  }
}
