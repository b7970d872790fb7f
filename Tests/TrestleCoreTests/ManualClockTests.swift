import Testing
import TrestleCore

@Suite("A clock that is moved by hand", .timeLimit(.minutes(1)))
struct ManualClockTests {
  @Test("whoever sleeps wakes when the clock has gone as far, and not before")
  func wakes() async throws {
    let clock = ManualClock()
    let started = Stopwatch(clock)
    async let short: Void = clock.sleep(for: .seconds(1))
    async let long: Void = clock.sleep(for: .seconds(60))
    await clock.sleepers(2)
    clock.advance(by: .seconds(59))
    try await short
    await clock.sleepers(1)
    clock.advance(by: .seconds(1))
    try await long
    #expect(started.elapsed == .seconds(60))
  }

  @Test("a sleep that is cancelled ends at once, also before it began")
  func cancelled() async {
    let clock = ManualClock()
    let task = Task { try await clock.sleep(for: .seconds(1)) }
    await clock.sleepers(1)
    task.cancel()
    await #expect(throws: CancellationError.self) { try await task.value }
    let second = Task {
      withUnsafeCurrentTask { $0?.cancel() }
      try await clock.sleep(for: .seconds(1))
    }
    await #expect(throws: CancellationError.self) { try await second.value }
    #expect(clock.now.offset == .zero)
  }
}
