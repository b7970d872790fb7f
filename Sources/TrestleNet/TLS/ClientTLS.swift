internal import NIOSSL
internal import TrestleCore

/// How a client checks its peer and shows itself. The default trusts what the machine trusts.
package struct ClientTLS: Sendable, Hashable {
  /// A PEM file of the authorities to trust instead of the machine's.
  package var authorities: String?
  /// PEM files of the client's own certificate chain and its key.
  package var certificate: String?
  package var key: String?
  /// Whether the certificate must be for the name that was called.
  package var checksName = true

  package init(
    authorities: String? = nil, certificate: String? = nil, key: String? = nil,
    checksName: Bool = true
  ) {
    self.authorities = authorities
    self.certificate = certificate
    self.key = key
    self.checksName = checksName
  }

  /// Reads the files.
  ///
  /// - Throws: `TransportError` of kind `configuration` that names the unusable file.
  func configuration() throws(TransportError) -> TLSConfiguration {
    var configuration = TLSConfiguration.makeClientConfiguration()
    if let authorities {
      let certificates = try PEM.certificates(authorities, as: "CA file")
      configuration.trustRoots = .certificates(certificates)
    }
    if !checksName { configuration.certificateVerification = .noHostnameVerification }
    switch (certificate, key) {
    case (nil, nil): break
    case (let certificate?, let key?):
      configuration.certificateChain = try PEM.certificates(certificate, as: "certificate file")
        .map { .certificate($0) }
      configuration.privateKey = .privateKey(try PEM.key(key))
    default:
      throw TransportError(
        kind: .configuration,
        reason: "a client certificate needs its key, and a key its certificate",
        hint: "give both files")
    }
    return configuration
  }

  /// Reads the files into what connections are made with.
  ///
  /// - Throws: `TransportError` of kind `configuration` that names the unusable file.
  func context() throws(TransportError) -> NIOSSLContext {
    let configuration = try configuration()
    do {
      return try NIOSSLContext(configuration: configuration)
    } catch {
      throw TransportError(
        kind: .configuration, reason: "the client's certificate and key do not fit",
        hint: "the key must be the one the certificate was made for")
    }
  }
}
