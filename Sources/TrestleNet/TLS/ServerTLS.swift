package import NIOSSL
package import TrestleCore

/// How a server shows itself: PEM files of its certificate chain and its key.
package struct ServerTLS: Sendable, Hashable {
  package var certificate: String
  package var key: String
  /// A PEM file of the authorities whose clients are let in; nil asks for no client certificate.
  package var clientAuthorities: String?
  /// The oldest version of TLS that is spoken.
  package var oldestVersion: Version

  /// A version of TLS.
  package enum Version: Sendable, Hashable {
    /// Every one that there is, for clients that know no newer ones.
    case any
    case tls12
  }

  package init(
    certificate: String, key: String, clientAuthorities: String? = nil,
    oldestVersion: Version = .any
  ) {
    self.certificate = certificate
    self.key = key
    self.clientAuthorities = clientAuthorities
    self.oldestVersion = oldestVersion
  }

  /// Reads the files.
  ///
  /// - Throws: `TransportError` of kind `configuration` that names the unusable file.
  package func context() throws(TransportError) -> NIOSSLContext {
    let chain = try PEM.certificates(certificate, as: "certificate file")
    var configuration = TLSConfiguration.makeServerConfiguration(
      certificateChain: chain.map { .certificate($0) }, privateKey: .privateKey(try PEM.key(key)))
    if oldestVersion == .tls12 { configuration.minimumTLSVersion = .tlsv12 }
    if let clientAuthorities {
      let authorities = try PEM.certificates(clientAuthorities, as: "CA file")
      configuration.trustRoots = .certificates(authorities)
      configuration.certificateVerification = .noHostnameVerification
    }
    do {
      return try NIOSSLContext(configuration: configuration)
    } catch {
      throw TransportError(
        kind: .configuration,
        reason: "the certificate \(certificate) and the key \(key) do not fit",
        hint: "the key must be the one the certificate was made for")
    }
  }
}
