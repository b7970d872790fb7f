internal import Synchronization
package import TrestleCore

/// The latest calls of running mocks, in memory: for tests that ask what was called, where no journal is kept.
///
/// They are kept as they came; what is asked of them is worked out when it is asked.
package final class CallRing: Sendable {
  private struct Kept: Sendable {
    let id: Int64
    let system: String
    let start: Int64
    let exchange: Service.Exchange
    let insight: CallInsight
  }

  private struct State {
    /// Up to twice as many as are kept, so that letting go of the oldest costs little.
    var calls: [Kept] = []
    var lastID: Int64 = 0
  }

  private let capacity: Int
  private let now: @Sendable () -> Int64
  private let state = Mutex(State())

  /// A ring for so many calls, of all systems together.
  package init(capacity: Int, now: @escaping @Sendable () -> Int64 = Journal.wallTime) {
    self.capacity = max(1, capacity)
    self.now = now
  }

  /// What takes one system's calls in.
  package func recorder(for system: String, insight: CallInsight) -> any ExchangeRecorder {
    Lane(ring: self, system: system, insight: insight)
  }

  private final class Lane: ExchangeRecorder {
    let ring: CallRing
    let system: String
    let insight: CallInsight

    init(ring: CallRing, system: String, insight: CallInsight) {
      self.ring = ring
      self.system = system
      self.insight = insight
    }

    func record(_ exchange: Service.Exchange) -> AnswerHold? {
      ring.append(exchange, of: system, insight)
      return nil
    }
  }

  private func append(_ exchange: Service.Exchange, of system: String, _ insight: CallInsight) {
    let duration = exchange.duration.components
    let start =
      now() - duration.seconds * 1_000_000 - duration.attoseconds / 1_000_000_000_000
    state.withLock { state in
      state.lastID += 1
      state.calls.append(
        Kept(
          id: state.lastID, system: system, start: start, exchange: exchange, insight: insight))
      if state.calls.count >= 2 * capacity {
        state.calls.removeFirst(state.calls.count - capacity)
      }
    }
  }

  /// The calls that a query means; without `bodies`, their messages are left out.
  package func entries(_ query: JournalQuery = JournalQuery(), bodies: Bool = true)
    -> [JournalEntry]
  {
    let calls = state.withLock { Array($0.calls.suffix(capacity)) }
    var found: [JournalEntry] = []
    for kept in query.isOldestFirst ? calls : calls.reversed() {
      guard found.count < query.limit else { break }
      guard query.system.map({ $0 == kept.system }) ?? true else { continue }
      var entry = JournalEntry(
        kept.exchange, id: kept.id, of: kept.system, start: kept.start, insight: kept.insight)
      guard query.selects(entry) else { continue }
      if !bodies {
        entry.request = nil
        entry.response = nil
      }
      found.append(entry)
    }
    return found
  }

  /// Forgets all calls.
  package func clear() { state.withLock { $0.calls = [] } }
}

extension JournalEntry {
  /// An exchange as it came, nothing masked and nothing cut off.
  fileprivate init(
    _ exchange: Service.Exchange, id: Int64, of system: String, start: Int64, insight: CallInsight
  ) {
    func message(_ headers: Headers, _ body: [UInt8]) -> Message {
      var message = Message()
      message.headers = headers
      message.body = body
      message.size = body.count
      return message
    }
    let call = exchange.call
    let sent = exchange.response.flatMap { $0.isNothing ? nil : $0 }
    let isHTTP = exchange.request.map { !$0.headers.fields.isEmpty } ?? false
    self.init(
      id: id, start: start, duration: exchange.duration, system: system,
      operation: call?.operation, outcome: Outcome(exchange), origin: exchange.reply?.origin,
      scope: call.flatMap(insight.scope), peer: exchange.peer ?? exchange.request?.sender?.peer,
      parameters: call.map { .object($0.parameters) } ?? .null, callHeaders: call?.headers ?? [:],
      value: exchange.reply?.value, fault: exchange.reply?.fault?.jsonValue,
      replyHeaders: exchange.reply?.headers ?? [:], nearMiss: insight.nearMiss(of: exchange),
      error: exchange.error?.description,
      warnings: (call?.warnings ?? []) + (exchange.reply?.warnings ?? []),
      method: isHTTP ? exchange.request?.method : nil,
      target: isHTTP ? exchange.request?.target : nil, status: isHTTP ? sent?.status : nil,
      request: exchange.request.map { message($0.headers, $0.body) },
      response: sent.map { message($0.headers, $0.body) })
  }
}

extension JournalQuery {
  /// Whether an entry is one of those that are meant; the journal's file asks SQLite the same.
  func selects(_ entry: JournalEntry) -> Bool {
    guard system.map({ $0 == entry.system }) ?? true,
      operation.map({ $0 == entry.operation }) ?? true,
      outcomes.isEmpty || outcomes.contains(entry.outcome),
      origin.map({ $0 == entry.origin || "stub '\($0)'" == entry.origin }) ?? true,
      from.map({ entry.start >= $0 }) ?? true, to.map({ entry.start <= $0 }) ?? true,
      after.map({ entry.id > $0 }) ?? true, before.map({ entry.id < $0 }) ?? true,
      conditions.allSatisfy({ $0.holds(in: entry.parameters) })
    else { return false }
    return text.map { entry.contains($0) } ?? true
  }
}

extension JournalEntry {
  /// Whether a text stands somewhere in the call, its reply or the messages.
  fileprivate func contains(_ text: String) -> Bool {
    var texts = [origin, nearMiss, error].compactMap { $0 }
    for value in [parameters, .object(callHeaders), value, fault, .object(replyHeaders)] {
      if let value, !value.isNull { texts.append(JSONWriter.text(value)) }
    }
    if texts.contains(where: { $0.contains(text) }) { return true }
    let wanted = Array(text.utf8)
    return [request, response].contains { $0?.body.contains(wanted) ?? false }
  }
}
