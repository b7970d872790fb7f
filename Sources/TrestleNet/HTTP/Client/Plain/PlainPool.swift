internal import NIOCore
internal import NIOPosix
internal import TrestleCore

/// The connections of one event loop to one HTTP service, used only there: so that a call that begins on an
/// event loop is answered on it, and nothing is handed from thread to thread.
final class PlainPool {
  /// How many connections there may be, and for how long one that nobody needs.
  struct Limits {
    /// Further calls wait until one is free.
    var connections = 256
    /// Legacy servers close idle connections after 5 s and more (Apache's default). Being quicker than they
    /// are keeps us from sending into a connection that is just being closed.
    var idleTime = TimeAmount.seconds(4)
  }

  let limits: Limits
  private let eventLoop: any EventLoop
  private let host: String
  private let port: Int
  private var connections: [PlainConnection] = []
  /// Those that wait for a request; the one used last is used next, so that the others can end.
  private var idle: [PlainConnection] = []
  private var opening = 0
  private var waiting = CircularBuffer<PlainCall>()
  private var isShutDown = false

  init(host: String, port: Int, limits: Limits, on eventLoop: any EventLoop) {
    self.limits = limits
    self.host = host
    self.port = port
    self.eventLoop = eventLoop
  }

  /// Sends a call over a connection that is free, or a new one.
  func send(_ call: PlainCall) {
    guard !call.isOver else { return }
    guard !isShutDown else { return call.fail(CancellationError()) }
    while let connection = idle.popLast() {
      if connection.isOpen { return connection.begin(call) }
    }
    if connections.count + opening < limits.connections { open(for: call) } else { wait(call) }
  }

  /// Gives up a call that nobody waits for any more.
  func abandon(_ call: PlainCall) {
    waiting.removeAll { $0 === call }
    for connection in connections { connection.abandon(call) }
  }

  /// Takes a connection back that has had its answer.
  func free(_ connection: PlainConnection) {
    while let next = waiting.popFirst() {
      if !next.isOver { return connection.begin(next) }
    }
    idle.append(connection)
  }

  /// Forgets a connection that is closed.
  func remove(_ connection: PlainConnection) {
    guard let position = connections.firstIndex(where: { $0 === connection }) else { return }
    connections.remove(at: position)
    idle.removeAll { $0 === connection }
    openForWaiting()
  }

  /// Closes all connections; calls under way fail.
  func shutDown() {
    isShutDown = true
    while let call = waiting.popFirst() { call.fail(CancellationError()) }
    for connection in connections { connection.shutDown() }
  }

  private func wait(_ call: PlainCall) {
    waiting.append(call)
    let pool = NIOLoopBound(self, eventLoop: eventLoop)
    eventLoop.scheduleTask(in: TimeAmount(call.connectTimeout)) {
      guard pool.value.waiting.contains(where: { $0 === call }) else { return }
      call.fail(ChannelError.connectTimeout(TimeAmount(call.connectTimeout)))
      pool.value.abandon(call)
    }
  }

  private func openForWaiting() {
    while connections.count + opening < limits.connections, let next = waiting.popFirst() {
      if !next.isOver { return open(for: next) }
    }
  }

  // MARK: New connections

  private func open(for call: PlainCall) {
    opening += 1
    // Of its time, some may have gone by while it waited.
    let limit = min(TimeAmount(call.connectTimeout), call.deadline - .now())
    let pool = NIOLoopBound(self, eventLoop: eventLoop)
    ClientBootstrap(group: eventLoop)
      .connectTimeout(max(.milliseconds(1), limit))
      .channelOption(.tcpOption(.tcp_nodelay), value: 1)
      .channelInitializer { channel in
        channel.eventLoop.makeCompletedFuture {
          try channel.pipeline.syncOperations.addHandler(PlainConnection(pool.value))
        }
      }
      .connect(host: host, port: port)
      .assumeIsolated()
      .whenComplete { self.opened($0, for: call) }
  }

  private func opened(_ result: Result<any Channel, any Error>, for call: PlainCall) {
    opening -= 1
    do {
      let channel = try result.get()
      let connection = try channel.pipeline.syncOperations.handler(type: PlainConnection.self)
      guard connection.isOpen, !isShutDown else {
        channel.close(promise: nil)
        throw isShutDown ? CancellationError() as any Error : ChannelError.ioOnClosedChannel
      }
      connections.append(connection)
      // Its call may be over by now; the connection serves another.
      if call.isOver { free(connection) } else { connection.begin(call) }
    } catch {
      call.fail(error)
      openForWaiting()
    }
  }
}
