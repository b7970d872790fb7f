internal import NIOSSL
internal import TrestleCore

/// How a server shows itself: PEM files of its certificate chain and its key.
package struct ServerTLS: Sendable, Hashable {
  package var certificate: String
  package var key: String
  /// A PEM file of the authorities whose clients are let in; nil asks for no client certificate.
  package var clientAuthorities: String?

  package init(certificate: String, key: String, clientAuthorities: String? = nil) {
    self.certificate = certificate
    self.key = key
    self.clientAuthorities = clientAuthorities
  }

  /// Reads the files.
  ///
  /// - Throws: `TransportError` of kind `configuration` that names the unusable file.
  func context() throws(TransportError) -> NIOSSLContext {
    let chain = try PEM.certificates(certificate, as: "certificate file")
    var configuration = TLSConfiguration.makeServerConfiguration(
      certificateChain: chain.map { .certificate($0) }, privateKey: .privateKey(try PEM.key(key)))
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
