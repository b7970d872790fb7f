import Testing

@testable import TrestleCLI

@Suite struct LogPaceTests {
  @Test("so many lines a second are shown, and the next second says how many were not")
  func pace() {
    let pace = LogPace(linesPerSecond: 2)
    let start = ContinuousClock.now
    #expect(pace.next(at: start) == .show(skipped: 0))
    #expect(pace.next(at: start + .milliseconds(1)) == .show(skipped: 0))
    #expect(pace.next(at: start + .milliseconds(2)) == .skip)
    #expect(pace.next(at: start + .milliseconds(999)) == .skip)
    #expect(pace.next(at: start + .seconds(1)) == .show(skipped: 2))
    #expect(pace.next(at: start + .milliseconds(1001)) == .show(skipped: 0))
  }
}
