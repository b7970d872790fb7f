internal import DequeModule
internal import Synchronization
package import TrestleCore

/// The fields of a message, with their places in its bytes: those of a request, or of the reply to an
/// operation.
package typealias FieldFinder =
  @Sendable (_ message: [UInt8], _ operation: String?, _ isReply: Bool) -> [FieldSpan]

/// Where one system's exchanges wait to be written: a ring bounded by entries and bytes.
///
/// The request's path ends here: one short lock. When the writer falls behind, the oldest go and are
/// counted, and no request waits.
package final class JournalLane: ExchangeRecorder {
  /// What became of the exchanges so far.
  package struct Counts: Sendable, Hashable {
    /// How many there were.
    package var seen: Int64 = 0
    /// How many were never written because so many newer ones came that the journal's caps would have
    /// taken them out again.
    package var superseded: Int64 = 0
    /// How many were lost because the writer fell behind, or could not write.
    package var dropped: Int64 = 0
  }

  private struct State: ~Copyable {
    var waiting = Deque<WaitingExchange>()
    var memory = PackedMemory()
    var bytes = 0
    var counts = Counts()
    var isClosed = false

    mutating func append(_ exchange: consuming WaitingExchange) {
      bytes += exchange.weight
      waiting.append(exchange)
    }

    mutating func removeFirst() -> WaitingExchange? {
      guard let first = waiting.popFirst() else { return nil }
      bytes -= first.weight
      return first
    }
  }

  package let system: String
  package let settings: JournalSettings
  let mask: SecretMask
  /// Whether its protocol travels in frames rather than over HTTP.
  let isFramed: Bool
  /// Tells the fields of a message, where the protocol has secret ones.
  let fields: FieldFinder?
  let insight: CallInsight
  private let numbers: CallNumbers
  private let now: @Sendable () -> Int64
  /// Tells the writer that there is something to write; `true` when at once.
  private let wake: @Sendable (Bool) -> Void
  private let state = Mutex(State())
  private let capacity: Int
  private let byteCapacity: Int
  /// Whether answers wait until their exchange is written.
  private let isSync: Bool
  /// Whether what falls out of the ring would have been kept in the file.
  private let losesByFalling: Bool

  /// As many as wait at most; more would hold memory for no use.
  private static let largestRing = 10_000
  private static let largestRingBytes = 32 << 20

  init(
    system: String, settings: JournalSettings, mask: SecretMask, isFramed: Bool,
    fields: FieldFinder?, insight: CallInsight = CallInsight(),
    numbers: CallNumbers = CallNumbers(), now: @escaping @Sendable () -> Int64,
    wake: @escaping @Sendable (Bool) -> Void
  ) {
    self.system = system
    self.settings = settings
    self.mask = mask
    self.isFramed = isFramed
    self.fields = fields
    self.insight = insight
    self.numbers = numbers
    self.now = now
    self.wake = wake
    capacity = max(1, min(settings.entries, Self.largestRing))
    byteCapacity = max(1 << 16, min(settings.bytes, Self.largestRingBytes))
    isSync = settings.durability == .sync
    losesByFalling = settings.entries > Self.largestRing
  }

  package func record(_ exchange: consuming Service.Exchange) -> AnswerHold? {
    let commit = settings.durability == .sync ? CommitSignal() : nil
    let whole = WholeExchange(
      exchange, endedAt: now(), number: numbers.next(), commit: commit)
    let isAwaited: Bool = state.withLock { state in
      state.counts.seen += 1
      guard !state.isClosed else {
        state.counts.dropped += 1
        commit?.finish(false)
        return false
      }
      state.append(WaitingExchange(whole))
      // Whoever waits for a row gets it.
      return commit != nil || makesRoom(in: &state)
    }
    wake(isAwaited)
    guard let commit else { return nil }
    return { await commit.wait() }
  }

  package func record(
    _ call: Call, _ reply: Reply, _ request: WireRequest, _ response: WireResponse,
    took nanoseconds: Int64
  ) -> AnswerHold? {
    // What is waited for is written at once.
    guard !isSync, PackedExchange.packs(reply, request, response) else {
      return record(
        Service.Exchange(
          call: call, reply: reply, request: request, response: response,
          duration: .nanoseconds(nanoseconds)))
    }
    let constant = PackedExchange.ConstantReply(reply, response)
    let end = now()
    let number = numbers.next()
    let isAwaited: Bool = state.withLock { state in
      state.counts.seen += 1
      guard !state.isClosed else {
        state.counts.dropped += 1
        return false
      }
      var place: PackedMemory.Place?
      while place == nil {
        var writer = state.memory.room()
        PackedExchange.pack(
          call, reply, request, response, number: number, end: end, took: nanoseconds,
          into: &writer)
        place = state.memory.keep(writer)
      }
      if let place { state.append(WaitingExchange(place, constant)) }
      return makesRoom(in: &state)
    }
    wake(isAwaited)
    return nil
  }

  /// Lets go of the oldest while there are too many; whether the writer should hurry.
  private func makesRoom(in state: inout State) -> Bool {
    while state.waiting.count > capacity
      || state.bytes > byteCapacity && state.waiting.count > 1
    {
      let isOverEntries = state.waiting.count > capacity
      guard let first = state.removeFirst() else { break }
      state.memory.free(first.place)
      if isOverEntries, !losesByFalling {
        state.counts.superseded += 1
      } else {
        state.counts.dropped += 1
      }
    }
    return losesByFalling && state.waiting.count == capacity / 2
  }

  package var counts: Counts { state.withLock { $0.counts } }

  /// Whether rows would be lost that the file's caps would keep, if the writer took its time.
  var isPressed: Bool {
    state.withLock { state in
      settings.durability == .sync
        || (losesByFalling && state.waiting.count > capacity / 2) || state.bytes > byteCapacity / 2
    }
  }

  var isEmpty: Bool { state.withLock { $0.waiting.isEmpty } }

  /// Takes the oldest out, none that is newer than the call of a number.
  func take(_ limit: Int, upTo bound: UInt64 = .max) -> [PendingExchange] {
    state.withLock { state in
      var taken: [PendingExchange] = []
      taken.reserveCapacity(min(limit, state.waiting.count))
      while taken.count < limit, let number = state.waiting.first?.number, number <= bound,
        let next = state.removeFirst()
      {
        taken.append(PendingExchange(next))
        state.memory.free(next.place)
      }
      return taken
    }
  }

  /// The number of the call that waits at a place, counted from the oldest; nil where fewer wait.
  func number(at place: Int) -> UInt64? {
    state.withLock { place < $0.waiting.count ? $0.waiting[place].number : nil }
  }

  func noteDropped(_ count: Int) { state.withLock { $0.counts.dropped += Int64(count) } }

  /// Gives back the memory that is not needed now.
  func shrink() { state.withLock { $0.memory.shrink() } }

  /// Takes nothing in any more.
  func close() { state.withLock { $0.isClosed = true } }
}
