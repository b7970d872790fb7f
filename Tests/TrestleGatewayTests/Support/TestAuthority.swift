import Crypto
import Foundation
import SwiftASN1
import X509

/// An authority that certifies what a test needs, all of it in files of a directory.
struct TestAuthority {
  /// Where its files are.
  let directory: URL
  /// The file of its own certificate.
  let certificate: String

  private let name: DistinguishedName
  private let key = Certificate.PrivateKey(P256.Signing.PrivateKey())

  /// A certificate's file and its key's.
  struct Pair {
    let certificate: String
    let key: String
  }

  init(_ name: String, in directory: URL) throws {
    self.directory = directory
    self.name = try DistinguishedName { CommonName(name) }
    let own = try Certificate(
      version: .v3, serialNumber: Certificate.SerialNumber(), publicKey: key.publicKey,
      notValidBefore: .now - 3600, notValidAfter: .now + 3600, issuer: self.name,
      subject: self.name, signatureAlgorithm: .ecdsaWithSHA256,
      extensions: try Certificate.Extensions {
        Critical(BasicConstraints.isCertificateAuthority(maxPathLength: nil))
        Critical(KeyUsage(keyCertSign: true))
      }, issuerPrivateKey: key)
    certificate = try Self.write(
      try own.serializeAsPEM().pemString, as: name + ".pem", in: directory)
  }

  /// Certifies somebody under a name; `until` is when it ends.
  func certify(_ name: String, until end: Date = .now + 3600) throws -> Pair {
    let key = Certificate.PrivateKey(P256.Signing.PrivateKey())
    let certificate = try Certificate(
      version: .v3, serialNumber: Certificate.SerialNumber(), publicKey: key.publicKey,
      notValidBefore: .now - 7200, notValidAfter: end, issuer: self.name,
      subject: try DistinguishedName {
        OrganizationName("Trestle")
        CommonName(name)
      }, signatureAlgorithm: .ecdsaWithSHA256,
      extensions: try Certificate.Extensions {
        SubjectAlternativeNames([
          .dnsName(name), .ipAddress(ASN1OctetString(contentBytes: [127, 0, 0, 1])),
        ])
      }, issuerPrivateKey: self.key)
    let file = "\(self.name)-\(name)"
    return Pair(
      certificate: try Self.write(
        try certificate.serializeAsPEM().pemString, as: file + ".pem", in: directory),
      key: try Self.write(try key.serializeAsPEM().pemString, as: file + ".key", in: directory))
  }

  private static func write(_ text: String, as name: String, in directory: URL) throws -> String {
    let url = directory.appendingPathComponent(name)
    try Data(text.utf8).write(to: url)
    return url.path
  }

  /// Gives an authority in a fresh directory to a body.
  static func use<Result>(_ body: (TestAuthority) async throws -> Result) async throws -> Result {
    let directory = FileManager.default.temporaryDirectory
      .appendingPathComponent("trestle-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: directory) }
    return try await body(TestAuthority("authority", in: directory))
  }
}
