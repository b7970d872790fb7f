internal import Synchronization
internal import Trestle
internal import TrestleGateway

/// Lets other clients in when the file that names them changes while the gateway runs.
///
/// A file with mistakes, and one that is gone, change nothing: it may be the one that keeps others out.
final class TokenWatch: Sendable {
  private let path: String
  private let seen: Mutex<FileStamp?>
  private let gateway: RunningGateway
  private let mocks: RunningMocks?
  private let workspace: Workspace
  private let session: Session

  /// Watches a file that was read when it looked as `read` says; nil where there was none.
  init(
    path: String, read: FileStamp?, gateway: RunningGateway, mocks: RunningMocks?,
    workspace: Workspace, session: Session
  ) {
    self.path = path
    seen = Mutex(read)
    self.gateway = gateway
    self.mocks = mocks
    self.workspace = workspace
    self.session = session
  }

  /// Takes the file up if it has changed.
  func look() async {
    let now = FileStamp(path)
    let before = seen.withLock { seen in
      defer { seen = now }
      return seen
    }
    guard now != before else { return }
    let shown = FilePaths.display(path, root: workspace.directory)
    guard now != nil else {
      return session.warn("\(shown) is gone; the clients that it named are let in as before")
    }
    let file = GatewayFile(path: path, workspace: workspace.with(systems: gateway.systems))
    session.show(file.diagnostics)
    guard !file.tokens.isEmpty else {
      return session.warn("\(shown) has mistakes; who was let in before still is, and nobody else")
    }
    let hadToken = gateway.token != nil
    await gateway.letIn(file.tokens)
    session.note(
      "\(timeOfDay()) \(shown) has changed; let in now: "
        + file.tokens.map(\.name).joined(separator: ", "))
    if !hadToken { tellToken() }
  }

  /// Commands that steer the mocks need a token from now on.
  private func tellToken() {
    do throws(MockError) {
      _ = try mocks?.tell(adminAt: gateway.url, token: gateway.token?.text)
    } catch {
      session.warn("the gateway's token cannot be told in the run file: \(error.reason)")
    }
  }
}
