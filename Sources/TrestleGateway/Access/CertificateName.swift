/// The name in a client's certificate by which it is known.
public enum CertificateName: Sendable, Hashable {
  /// The whole subject, as RFC 4514 writes it: `CN=shop,O=Example`.
  case subject(String)
  /// One of the subject's alternative names: a DNS name, an e-mail address or a URI.
  case alternative(String)
}
