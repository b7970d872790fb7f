internal import Dispatch
internal import Synchronization

/// Writes a log behind the calls it tells of: who reads it slowly, or not at all, holds up nobody.
///
/// A pipe that is full keeps the writer waiting, and lines gather up to a bound; what comes then is
/// counted, and the count told with the next line that finds room.
final class LogWriter: Sendable {
  private struct State {
    var waiting: [UInt8] = []
    var dropped = 0
    var isWriting = false
    /// Resumed when everything is written, or their time is up.
    var waiters: [UInt64: CheckedContinuation<Void, Never>] = [:]
    var lastWaiter: UInt64 = 0
  }

  private let state = Mutex(State())
  private let sink: Output.Sink
  private let capacity: Int
  /// The line that tells how many are missing.
  private let notice: @Sendable (Int) -> String
  private let queue = DispatchQueue(label: "trestle.log", qos: .utility)

  init(
    _ sink: Output.Sink, capacity: Int = 4 << 20, notice: @escaping @Sendable (Int) -> String
  ) {
    self.sink = sink
    self.capacity = capacity
    self.notice = notice
  }

  /// Takes in one entry, a line or several.
  func write(_ text: String) {
    let startsWriting = state.withLock { state in
      guard state.waiting.count + text.utf8.count <= capacity else {
        state.dropped += 1
        return false
      }
      if state.dropped > 0 {
        state.waiting += notice(state.dropped).utf8
        state.dropped = 0
      }
      state.waiting += text.utf8
      defer { state.isWriting = true }
      return !state.isWriting
    }
    if startsWriting { queue.async { self.drain() } }
  }

  private func drain() {
    while let bytes = next() { sink.write(bytes) }
  }

  /// What to write now; nil when there is nothing more.
  private func next() -> [UInt8]? {
    let (bytes, waiters) = state.withLock { state in
      if state.waiting.isEmpty, state.dropped > 0 {
        state.waiting += notice(state.dropped).utf8
        state.dropped = 0
      }
      guard state.waiting.isEmpty else {
        defer { state.waiting = [] }
        return (state.waiting as [UInt8]?, [UInt64: CheckedContinuation<Void, Never>]())
      }
      state.isWriting = false
      defer { state.waiters = [:] }
      return (nil, state.waiters)
    }
    for waiter in waiters.values { waiter.resume() }
    return bytes
  }

  /// Waits until everything taken in is written, but no longer than this.
  func finish(within limit: DispatchTimeInterval = .seconds(1)) async {
    await withCheckedContinuation { continuation in
      let number: UInt64? = state.withLock { state in
        guard state.isWriting else { return nil }
        state.lastWaiter += 1
        state.waiters[state.lastWaiter] = continuation
        return state.lastWaiter
      }
      guard let number else { return continuation.resume() }
      DispatchQueue.global().asyncAfter(deadline: .now() + limit) {
        self.state.withLock { $0.waiters.removeValue(forKey: number) }?.resume()
      }
    }
  }
}
