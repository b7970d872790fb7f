import Testing
import TrestleCore

@testable import TrestleNet

@Suite struct FramedSessionTests {
  /// A session with an open connection and exchanges under way, keyed by the names given.
  private func session(_ keys: [CorrelationKey?], inFlight: Int = 8) -> FramedSession {
    var session = FramedSession(inFlight: inFlight)
    for (id, key) in keys.enumerated() { _ = session.submit(id, key: key) }
    _ = session.opened()
    return session
  }

  @Test("the first exchange opens the connection, and is sent once it is open")
  func opens() {
    var session = FramedSession(inFlight: 2)
    #expect(session.submit(1, key: nil) == [.connect])
    #expect(session.submit(2, key: nil) == [])
    #expect(session.submit(3, key: nil) == [])
    #expect(session.opened() == [.send(1), .send(2)])
    #expect(session.received(key: nil) == [.deliver(1), .send(3)])
    #expect(session.received(key: nil) == [.deliver(2)])
    #expect(session.received(key: nil) == [.deliver(3)])
  }

  @Test("a connection that cannot be made fails all who wait; the next exchange tries again")
  func failsToOpen() {
    var session = FramedSession(inFlight: 1)
    #expect(session.submit(1, key: "a") == [.connect])
    #expect(session.submit(2, key: "b") == [])
    #expect(session.failedToOpen() == [.fail(1, .notConnected), .fail(2, .notConnected)])
    #expect(session.submit(3, key: "a") == [.connect])
  }

  @Test("keyed replies find their exchange in any order")
  func correlates() {
    var session = session(["a", "b", "c"])
    #expect(session.received(key: "c") == [.deliver(2)])
    #expect(session.received(key: "a") == [.deliver(0)])
    #expect(session.received(key: "b") == [.deliver(1)])
  }

  @Test("a key in flight or waiting is not sent again")
  func refusesDuplicates() {
    var session = session(["a", "b"], inFlight: 1)
    #expect(session.submit(8, key: "a") == [.fail(8, .duplicateKey("a"))])
    #expect(session.submit(9, key: "b") == [.fail(9, .duplicateKey("b"))])
    #expect(session.received(key: "a") == [.deliver(0), .send(1)])
    #expect(session.submit(10, key: "a") == [])
    #expect(session.received(key: "b") == [.deliver(1), .send(10)])
  }

  @Test("a late reply is counted and handed to nobody")
  func countsLateReplies() {
    var session = session(["a", "b"])
    #expect(session.timedOut(0) == [.fail(0, .timedOut(.init(wasSent: true, key: "a")))])
    #expect(session.received(key: "a") == [])
    #expect(session.lateReplies == 1)
    #expect(session.received(key: "b") == [.deliver(1)])
    #expect(session.submit(5, key: "a") == [.send(5)], "its late reply has come")
  }

  @Test("a key whose late reply may still come waits for a new connection")
  func renews() {
    var session = session(["a", "b"])
    _ = session.timedOut(0)
    #expect(session.submit(5, key: "a") == [])
    #expect(session.received(key: "a") == [], "the old one's")
    #expect(session.received(key: "b") == [.deliver(1), .close, .connect])
    #expect(session.opened() == [.send(5)])
    #expect(session.received(key: "a") == [.deliver(5)])
  }

