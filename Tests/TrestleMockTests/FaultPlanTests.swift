import Testing
import TrestleCore
import TrestleMock

private let contract = Contract(
  name: "Claims",
  operations: [
    Operation(name: "Get") { Operation.Schemas(input: .any, output: .any) },
    Operation(name: "Put") { Operation.Schemas(input: .any, output: .any) },
  ])

/// A mock whose `Get` misbehaves as its file says.
private struct Mock {
  let engine: StubEngine
  let problems: [ValueProblem]

  init(stub: Value = .null, system: Value = .null, wire: Wire? = nil, seed: UInt64 = 7) {
    var definition: Record = ["responses": ["Get": "a", "Put": "b"]]
    if !stub.isNull { definition["stubs"] = [["operation": "Get", "misbehave": stub]] }
    if !system.isNull { definition["misbehave"] = system }
    var problems: [ValueProblem] = []
    let stubs = StubSet(
      MockDefinition(.object(definition)), contract: contract,
      abilities: wire.map { WireAbilities($0) }, problems: &problems)
    engine = StubEngine(
      stubs, generators: .fixed(seed: seed), clock: ManualClock())
    self.problems = problems
  }

  func misbehaviour(_ operation: String = "Get") -> Misbehaviour? {
    guard case .now(let reply) = engine.respond(to: Call(operation: operation, parameters: [:]))
    else { return nil }
    return reply.misbehaviour
  }

  /// Which of so many calls are answered with a status of HTTP's own.
  func statuses(_ count: Int, _ operation: String = "Get") -> [Int?] {
    (0..<count).map { _ in misbehaviour(operation)?.status }
  }
}

@Suite("When a mock misbehaves")
struct FaultPlanTests {
  @Test("each call, unless something is said")
  func always() {
    let mock = Mock(stub: ["status": 503])
    #expect(mock.statuses(3) == [503, 503, 503])
    #expect(mock.statuses(1, "Put") == [nil])
    #expect(mock.problems.isEmpty)
  }

  @Test("first concerns the first calls, and times counts what has happened")
  func limits() {
    #expect(Mock(stub: ["status": 503, "first": 2]).statuses(4) == [503, 503, nil, nil])
    let chancy = Mock(stub: ["status": 503, "chance": 0.5, "times": 2]).statuses(100)
    #expect(chancy.count { $0 != nil } == 2)
    #expect(chancy.suffix(50).allSatisfy { $0 == nil })
  }

