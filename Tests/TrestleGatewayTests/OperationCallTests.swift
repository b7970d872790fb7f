import Foundation
import Testing
import Trestle

@testable import TrestleGateway

@Suite("Calls of operations over HTTP", .timeLimit(.minutes(3)))
struct OperationCallTests {
  private static let drawing =
    #"{"canvas":{"_size":7,"title":null,"byId":"9007199254740993","shape":{"_type":"Group","member":[{"_type":"Circle","label":"c","radius":"0.50"}]},"tag":["one"],"amount":"123456789012345678901234567890.10","weight":{"_unit":"kg","_text":"10.500"},"ratio":2.5}}"#

  @Test(
    "SOAP: attribute, choice, derived type, list of one, nil and thirty digits arrive and come back"
  )
  func losesNothingOverSOAP() async throws {
    try await ServedGateway.run { served in
      let answer = try await served.call("forms", "Draw", Self.drawing)
      #expect(answer.status == 200)
      #expect(String(decoding: answer.raw.body, as: UTF8.self) == Self.drawing + "\n")
      let wire = try await served.wire(of: "forms")
      for text in [wire.request, wire.response] {
        #expect(text.contains(#"size="7""#))
        #expect(text.contains("nil="))
        #expect(text.contains(">9007199254740993</"))
        #expect(!text.contains("byName"))
        #expect(text.contains(#":Group""#))
        #expect(text.contains(#":Circle""#))
        #expect(text.contains(">0.50</"))
        #expect(text.contains(">123456789012345678901234567890.10</"))
        #expect(text.contains(#"unit="kg""#))
        #expect(text.contains(">10.500</"))
        #expect(!text.contains("note"))
      }
    }
  }

