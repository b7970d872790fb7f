internal import NIOCore

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
    case close
    case send(ID)
    case deliver(ID)
    case fail(ID, Failure)
  }

  /// Why an exchange ends without a reply.
  enum Failure: Equatable {
    /// Another exchange with this key is under way.
    case duplicateKey(String)
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
    var key: String?
    /// How many replies came meanwhile that belong to nobody.
    var strayCount = 0
    /// The keys of the last of them; nil where there was none.
    var strayKeys: [String?] = []
  }

  private enum Connection: Equatable {
    case none
    case opening
    case open
    case shutDown
  }

  private struct Exchange {
    let id: ID
    let key: String?
    /// How many strays there had been when it was sent.
    var straysBefore = 0
  }

  /// The most exchanges without their reply at a time.
  private let limit: Int
  /// Whether every exchange gets a connection of its own, as one side closes after its message.
  var isOneShot: Bool

  private var connection = Connection.none
  /// In the order of sending.
  private var inFlight: [Exchange] = []
  private var waiting = CircularBuffer<Exchange>()
  /// The keys of both.
  private var keys: Set<String> = []
  /// Keys of exchanges given up whose replies may still come.
  private var abandoned: Set<String> = []
  /// Whether the connection must be renewed before anything else is sent.
  private var isSpent = false
  private var strayKeys: [String?] = []
  private var strayCount = 0

  /// Replies that came after their exchange was given up.
  private(set) var lateReplies = 0

  init(inFlight limit: Int, isOneShot: Bool = false) {
    self.limit = max(1, limit)
    self.isOneShot = isOneShot
  }

  // MARK: Events

  mutating func submit(_ id: ID, key: String?) -> [Action] {
    guard connection != .shutDown else { return [.fail(id, .shutDown)] }
    if let key {
      guard keys.insert(key).inserted else { return [.fail(id, .duplicateKey(key))] }
      if abandoned.contains(key) { isSpent = true }
    }
    waiting.append(Exchange(id: id, key: key))
    return advance()
  }

  mutating func opened() -> [Action] {
    guard connection == .opening else { return [] }
    connection = .open
    return advance()
  }

  mutating func failedToOpen() -> [Action] {
    guard connection == .opening else { return [] }
    forgetConnection()
    defer { forgetWaiting() }
    return waiting.map { .fail($0.id, .notConnected) }
  }

  /// A reply arrived; the last one, where the end of the connection ended it.
  mutating func received(key: String?, isLast: Bool = false) -> [Action] {
    guard connection == .open else { return [] }
    if isLast { isSpent = true }
    if let index = addressee(of: key) {
      let exchange = inFlight.remove(at: index)
      if let key = exchange.key { keys.remove(key) }
      if isOneShot { isSpent = true }
      return [.deliver(exchange.id)] + advance()
    }
    if let key, abandoned.remove(key) != nil {
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
    let failures = inFlight.map { Action.fail($0.id, .closed) }
    forgetInFlight()
    return failures + advance()
  }

  mutating func shutDown() -> [Action] {
    guard connection != .shutDown else { return [] }
    let hadConnection = connection != .none
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

  private func addressee(of key: String?) -> Int? {
    if let key {
      if let index = inFlight.firstIndex(where: { $0.key == key }) { return index }
      if abandoned.contains(key) { return nil }
    }
    return inFlight.firstIndex { $0.key == nil }
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
        inFlight.append(next)
        actions.append(.send(next.id))
      }
    case .open, .opening, .shutDown: break
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
