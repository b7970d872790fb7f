internal import Synchronization
package import TrestleCore

/// When which misbehaviour is due: each time, by chance, for the first calls, in a sequence.
package final class FaultPlan: Sendable {
  /// One thing to do wrong, before chance has had its say.
  struct Step: Sendable {
    var misbehaviour = Misbehaviour()
    var delay: DelayDistribution?
    /// Draws below are raised to it, and above `most` lowered.
    var least: Duration = .zero
    var most: Duration?
    var needsSeed = false

    func drawn(_ bits: () -> UInt64) -> Misbehaviour {
      var drawn = misbehaviour
      if let delay {
        var duration = max(delay.draw(bits), least)
        if let most { duration = min(duration, most) }
        drawn.delay = duration > .zero ? duration : nil
      }
      if needsSeed { drawn.seed = bits() }
      return drawn
    }
  }

  private struct State {
    var calls = 0
    var times = 0
  }

  /// In turn; nil where nothing is wrong.
  let steps: [Step?]
  /// Whether it begins again behind the last step; else nothing is wrong any more, and one step alone
  /// stays.
  let cycles: Bool
  /// Of how many calls each is due; 1 for all.
  let chance: Double
  /// How many calls it concerns; the rest are answered as they should.
  let first: Int?
  /// How often it happens before it is over.
  let limit: Int?
  /// The operation it concerns; nil for all.
  package let operation: String?
  /// What becomes of connections; nil where they are let in.
  package let acceptance: Acceptance?
  private let state = Mutex(State())

  init(
    steps: [Step?], cycles: Bool = false, chance: Double = 1, first: Int? = nil, limit: Int? = nil,
    operation: String? = nil, acceptance: Acceptance? = nil
  ) {
    self.steps = steps
    self.cycles = cycles
    self.chance = chance
    self.first = first
    self.limit = limit
    self.operation = operation
    self.acceptance = acceptance
  }

  /// How often it has happened.
  package var times: Int { state.withLock(\.times) }

  /// Whether it will not happen again.
  package var isOver: Bool {
    state.withLock { state in
      if let limit, state.times >= limit { return true }
      if let first, state.calls >= first { return true }
      return steps.count > 1 && !cycles && state.calls >= steps.count
    }
  }

  /// What is done wrong with the next reply; nil for nothing.
  package func next(_ bits: () -> UInt64) -> Misbehaviour? {
    guard !steps.isEmpty, let number = turn(bits) else { return nil }
    let step = steps.count == 1 ? steps[0] : steps[number % steps.count]
    return step?.drawn(bits)
  }

  /// What becomes of the next connection; nil where it is let in.
  func nextAcceptance(_ bits: () -> UInt64) -> Acceptance? {
    guard let acceptance, acceptance != .refused, turn(bits) != nil else { return nil }
    return acceptance
  }

  /// Counts a call; gives its number where the plan has something for it.
  private func turn(_ bits: () -> UInt64) -> Int? {
    // Drawn for each call, due or not: what one seed makes happen does not depend on the limits.
    let isDue = chance >= 1 || DelayDistribution.fraction(bits()) < chance
    return state.withLock { state in
      let number = state.calls
      state.calls += 1
      guard isDue, first.map({ number < $0 }) ?? true, limit.map({ state.times < $0 }) ?? true
      else { return nil }
      if steps.count > 1 {
        guard cycles || number < steps.count, steps[number % steps.count] != nil else { return nil }
      }
      state.times += 1
      return number
    }
  }
}
