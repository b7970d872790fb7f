internal import NIOSSL
internal import TrestleCore

#if canImport(Darwin)
  internal import Darwin
#elseif canImport(Musl)
  internal import Musl
#else
  internal import Glibc
#endif

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
    if isEncrypted(path) {
      throw TransportError(
        kind: .configuration, reason: "the key file \(path) is encrypted",
        hint: "nobody can be asked for its pass phrase: decrypt it with"
          + " 'openssl pkey -in \(path) -out NEW.key', and let only its owner read it")
    }
    do {
      return try NIOSSLPrivateKey(file: path, format: .pem)
    } catch {
      throw TransportError(
        kind: .configuration, reason: "the key file \(path) cannot be read",
        hint: "it must be a PEM private key without a pass phrase")
    }
  }

  /// Whether a key is encrypted, in its own format (RFC 5958) or in the old one of OpenSSL.
  private static func isEncrypted(_ path: String) -> Bool {
    guard let file = fopen(path, "r") else { return false }
    defer { fclose(file) }
    var start = [UInt8](repeating: 0, count: 4096)
    start.removeLast(start.count - fread(&start, 1, start.count, file))
    let text = String(decoding: start, as: UTF8.self)
    return text.contains("-----BEGIN ENCRYPTED PRIVATE KEY-----")
      || text.contains("Proc-Type: 4,ENCRYPTED")
  }
}
