import Testing
import TrestleCore
import TrestleMock

@Suite("Finding stubs")
struct StubIndexTests {
  private let contract = Contract(name: "open", operations: [], isOpen: true)

  private func stubs(_ stubs: [Value], fallback: String = "fault") -> StubSet {
    var problems: [ValueProblem] = []
    let set = StubSet(
      MockDefinition(["fallback": .string(fallback), "stubs": .array(stubs)]), contract: contract,
      problems: &problems)
    #expect(problems.map(\.message) == [])
    return set
  }

  private func stub(_ when: Value, _ reply: Value, _ more: Record = [:]) -> Value {
    var record: Record = ["operation": "Get", "when": when, "reply": reply]
    for member in more { record[member.name] = member.value }
    return .object(record)
  }

  private func reply(_ set: StubSet, _ parameters: Record) -> Value? {
    set.answer(to: Call(operation: "Get", parameters: parameters)).value
  }

  @Test("of ten thousand stubs a call is held against those that share its key")
  func counted() {
    // All ask for the same kind: it tells nothing apart, so the id is the place to look.
    let set = stubs(
      (0..<10_000).map { number in
        stub(
          ["kind": "x", "id": .string("N\(number / 10)"), "step": .integer(Int64(number % 10))],
          .integer(Int64(number)))
      })
    for number in [0, 4321, 9999] {
      let call = Call(
        operation: "Get",
        parameters: [
          "kind": "x", "id": .string("N\(number / 10)"), "step": .integer(Int64(number % 10)),
        ])
      #expect(set.candidateCount(for: call) <= 10)
      #expect(set.answer(to: call).value == .integer(Int64(number)))
    }
    #expect(set.candidateCount(for: Call(operation: "Get", parameters: ["id": "none"])) == 0)
  }

  @Test("stubs that ask at different places are found by either; those that ask nowhere always")
  func severalPlaces() {
    let set = stubs(
      (0..<1000).map { stub(["id": .integer(Int64($0))], "id") }
        + (0..<1000).map { stub(["owner": ["name": .string("o\($0)")]], "owner") }
        + [stub(["note": ["contains": "x"]], "note")])
    #expect(reply(set, ["id": "7.0"]) == "id")
    #expect(reply(set, ["owner": ["name": "o7"]]) == "owner")
    #expect(reply(set, ["note": "axb"]) == "note")
    #expect(
      set.candidateCount(
        for: Call(operation: "Get", parameters: ["id": 7, "owner": ["name": "o7"]])) == 3)
  }

  @Test("the index finds what trying one by one finds, whatever the values are")
  func asOneByOne() {
    let values: [Value] = [
      1, "1", "1.0", "01", 1.5, "1.50", "a", "A", true, "true", .null, "", "-0", 0, "+1", ["a"],
      ["k": 1],
      .bytes([1, 2]), "AQI=", .dateTime("2026-01-01"), "2026-01-01", .double(1e20), "1e20",
    ]
    let set = stubs(values.map { stub(["v": ["equals": $0]], .string("\($0)")) })
    for value in values {
      let first = values.first { candidate in
        var problems: [ValueProblem] = []
        return Matcher.compile(
          when: ["v": ["equals": candidate]], parameters: .any, at: ValuePath(),
          problems: &problems
        ).matches(["v": value])
      }
      #expect(reply(set, ["v": value]) == first.map { .string("\($0)") })
    }
  }

  @Test("one goes before five, which goes before nine; then the order of the file counts")
  func priority() {
    let set = stubs([
      stub([:], "last", ["priority": 9]), stub(["a": 1], "file"), stub(["a": 1], "later"),
      stub(["b": 1], "first", ["priority": 1]),
    ])
    #expect(reply(set, ["a": 1, "b": 1]) == "first")
    #expect(reply(set, ["a": 1]) == "file")
    #expect(reply(set, [:]) == "last")
  }

  @Test("a near miss names the nearest stubs, where they differ, and a stub to paste")
  func nearMiss() throws {
    let set = stubs(
      (0..<10_000).map { number in
        stub(["id": .string("N-\(number)"), "kind": "x"], 1, ["name": .string("stub N-\(number)")])
      })
    let call = Call(operation: "Get", parameters: ["id": "N-43210", "kind": "x", "_lang": "de"])
    let miss = try #require(set.nearMiss(for: call, generators: .fixed()))
    #expect(miss.stubCount == 10_000 && miss.candidates.count == 3)
    let nearest = try #require(miss.candidates.first)
    #expect(nearest.stub == "stub N-4321" && nearest.holding == 1)
    #expect(nearest.differences.map(\.description) == [#"id expects "N-4321", found "N-43210""#])
    #expect(
      miss.suggestion
        == "- operation: Get\n  when:\n    id: \"N-43210\"\n    kind: \"x\"\n    \"_lang\": \"de\"\n  reply: {}\n"
    )
    let fault = try #require(set.answer(to: call).fault)
    #expect(fault.message.contains(#"nearest is "stub N-4321": id expects "N-4321""#))
    #expect(fault.detail["nearMiss"]?["nearest"]?[0]?["differences"]?[0]?["path"] == "id")
    #expect(fault.detail["nearMiss"]?["suggestion"] == .string(miss.suggestion))
  }

  @Test("a suggested stub stays short, and words of conditions stand for themselves in it")
  func suggestion() {
    let set = stubs([stub(["a": 1], 1)])
    let long = Call(
      operation: "Get 1",
      parameters: ["a": ["type": "integer"], "b": .string(String(repeating: "x", count: 5000))])
    #expect(
      set.suggestedStub(for: long)
        == "- operation: \"Get 1\"\n  when:\n    a: {\"equals\":{\"type\":\"integer\"}}\n    # and 1 more, too long to show\n  reply: {}\n"
    )
  }

  @Test("header blocks and transport facts are conditions, and differences")
  func beside() throws {
    var headed = contract
    headed.hasHeaders = true
    var problems: [ValueProblem] = []
    let set = StubSet(
      MockDefinition([
        "fallback": "fault",
        "stubs": [
          [
            "operation": "Get", "reply": "yes", "when_headers": ["Session": ["user": "ada"]],
            "when_transport": [
              "headers": ["x-tenant": "a", "X-Off": ["absent": true]], "method": "POST",
              "path": ["starts_with": "/v1"], "peer": ["matches": "^127"],
            ],
          ]
        ],
      ]), contract: headed, problems: &problems)
    #expect(problems.map(\.message) == [])
    var call = Call(operation: "Get", headers: ["Session": ["user": "ada"]])
    var request = WireRequest(target: "/v1/x?y=1", headers: ["X-Tenant": "a"])
    request.sender = WireSender(peer: "127.0.0.1:5")
    call.request = request
    #expect(set.answer(to: call).value == "yes")
    call.headers = ["Session": ["user": "bob"]]
    call.request?.target = "/v2"
    call.request?.headers["X-Tenant"] = nil
    let miss = try #require(set.nearMiss(for: call, generators: .fixed()))
    #expect(
      miss.candidates.first?.differences.map(\.description) == [
        #"headers.Session.user expects "ada", found "bob""#,
        #"transport.path expects a text that starts with "/v1", found "/v2""#,
        #"transport.headers.x-tenant expects "a", found nothing"#,
      ])
  }
}

extension StubSet {
  /// What an engine answers from the stubs, at once.
  fileprivate func answer(to call: Call) -> Reply {
    guard case .now(let reply) = StubEngine(self, generators: .fixed()).respond(to: call) else {
      return .fault(Fault(code: "test", message: "the answer is late"))
    }
    return reply
  }
}
