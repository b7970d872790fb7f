internal import TrestleNet

/// A token of one client: what it is known by, and what it lets its holder do.
public struct ClientToken: Sendable, Hashable {
  /// What it is called where it is told of; never the token itself.
  public let name: String
  /// What its holder may do.
  public let scopes: Set<AccessScope>
  /// The systems that it is for; nil for all of them.
  public let systems: Set<String>?
  /// How much its holder may take.
  public var limits = TokenLimits()
  /// The SHA-256 of the token in 64 small digits: all that is kept of it.
  private let digest: String

  /// A client that shows a token.
  public init(
    name: String, token: AccessToken, scopes: Set<AccessScope>, systems: Set<String>? = nil
  ) {
    self.init(name: name, digest: Self.digest(of: token.text), scopes: scopes, systems: systems)
  }

  init(name: String, digest: String, scopes: Set<AccessScope>, systems: Set<String>?) {
    self.name = name
    self.digest = digest
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
  func isSameToken(as other: ClientToken) -> Bool { digest == other.digest }

  private static func digest(of text: String) -> String { Checksum.sha256(Array(text.utf8)) }

  private func isDigest(_ other: [UInt8]) -> Bool {
    let own = Array(digest.utf8)
    guard own.count == other.count else { return false }
    var difference: UInt8 = 0
    for index in own.indices { difference |= own[index] ^ other[index] }
    return difference == 0
  }
}
