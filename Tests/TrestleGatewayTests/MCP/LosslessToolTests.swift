import Testing
import Trestle

@testable import TrestleGateway

@Suite("What goes through a tool and back", .timeLimit(.minutes(3)))
struct LosslessToolTests {
  /// The messages of the last call, as they were on the wire.
  private func wire(_ client: LineClient) async throws -> (request: String, response: String) {
    let calls = try await client.call("get_calls", ["bodies": true, "limit": 1])
    let call = try #require(calls["structuredContent"]?["calls"]?[0])
    return (
      call["request"]?["text"]?.stringValue ?? "", call["response"]?["text"]?.stringValue ?? ""
    )
  }

  private func expectSame(_ result: Value, _ expected: Value) throws {
    #expect(result["isError"] == false, "\(result)")
    #expect(result["structuredContent"] == expected, "\(result)")
    // For clients that know no structure, and digit by digit.
    let text = try #require(result["content"]?[0]?["text"]?.stringValue)
    #expect(try JSONParser.parse(text) == expected)
  }

  @Test("SOAP: attributes, nil, lists of one, choices, derived types, wildcards and long decimals")
  func soap() async throws {
    try await MCPWorkspace.client { client, _, _ in
      let arguments: Value = ["order": LosslessSystems.order]
      try expectSame(try await client.call("shop__Place", arguments), arguments)
      let (request, response) = try await wire(client)
      for text in [request, response] {
        #expect(text.contains(#"currency="EUR""#))
        #expect(text.contains(">1234567890123456789012345678.90</"))
        #expect(text.contains("nil=\"true\"") || text.contains("nil=\"1\""))
        #expect(text.matches(of: /<(\w+:)?line>/).count == 1)
        #expect(text.contains("Circle\""))
        #expect(text.contains(">2.50</"))
        #expect(text.contains("urn:extra"))
        #expect(!text.contains("byId"))
      }
    }
  }

  @Test("SOAP: an absent element is none, where a nil was one, and numbers are taken for decimals")
  func absence() async throws {
    try await MCPWorkspace.client { client, _, _ in
      let given: Value = [
        "order": ["_currency": "EUR", "total": try JSONParser.parse("10.500"), "byId": 7]
      ]
      let expected: Value = [
        "order": ["_currency": "EUR", "total": "10.500", "line": [], "byId": "7"]
      ]
      try expectSame(try await client.call("shop__Place", given), expected)
      let (request, _) = try await wire(client)
      #expect(request.contains(">10.500</"))
      #expect(!request.contains("note"))
    }
  }

  @Test("XML-RPC: wide integers, bytes, moments, lists of one and nil")
  func xmlrpc() async throws {
    try await MCPWorkspace.client { client, _, _ in
      let arguments: Value = [
        "wide": "9007199254740993", "raw": "AAEC/w==", "at": "20260102T03:04:05",
        "list": ["only"], "none": .null,
      ]
      let result = try await client.call("store__keep", arguments)
      let text = try #require(result["content"]?[0]?["text"]?.stringValue)
      let parsed = try JSONParser.parse(text)
      #expect(result["isError"] == false, "\(text)")
      #expect(parsed["wide"]?.scalarText == "9007199254740993")
      #expect(parsed["raw"] == "AAEC/w==")
      #expect(parsed["list"] == ["only"])
      #expect(parsed["none"] == .null)
      let (request, response) = try await wire(client)
      for text in [request, response] {
        #expect(text.contains("<i8>9007199254740993</i8>"))
        #expect(text.contains("AAEC/w=="))
        #expect(text.contains("20260102T03:04:05"))
        #expect(text.contains("<nil/>"))
        #expect(text.matches(of: /<array>/).count == 1)
      }
    }
  }

  @Test("XML-RPC: a result that is no object is under result, as its schema says")
  func wrapped() async throws {
    try await MCPWorkspace.client { client, _, _ in
      try expectSame(try await client.call("store__names"), ["result": ["one"]])
      let tools = try await client.ask("tools/list")["result"]?["tools"]?.arrayValue ?? []
      let tool = try #require(tools.first { $0["name"] == "store__names" })
      #expect(tool["outputSchema"]?["properties"]?["result"]?["type"] == "array")
    }
  }

  @Test("TCP: decimals keep their digits")
  func tcp() async throws {
    try await MCPWorkspace.client { client, _, _ in
      let result = try await client.call("meter__read", ["sensor": "T1", "limit": "71.500"])
      try expectSame(result, ["value": "71.500", "unit": "C"])
      let (request, response) = try await wire(client)
      #expect(request == "CMD=READ;ID=T1;LIM=71.500")
      #expect(response.contains("V=71.500"))
    }
  }

  @Test("a fault is an error that tells its code and message")
  func fault() async throws {
    try await MCPWorkspace.client { client, _, _ in
      let result = try await client.call("meter__read", ["sensor": "X", "limit": 1])
      #expect(result["isError"] == true)
      let error = result["structuredContent"]?["error"]
      #expect(error?["kind"] == "fault")
      #expect(error?["code"] == "E1")
      #expect(error?["system"] == "meter")
    }
  }

  private static let mistakes: [(String, Value, path: String, words: String)] = [
    ("shop__Place", [:], "/order", "missing"),
    ("shop__Place", ["ordr": [:]], "/ordr", "not known"),
    (
      "shop__Place", ["order": ["_currency": "EUR", "total": "1", "byId": 1, "byName": "x"]],
      "/order", "exactly one of"
    ),
    ("shop__Place", ["order": ["_currency": "EUR", "total": "1"]], "/order", "exactly one of"),
    ("shop__Place", ["order": ["total": "1", "byId": 1]], "/order/_currency", "missing"),
    (
      "shop__Place", ["order": ["_currency": "EUR", "total": "x", "byId": 1]], "/order/total",
      "xs:decimal"
    ),
    (
      "shop__Place",
      [
        "order": [
          "_currency": "EUR", "total": "1", "byId": 1, "line": ["sku": "A", "quantity": 1],
        ]
      ], "/order/line", "array"
    ),
    (
      "shop__Place",
      [
        "order": [
          "_currency": "EUR", "total": "1", "byId": 1, "line": [["sku": "A", "quantity": "two"]],
        ]
      ], "/order/line/0/quantity", "xs:int"
    ),
    (
      "shop__Place", ["order": ["_currency": "EUR", "total": .null, "byId": 1]], "/order/total",
      "null"
    ),
    ("meter__read", ["sensor": "T1", "limit": "much"], "/limit", "decimal"),
    (
      "call_legacy_system", ["system": "shop", "operation": "Place", "parameters": [:]], "/order",
      "missing"
    ),
  ]

  @Test("wrong arguments are told with their place and an example that is right")
  func wrongArguments() async throws {
    try await MCPWorkspace.client { client, _, _ in
      for (tool, arguments, path, words) in Self.mistakes {
        let result = try await client.call(tool, arguments)
        #expect(result["isError"] == true, "\(arguments)")
        let error = result["structuredContent"]?["error"] ?? .null
        #expect(error["kind"] == "validation", "\(error)")
        #expect(error["path"] == .string(path), "\(error)")
        #expect(error["message"]?.stringValue?.contains(words) == true, "\(error)")
        if tool == "shop__Place" {
          let example = try #require(error["example"])
          #expect(try await client.call(tool, example)["isError"] == false, "\(example)")
        }
      }
      // Nothing wrong has reached the mocks.
      let calls = try await client.call("get_calls", ["system": "meter"])
      #expect(calls["structuredContent"]?["calls"]?.arrayValue?.isEmpty == true)
    }
  }
}