  @Test("a sequence is gone through once, or again and again")
  func sequence() {
    let steps: Value = [["status": 503], "none", ["status": 500]]
    #expect(Mock(stub: ["sequence": steps]).statuses(5) == [503, nil, 500, nil, nil])
    #expect(
      Mock(stub: ["sequence": steps, "cycle": true]).statuses(5) == [503, nil, 500, 503, nil])
  }

  @Test("chance goes by the seed: the same each time, and about as often as it says")
  func chance() {
    let first = Mock(stub: ["status": 503, "chance": 0.2]).statuses(1000)
    #expect(first == Mock(stub: ["status": 503, "chance": 0.2]).statuses(1000))
    #expect(first != Mock(stub: ["status": 503, "chance": 0.2], seed: 8).statuses(1000))
    #expect((150...250).contains(first.count { $0 != nil }))
  }

  @Test("a whole system misbehaves where the stub does not, the first that is due alone")
  func system() {
    let mock = Mock(
      stub: ["status": 500, "first": 1],
      system: [["operation": "Put", "status": 501], ["status": 502]])
    #expect(mock.statuses(2) == [500, 502])
    #expect(mock.statuses(1, "Put") == [501])
    #expect(mock.problems.isEmpty)
  }

  @Test(
    "delays are drawn within their bounds, about where their distribution has them",
    arguments: [
      (["from": "1s", "to": "2s"], 1000.0...2000, 1450.0...1550),
      (["mean": "1s", "deviation": "100ms"], 600...1400, 990...1010),
      (["mean": "1s", "deviation": "5s", "most": "2s"], 0...2000, 500...1500),
      (["median": "1s", "sigma": 0.5], 135...7390, 940...1060),
      (["median": "1s", "sigma": 0.5, "least": "900ms", "most": "1100ms"], 900...1100, 900...1100),
    ] as [(Value, ClosedRange<Double>, ClosedRange<Double>)])
  func delays(
    _ late: Value, _ bounds: ClosedRange<Double>, _ middle: ClosedRange<Double>
  ) throws {
    var problems: [ValueProblem] = []
    let plan = FaultPlan(["late": late], at: ValuePath(), problems: &problems)
    #expect(problems.isEmpty)
    let bits = Generators.fixed(seed: 3).randomBits
    let drawn = (0..<2001).map { _ in
      (plan.next(bits)?.delay ?? .zero) / .milliseconds(1)
    }.sorted()
    #expect(
      bounds.contains(drawn.first ?? -1) && bounds.contains(drawn.last ?? -1), "\(drawn.last ?? 0)")
    #expect(middle.contains(drawn[1000]), "\(drawn[1000])")
  }

  @Test(
    "what is wrong with it is told",
    arguments: [
      (["late": ["from": "1s"]], "late: with from needs to, and no other"),
      (["late": ["from": "2s", "to": "1s"]], "to: is below from"),
      (["late": ["median": "2s", "sigma": 9]], "sigma: expects a number from 0 to 5"),
      (["status": 503, "chance": 20], "chance: expects a number from 0 to 1"),
      (
        ["sequence": [["status": 503]], "close": "before"],
        "close: stands beside sequence, which says all that is done wrong"
      ),
      (["drip": ["every": "1s"]], "every: needs bytes: how many each time"),
      (["close": "before", "reset": true], "reset: stands beside close; the connection ends once"),
      (["chance": 0.5], "misbehave does not say what is done wrong"),
      (
        ["status": 503, "cycle": true], "cycle: needs a sequence: one thing alone is done each time"
      ),
    ] as [(Value, String)])
  func mistakes(_ settings: Value, _ problem: String) {
    #expect(Mock(stub: settings).problems.map(\.message) == [problem])
  }

  @Test(
    "what the protocol cannot do is told with what would do instead",
    arguments: [
      ("glued", 2, "drip"), ("wrong_check", true, "damage"), ("nak", 1, "reset"),
    ] as [(String, Value, String)])
  func impossibleOverHTTP(_ key: String, _ value: Value, _ remedy: String) {
    var settings: Record = [:]
    settings[key] = value
    let problems = Mock(stub: .object(settings), wire: .http).problems
    #expect(problems.count == 1)
    #expect(problems.first?.path.description.hasSuffix("misbehave.\(key)") == true)
    #expect(problems.first?.hint?.contains(remedy) == true)
    #expect(problems.first?.severity == .error)
  }

  @Test("connections can be reset by chance, but not be refused by it")
  func acceptance() {
    let mock = Mock(system: ["accept": "reset", "first": 1])
    #expect(mock.problems.isEmpty)
    #expect(mock.engine.acceptance() == .reset)
    #expect(mock.engine.acceptance() == nil)
    #expect(mock.misbehaviour() == nil)
    #expect(!mock.engine.refusesConnections)
    #expect(Mock(system: ["accept": "refused"]).engine.refusesConnections)
    #expect(Mock(system: ["accept": "2s"]).engine.acceptance() == .late(.seconds(2)))
    #expect(
      Mock(system: ["accept": "refused", "chance": 0.5]).problems.map(\.message) == [
        "chance: cannot be said of accept: refused, as nobody is there to count"
      ])
  }
}

@Suite("Faults of a running mock")
struct FaultBoardTests {
  private func set(
    _ settings: Value, on board: FaultBoard, id: String? = nil
  ) -> (id: String?, problems: [String]) {
    var problems: [ValueProblem] = []
    let id = board.set(
      settings, id: id, contract: contract, abilities: WireAbilities(.http), problems: &problems)
    return (id, problems.map(\.message))
  }

  @Test("what is set goes before the file's, the latest first, until it is cleared")
  func order() {
    let mock = Mock(stub: ["status": 500])
    let board = mock.engine.faults
    let first = set(["status": 503], on: board)
    #expect(first.id == "fault-1")
    #expect(
      set(["status": 504, "operation": "Get", "times": 1], on: board, id: "once").id == "once")
    #expect(mock.statuses(2, "Put") == [503, 503])
    #expect(mock.statuses(2) == [504, 503])
    #expect(board.entries.map(\.id) == ["once", "fault-1"])
    #expect(board.entries.map(\.plan.times) == [1, 3])
    #expect(board.entries.map(\.plan.isOver) == [true, false])
    #expect(board.clear(id: "fault-1") == 1)
    #expect(mock.statuses(1) == [500])
    #expect(board.clear() == 1)
    #expect(mock.statuses(1, "Put") == [nil])
  }

  @Test("setting under a name that is there replaces it, and clearing goes by operation too")
  func replacing() {
    let board = FaultBoard()
    _ = set(["status": 503], on: board, id: "a")
    _ = set(["status": 504, "operation": "Get"], on: board, id: "a")
    #expect(board.entries.map(\.settings) == [["status": 504, "operation": "Get"]])
    #expect(board.clear(operation: "Put") == 0)
    #expect(board.clear(operation: "Get") == 1)
  }

  @Test("unusable settings change nothing and are told")
  func mistakes() {
    let board = FaultBoard()
    #expect(
      set(["status": 503, "operation": "Got"], on: board).problems == [
        "Claims has no operation \"Got\"; did you mean \"Get\"?"
      ])
    #expect(set(["wrong_check": true], on: board).id == nil)
    #expect(board.entries.isEmpty)
  }
}
