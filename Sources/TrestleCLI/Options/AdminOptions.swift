internal import ArgumentParser
internal import Trestle
internal import TrestleGateway

/// Whether and where running mocks are steered over HTTP.
struct AdminOptions: ParsableArguments {
  @Option(
    name: .customLong("admin-port"),
    help: ArgumentHelp("The port of the admin API; a free one when left out.", valueName: "n"))
  var port: Int?

  @Option(
    name: .customLong("admin-host"),
    help: ArgumentHelp(
      "The address of the admin API, in place of 127.0.0.1; beyond this machine a token is needed.",
      valueName: "address"))
  var host: String?

  @Flag(name: .customLong("no-admin"), help: "Start no admin API.")
  var isOff = false

  /// The variable with the token that clients of the admin API have to show.
  static let tokenVariable = "TRESTLE_ADMIN_TOKEN"

  func validate() throws {
    if isOff, port != nil || host != nil {
      throw ValidationError("--no-admin excludes --admin-port and --admin-host")
    }
    if let port, !(0...65535).contains(port) {
      throw ValidationError(
        "\(port) is not a port; choose one from 1 to 65535, or 0 for a free one")
    }
  }

  /// The token that the environment asks for; nil where it has none.
  func token(_ environment: (String) -> String?) throws(CommandFailure) -> AccessToken? {
    isOff ? nil : try Self.token(environment)
  }

  /// The token that the environment asks for; nil where it has none.
  static func token(_ environment: (String) -> String?) throws(CommandFailure) -> AccessToken? {
    guard let text = environment(Self.tokenVariable), !text.isEmpty else { return nil }
    do throws(AccessToken.Mistake) {
      return try AccessToken(text)
    } catch {
      throw .usage(
        "\(Self.tokenVariable): \(error)",
        hint: "leave it out: where a token is needed, one is made and told in .trestle/run.json")
    }
  }

  /// Starts the admin API, and tells other processes where it is; nil where none is wanted.
  func start(
    steering mocks: RunningMocks, token: AccessToken?
  ) async throws(CommandFailure) -> RunningAdminServer? {
    guard !isOff else { return nil }
    let options = AdminServer.Options(
      host: host ?? "127.0.0.1", port: port ?? 0, token: token, version: TrestleCommand.version)
    do throws(MockError) {
      let server = try await AdminServer(mocks, options: options).start()
      let isTold = try mocks.tell(adminAt: server.url, token: server.token?.text)
      if isTold || token != nil || server.token == nil { return server }
      await server.stop()
    } catch {
      await mocks.stop()
      throw CommandFailure(error)
    }
    await mocks.stop()
    throw .usage(
      "there is no workspace here to tell the admin API's token in",
      hint: "set \(Self.tokenVariable), or leave --admin-host out")
  }
}
