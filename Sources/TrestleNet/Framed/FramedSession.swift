internal import NIOCore
internal import TrestleCore

/// One shared TCP connection as its client sees it: who waits for which reply, and what to do next.
///
/// A pure value: events go in, actions come out, and the transport performs them. Replies find their
/// exchange by key where the protocol has one, else by order. Three rules keep replies from the wrong caller:
/// - a key in flight is not sent again;
/// - a key whose exchange was given up is not sent again on the same connection, as its late reply
///   could not be told from the new one's: the connection is renewed first;
/// - without keys, one exchange given up condemns the connection.
struct FramedSession {
  typealias ID = Int

  /// What the transport has to do, in order.
  enum Action: Equatable {
    case connect
    /// Connect after a pause, which grows with the attempts that failed in a row.
    case connectLater(attempt: Int)
    case close
    case send(ID)
    case deliver(ID)
    case fail(ID, Failure)
  }

  /// Why an exchange ends without a reply.
  enum Failure: Equatable {
    /// Another exchange with this key is under way.
    case duplicateKey(CorrelationKey)
    /// The connection could not be made.
    case notConnected
    /// The connection closed after the request was sent.
    case closed
    /// Another exchange on the connection was given up, so that replies could no longer be told apart.
    case condemned
    /// Its time ran out.
    case timedOut(Waited)
    case cancelled(wasSent: Bool)
    case shutDown
  }

  /// What an exchange that timed out had waited for, and what came instead.
  struct Waited: Equatable {
    var wasSent: Bool
    var key: CorrelationKey?
    /// How many replies came meanwhile that belong to nobody.
    var strayCount = 0
    /// The keys of the last of them; nil where there was none.
    var strayKeys: [CorrelationKey?] = []
  }

  private enum Connection: Equatable {
    case none
    case opening
    /// Between two attempts to connect.
    case pausing
    case open
    case shutDown
  }

  private struct Exchange {
    let id: ID
    let key: CorrelationKey?
    let expectsReply: Bool
    /// How many strays there had been when it was sent.
    var straysBefore = 0
  }

  /// The most exchanges without their reply at a time.
  private let limit: Int
  /// Whether every exchange gets a connection of its own, as one side closes after its message.
  var isOneShot: Bool
  /// Whether exchanges wait while a connection that could not be made is tried again.
  private let persists: Bool
  /// Whether a connection is made again when nobody waits for it.
  private let keepsOpen: Bool

  private var connection = Connection.none
  /// In the order of sending.
  private var inFlight: [Exchange] = []
  private var waiting = CircularBuffer<Exchange>()
  /// The keys of both.
  private var keys = CorrelationKeySet()
  /// Keys of exchanges given up whose replies may still come.
  private var abandoned = CorrelationKeySet()
  /// How many attempts to connect failed in a row.
  private var failedAttempts = 0
  /// Whether the connection must be renewed before anything else is sent.
  private var isSpent = false
  private var strayKeys: [CorrelationKey?] = []
  private var strayCount = 0

  /// Replies that came after their exchange was given up.
  private(set) var lateReplies = 0

  init(
    inFlight limit: Int, isOneShot: Bool = false, persists: Bool = false, keepsOpen: Bool = false
  ) {
    self.limit = max(1, limit)
    self.isOneShot = isOneShot
    self.persists = persists
    self.keepsOpen = keepsOpen
  }

  /// Whether calls can be sent.
  var isOpen: Bool { connection == .open }

  /// Whether nothing is under way.
  var isIdle: Bool { inFlight.isEmpty }

  // MARK: Events

  /// `isUrgent` sends an exchange without a reply past those that wait, as heartbeats must be.
  mutating func submit(
    _ id: ID, key: CorrelationKey?, expectsReply: Bool = true, isUrgent: Bool = false
  ) -> [Action] {
    guard connection != .shutDown else { return [.fail(id, .shutDown)] }
    if isUrgent, !expectsReply, connection == .open, !isSpent { return [.send(id)] }
    if let key, expectsReply {
      guard !keys.contains(key) else { return [.fail(id, .duplicateKey(key))] }
      keys.insert(key)
      if abandoned.contains(key) { isSpent = true }
    }
    waiting.append(Exchange(id: id, key: expectsReply ? key : nil, expectsReply: expectsReply))
    return advance()
  }

  mutating func opened() -> [Action] {
    guard connection == .opening else { return [] }
    connection = .open
    failedAttempts = 0
    return advance()
  }

  /// No connection came about. Exchanges wait for the next attempt only where it may do better: not
  /// when the peer has refused us.
  mutating func failedToOpen(isRefusal: Bool = false) -> [Action] {
    guard connection == .opening else { return [] }
    forgetConnection()
    failedAttempts += 1
    var actions: [Action] = []
    if !persists || isRefusal {
      actions = waiting.map { .fail($0.id, .notConnected) }
      forgetWaiting()
    }
    if persists, keepsOpen || !waiting.isEmpty {
      connection = .pausing
      actions.append(.connectLater(attempt: failedAttempts))
    }
    return actions
  }

  /// The pause before another attempt to connect is over.
  mutating func pauseEnded() -> [Action] {
    guard connection == .pausing else { return [] }
    connection = .none
    guard keepsOpen, waiting.isEmpty else { return advance() }
    connection = .opening
    return [.connect]
  }

