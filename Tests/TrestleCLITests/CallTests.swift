import Testing

@testable import TrestleCLI

@Suite("trestle call")
struct CallTests {
  @Test("the reply is compact JSON in a pipe")
  func compact() async throws {
    let ran = try await TemporaryDirectory.orders().run([
      "call", "orders", "GetOrder", "id=42", "--mock",
    ])
    #expect(
      ran
        == Ran(
          status: 0,
          out: #"{"id":"42","total":"10.50","line":[{"sku":"A-1","quantity":2}]}"# + "\n", err: ""))
  }

  @Test("a fault is exit code 1, with code, message and detail")
  func fault() async throws {
    let ran = try await TemporaryDirectory.orders().run([
      "call", "orders", "GetOrder", "id=0", "--mock",
    ])
    #expect(
      ran
        == Ran(
          status: 1, out: "",
          err: """
            error: toy call failed: no order 0 (Client)
              a fault of orders GetOrder, with detail:
              {
                "NotFound": {
                  "id": "0"
                }
              }

            """))
  }
}
