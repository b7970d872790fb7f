package import Trestle

/// What an MCP server speaks for: systems, a way to call them, and mocks that can be steered.
package protocol MCPHost: Sendable {
  /// The workspace as it was last read; reading it the first time may be put off until here.
  func snapshot() -> WorkspaceSnapshot

  /// How long its calls may take.
  var time: CallTime { get }

  /// Calls an operation of a system of the snapshot. `timeout` is what its file says where it is nil.
  func call(
    _ system: LegacySystem, operation: String, parameters: Value, timeout: Duration?
  ) async throws(BridgeError) -> Reply

  /// How mocks are steered; nil where there are none to steer. Decided once: it makes which tools there are.
  var steering: (any MockSteering)? { get }

  /// Where calls go, as a sentence for whoever uses the tools.
  var destination: String { get }

  /// Whether calls of a system reach the system itself, rather than its mock.
  func isLive(_ system: LegacySystem) -> Bool
}

/// A workspace as it was read at some time.
package struct WorkspaceSnapshot: Sendable {
  /// Grows with each reading.
  package var revision: Int
  /// The workspace.
  package var workspace: Workspace

  /// Numbers a workspace.
  package init(revision: Int, workspace: Workspace) {
    self.revision = revision
    self.workspace = workspace
  }
}
