/// The admin API while it listens.
public final class RunningAdminServer: Sendable {
  /// Where it is: `http://127.0.0.1:40613`.
  public let url: String
  /// The port it listens on.
  public let port: Int
  /// What clients have to show; nil where everybody on this machine may use it.
  public let token: AccessToken?

  private let task: ServerTask

  init(_ task: ServerTask, host: String, token: AccessToken?) {
    self.task = task
    self.token = token
    port = task.port
    url = RouteServer.url(host: host, port: task.port)
  }

  /// Stops listening, lets the answers under way finish, and closes every connection.
  public func stop() async { await task.stop() }
}
