internal import NIOCore
internal import Synchronization

/// The open connections of one server, so that it can ask them to finish and wait until they have.
final class ConnectionGroup: Sendable {
  private struct State {
    var channels: [ObjectIdentifier: any Channel] = [:]
    var isDraining = false
  }

  private let state = Mutex(State())

  var count: Int { state.withLock { $0.channels.count } }

  /// Keeps a connection until it closes.
  func add(_ channel: any Channel) {
    let key = ObjectIdentifier(channel)
    let isDraining = state.withLock { state in
      state.channels[key] = channel
      return state.isDraining
    }
    channel.closeFuture.whenComplete { _ in
      self.state.withLock { _ = $0.channels.removeValue(forKey: key) }
    }
    // Accepted while the server was closing its door.
    if isDraining { channel.close(promise: nil) }
  }

  /// Resets every connection.
  func reset() {
    for channel in state.withLock({ Array($0.channels.values) }) {
      channel.eventLoop.execute { channel.reset() }
    }
  }

  /// Asks every connection to finish what it is answering and to close; closes those that have not
  /// after the grace period.
  func drain(grace: TimeAmount, on eventLoop: any EventLoop) async {
    let channels = state.withLock { state in
      state.isDraining = true
      return Array(state.channels.values)
    }
    guard !channels.isEmpty else { return }
    // A client that sees one connection close may count on the others knowing that they end.
    let announced = channels.map { channel in
      channel.eventLoop.submit {
        channel.pipeline.fireUserInboundEventTriggered(DrainEvent.announced)
      }
    }
    _ = try? await EventLoopFuture.andAllComplete(announced, on: eventLoop).get()
    for channel in channels { channel.pipeline.fireUserInboundEventTriggered(DrainEvent.due) }
    let force = eventLoop.scheduleTask(in: grace) {
      for channel in channels { channel.close(promise: nil) }
    }
    // A connection that failed has closed as well.
    _ = try? await EventLoopFuture.andAllComplete(channels.map(\.closeFuture), on: eventLoop).get()
    force.cancel()
  }
}

/// Tells a connection's handler that the server is going.
enum DrainEvent: Sendable {
  /// The answer under way is the last.
  case announced
  /// Finish what is under way, then close; at once where nothing is.
  case due
}
