import Testing
import TrestleCore

@testable import Trestle

@Suite("Circuit breakers")
struct CircuitBreakerTests {
  private func opened(at now: Duration = .zero) -> CircuitBreaker {
    var breaker = CircuitBreaker(.init(failures: 2, open: .seconds(5)))
    breaker.noteFailure(.usual, at: now)
    breaker.noteFailure(.usual, at: now)
    return breaker
  }

  private func expect(
    _ breaker: inout CircuitBreaker, _ admission: CircuitBreaker.Admission, at now: Duration,
    at location: SourceLocation = #_sourceLocation
  ) {
    let found = breaker.admit(at: now)
    #expect(found == admission, sourceLocation: location)
  }

  @Test("failures in a row open it; an answer between them begins the count anew")
  func opens() {
    var breaker = CircuitBreaker(.init(failures: 2, open: .seconds(5)))
    breaker.noteFailure(.usual, at: .zero)
    breaker.noteSuccess(.usual)
    breaker.noteFailure(.usual, at: .zero)
    expect(&breaker, .usual, at: .zero)
    breaker.noteFailure(.usual, at: .seconds(1))
    #expect(breaker.isOpen)
    expect(&breaker, .refused(retryAfter: .seconds(4)), at: .seconds(2))
  }

  @Test("when its time is up one call is let through, and its answer closes it")
  func probe() {
    var breaker = opened()
    expect(&breaker, .probe, at: .seconds(5))
    expect(&breaker, .refused(retryAfter: .seconds(4)), at: .seconds(6))
    breaker.noteSuccess(.probe)
    expect(&breaker, .usual, at: .seconds(6))
  }

  @Test("each probe that fails keeps it open twice as long, up to a minute")
  func doubling() {
    var breaker = opened()
    var now = Duration.zero
    for open in [5, 10, 20, 40, 60, 60] {
      expect(&breaker, .refused(retryAfter: .seconds(open)), at: now)
      now += .seconds(open)
      expect(&breaker, .probe, at: now)
      breaker.noteFailure(.probe, at: now)
    }
  }

  @Test("a probe that tells nothing is followed by another at once")
  func silentProbe() {
    var breaker = opened()
    expect(&breaker, .probe, at: .seconds(5))
    breaker.noteNothing(.probe, at: .seconds(6))
    expect(&breaker, .probe, at: .seconds(6))
  }

  @Test("calls that were under way when it opened change nothing")
  func stragglers() {
    var breaker = opened()
    breaker.noteSuccess(.usual)
    #expect(breaker.isOpen)
    breaker.noteFailure(.usual, at: .seconds(4))
    expect(&breaker, .probe, at: .seconds(5))
    breaker.noteSuccess(.usual)
    #expect(breaker.isOpen)
  }
}

@Suite("Retry budgets")
struct RetryBudgetTests {
  @Test("ten repeated calls are free, then they are a part of all calls")
  func share() {
    var budget = RetryBudget(percent: 20)
    let free = (0..<10).map { _ in budget.takeRetry() }
    #expect(free.allSatisfy { $0 })
    let eleventh = budget.takeRetry()
    #expect(!eleventh)
    for _ in 0..<5 { budget.noteCall() }
    let after = [budget.takeRetry(), budget.takeRetry()]
    #expect(after == [true, false])
  }

  @Test("of nothing, nothing is repeated")
  func none() {
    var budget = RetryBudget(percent: 0)
    budget.noteCall()
    let isTaken = budget.takeRetry()
    #expect(!isTaken)
  }
}

@Suite("Bulkheads", .timeLimit(.minutes(1)))
struct BulkheadTests {
  @Test("who waits longest goes next, and too many do not wait")
  func order() async {
    let bulkhead = Bulkhead(.init(concurrent: 1, waiting: 1))
    #expect(await bulkhead.enter() == .admitted)
    async let second = bulkhead.enter()
    while bulkhead.load.waiting < 1 { await Task.yield() }
    #expect(await bulkhead.enter() == .full)
    bulkhead.leave()
    #expect(await second == .admitted)
    #expect(bulkhead.load == (1, 0))
    bulkhead.leave()
    #expect(bulkhead.load == (0, 0))
  }

  @Test("who gives up while waiting takes no place")
  func cancellation() async {
    let bulkhead = Bulkhead(.init(concurrent: 1, waiting: 10))
    #expect(await bulkhead.enter() == .admitted)
    let waiting = Task { await bulkhead.enter() }
    while bulkhead.load.waiting < 1 { await Task.yield() }
    waiting.cancel()
    #expect(await waiting.value == .cancelled)
    let early = Task {
      withUnsafeCurrentTask { $0?.cancel() }
      return await bulkhead.enter()
    }
    #expect(await early.value == .cancelled)
    #expect(bulkhead.load == (1, 0))
    bulkhead.leave()
    #expect(bulkhead.load == (0, 0))
  }

  @Test("hundreds at once never exceed it, and all get through")
  func crowd() async {
    let bulkhead = Bulkhead(.init(concurrent: 3, waiting: 1000))
    let most = await withTaskGroup(of: Int.self) { group in
      for number in 0..<300 {
        group.addTask {
          guard await bulkhead.enter() == .admitted else { return 0 }
          let load = bulkhead.load.underWay
          if number.isMultiple(of: 3) { await Task.yield() }
          bulkhead.leave()
          return load
        }
      }
      return await group.reduce(into: []) { $0.append($1) }
    }
    #expect(most.count == 300)
    #expect(most.allSatisfy { (1...3).contains($0) })
    #expect(bulkhead.load == (0, 0))
  }
}
