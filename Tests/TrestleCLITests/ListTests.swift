import Testing

@testable import TrestleCLI

@Suite("trestle list")
struct ListTests {
  @Test("each command line leaves what is written here", arguments: transcripts)
  func transcript(_ transcript: Transcript) async throws {
    #expect(try await transcript.played() == transcript.ran)
  }

  static let transcripts: [Transcript] = [
    Transcript(
      "the systems are a table",
      "list",
      out: """
        SYSTEM  PROTOCOL  OPS  ENDPOINT                   MOCK
        orders  toy         4  http://127.0.0.1:9/orders  any port

        """,
      err: """
        adapters/orders.yaml:10:89: warning: the contract does not allow this: odd is not known
          Known: id, total, line.
        adapters/orders.yaml:10:72: warning: the contract does not allow this: total is missing
          It is required: xs:decimal.

        """),
    Transcript(
      "the systems are JSON",
      "list -o json -q",
      out: """
        [{"system":"orders","protocol":"toy","operations":["PlaceOrder","GetOrder","Ping","Cancel"],"file":"adapters/orders.yaml","usable":true,"endpoint":"http://127.0.0.1:9/orders"}]

        """),
    Transcript(
      "nothing is running",
      "list --running",
      err: """
        no mocks are running here; trestle mock starts them

        """),
    Transcript(
      "nothing is running, as JSON",
      "list --running -o json -q",
      out: """
        []

        """),
  ]
}
