public import Trestle
internal import TrestleNet

/// The admin API of running mocks: HTTP as a face of `RunningMocks`.
///
///     let admin = try await AdminServer(mocks).start()
///     print(admin.url)                       // http://127.0.0.1:40613
///     …
///     await admin.stop()
public struct AdminServer: Sendable {
  /// Where it listens, and whom it lets in.
  public struct Options: Sendable {
    /// The address it listens on.
    public var host: String
    /// The port it listens on; 0 for any free one.
    public var port: Int
    /// What clients have to show. Where it is nil, nothing on loopback, and a token that is made at random
    /// elsewhere.
    public var token: AccessToken?
    /// The version that the OpenAPI document tells.
    public var version: String

    /// Options for this machine alone.
    public init(
      host: String = "127.0.0.1", port: Int = 0, token: AccessToken? = nil,
      version: String = "0.1.0"
    ) {
      self.host = host
      self.port = port
      self.token = token
      self.version = version
    }
  }

  private let options: Options
  private let limits: ServerLimits
  private let api: AdminAPI

  /// Steers some mocks.
  public init(_ mocks: RunningMocks, options: Options = Options()) {
    self.init(mocks, options: options, limits: ServerLimits())
  }

  init(_ mocks: RunningMocks, options: Options = Options(), limits: ServerLimits) {
    self.options = options
    self.limits = limits
    api = AdminAPI(mocks, version: options.version)
  }

  /// Begins to listen.
  ///
  /// - Throws: `MockError` that names the port and what to do about it.
  public func start() async throws(MockError) -> RunningAdminServer {
    do throws(ListenError) {
      let (task, token) = try await RouteServer(
        table: Published(api.table), host: options.host, port: options.port, token: options.token,
        limits: limits
      ).start()
      return RunningAdminServer(task, host: options.host, token: token)
    } catch {
      throw MockError(
        system: "", port: options.port, reason: "the admin API cannot listen: \(error.reason)",
        hint: error.kind == .portInUse
          ? "stop what listens there, or leave --admin-port out for a free port" : error.hint)
    }
  }
}