  @Test("a timeout by order condemns the connection and everyone on it, but nobody who waits")
  func condemns() {
    var session = session([nil, nil, nil], inFlight: 2)
    #expect(
      session.timedOut(0) == [
        .fail(0, .timedOut(.init(wasSent: true))), .fail(1, .condemned), .close, .connect,
      ])
    #expect(session.received(key: nil) == [], "a reply of the old connection")
    #expect(session.opened() == [.send(2)])
    #expect(session.received(key: nil) == [.deliver(2)])
  }

  @Test("an exchange given up before it was sent harms nobody")
  func givesUpWaiting() {
    var session = session([nil, nil], inFlight: 1)
    #expect(session.timedOut(1) == [.fail(1, .timedOut(.init(wasSent: false)))])
    #expect(session.cancelled(7) == [], "unknown, or ended already")
    #expect(session.received(key: nil) == [.deliver(0)])
  }

  @Test("a timeout names the replies that came for nobody meanwhile")
  func reportsStrays() {
    var session = session(["a", "c"])
    #expect(session.received(key: "x") == [])
    #expect(session.received(key: nil) == [])
    _ = session.submit(2, key: "b")
    #expect(session.received(key: "y") == [])
    let first = FramedSession.Waited(
      wasSent: true, key: "a", strayCount: 3, strayKeys: ["x", nil, "y"])
    #expect(session.timedOut(0) == [.fail(0, .timedOut(first))])
    let second = FramedSession.Waited(wasSent: true, key: "b", strayCount: 1, strayKeys: ["y"])
    #expect(session.timedOut(2) == [.fail(2, .timedOut(second))])
  }

  @Test("what cannot be read goes to the one who waits, where that can only be one")
  func unreadable() {
    var alone = session(["a"])
    #expect(alone.received(key: nil) == [.deliver(0)])
    var late = session(["a", "b"])
    _ = late.timedOut(0)
    #expect(late.received(key: nil) == [], "it may be the late reply of the first")
  }

  @Test("a close fails what was sent and opens again for what waits")
  func closes() {
    var session = session(["a", "b"], inFlight: 1)
    #expect(session.closed() == [.fail(0, .closed), .connect])
    #expect(session.opened() == [.send(1)])
    #expect(session.received(key: "b") == [.deliver(1)])
    #expect(session.closed() == [], "nobody waits: made again when needed")
    #expect(session.submit(5, key: "a") == [.connect])
  }

  @Test("a peer that closes after each reply gets a connection for each exchange")
  func oneShot() {
    var session = FramedSession(inFlight: 8, isOneShot: true)
    #expect(session.submit(1, key: nil) == [.connect])
    #expect(session.submit(2, key: nil) == [])
    #expect(session.opened() == [.send(1)])
    #expect(session.received(key: nil) == [.deliver(1), .close, .connect])
    #expect(session.opened() == [.send(2)])
    #expect(session.received(key: nil) == [.deliver(2), .close])
  }

  @Test("shutting down fails everyone, and later comers at once")
  func shutsDown() {
    var session = session(["a", "b"], inFlight: 1)
    #expect(session.shutDown() == [.fail(0, .shutDown), .fail(1, .shutDown), .close])
    #expect(session.submit(3, key: "c") == [.fail(3, .shutDown)])
    #expect(session.shutDown() == [])
    #expect(session.opened() == [] && session.received(key: "a") == [])
  }

  @Test("with backoff, exchanges wait for the next attempt, and pauses grow")
  func persists() {
    var session = FramedSession(inFlight: 1, persists: true)
    #expect(session.submit(1, key: nil) == [.connect])
    #expect(session.failedToOpen() == [.connectLater(attempt: 1)])
    #expect(session.submit(2, key: nil) == [])
    #expect(session.pauseEnded() == [.connect])
    #expect(session.failedToOpen() == [.connectLater(attempt: 2)])
    #expect(session.timedOut(1) == [.fail(1, .timedOut(.init(wasSent: false)))])
    #expect(session.pauseEnded() == [.connect])
    #expect(session.opened() == [.send(2)])
    #expect(session.received(key: nil) == [.deliver(2)])
    #expect(session.closed() == [], "nobody waits, and nothing wants it open")
    #expect(session.submit(3, key: nil) == [.connect])
    #expect(session.failedToOpen() == [.connectLater(attempt: 1)], "it had been open between")
  }

  @Test("nobody waits for a peer that refuses us")
  func refusal() {
    var session = FramedSession(inFlight: 1, persists: true)
    _ = session.submit(1, key: nil)
    #expect(session.failedToOpen(isRefusal: true) == [.fail(1, .notConnected)])
    #expect(session.submit(2, key: nil) == [.connect])
  }

  @Test("a connection that is wanted for itself is made again when it is lost")
  func keepsOpen() {
    var session = FramedSession(inFlight: 2, persists: true, keepsOpen: true)
    _ = session.submit(1, key: nil)
    _ = session.opened()
    #expect(session.closed() == [.fail(1, .closed), .connectLater(attempt: 1)])
    #expect(session.pauseEnded() == [.connect])
    #expect(session.failedToOpen() == [.connectLater(attempt: 1)])
    #expect(session.submit(2, key: nil) == [])
    #expect(session.pauseEnded() == [.connect])
    #expect(session.opened() == [.send(2)])
    #expect(session.shutDown() == [.fail(2, .shutDown), .close])
    #expect(session.pauseEnded() == [])
  }

  @Test("shutting down between two attempts has no connection to close")
  func shutsDownPausing() {
    var session = FramedSession(inFlight: 1, persists: true)
    _ = session.submit(1, key: nil)
    _ = session.failedToOpen()
    #expect(session.shutDown() == [.fail(1, .shutDown)])
    #expect(session.pauseEnded() == [])
  }

  @Test("an exchange without a reply holds up nobody, and nothing is taken for its reply")
  func oneWay() {
    var session = FramedSession(inFlight: 1)
    #expect(session.submit(1, key: nil, expectsReply: false) == [.connect])
    #expect(session.submit(2, key: nil) == [])
    #expect(session.opened() == [.send(1), .send(2)])
    #expect(session.submit(3, key: nil, expectsReply: false) == [], "the limit is the limit")
    #expect(session.received(key: nil) == [.deliver(2), .send(3)])
    #expect(session.timedOut(3) == [], "it was done when it was sent")
    #expect(session.received(key: nil) == [])
  }

  @Test("a heartbeat goes past those that wait, on an open connection")
  func urgent() {
    var session = FramedSession(inFlight: 1)
    #expect(session.submit(1, key: nil) == [.connect])
    #expect(session.submit(2, key: nil, expectsReply: false, isUrgent: true) == [])
    #expect(session.opened() == [.send(1)])
    #expect(session.submit(3, key: nil, expectsReply: false, isUrgent: true) == [.send(3)])
    #expect(session.received(key: nil) == [.deliver(1), .send(2)])
  }

  @Test("a reply without an optional field that could be either's is nobody's")
  func ambiguous() {
    func key(_ letter: String?) -> CorrelationKey {
      CorrelationKey([.init("number", "7"), .init("letter", letter, isOptional: true)])
    }
    var session = session([key("A"), key("B")])
    #expect(session.received(key: key(nil)) == [])
    #expect(session.received(key: key("B")) == [.deliver(1)])
    #expect(session.received(key: key(nil)) == [.deliver(0)])
    #expect(session.submit(5, key: key("A")) == [.send(5)])
    #expect(session.submit(6, key: key(nil)) == [.fail(6, .duplicateKey(key(nil)))])
  }
}