  @Test("numbers are taken as numbers too, with all their digits")
  func takesNumbers() async throws {
    try await ServedGateway.run { served in
      let numbers = Self.drawing.replacingOccurrences(
        of: #""123456789012345678901234567890.10""#, with: "123456789012345678901234567890.10"
      ).replacingOccurrences(of: #""9007199254740993""#, with: "9007199254740993")
      let answer = try await served.call("forms", "Draw", numbers)
      #expect(String(decoding: answer.raw.body, as: UTF8.self) == Self.drawing + "\n")
    }
  }

  @Test("nil with attributes, and what is no number, are in the document too")
  func answersOddities() async throws {
    try await ServedGateway.run { served in
      let odd = Self.drawing.replacingOccurrences(
        of: #"{"_unit":"kg","_text":"10.500"}"#, with: #"{"_unit":"kg","_nil":true}"#
      ).replacingOccurrences(of: "2.5", with: #""INF""#)
      let answer = try await served.call("forms", "Draw", odd)
      #expect(String(decoding: answer.raw.body, as: UTF8.self) == odd + "\n")
    }
  }

  @Test("XML-RPC: members, wide numbers, times and bytes arrive and come back")
  func losesNothingOverXMLRPC() async throws {
    try await ServedGateway.run { served in
      let entry =
        #"{"amount":"123456789012345678901234567890.10","count":"9007199254740993","tags":["one"],"at":"20261128T18:30:00","raw":"AP8="}"#
      let answer = try await served.call("ledger", "post", #"{"entry":\#(entry)}"#)
      #expect(String(decoding: answer.raw.body, as: UTF8.self) == entry + "\n")
      let wire = try await served.wire(of: "ledger")
      for text in [wire.request, wire.response] {
        #expect(text.contains("123456789012345678901234567890.10"))
        #expect(text.contains("<i8>9007199254740993</i8>"))
        #expect(text.contains("<data><value><string>one</string></value></data>"))
        #expect(text.contains("<dateTime.iso8601>20261128T18:30:00</dateTime.iso8601>"))
        #expect(text.contains("<base64>AP8=</base64>"))
      }
    }
  }

  @Test("XML-RPC: parameters may be given by position")
  func takesPositions() async throws {
    try await ServedGateway.run { served in
      let named = try await served.call("ledger", "join", #"{"left":"a","right":"b"}"#)
      let placed = try await served.call("ledger", "join", #"{"params":["a","b"]}"#)
      #expect(named.value == "ab")
      #expect(placed.value == "ab")
      let listed = try await served.call("ledger", "join", #"["a","b"]"#)
      #expect(listed.value == "ab")
      let tooMany = try await served.call("ledger", "join", #"["a","b","c"]"#)
      #expect(tooMany.status == 422)
    }
  }

  @Test("TCP: what is sent and what comes is the line that the layout says")
  func callsOverTCP() async throws {
    try await ServedGateway.run { served in
      let answer = try await served.call("boiler", "read", #"{"sensor":"T1"}"#)
      #expect(
        String(decoding: answer.raw.body, as: UTF8.self) == #"{"value":"71.5","unit":"C"}"# + "\n")
      let wire = try await served.wire(of: "boiler")
      #expect(wire.request == "CMD=READ;ID=T1")
      #expect(wire.response.contains("V=71.5"))
    }
  }

  @Test("no body means no parameters")
  func takesNothing() async throws {
    try await ServedGateway.run { served in
      #expect(try await served.call("orders", "count").value == 7)
      #expect(try await served.call("orders", "count", "{}").value == 7)
      let missing = try await served.call("orders", "place")
      #expect(missing.status == 422)
      #expect(missing.error["path"] == "/sku")
    }
  }

  @Test("header blocks go in beside the parameters, and come out in the envelope")
  func carriesHeaders() async throws {
    try await ServedGateway.run { served in
      let answer = try await served.call(
        "forms", "Describe", #"{"_headers":{"Session":{"_text":"xyz"}}}"#, query: "?envelope=true")
      #expect(answer.raw["content-type"] == "application/vnd.trestle.reply+json")
      #expect(answer.value["value"] == ["text": "fine"])
      #expect(answer.value["_headers"] == ["Session": ["_until": "2026-11-28", "_text": "abc"]])
      #expect(answer.value["call_id"]?.stringValue == answer.raw["x-trestle-call-id"])
      #expect(try await served.wire(of: "forms").request.contains(">xyz</"))
      let plain = try await served.call("forms", "Describe")
      #expect(plain.value == ["text": "fine"])
    }
  }

  @Test("what nothing answers is accepted")
  func sendsOneWay() async throws {
    try await ServedGateway.run { served in
      let answer = try await served.call("forms", "Note", #"{"text":"hi"}"#)
      #expect(answer.status == 202)
      #expect(answer.raw.body.isEmpty)
      let envelope = try await served.call("forms", "Note", #"{"text":"hi"}"#, query: "?envelope")
      #expect(envelope.status == 200)
      #expect(envelope.value["value"] == .null)
    }
  }

  // MARK: What goes wrong

  @Test("a fault of the caller is 422, one of the system 502, each with its typed detail")
  func tellsFaults() async throws {
    try await ServedGateway.run { served in
      func draw(_ title: String) async throws -> AdminClient.Answer {
        try await served.call(
          "forms", "Draw",
          Self.drawing.replacingOccurrences(of: #""title":null"#, with: #""title":"\#(title)""#))
      }
      let mine = try await draw("broken")
      #expect(mine.status == 422)
      #expect(mine.error["kind"] == "fault")
      #expect(mine.error["code"] == "Client")
      #expect(mine.error["message"] == "no")
      #expect(mine.error["detail"] == ["Spoiled": ["why": "torn"]])
      #expect(mine.error["system"] == "forms")
      #expect(mine.error["operation"] == "Draw")
      #expect(mine.error["call_id"]?.stringValue == mine.raw["x-trestle-call-id"])
      let theirs = try await draw("crash")
      #expect(theirs.status == 502)
      #expect(theirs.error["code"] == "Server")
    }
  }

  @Test(
    "parameters that break the contract are refused with their place, what is expected and an example",
    arguments: [
      (#"{"canvas":{}}"#, "/canvas/title", "is missing"),
      (
        drawing.replacingOccurrences(of: #""_size":7"#, with: #""_size":"x""#), "/canvas/_size",
        "expects xs:int"
      ),
      (
        drawing.replacingOccurrences(of: #"["one"]"#, with: #""one""#), "/canvas/tag",
        "expects an array"
      ),
      (
        drawing.replacingOccurrences(of: #""_type":"Group","#, with: ""), "/canvas/shape/_type",
        "is missing"
      ),
      (
        drawing.replacingOccurrences(of: #""0.50""#, with: #""a""#),
        "/canvas/shape/member/0/radius", "expects xs:decimal"
      ),
      (
        drawing.replacingOccurrences(of: #""byId""#, with: #""byName":"n","byId""#), "/canvas",
        "exactly one of byId, byName"
      ),
      (
        drawing.replacingOccurrences(of: #""byId""#, with: #""by/Id~""#), "/canvas/by~1Id~0",
        "is not known"
      ),
      ("[]", "", "an object of names and values"),
    ])
  func refusesParameters(json: String, path: String, reason: String) async throws {
    try await ServedGateway.run(adapters: ["forms.yaml": ServedGateway.adapters["forms.yaml"] ?? ""]
    ) {
      served in
      let answer = try await served.call("forms", "Draw", json)
      #expect(answer.status == 422)
      #expect(answer.error["kind"] == "validation")
      #expect(answer.error["code"] == "invalid")
      let problems = answer.error["problems"]?.arrayValue ?? [answer.error]
      #expect(
        problems.contains {
          $0["path"]?.stringValue == path && $0["message"]?.stringValue?.contains(reason) == true
        }, "\(answer.value)")
      // The example is one that is taken.
      let example = try #require(answer.error["example"])
      let again = try await served.call("forms", "Draw", JSONWriter.text(example))
      #expect(again.status == 200, "\(again.value)")
      // Nothing was sent for the first.
      #expect(try await served.mocks.calls().count == 1)
    }
  }

  @Test("what is not there is told with the nearest word")
  func suggests() async throws {
    try await ServedGateway.run { served in
      let system = try await served.call("form", "Draw", "{}")
      #expect(system.status == 404)
      #expect(system.message.contains("did you mean \"forms\"?"))
      #expect(system.error["known"]?.arrayValue?.contains("ledger") == true)
      let operation = try await served.call("forms", "Darw", "{}")
      #expect(operation.status == 404)
      #expect(operation.message.contains("did you mean \"Draw\"?"))
      #expect(operation.error["known"] == ["Draw", "Describe", "Note"])
    }
  }

  @Test(
    "a system that is not there is 503, one that is slow 504, one that breaks off 502, none hides what happened"
  )
  func tellsOfSystemsThatAreDown() async throws {
    try await ServedGateway.run { served in
      let away = try await served.call("orders", "count", query: "?mode=live")
      #expect(away.status == 503)
      #expect(away.error["kind"] == "transport")
      _ = try await served.client.post("/v1/mocks/orders/faults", ["late": "5s"])
      let slow = try await served.call("orders", "count", headers: ["X-Trestle-Timeout: 100ms"])
      #expect(slow.status == 504)
      #expect(slow.error["kind"] == "timeout")
      _ = try await served.client.post("/v1/mocks/ledger/faults", ["close": "before"])
      let broken = try await served.call("ledger", "join", #"{"left":"a","right":"b"}"#)
      #expect(broken.status == 502)
      _ = try await served.client.post("/v1/mocks/forms/faults", ["damage": "garbage"])
      let strange = try await served.call("forms", "Describe")
      #expect(strange.status == 502)
      #expect(strange.error["kind"] == "decoding")
    }
  }

  @Test("a system that is known to be gone is 503 at once, with when to come again")
  func spares() async throws {
    try await ServedGateway.run(adapters: [
      "gone.yaml": """
      protocol: xml_rpc
      endpoint: http://127.0.0.1:1/RPC2
      breaker: { failures: 2, open: 90s }
      mock: { responses: { count: 1 } }
      """
    ]) { served in
      for _ in 0..<2 {
        let gone = try await served.call("gone", "count", query: "?mode=live")
        #expect(gone.error["code"] == "unreachable")
        #expect(gone.raw.headers.allSatisfy { $0.name.lowercased() != "retry-after" })
      }
      let spared = try await served.call("gone", "count", query: "?mode=live")
      #expect(spared.status == 503)
      #expect(spared.error["code"] == "unavailable")
      #expect(spared.message.contains("failed too often"))
      let wait = spared.raw.headers.first { $0.name.lowercased() == "retry-after" }?.value
      #expect(wait == "89" || wait == "90")
      let mock = try await served.call("gone", "count", query: "?mode=mock")
      #expect(mock.status == 200)
    }
  }

  @Test(
    "what a request says of its call is checked",
    arguments: [
      ("?mode=dead", [], "mode expects live or mock"),
      ("", ["X-Trestle-Mode: dead"], "X-Trestle-Mode expects live or mock"),
      (
        "?mode=live", ["X-Trestle-Mode: mock"], "X-Trestle-Mode says mock, the query says mode=live"
      ),
      ("", ["X-Trestle-Timeout: soon"], "X-Trestle-Timeout expects a duration"),
      ("", ["X-Trestle-Timeout: 1s", "X-Trestle-Timeout: 2s"], "stands 2 times"),
      ("", ["Idempotency-Key: "], "Idempotency-Key expects 1 to 255"),
      ("?envelop=true", [], "did you mean \"envelope\""),
    ])
  func checksWhatIsSaid(query: String, headers: [String], reason: String) async throws {
    try await ServedGateway.run(adapters: [
      "orders.yaml": SteeredMocks.adapters["orders.yaml"] ?? ""
    ]) {
      served in
      let answer = try await served.call("orders", "count", query: query, headers: headers)
      #expect(answer.status == 400)
      #expect(answer.message.contains(reason), "\(answer.value)")
    }
  }
}
