import Testing

@testable import TrestleCLI

@Suite("trestle call")
struct CallTests {
  @Test("each command line leaves what is written here", arguments: transcripts)
  func transcript(_ transcript: Transcript) async throws {
    #expect(try await transcript.played() == transcript.ran)
  }

  static let transcripts: [Transcript] = [
    Transcript(
      "the reply is compact JSON in a pipe",
      "call orders GetOrder id=42 --mock",
      out: """
        {"id":"42","total":"10.50","line":[{"sku":"A-1","quantity":2}]}

        """),
    Transcript(
      "the reply is YAML where that is asked for",
      "call orders GetOrder id=42 --mock -o yaml",
      out: """
        id: "42"
        total: "10.50"
        line:
        - sku: A-1
          quantity: 2

        """),
    Transcript(
      "the reply is a table where that is asked for",
      "call orders GetOrder id=42 --mock -o table",
      out: """
        id     42
        total  10.50
        line   [{"sku":"A-1","quantity":2}]

        """),
    Transcript(
      "parameters come from -d",
      #"call orders GetOrder -d {"id":"42"} --mock"#,
      out: """
        {"id":"42","total":"10.50","line":[{"sku":"A-1","quantity":2}]}

        """),
    Transcript(
      "parameters come from standard input, comments left out",
      "call orders GetOrder -d - --mock",
      input: #"{ // an order\#n  "id": "42" // xs:long\#n}\#n"#,
      out: """
        {"id":"42","total":"10.50","line":[{"sku":"A-1","quantity":2}]}

        """),
    Transcript(
      "header blocks go along under _headers, and those of the reply are told",
      "call orders GetOrder id=21 _headers.Session.user=ada --mock",
      out: """
        {"id":"21","total":"1.00"}

        """,
      err: """
        headers: {"Receipt":{"to":"ada"}}

        """),
    Transcript(
      "the attributes of a header block are given like its members",
      "call orders GetOrder id=21 _headers.Session.user=ada _headers.Session._mustUnderstand=true --mock",
      out: """
        {"id":"21","total":"1.00"}

        """,
      err: """
        headers: {"Receipt":{"to":"ada"}}

        """),
    Transcript(
      "a fault is exit code 1, with code, message and detail",
      "call orders GetOrder id=0 --mock",
      status: 1,
      err: """
        error: toy call failed: no order 0 (Client)
          a fault of orders GetOrder, with detail:
          {
            "NotFound": {
              "id": "0"
            }
          }

        """),
    Transcript(
      "with -o json an error is JSON too",
      "call orders GetOrder id=0 --mock -o json",
      status: 1,
      err: """
        {"error":{"kind":"fault","system":"orders","operation":"GetOrder","code":"Client","message":"no order 0","detail":{"NotFound":{"id":"0"}},"text":"toy call failed: no order 0 (Client)","exit_code":1}}

        """),
    Transcript(
      "a mock without an answer is exit code 6",
      "call orders Ping --mock",
      status: 6,
      err: """
        error: toy call failed: no stub matched Ping: it has neither stub nor response (set up: GetOrder, PlaceOrder) (Server)
          give the mock an answer under mock.responses or mock.stubs, or set fallback: sample

        """),
    Transcript(
      "what a lenient reading let pass is a warning",
      "call orders GetOrder id=13 --mock",
      out: """
        {"id":"13","odd":true}

        """,
      err: """
        warning: odd is unknown to the contract

        """),
    Transcript(
      "-q leaves warnings out",
      "call orders GetOrder id=13 --mock -q",
      out: """
        {"id":"13","odd":true}

        """),
    Transcript(
      "--validate holds the reply against the contract: exit code 5",
      "call orders GetOrder id=13 --mock -q --validate",
      status: 5,
      out: """
        {"id":"13","odd":true}

        """,
      err: """
        error: orders GetOrder: the reply breaks the contract: odd is not known
          total is missing

        """),
    Transcript(
      "--repeat writes a reply a line",
      "call orders GetOrder id=42 --mock -q --repeat 2",
      out: """
        {"id":"42","total":"10.50","line":[{"sku":"A-1","quantity":2}]}
        {"id":"42","total":"10.50","line":[{"sku":"A-1","quantity":2}]}

        """),
    Transcript(
      "--repeat shows the first fault and ends with its code",
      "call orders GetOrder id=0 --mock -q --repeat 2",
      status: 1,
      err: """
        error: toy call failed: no order 0 (Client)
          a fault of orders GetOrder, with detail:
          {
            "NotFound": {
              "id": "0"
            }
          }

        """),
    Transcript(
      "a refused connection is exit code 4",
      "call orders GetOrder id=42",
      status: 4,
      err: """
        error: orders GetOrder: connection refused by 127.0.0.1:9
          nothing listens there: start the service, or its mock with 'trestle mock'

        """),
    Transcript(
      "--endpoint is where the call goes",
      "call orders GetOrder id=42 --endpoint http://127.0.0.1:9/elsewhere",
      status: 4,
      err: """
        error: orders GetOrder: connection refused by 127.0.0.1:9
          nothing listens there: start the service, or its mock with 'trestle mock'

        """),
    Transcript(
      "an endpoint that is none is a slip",
      "call orders GetOrder id=42 --endpoint orders.example",
      status: 2,
      err: """
        error: the endpoint 'orders.example' has no http:// or https:// before the host
          write http://orders.example

        """),
  ]
}
