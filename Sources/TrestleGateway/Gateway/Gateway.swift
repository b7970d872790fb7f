internal import Synchronization
internal import Trestle

/// What all faces of the gateway share: the systems as they are now, and the way to call them.
final class Gateway: Sendable {
  let options: GatewayOptions
  /// The mocks that run beside it; nil where none do.
  let mocks: RunningMocks?
  let idempotency = IdempotencyStore()
  private let current: Published<SystemCatalog>

  init(_ workspace: Workspace, mocks: RunningMocks?, options: GatewayOptions) {
    self.options = options
    self.mocks = mocks
    current = Published(SystemCatalog(workspace, mocks: mocks))
  }

  /// The systems as they are now.
  var catalog: SystemCatalog { current.value }

  /// Serves a workspace that was read again. Calls under way finish with the one before, whose connections are closed
  /// when the last of them lets go of it.
  /// What has become unusable by its contract alone goes on as it was, and is given back.
  func takeUp(_ workspace: Workspace) -> [LegacySystem] {
    let (workspace, refused) = workspace.keepingContracts(of: catalog.workspace)
    current.publish(SystemCatalog(workspace, mocks: mocks))
    return refused
  }

  func shutdown() async { await catalog.shutdown() }
}
