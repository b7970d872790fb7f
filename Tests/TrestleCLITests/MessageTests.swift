import Testing

@testable import TrestleCLI

@Suite("trestle sample, encode and decode")
struct MessageTests {
  @Test("each command line leaves what is written here", arguments: transcripts)
  func transcript(_ transcript: Transcript) async throws {
    #expect(try await transcript.played() == transcript.ran)
  }

  static let transcripts: [Transcript] = [
    Transcript(
      "a sample request",
      "sample orders GetOrder",
      out: """
        {"id":"1"}

        """),
    Transcript(
      "a sample reply",
      "sample orders GetOrder --reply",
      out: """
        {"id":"1","total":"10.50","line":[{"sku":"A-3","quantity":1}]}

        """),
    Transcript(
      "a sample request on the wire",
      "sample orders GetOrder --wire",
      out: """
        {"operation":"GetOrder","parameters":{"id":"1"}}
        """),
    Transcript(
      "a sample reply on the wire",
      "sample orders GetOrder --reply --wire",
      out: """
        {"value":{"id":"1","total":"10.50","line":[{"sku":"A-3","quantity":1}]}}
        """),
    Transcript(
      "a one-way operation has no sample reply",
      "sample orders Cancel --reply",
      status: 2,
      err: """
        error: orders Cancel has no reply: it is one way

        """),
    Transcript(
      "every value is converted by its declared type",
      #"encode orders PlaceOrder customer=7 status=OPEN address.city=Rome line[0].sku=A-1 line[0].quantity=2 weight=1.50 express=true byCard:="x""#,
      out: """
        {"operation":"PlaceOrder","parameters":{"customer":"7","status":"OPEN","address":{"city":"Rome"},"line":[{"sku":"A-1","quantity":2}],"weight":1.50,"express":true,"byCard":"x"}}
        """),
    Transcript(
      "a list's name said again adds an item",
      #"encode orders PlaceOrder -d {"customer":"Ada","line":[{"sku":"A-1","quantity":2}]} tag=a tag=b"#,
      out: """
        {"operation":"PlaceOrder","parameters":{"customer":"Ada","line":[{"sku":"A-1","quantity":2}],"tag":["a","b"]}}
        """),
    Transcript(
      "text beside attributes",
      #"encode orders PlaceOrder -d {"customer":"Ada","line":[{"sku":"A-1","quantity":2}]} total=10.50 total._currency=EUR"#,
      out: """
        {"operation":"PlaceOrder","parameters":{"customer":"Ada","line":[{"sku":"A-1","quantity":2}],"total":{"_text":"10.50","_currency":"EUR"}}}
        """),
    Transcript(
      "words go over what -d gives",
      #"encode orders PlaceOrder -d {"customer":"Ada","line":[{"sku":"A-1","quantity":2}]} customer=Bob line[0].quantity=3"#,
      out: """
        {"operation":"PlaceOrder","parameters":{"customer":"Bob","line":[{"sku":"A-1","quantity":3}]}}
        """),
    Transcript(
      "a reply is written from -d",
      #"encode orders GetOrder --reply -d {"id":"1"}"#,
      out: """
        {"value":{"id":"1"}}
        """),
    Transcript(
      "-v shows the header fields beside the bytes",
      "encode orders GetOrder id=1 -v",
      out: """
        {"operation":"GetOrder","parameters":{"id":"1"}}
        """,
      err: """
        * POST HTTP/1.1
        * Content-Type: application/json

        """),
    Transcript(
      "a request is read with its operation",
      "decode orders",
      input: #"{"operation":"GetOrder","parameters":{"id":"4"}}"#,
      out: """
        {"operation":"GetOrder","parameters":{"id":"4"}}

        """),
    Transcript(
      "a request is read as its parameters",
      "decode orders GetOrder",
      input: #"{"operation":"GetOrder","parameters":{"id":"4"}}"#,
      out: """
        {"id":"4"}

        """),
    Transcript(
      "a request of another operation",
      "decode orders Ping",
      input: #"{"operation":"GetOrder","parameters":{"id":"4"}}"#,
      status: 5,
      err: """
        error: orders: this is a call of GetOrder, not of Ping
          leave the operation out, and the call says which it is

        """),
    Transcript(
      "a request from hexadecimal digits",
      "decode orders --hex",
      input: "7b22 6f706572\n6174696f6e223a2250696e67227d",
      out: """
        {"operation":"Ping","parameters":{}}

        """),
    Transcript(
      "digits that are none",
      "decode orders --hex",
      input: "7b2",
      status: 2,
      err: """
        error: standard input is no hexadecimal text: line 1: half a byte is left over
          digits in pairs, a dump of xxd, hexdump -C, od -A x -t x1 or Wireshark, or 0x12, 0x34

        """),
    Transcript(
      "a reply is read",
      "decode orders GetOrder --reply",
      input: #"{"value":{"id":"4"}}"#,
      out: """
        {"id":"4"}

        """),
    Transcript(
      "a reply that is a fault",
      "decode orders GetOrder --reply",
      input: #"{"fault":{"code":"Client","message":"no"}}"#,
      status: 1,
      err: """
        error: toy call failed: no (Client)
          a fault of orders GetOrder

        """),
    Transcript(
      "bytes that are no message",
      "decode orders",
      input: "{",
      status: 5,
      err: """
        error: orders: line 1, column 2: is not JSON: expected a member name in double quotes

        """),
  ]
}
