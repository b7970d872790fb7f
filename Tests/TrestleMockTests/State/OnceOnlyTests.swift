import Testing
import TrestleCore
import TrestleMock

@Suite("Two calls at once")
struct OnceOnlyTests {
  /// The values of so many calls, made from several threads at the same time.
  private func values(of mock: StatefulMock, calls: Int) async -> [Value] {
    await withTaskGroup(of: [Value].self) { group in
      for _ in 0..<8 {
        group.addTask { (0..<(calls / 8)).map { _ in mock.value() ?? .null } }
      }
      return await group.reduce(into: []) { $0 += $1 }
    }
  }

  @Test("never both take the last time", arguments: 0..<50)
  func lastTime(round: Int) async {
    let mock = StatefulMock([
      "stubs": [
        ["operation": "do", "times": 1, "reply": "once"], ["operation": "do", "reply": "later"],
      ]
    ])
    let values = await values(of: mock, calls: 64)
    #expect(values.count { $0 == "once" } == 1)
    #expect(values.count == 64)
    #expect(mock.engine.counts().map(\.answered) == [1, 63])
  }

  @Test(
    "never both leave the same state, nor take the same place of a sequence or value of a store")
  func oneStep() async {
    let mock = StatefulMock([
      "stubs": [
        [
          "operation": "do", "scenario": "lock", "state": "started", "to": "held",
          "reply": "taken",
        ],
        [
          "operation": "do", "times": 100, "set": ["sum": "{{(store.sum or 0) + 1}}"],
          "replies": .array((0..<100).map { ["reply": .integer($0)] }),
        ],
        ["operation": "do", "reply": "over"],
      ]
    ])
    let values = await values(of: mock, calls: 800)
    #expect(values.count { $0 == "taken" } == 1)
    #expect(values.compactMap(\.integerValue).sorted() == Array(0..<100))
    #expect(values.count { $0 == "over" } == 699)
    #expect(mock.engine.store()["sum"] == 100)
  }
}
