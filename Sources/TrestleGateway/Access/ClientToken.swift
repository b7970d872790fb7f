internal import TrestleNet

/// One client: the token or certificate that it is known by, and what that lets its holder do.
public struct ClientToken: Sendable, Hashable {
  /// What it is called where it is told of; never the token itself.
  public let name: String
  /// What its holder may do.
  public let scopes: Set<AccessScope>
  /// The systems that it is for; nil for all of them.
  public let systems: Set<String>?
  /// How much its holder may take.
  public var limits = TokenLimits()
  /// How its holder shows who it is.
  private let proof: Proof

  private enum Proof: Sendable, Hashable {
    /// The SHA-256 of a token in 64 small digits: all that is kept of it.
    case digest(String)
    case certificate(CertificateName)
    /// A token that somebody else issued, and that was found to be right.
    case issued
  }

  /// A client that shows a token.
  public init(
    name: String, token: AccessToken, scopes: Set<AccessScope>, systems: Set<String>? = nil
  ) {
    self.init(name: name, digest: Self.digest(of: token.text), scopes: scopes, systems: systems)
  }

  /// A client that shows a certificate, of an authority that the listener knows.
  public init(
    name: String, certificate: CertificateName, scopes: Set<AccessScope>,
    systems: Set<String>? = nil
  ) {
    self.init(name: name, .certificate(certificate), scopes: scopes, systems: systems)
  }

  /// A client whose token somebody else issued.
  init(issuedTo name: String, scopes: Set<AccessScope>) {
    self.init(name: name, .issued, scopes: scopes, systems: nil)
  }

  /// Whether somebody else issued its token.
  var isIssued: Bool { proof == .issued }

  init(name: String, digest: String, scopes: Set<AccessScope>, systems: Set<String>?) {
    self.init(name: name, .digest(digest), scopes: scopes, systems: systems)
  }

  private init(name: String, _ proof: Proof, scopes: Set<AccessScope>, systems: Set<String>?) {
    self.name = name
    self.proof = proof
    self.scopes = scopes.isEmpty ? [] : scopes.union([.read])
    self.systems = systems
  }

  /// The token of whoever started the server: it may everything.
  static func owner(_ token: AccessToken) -> ClientToken {
    ClientToken(name: ownerName, token: token, scopes: Set(AccessScope.allCases))
  }

  static let ownerName = "owner"

  /// The one of some clients whose token this is. It takes the same time whichever that is, and what is held
  /// against what was shown are digests, which nobody can choose.
  static func holder(of presented: Substring, among clients: [ClientToken]) -> ClientToken? {
    let digest = Array(digest(of: String(presented)).utf8)
    var found: ClientToken?
    for client in clients where client.isDigest(digest) { found = client }
    return found
  }

  /// Whether both are the same token for the same things, whatever their limits.
  func grantsTheSame(as other: ClientToken) -> Bool {
    name == other.name && isSameToken(as: other) && scopes == other.scopes
      && systems == other.systems
  }

  /// Whether both are shown the same way, so that nobody could tell whose request it is.
  func isSameToken(as other: ClientToken) -> Bool { proof == other.proof }

  /// Whether it is known by its certificate, and has no token.
  public var showsCertificate: Bool {
    if case .certificate = proof { return true }
    return false
  }

  /// Whether a connection's certificate is this client's.
  func isShown(by certificate: PeerCertificate) -> Bool {
    if case .certificate(let name) = proof { return certificate.has(name) }
    return false
  }

  private static func digest(of text: String) -> String { Checksum.sha256(Array(text.utf8)) }

  private func isDigest(_ other: [UInt8]) -> Bool {
    guard case .digest(let digest) = proof else { return false }
    let own = Array(digest.utf8)
    guard own.count == other.count else { return false }
    var difference: UInt8 = 0
    for index in own.indices { difference |= own[index] ^ other[index] }
    return difference == 0
  }
}
