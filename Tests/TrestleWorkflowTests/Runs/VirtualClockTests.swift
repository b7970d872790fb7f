import Synchronization
import Testing

@testable import TrestleWorkflow

@Suite("A clock of a run's own", .timeLimit(.minutes(1)))
struct VirtualClockTests {
  private final class Order: Sendable {
    private let numbers = Mutex<[Int]>([])
    var all: [Int] { numbers.withLock { $0 } }
    func add(_ number: Int) { numbers.withLock { $0.append(number) } }
  }

  /// Waits until it is cancelled.
  private static func forever() async {
    let (stream, continuation) = AsyncStream<Void>.makeStream()
    await withTaskCancellationHandler {
      for await _ in stream {}
    } onCancel: {
      continuation.finish()
    }
  }

  @Test("pauses of hours take no time, one after the other")
  func pauses() async throws {
    let clock = VirtualClock()
    clock.enter()
    try await clock.pause(for: .seconds(3600))
    try await clock.pause(for: .seconds(60))
    #expect(clock.now.offset == .seconds(3660))
  }

  @Test("branches that pause side by side go on in the order of their pauses")
  func branches() async throws {
    let clock = VirtualClock()
    let order = Order()
    for _ in 0..<3 { clock.enter() }
    await withDiscardingTaskGroup { group in
      for seconds in [3, 1, 2] {
        group.addTask {
          defer { clock.leave() }
          try? await clock.pause(for: .seconds(seconds))
          order.add(seconds)
        }
      }
    }
    #expect(order.all == [1, 2, 3])
    #expect(clock.now.offset == .seconds(3))
  }

  @Test("a call of a mock that is late gets its answer at the mock's time")
  func late() async {
    let clock = VirtualClock()
    clock.enter()
    let answer = await clock.call(within: .seconds(5)) {
      try? await clock.sleep(for: .seconds(4))
      return "answer"
    }
    #expect(answer == "answer")
    #expect(clock.now.offset == .seconds(4))
  }

  @Test(
    "a call of a mock that is too late is given up at its limit, again and again", arguments: 1...20
  )
  func tooLate(times: Int) async throws {
    let clock = VirtualClock()
    clock.enter()
    for _ in 0..<3 {
      let answer = await clock.call(within: .seconds(5)) {
        try? await clock.sleep(for: .seconds(6))
        return "answer"
      }
      #expect(answer == nil)
      try await clock.pause(for: .seconds(10))
    }
    #expect(clock.now.offset == .seconds(45))
  }

  @Test("a call that nothing ever answers is given up at its limit of real time")
  func never() async {
    let clock = VirtualClock()
    clock.enter()
    let answer: String? = await clock.call(within: .milliseconds(200)) {
      await Self.forever()
      return "cancelled"
    }
    #expect(answer == nil)
    #expect(clock.now.offset == .milliseconds(200))
  }
}
