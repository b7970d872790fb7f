public import Trestle
internal import TrestleCore
internal import TrestleNet

/// How the gateway shows itself over TLS, and whom it lets connect: PEM files.
public struct ListenerTLS: Sendable, Hashable {
  /// The file of its certificate, and of those between that and an authority.
  public var certificate: String
  /// The file of the certificate's private key, which must not be encrypted.
  public var key: String
  /// The file of the authorities whose clients may connect; nil lets in clients without certificates.
  public var clientAuthorities: String?

  /// TLS with a certificate and its key.
  public init(certificate: String, key: String, clientAuthorities: String? = nil) {
    self.certificate = certificate
    self.key = key
    self.clientAuthorities = clientAuthorities
  }

  /// Versions before 1.2 are for the mocks of systems that speak no other.
  var server: ServerTLS {
    ServerTLS(
      certificate: certificate, key: key, clientAuthorities: clientAuthorities,
      oldestVersion: .tls12)
  }
}

extension ListenerTLS {
  /// Reads the files, before anything is started that would have to be stopped again.
  ///
  /// - Throws: `MockError` that names the unusable file.
  public func check() throws(MockError) {
    do throws(TransportError) {
      _ = try server.context()
    } catch {
      throw MockError(
        system: "", reason: "the gateway cannot speak TLS: \(error.reason)", hint: error.hint,
        isConfiguration: true)
    }
  }
}