  /// A reply arrived; the last one, where the end of the connection ended it.
  mutating func received(key: CorrelationKey?, isLast: Bool = false) -> [Action] {
    guard connection == .open else { return [] }
    if isLast { isSpent = true }
    if let index = addressee(of: key) {
      let exchange = inFlight.remove(at: index)
      if let key = exchange.key { keys.remove(key) }
      if isOneShot { isSpent = true }
      return [.deliver(exchange.id)] + advance()
    }
    if let key, abandoned.remove(pairing: key) != nil {
      lateReplies += 1
    } else {
      strayCount += 1
      strayKeys.append(key)
      if strayKeys.count > Self.straysKept { strayKeys.removeFirst() }
    }
    return []
  }

  mutating func timedOut(_ id: ID) -> [Action] {
    giveUp(id) { .timedOut($0) }
  }

  mutating func cancelled(_ id: ID) -> [Action] {
    giveUp(id) { .cancelled(wasSent: $0.wasSent) }
  }

  /// The connection is gone: closed by the peer, broken, or past repair.
  mutating func closed() -> [Action] {
    guard connection == .open else { return [] }
    forgetConnection()
    var actions = inFlight.map { Action.fail($0.id, .closed) }
    forgetInFlight()
    if keepsOpen, waiting.isEmpty {
      connection = .pausing
      actions.append(.connectLater(attempt: 1))
    }
    return actions + advance()
  }

  mutating func shutDown() -> [Action] {
    guard connection != .shutDown else { return [] }
    let hadConnection = connection != .none && connection != .pausing
    let failures = (inFlight + Array(waiting)).map { Action.fail($0.id, .shutDown) }
    forgetConnection()
    connection = .shutDown
    forgetInFlight()
    forgetWaiting()
    return failures + (hadConnection ? [.close] : [])
  }

  // MARK: Steps

  private static let straysKept = 5
  private static let abandonedKept = 1000

  private func addressee(of key: CorrelationKey?) -> Int? {
    if let key {
      let isHers = { (exchange: Exchange) in exchange.key?.pairs(with: key) ?? false }
      if let index = inFlight.firstIndex(where: isHers) {
        // A reply that could be either's is nobody's.
        return inFlight[(index + 1)...].contains(where: isHers) ? nil : index
      }
      if abandoned.contains(key) { return nil }
    }
    if let index = inFlight.firstIndex(where: { $0.key == nil }) { return index }
    // What cannot even be read has no key. Where one exchange alone waits it is told what came,
    // rather than that nothing did.
    return key == nil && inFlight.count == 1 && abandoned.count == 0 ? 0 : nil
  }

  private mutating func giveUp(_ id: ID, _ failure: (Waited) -> Failure) -> [Action] {
    if let index = waiting.firstIndex(where: { $0.id == id }) {
      let exchange = waiting.remove(at: index)
      if let key = exchange.key { keys.remove(key) }
      return [.fail(id, failure(Waited(wasSent: false, key: exchange.key)))]
    }
    guard let index = inFlight.firstIndex(where: { $0.id == id }) else { return [] }
    let exchange = inFlight.remove(at: index)
    if let key = exchange.key { keys.remove(key) }
    let count = strayCount - exchange.straysBefore
    let failed = Action.fail(
      id,
      failure(
        Waited(
          wasSent: true, key: exchange.key, strayCount: count,
          strayKeys: Array(strayKeys.suffix(count)))))
    if let key = exchange.key, !isOneShot {
      abandoned.insert(key)
      if abandoned.count > Self.abandonedKept { isSpent = true }
      return [failed] + advance()
    }
    // By order, the late reply would be taken for the next one's.
    let others = inFlight.map { Action.fail($0.id, .condemned) }
    forgetInFlight()
    isSpent = true
    return [failed] + others + advance()
  }

  /// Opens, renews or uses the connection, as what waits requires.
  private mutating func advance() -> [Action] {
    var actions: [Action] = []
    if connection == .open, isSpent, inFlight.isEmpty {
      forgetConnection()
      actions.append(.close)
    }
    guard !waiting.isEmpty else { return actions }
    switch connection {
    case .none:
      connection = .opening
      actions.append(.connect)
    case .open where !isSpent:
      while inFlight.count < (isOneShot ? 1 : limit), !waiting.isEmpty {
        var next = waiting.removeFirst()
        next.straysBefore = strayCount
        if next.expectsReply { inFlight.append(next) } else if isOneShot { isSpent = true }
        actions.append(.send(next.id))
        guard !isSpent else { break }
      }
    case .open, .opening, .pausing, .shutDown: break
    }
    return actions
  }

  private mutating func forgetInFlight() {
    for exchange in inFlight { if let key = exchange.key { keys.remove(key) } }
    inFlight.removeAll()
  }

  private mutating func forgetWaiting() {
    for exchange in waiting { if let key = exchange.key { keys.remove(key) } }
    waiting.removeAll()
  }

  private mutating func forgetConnection() {
    connection = .none
    isSpent = false
    abandoned.removeAll()
    strayKeys.removeAll()
    strayCount = 0
  }
}
