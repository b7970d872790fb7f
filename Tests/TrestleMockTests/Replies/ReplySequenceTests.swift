import Testing
import TrestleCore
import TrestleMock

@Suite("Several replies")
struct ReplySequenceTests {
  private func mock(_ order: Value, _ replies: [Value], seed: Value? = nil) -> StatefulMock {
    var stub: Record = ["operation": "do", "replies": .array(replies)]
    stub["order"] = order.isNull ? nil : order
    var definition: Record = ["stubs": [.object(stub)]]
    definition["seed"] = seed
    return StatefulMock(.object(definition))
  }

  @Test("in turn, of which the last stays; or in a cycle; each scope has its own place")
  func orders() {
    let replies: [Value] = [["reply": 1], ["reply": "{{request.x}}"], ["reply": 3]]
    let inTurn = mock(.null, replies)
    #expect(inTurn.problems == [])
    #expect((0..<5).map { _ in inTurn.value("do", ["x": 2]) } == [1, 2, 3, 3, 3])
    #expect(inTurn.value("do", scope: "a") == 1)
    let cycle = mock("cycle", replies)
    #expect((0..<5).map { _ in cycle.value("do", ["x": 2]) } == [1, 2, 3, 1, 2])
    inTurn.engine.reset()
    #expect(inTurn.value() == 1)
  }

  @Test("an entry may be a fault, bytes, or the usual answer done wrong")
  func kinds() {
    let mock = mock(
      .null,
      [
        ["fault": ["code": 7, "message": "first"]], ["raw": ["hex": "00ff"]],
        ["misbehave": ["close": "after"]],
      ])
    #expect(mock.problems == [])
    #expect(mock.reply().fault?.message == "first")
    #expect(mock.reply().raw?.bytes == [0, 255])
    let last = mock.reply()
    #expect(last.misbehaviour?.closing == .after)
    #expect(last.origin == "stub 'stub 1, reply 3'")
  }

  @Test("by chance, as often as their weights say")
  func weights() {
    let mock = mock(
      "random",
      [["reply": 0, "weight": 1], ["reply": 1, "weight": 3], ["reply": 2, "weight": 0]])
    var counts = [0, 0, 0]
    for _ in 0..<4000 { counts[Int(mock.value()?.integerValue ?? 0)] += 1 }
    #expect((900...1100).contains(counts[0]) && counts[2] == 0, "\(counts)")
  }

  @Test("times counts all of them")
  func times() {
    let mock = StatefulMock([
      "stubs": [
        [
          "operation": "do", "times": 3, "order": "cycle", "replies": [["reply": 1], ["reply": 2]],
        ],
        ["operation": "do", "reply": "over"],
      ]
    ])
    #expect((0..<4).map { _ in mock.value() } == [1, 2, 1, "over"])
  }
}

@Suite("A seed")
struct SeedTests {
  private static func mock(_ seed: Int64?) -> StatefulMock {
    var definition: Record = [
      "stubs": [
        [
          "operation": "do", "order": "random",
          "replies": [
            ["reply": ["a": "{{random(1, 1000)}}", "b": "{{uuid}}"]],
            ["reply": "{{pick('x', 'y', 'z')}}"], ["reply": "{{randomText(12)}}", "weight": 2],
          ],
        ]
      ],
      "responses": ["other": "{{random}} {{counter('n')}}"],
    ]
    if let seed { definition["seed"] = .integer(seed) }
    return StatefulMock(.object(definition))
  }

  private static func run(_ mock: StatefulMock, scope: String? = nil) -> [Value?] {
    (0..<60).map { mock.value($0 % 3 == 0 ? "other" : "do", scope: scope) }
  }

  @Test(
    "makes a run's replies the same, whatever the seed", arguments: (0..<40).map { $0 * 7919 - 9 })
  func property(seed: Int64) {
    #expect(Self.run(Self.mock(seed)) == Self.run(Self.mock(seed)))
    #expect(Self.run(Self.mock(seed)) != Self.run(Self.mock(seed + 1)))
  }

  @Test("makes them the same in each scope, whatever other scopes do meanwhile")
  func scopes() {
    let alone = Self.run(Self.mock(42), scope: "a")
    let mock = Self.mock(42)
    var mixed: [Value?] = []
    for number in 0..<60 {
      _ = mock.value(scope: "b")
      mixed.append(mock.value(number % 3 == 0 ? "other" : "do", scope: "a"))
      _ = mock.value("other")
    }
    #expect(mixed == alone)
    #expect(Self.run(Self.mock(42), scope: "b") != alone)
  }

  @Test("begins again with a reset")
  func reset() {
    let mock = Self.mock(7)
    let first = Self.run(mock)
    #expect(Self.run(mock) != first)
    mock.engine.reset()
    #expect(Self.run(mock) == first)
  }
}

@Suite("What templates may speak of")
struct TemplateFactsTests {
  @Test("the request, its transport, its scope, and data by key")
  func facts() {
    let mock = StatefulMock([
      "responses": [
        "do": [
          "method": "{{transport.method}}", "type": "{{header('content-type')}}",
          "none": "{{header('X-None') or 'none'}}", "scope": "{{scope}}",
          "peer": "{{transport.peer}}", "operation": "{{operation}}",
          "due": "{{now('yyyy-MM-dd', '+3d')}}",
        ]
      ]
    ])
    let value = mock.reply(scope: "s", sender: WireSender(peer: "1.2.3.4:5")).value
    #expect(
      value == [
        "method": "POST", "type": "text/xml", "none": "none", "scope": "s", "peer": "1.2.3.4:5",
        "operation": "do", "due": "2001-09-12",
      ])
  }

  @Test("bytes are sent with status and header fields of their own, filled in")
  func raw() {
    let mock = StatefulMock([
      "stubs": [
        [
          "operation": "do",
          "raw": [
            "text": "<x>{{request.id}}</x>", "status": 503, "framed": false,
            "headers": ["Retry-After": "{{request.id}}"],
          ],
        ],
        ["operation": "short", "raw": "abc"],
        ["operation": "coded", "raw": ["base64": "AP8="]],
      ]
    ])
    #expect(
      mock.reply("do", ["id": 7]).raw
        == RawReply(
          bytes: Array("<x>7</x>".utf8), status: 503, headers: ["Retry-After": "7"],
          isFramed: false))
    #expect(mock.reply("short").raw?.bytes == Array("abc".utf8))
    #expect(mock.reply("coded").raw?.bytes == [0, 255])
    let fault = mock.reply("do", ["id": "7\r\nSet-Cookie: x"]).fault
    #expect(fault?.message.contains("a line break") == true)
  }
}
