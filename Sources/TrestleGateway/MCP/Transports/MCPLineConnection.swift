internal import Synchronization
internal import Trestle

/// One client over lines of text, as over standard input and output: a message a line, in both directions.
///
/// Requests are answered as they come, each in a task of its own, so that a slow call holds up nothing. The
/// connection owns these tasks: `end` has them finish.
package final class MCPLineConnection: Sendable {
  private struct State {
    /// Set by `initialize`: the client's revision from then on.
    var version: String?
    var isEnded = false
    var running: [RPCID: Task<Void, Never>] = [:]
    /// Tells a client of the legacy era what has changed.
    var announcer: Task<Void, Never>?
  }

  /// The largest message, in bytes.
  package static let greatestMessage = 16 << 20
  /// How many requests are answered at once.
  private static let mostRequests = 256

  private let server: MCPServer
  private let write: @Sendable ([UInt8]) -> Void
  private let state = Mutex(State())

  /// A connection that writes its lines, with their line breaks, by a function.
  package init(_ server: MCPServer, write: @escaping @Sendable ([UInt8]) -> Void) {
    self.server = server
    self.write = write
  }

  /// Takes a line, without its line break.
  package func take(_ line: [UInt8]) {
    guard line.contains(where: { ![0x20, 0x09, 0x0D].contains($0) }) else { return }
    do throws(RPCMessage.Mistake) {
      let message = try RPCMessage(line)
      switch message.kind {
      case .request(let id): begin(message, id)
      case .notification: note(message)
      case .response: break
      }
    } catch {
      send(error.error.response(to: error.id))
    }
  }

  /// Refuses a line that is longer than a message may be.
  package func refuseLongLine() {
    send(
      MCPError.noRequest("a message has \(Self.greatestMessage) bytes at most").response(to: nil))
  }

  private func send(_ message: Value) { write(JSONWriter.bytes(message) + [0x0A]) }

  // MARK: Requests

  private func begin(_ message: RPCMessage, _ id: RPCID) {
    let exchange: MCPExchange
    do throws(MCPError) {
      exchange = MCPExchange(
        id: id, era: try era(of: message), progressToken: message.progressToken,
        isPersistent: true, notify: { [weak self] in self?.send($0) })
    } catch {
      return send(error.response(to: id))
    }
    // Held while the task begins, so that its end finds it.
    let refusal = state.withLock { state -> MCPError? in
      guard !state.isEnded else { return .noRequest("the server is stopping") }
      guard state.running[id] == nil else {
        return .noRequest("a request with this id is being answered already")
      }
      guard state.running.count < Self.mostRequests else {
        return MCPError(-32603, "more than \(Self.mostRequests) requests at once")
      }
      state.running[id] = Task { [self] in
        let answer = await server.answer(message, in: exchange)
        let isWanted = self.state.withLock { $0.running.removeValue(forKey: id) != nil }
        // What was cancelled is not answered.
        if isWanted { send(answer.message) }
      }
      return nil
    }
    if let refusal { send(refusal.response(to: id)) }
  }

  /// A request that says its revision is of that one; others are of the revision that `initialize` agreed on.
  private func era(of message: RPCMessage) throws(MCPError) -> MCPEra {
    if message.method == "initialize", message.version == nil {
      let version = MCPVersion.negotiated(message.parameters["protocolVersion"]?.stringValue)
      state.withLock { $0.version = version }
      announceChanges()
      return .legacy(version)
    }
    if message.version != nil || message.method == "server/discover" {
      try MCPServer.checkMeta(of: message)
      return .modern
    }
    // Whoever types a request by hand is understood too.
    return .legacy(state.withLock(\.version) ?? MCPVersion.legacy[0])
  }

  private func note(_ message: RPCMessage) {
    guard message.method == "notifications/cancelled",
      let id = RPCID(message.parameters["requestId"])
    else { return }
    state.withLock { $0.running.removeValue(forKey: id) }?.cancel()
  }

  /// In the legacy era the client is told of changes without having asked.
  private func announceChanges() {
    guard let changes = server.changes.changes() else { return }
    state.withLock { state in
      guard state.announcer == nil, !state.isEnded else { return }
      state.announcer = Task { [weak self] in
        for await change in changes {
          if change.concernsTools {
            self?.send(RPCMessage.notification("notifications/tools/list_changed"))
          }
          if change.concernsResources {
            self?.send(RPCMessage.notification("notifications/resources/list_changed"))
          }
        }
      }
    }
  }

  /// Ends: streams of changes at once, requests under way after a grace, whatever they wait for.
  package func end(grace: Duration = .seconds(2)) async {
    let announcer = state.withLock { state in
      state.isEnded = true
      defer { state.announcer = nil }
      return state.announcer
    }
    announcer?.cancel()
    server.end()
    let running = state.withLock { Array($0.running.values) }
    guard !running.isEmpty else { return }
    // Waiting for a task cannot be given up, for a stream it can.
    let (finished, continuation) = AsyncStream.makeStream(of: Void.self)
    let waiting = Task {
      for task in running { await task.value }
      continuation.finish()
    }
    await withTaskGroup { group in
      group.addTask { for await _ in finished {} }
      group.addTask { try? await Task.sleep(for: grace) }
      await group.next()
      group.cancelAll()
    }
    waiting.cancel()
    for task in running { task.cancel() }
  }
}
