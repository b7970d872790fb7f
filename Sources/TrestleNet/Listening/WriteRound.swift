internal import NIOCore
internal import NIOPosix

/// A connection whose gathered output is written when a round ends.
protocol GathersOutput: AnyObject {
  func flush()
}

/// What connections of one event loop write in one turn of it, done together at the turn's end.
///
/// A write wakes the peer's process, which then runs beside us, answers, and sleeps again: waking it
/// once for all that a turn has for it costs both sides less than once for each answer. The turn ends
/// when the events that were ready have been seen, so that a lone request waits for nobody.
final class WriteRound {
  /// A thread's own round, never seen by another.
  private final class Holder: Sendable {
    let round: NIOLoopBound<WriteRound>

    init(_ round: WriteRound) { self.round = NIOLoopBound(round, eventLoop: round.eventLoop) }
  }

  private static let ofThread = ThreadSpecificVariable<Holder>()

  /// The round of an event loop, on which this must be called.
  static func of(_ eventLoop: any EventLoop) -> WriteRound {
    if let known = ofThread.currentValue?.round.value, known.eventLoop === eventLoop {
      return known
    }
    let round = WriteRound(eventLoop)
    ofThread.currentValue = Holder(round)
    return round
  }

  private let eventLoop: any EventLoop
  private var waiting: [any GathersOutput] = []
  private var isRunning = false

  private init(_ eventLoop: any EventLoop) { self.eventLoop = eventLoop }

  /// Has a connection flush at the end of this turn.
  func add(_ connection: any GathersOutput) {
    waiting.append(connection)
    // What joins while the round runs is written by it.
    guard waiting.count == 1, !isRunning else { return }
    eventLoop.assumeIsolated().execute { self.run() }
  }

  private func run() {
    isRunning = true
    var position = 0
    while position < waiting.count {
      waiting[position].flush()
      position += 1
    }
    waiting.removeAll(keepingCapacity: waiting.capacity <= Self.keptCapacity)
    isRunning = false
  }

  private static let keptCapacity = 1024
}
