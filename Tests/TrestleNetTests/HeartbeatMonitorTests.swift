import NIOCore
import Testing
import TrestleCore

@testable import TrestleNet

@Suite struct HeartbeatMonitorTests {
  private let start = NIODeadline.uptimeNanoseconds(1_000_000_000)

  private func monitor(expectsReply: Bool, misses: Int = 2) -> HeartbeatMonitor {
    let step = ConnectionPlan.Step(
      name: "echo", expectsReply: expectsReply,
      request: { () throws(CodecError) in WireRequest() },
      fault: { (_) throws(CodecError) in nil })
    return HeartbeatMonitor(
      .init(step: step, every: .seconds(60), timeout: .seconds(10), misses: misses), at: start)
  }

  @Test("it is due when nothing was heard or sent for its period")
  func due() {
    var monitor = monitor(expectsReply: true)
    #expect(monitor.decide(at: start + .seconds(10)) == .wait(.seconds(50)))
    monitor.heard(at: start + .seconds(30))
    #expect(monitor.decide(at: start + .seconds(60)) == .wait(.seconds(30)))
    monitor.sent(at: start + .seconds(50))
    #expect(monitor.decide(at: start + .seconds(90)) == .wait(.seconds(20)))
    #expect(monitor.decide(at: start + .seconds(110)) == .send)
    #expect(monitor.decide(at: start + .seconds(111)) == .wait(.seconds(60)), "it is under way")
    monitor.answered(at: start + .seconds(112))
    #expect(monitor.decide(at: start + .seconds(112)) == .wait(.seconds(60)))
  }

  @Test("a missed one is repeated at once, and the last miss ends it; a sign of life forgives")
  func misses() {
    var monitor = monitor(expectsReply: true, misses: 3)
    #expect(monitor.decide(at: start + .seconds(60)) == .send)
    let isLost = monitor.wentUnanswered()
    #expect(!isLost)
    #expect(monitor.decide(at: start + .seconds(70)) == .send)
    let isLostNow = monitor.wentUnanswered()
    #expect(!isLostNow)
    monitor.heard(at: start + .seconds(75))
    #expect(monitor.decide(at: start + .seconds(80)) == .wait(.seconds(55)))
    #expect(monitor.decide(at: start + .seconds(140)) == .send)
    let verdicts = [
      monitor.wentUnanswered(), monitor.wentUnanswered(), monitor.wentUnanswered(),
    ]
    #expect(verdicts == [false, false, true])
  }

  @Test("without a reply, our own silence makes it due and the peer's ends it")
  func oneWay() {
    var monitor = monitor(expectsReply: false)
    monitor.heard(at: start + .seconds(50))
    #expect(monitor.decide(at: start + .seconds(60)) == .send)
    monitor.sent(at: start + .seconds(60))
    #expect(monitor.decide(at: start + .seconds(90)) == .wait(.seconds(30)))
    monitor.sent(at: start + .seconds(120))
    monitor.sent(at: start + .seconds(180))
    #expect(monitor.decide(at: start + .seconds(229)) == .wait(.seconds(11)))
    #expect(monitor.decide(at: start + .seconds(230)) == .giveUp)
  }
}
