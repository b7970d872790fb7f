internal import Synchronization
internal import Trestle

/// A bridge that several calls use at once, and that is shut down after the last of them once another has
/// taken its place.
final class SharedBridge: Sendable {
  private struct State {
    var users = 0
    var isRetired = false
    var isShutDown = false

    /// Whether it is to be shut down now; true once.
    mutating func ends() -> Bool {
      guard isRetired, users == 0, !isShutDown else { return false }
      isShutDown = true
      return true
    }
  }

  private let bridge: Bridge
  private let state = Mutex(State())

  init(_ bridge: Bridge) { self.bridge = bridge }

  func call(
    _ system: LegacySystem, operation: String, parameters: Value, timeout: Duration?
  ) async throws(BridgeError) -> Reply {
    state.withLock { $0.users += 1 }
    let outcome: Result<Reply, BridgeError>
    do throws(BridgeError) {
      outcome = .success(
        try await bridge.call(
          system, operation: operation, parameters: parameters,
          choices: CallChoices(timeout: timeout)))
    } catch {
      outcome = .failure(error)
    }
    let ends = state.withLock { state in
      state.users -= 1
      return state.ends()
    }
    if ends { await bridge.shutdown() }
    return try outcome.get()
  }

  /// Another bridge has taken its place.
  func retire() async {
    let ends = state.withLock { state in
      state.isRetired = true
      return state.ends()
    }
    if ends { await bridge.shutdown() }
  }
}
