internal import ArgumentParser
internal import Trestle
internal import TrestleCore
internal import TrestleNet

/// The options of commands that connect to a live system.
struct ConnectionOptions: ParsableArguments {
  @Option(
    name: .customLong("auth"),
    help: ArgumentHelp(
      "Credentials: basic:USER:PASSWORD, digest:USER:PASSWORD, bearer:TOKEN, header:NAME:VALUE or mtls:CERT:KEY.",
      valueName: "kind:…"))
  var authentication: CredentialsArgument?

  @Option(
    name: .customShort("H"),
    help: ArgumentHelp("An HTTP header field; may be given again.", valueName: "name:value"))
  var headers: [HeaderArgument] = []

  @Option(
    name: .customLong("ca"), help: ArgumentHelp("Certificates to trust, PEM.", valueName: "file"),
    completion: .file())
  var authorities: String?

  @Option(
    name: .customLong("cert"),
    help: ArgumentHelp("The client's certificate, PEM; with --key.", valueName: "file"),
    completion: .file())
  var certificate: String?

  @Option(
    name: .customLong("key"), help: ArgumentHelp("Its private key, PEM.", valueName: "file"),
    completion: .file())
  var key: String?

  func validate() throws {
    if (certificate == nil) != (key == nil) {
      throw ValidationError("--cert and --key go together")
    }
    if certificate != nil, case .certificate? = authentication?.kind {
      throw ValidationError("--auth mtls and --cert say the same: give one of them")
    }
  }

  var fields: Headers { Headers(headers.map(\.field)) }

  var credentials: HTTPCredentials? {
    guard case .http(let credentials)? = authentication?.kind else { return nil }
    return credentials
  }

  /// The user of HTTP Basic; nil where something else shows who calls.
  var basicUser: String? { authentication?.basicUser }

  /// The files for TLS, in place of those that are known already; nil where nothing is asked for.
  func tls(_ known: TLSFiles = TLSFiles()) -> TLSFiles? {
    var pair = (certificate, key)
    if case .certificate(let certificate, let key)? = authentication?.kind {
      pair = (certificate, key)
    }
    guard authorities != nil || pair.0 != nil else { return nil }
    var files = known
    if let authorities { files.authorities = FilePaths.absolute(authorities) }
    if let certificate = pair.0 { files.certificate = FilePaths.absolute(certificate) }
    if let key = pair.1 { files.key = FilePaths.absolute(key) }
    return files
  }
}
