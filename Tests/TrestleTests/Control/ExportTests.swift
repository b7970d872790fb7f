import Testing
import Trestle

/// What is live, written as the `mock` part of an adapter file.
@Suite("Exporting live answers", .timeLimit(.minutes(1)))
struct ExportTests {
  @Test("an export is YAML as a person would write it")
  func readable() async throws {
    let mock = """
        seed: 7
        fallback: fault
        stubs:
          - { operation: pay, when: { id: "007" }, reply: file }
      """
    try await withShop(.xmlRPC, mock) { shop in
      let mocks = shop.mocks
      try mocks.setStub(
        [
          "reply": "yes: {{request.id}}", "operation": "pay", "id": "vip",
          "when": ["id": ["matches": "^V[0-9]+$"]], "priority": 2,
        ], on: "shop")
      try mocks.setStub(
        [
          "operation": "pay", "times": 2,
          "replies": [["reply": "one"], ["fault": ["code": 7, "message": "true"]]],
        ], on: "shop")
      try mocks.setResponse("two\nlines\n", to: "ship", on: "shop")
      try mocks.setScenario(
        "outage", to: ["responses": ["pay": ["fault": ["code": 5, "message": "down"]]]], on: "shop")
      #expect(
        try mocks.exportYAML(of: "shop") == """
          mock:
            fallback: fault
            seed: 7
            scenarios:
              outage: { responses: { pay: { fault: { code: 5, message: down } } } }
            responses:
              ship: |
                two
                lines
            stubs:
              - operation: pay
                times: 2
                replies: [{ reply: one }, { fault: { code: 7, message: "true" } }]
              - name: vip
                operation: pay
                priority: 2
                when: { id: { matches: "^V[0-9]+$" } }
                reply: "yes: {{request.id}}"
              - operation: pay
                when: { id: "007" }
                reply: file

          """)
    }
  }

  @Test(
    "faults that were set are in the export, before those of the file",
    arguments: ShopSystem.allCases)
  func faults(_ kind: ShopSystem) async throws {
    let mock =
      "  responses: { pay: \(kind.yaml("x")) }\n  misbehave: { late: 5ms, operation: ship }"
    try await withShop(kind, mock) { shop in
      try await shop.mocks.setFault(["close": "before", "times": 1], on: "shop", id: "over")
      #expect(await shop.pay().hasPrefix("transport"))
      try await shop.mocks.setFault(["close": "before", "operation": "pay"], on: "shop")
      let export = try shop.mocks.exportYAML(of: "shop")
      #expect(!export.contains("times"))
      try shop.files.write(
        kind.head + export, to: "adapters/shop.yaml")
      let again = try shop.files.load(.standard)
      let problems = (again.diagnostics + again.systems.flatMap(\.diagnostics)).map(\.description)
      #expect(problems == [], "\(export)")
      try await withMock("shop", in: again) { shop in
        let error = await #expect(throws: BridgeError.self) {
          try await shop.bridge.callLegacySystem("shop", operation: "pay", parameters: ["id": "1"])
        }
        #expect(error?.stage == .transport)
      }
    }
  }

  @Test("an export that is read again gives the same answers", arguments: ShopSystem.allCases)
  func sameAnswers(_ kind: ShopSystem) async throws {
    let mock = """
        scope: { field: id }
        stubs:
          - { name: zero, operation: ship, priority: 0, when: { id: S0 }, reply: \(kind.yaml("s0")) }
          - { operation: pay, priority: 1, when: { id: { starts_with: A } }, reply: \(kind.yaml("a")) }
        responses: { pay: \(kind.yaml("file")) }
      """
    let ids = ["A1", "A2", "B1", "C\nD", "S0", "null", "1.50", "x: y # z", "-", "", "ü", "T1"]
    let bodies: [Value] = [
      "${env:HOME}", "a $${x} ${ b", "$$$", "plain", "yes", "1.50", "on: off", "# no comment",
      " blank ", "a\n  b\n\nc",
      "tab\tand \"quote\"",
      "trailing\n\n", "{{request.id}} $", "ünïcode \u{A0}", "- dash", "~", "0x1F", "{a: b}", "",
    ]
    func answers(_ shop: MockInTest) async throws -> [String] {
      var all: [String] = []
      for operation in ["pay", "ship"] {
        for id in ids + bodies.indices.map({ "id \($0)" }) {
          do {
            let value = try await shop.bridge.callLegacySystem(
              "shop", operation: operation, parameters: ["id": .string(id)])
            all.append("\(value)")
          } catch { all.append("\(error.stage) \(error.fault?.message ?? "")") }
        }
      }
      return all
    }
    let files = try TemporaryWorkspace(["adapters/shop.yaml": kind.adapter(mock)])
    let (exported, before) = try await withMock("shop", in: files.load(.standard)) { shop in
      for (position, body) in bodies.enumerated() {
        try shop.stub(
          "pay", where: ["id": .string("id \(position)")],
          reply: kind.reply(body.stringValue ?? ""))
      }
      for id in ids {
        try shop.stub("ship", where: ["id": .string(id)], reply: kind.reply("for <\(id)>"))
      }
      try shop.stub([
        "operation": "pay", "priority": 1, "when": ["id": "A2"], "reply": kind.reply("live"),
      ])
      try shop.stub([
        "operation": "pay", "when": ["id": "T1"], "order": "cycle",
        "replies": [["reply": kind.reply("1")], ["reply": kind.reply("2")]],
      ])
      try shop.mocks.setResponse(
        ["fault": ["code": kind.faultCode, "message": "out of order"]], to: "ship", on: "shop")
      try shop.mocks.setScenario(
        "busy", to: ["responses": ["pay": kind.reply("busy")]], on: "shop")
      return (try shop.mocks.exportYAML(of: "shop"), try await answers(shop))
    }
    #expect(Set(before).count > 10)
    try files.write(kind.head + exported, to: "adapters/shop.yaml")
    let workspace = try files.load(.standard)
    #expect(
      (workspace.diagnostics + workspace.systems.flatMap(\.diagnostics)).map(\.description) == [])
    try await withMock("shop", in: workspace) { shop in
      #expect(try await answers(shop) == before)
      try shop.mocks.switchScenario("busy", on: "shop", scope: "A1")
      let busy = try await shop.bridge.callLegacySystem(
        "shop", operation: "pay", parameters: ["id": "A1"])
      #expect(busy == kind.reply("busy"))
    }
  }
}
