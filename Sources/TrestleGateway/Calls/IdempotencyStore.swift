internal import Synchronization
internal import Trestle

/// The first answers to requests with an idempotency key, to be given again
/// (draft-ietf-httpapi-idempotency-key-header).
///
/// Bounded by count, bytes and time: the oldest go first. Nothing outlives the process.
final class IdempotencyStore: Sendable {
  /// How much is kept, and for how long.
  struct Limits: Sendable {
    var count = 10_000
    var bytes = 64 << 20
    var age: Duration = .seconds(24 * 3600)
  }

  /// What a request with a key means.
  enum Meaning {
    /// It is the first: make the call, then `finish`.
    case first
    /// It was made before: this was the answer.
    case again(APIResponse)
    /// The first is still under way.
    case underWay
    /// The key was used for another request.
    case another
  }

  private struct Entry {
    var fingerprint: Int
    var answer: APIResponse?
    var bytes = 0
    var began: Duration
    /// Tells it from a later one with the same key.
    var number: Int
  }

  private struct State {
    var entries: [String: Entry] = [:]
    /// In the order they came, those that are gone too until they are at the front.
    var order: [(key: String, number: Int)] = []
    var front = 0
    var bytes = 0
    var number = 0
  }

  private let limits: Limits
  private let stopwatch: Stopwatch
  private let state = Mutex(State())

  init(limits: Limits = Limits(), clock: any Clock<Duration> = ContinuousClock()) {
    self.limits = limits
    stopwatch = Stopwatch(clock)
  }

  /// What a request means that has a key.
  func begin(_ key: String, fingerprint: Int) -> Meaning {
    let now = stopwatch.elapsed
    return state.withLock { state in
      dropOld(&state, now: now)
      if let entry = state.entries[key] {
        guard entry.fingerprint == fingerprint else { return .another }
        return entry.answer.map { .again($0) } ?? .underWay
      }
      state.number += 1
      state.entries[key] = Entry(fingerprint: fingerprint, began: now, number: state.number)
      state.order.append((key, state.number))
      return .first
    }
  }

  /// Keeps the answer to the first request; nil forgets it, so that the next is the first.
  func finish(_ key: String, _ answer: APIResponse?, bytes: Int) {
    state.withLock { state in
      guard state.entries[key] != nil else { return }
      guard let answer, bytes <= limits.bytes else {
        state.entries[key] = nil
        return
      }
      state.entries[key]?.answer = answer
      state.entries[key]?.bytes = bytes
      state.bytes += bytes
    }
  }

  private func dropOld(_ state: inout State, now: Duration) {
    let end = state.order.count
    while state.front < end {
      let (key, number) = state.order[state.front]
      if let entry = state.entries[key], entry.number == number {
        let isTooMuch = state.entries.count >= limits.count || state.bytes > limits.bytes
        guard now - entry.began > limits.age || isTooMuch else { break }
        if entry.answer == nil {
          // Whether it is done is not known yet: whoever asks again must not begin another. It goes behind those
          // that can go.
          state.order.append((key, number))
        } else {
          state.entries[key] = nil
          state.bytes -= entry.bytes
        }
      }
      state.front += 1
    }
    if state.front > 1024, state.front > state.order.count / 2 {
      state.order.removeFirst(state.front)
      state.front = 0
    }
  }
}
