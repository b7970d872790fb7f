internal import NIOCore
internal import NIOSSL
internal import SwiftASN1
internal import X509

/// The names in the certificate that a client showed: TLS has checked who gave it, and until when it holds.
struct PeerCertificate: Sendable {
  private let subject: String
  private let alternatives: Set<String>

  /// What the client of a channel showed; nil for nothing that can be read.
  init?(of context: ChannelHandlerContext) {
    guard
      let tls = try? context.pipeline.syncOperations.handler(type: NIOSSLServerHandler.self),
      let shown = try? tls.peerCertificate?.toDERBytes(),
      let certificate = try? Certificate(derEncoded: shown)
    else { return nil }
    subject = certificate.subject.description
    var names: Set<String> = []
    for name in (try? certificate.extensions.subjectAlternativeNames) ?? SubjectAlternativeNames() {
      switch name {
      case .dnsName(let text), .rfc822Name(let text), .uniformResourceIdentifier(let text):
        names.insert(text.lowercased())
      default: continue
      }
    }
    alternatives = names
  }

  func has(_ name: CertificateName) -> Bool {
    switch name {
    case .subject(let text): text == subject
    case .alternative(let text): alternatives.contains(text.lowercased())
    }
  }
}
