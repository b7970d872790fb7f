/// Whose tokens the gateway takes beside its own: those of an OAuth 2.0 authorization server, as JWTs (RFC 9068).
public struct OAuthSettings: Sendable, Hashable {
  /// Who issues them: `iss` has to be this, letter by letter.
  public var issuer: String
  /// Whom they are for: `aud` has to name one of these.
  public var audiences: [String]
  /// The file with the issuer's public keys, a JSON Web Key Set (RFC 7517).
  public var keys: String
  /// Where clients find the gateway; nil for where each request finds it.
  public var resource: String?
  /// What each scope of a token lets its holder do.
  public var scopes: [String: Set<AccessScope>] = standardScopes

  /// `trestle:read`, `trestle:call`, `trestle:admin`.
  public static let standardScopes = Dictionary(
    uniqueKeysWithValues: AccessScope.allCases.map { ("trestle:\($0.rawValue)", [$0] as Set) })

  /// Tokens of an issuer for some audiences.
  public init(issuer: String, audiences: [String], keys: String) {
    self.issuer = issuer
    self.audiences = audiences
    self.keys = keys
  }
}
