internal import NIOSSL
internal import TrestleCore

/// Reads PEM files, and says which one was wrong.
enum PEM {
  static func certificates(
    _ path: String, as role: String
  ) throws(TransportError) -> [NIOSSLCertificate] {
    do {
      let certificates = try NIOSSLCertificate.fromPEMFile(path)
      if !certificates.isEmpty { return certificates }
    } catch {}
    throw TransportError(
      kind: .configuration, reason: "the \(role) \(path) cannot be read",
      hint: "it must be a file of PEM certificates (-----BEGIN CERTIFICATE-----)")
  }

  static func key(_ path: String) throws(TransportError) -> NIOSSLPrivateKey {
    do {
      return try NIOSSLPrivateKey(file: path, format: .pem)
    } catch {
      throw TransportError(
        kind: .configuration, reason: "the key file \(path) cannot be read",
        hint: "it must be a PEM private key without a pass phrase")
    }
  }
}
