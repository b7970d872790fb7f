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

  /// Serves a workspace that was read again; calls under way finish with the one before.
  func takeUp(_ workspace: Workspace) async {
    let old = catalog
    current.publish(SystemCatalog(workspace, mocks: mocks))
    await old.shutdown()
  }

  func shutdown() async { await catalog.shutdown() }
}
