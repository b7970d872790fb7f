internal import ArgumentParser
internal import Trestle
internal import TrestleGateway

/// How the gateway shows itself over TLS, in place of what gateway.yaml says.
struct ListenerOptions: ParsableArguments {
  @Option(
    name: .customLong("tls-cert"),
    help: ArgumentHelp("Listen with TLS: the certificate, PEM; with --tls-key.", valueName: "file"),
    completion: .file())
  var certificate: String?

  @Option(
    name: .customLong("tls-key"), help: ArgumentHelp("Its private key, PEM.", valueName: "file"),
    completion: .file())
  var key: String?

  @Option(
    name: .customLong("client-ca"),
    help: ArgumentHelp(
      "Let in only clients with a certificate of these authorities, PEM.", valueName: "file"),
    completion: .file())
  var clientAuthorities: String?

  func validate() throws {
    if (certificate == nil) != (key == nil) {
      throw ValidationError("--tls-cert and --tls-key go together")
    }
  }

  /// TLS as it is asked for, whose files can be used; nil where nobody asks for it.
  func tls(_ known: ListenerTLS?) throws(CommandFailure) -> ListenerTLS? {
    var tls = known
    if let certificate, let key {
      tls = ListenerTLS(certificate: FilePaths.absolute(certificate), key: FilePaths.absolute(key))
    }
    if let clientAuthorities {
      guard tls != nil else {
        throw .usage(
          "--client-ca is for TLS, and there is no certificate to speak it with",
          hint: "give --tls-cert and --tls-key, or tls in gateway.yaml")
      }
      tls?.clientAuthorities = FilePaths.absolute(clientAuthorities)
    }
    do throws(MockError) {
      try tls?.check()
    } catch {
      throw CommandFailure(error)
    }
    return tls
  }
}
