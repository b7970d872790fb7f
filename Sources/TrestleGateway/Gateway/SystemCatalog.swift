internal import Trestle

/// The systems that the gateway serves, and how each is reached: made when a workspace is read.
struct SystemCatalog: Sendable {
  let workspace: Workspace
  /// Calls the systems where they are.
  let live: Bridge
  /// Calls the mocks over their own wire, so that stubs, faults and the journal apply; nil where none run.
  let mock: Bridge?

  init(_ workspace: Workspace, mocks: RunningMocks?) {
    self.workspace = workspace
    live = Bridge(workspace)
    mock = mocks.map { Bridge(workspace, options: Bridge.Options(endpoints: $0.endpoints)) }
  }

  func shutdown() async {
    await live.shutdown()
    await mock?.shutdown()
  }
}
