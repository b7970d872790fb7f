import Testing

@testable import TrestleCLI

@Suite("trestle describe")
struct DescribeTests {
  @Test("each command line leaves what is written here", arguments: transcripts)
  func transcript(_ transcript: Transcript) async throws {
    #expect(try await transcript.played() == transcript.ran)
  }

  static let transcripts: [Transcript] = [
    Transcript(
      "a system shows its operations",
      "describe orders -q",
      out: """
        orders · toy · adapters/orders.yaml
        Takes orders.
        endpoint   http://127.0.0.1:9/orders
        mock port  any free one

        PlaceOrder(customer: xs:string, status?: Status, address?: Address, line: Line[], tag?: xs:string[], total?: Money, weight?: xs:double, express?: xs:boolean, 3 more) → id: xs:long
          write · fault Refused · Places an order.
        GetOrder(id: xs:long) → id: xs:long, total: xs:decimal, line: Line[]
          read · An order.
        Ping() → nothing
          read
        Cancel(id: xs:long)
          write

        """),
    Transcript(
      "a system is JSON where that is asked for",
      "describe orders -o json -q",
      out: """
        {"system":"orders","protocol":"toy","operations":[{"operation":"PlaceOrder","effects":"write","summary":"Places an order.","signature":"PlaceOrder(customer: xs:string, status?: Status, address?: Address, line: Line[], tag?: xs:string[], total?: Money, weight?: xs:double, express?: xs:boolean, 3 more) → id: xs:long","faults":["Refused"]},{"operation":"GetOrder","effects":"read","summary":"An order.","signature":"GetOrder(id: xs:long) → id: xs:long, total: xs:decimal, line: Line[]"},{"operation":"Ping","effects":"read","signature":"Ping() → nothing"},{"operation":"Cancel","effects":"write","signature":"Cancel(id: xs:long)"}]}

        """),
    Transcript(
      "an operation shows what goes in and what comes out",
      "describe orders PlaceOrder",
      out: """
        orders PlaceOrder · write
        toy
        Places an order.

        parameters
          customer     xs:string        required
          status       Status           optional, OPEN | PAID
          address      Address          optional
            city       xs:string        required
            note       xs:string        optional
          line[]       Line             required, at least 1
            sku        Sku              required, matches [A-Z]-[0-9]+
            quantity   xs:int           required, ≥ 1
          tag[]        xs:string        optional, at most 3
          total        Money            optional
            _currency  xs:string        optional
            _text      xs:decimal       required
          weight       xs:double        optional
          express      xs:boolean       optional, false when left out
          label        xs:base64Binary  optional
          byCard       xs:string        or byBill
          byBill       xs:string        or byCard

        returns
          id  xs:long  required

        fault Refused
          why  xs:string  required

        """),
    Transcript(
      "an operation without parameters or result",
      "describe orders Ping",
      out: """
        orders Ping · read only

        parameters
          nothing

        returns
          nothing

        """),
    Transcript(
      "a one-way operation returns nothing",
      "describe orders Cancel",
      out: """
        orders Cancel · write · one way

        parameters
          id  xs:long  required

        """),
    Transcript(
      "an operation is JSON where that is asked for",
      "describe orders Cancel -o json",
      out: """
        {"system":"orders","operation":"Cancel","effects":"write","one_way":true,"notes":[],"parameters":{"$schema":"https://json-schema.org/draft/2020-12/schema","type":"object","properties":{"id":{"type":"string","pattern":"^[+-]?[0-9]+$","x-trestle-type":"xs:long"}},"required":["id"],"additionalProperties":false},"faults":{}}

        """),
    Transcript(
      "a template is the parameters to fill in",
      "describe orders PlaceOrder --template",
      out: """
        // orders PlaceOrder
        {
          "customer": "customer",     // xs:string, required
          "status": "OPEN",           // Status, OPEN | PAID, optional
          "address": {                // Address, optional
            "city": "city",           // xs:string, required
            "note": "note"            // xs:string, optional
          },
          "line": [                   // Line[], at least 1, required
            {
              "sku": "A-3",           // Sku, matches [A-Z]-[0-9]+, required
              "quantity": 1           // xs:int, ≥ 1, required
            }
          ],
          "tag": ["tag"],             // xs:string[], at most 3, optional
          "total": {                  // Money, optional
            "_currency": "currency",  // xs:string, optional
            "_text": "10.50"          // xs:decimal, required
          },
          "weight": 1.5,              // xs:double, optional
          "express": false,           // xs:boolean, false when left out, optional
          "label": "bGFiZWw=",        // xs:base64Binary, optional
          "byCard": "byCard"          // xs:string, or byBill
        }

        """),
    Transcript(
      "a template of the reply",
      "describe orders GetOrder --template --reply",
      out: """
        // orders GetOrder
        {
          "id": "1",         // xs:long, required
          "total": "10.50",  // xs:decimal, required
          "line": [          // Line[], required
            {
              "sku": "A-3",  // Sku, matches [A-Z]-[0-9]+, required
              "quantity": 1  // xs:int, ≥ 1, required
            }
          ]
        }

        """),
    Transcript(
      "the JSON Schema of the parameters",
      "describe orders GetOrder --json-schema",
      out: """
        {"$schema":"https://json-schema.org/draft/2020-12/schema","title":"orders GetOrder","type":"object","properties":{"id":{"type":"string","pattern":"^[+-]?[0-9]+$","x-trestle-type":"xs:long"}},"required":["id"],"additionalProperties":false}

        """),
  ]
}
