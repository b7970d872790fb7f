internal import Trestle
internal import TrestleCore

/// Holds tokens of an OAuth authorization server against what its settings say.
struct TokenIssuer: Sendable {
  let settings: OAuthSettings
  let keys: KeyFile

  /// How far clocks may be apart, in milliseconds.
  private static let leeway = 60_000.0

  /// Whose token it is, and what that lets them do.
  ///
  /// - Throws: `TokenMistake` for one that is not taken.
  func client(of text: some StringProtocol, now: WallTime = .now) throws(TokenMistake)
    -> ClientToken
  {
    let token = try SignedToken(text)
    try keys.keys.verify(token)
    let claims = token.claims
    guard claims["iss"]?.stringValue == settings.issuer else {
      throw TokenMistake("it is another issuer's")
    }
    guard Self.texts(claims["aud"]).contains(where: settings.audiences.contains) else {
      throw TokenMistake("it is for somebody else")
    }
    let moment = Double(now.milliseconds)
    guard let end = claims["exp"].flatMap(Self.milliseconds) else {
      throw TokenMistake("it does not say until when it holds")
    }
    guard moment < end + Self.leeway else { throw TokenMistake("it has expired") }
    if let start = claims["nbf"] {
      guard let start = Self.milliseconds(start) else {
        throw TokenMistake("nbf is no time")
      }
      guard moment >= start - Self.leeway else { throw TokenMistake("it does not hold yet") }
    }
    return ClientToken(issuedTo: Self.name(claims), scopes: scopes(claims))
  }

  /// The scopes of ours that a token's give: `scope` with spaces between (RFC 8693 §4.2), `scp` as a list too.
  private func scopes(_ claims: Record) -> Set<AccessScope> {
    let words = (Self.texts(claims["scope"]) + Self.texts(claims["scp"]))
      .flatMap { $0.split(separator: " ") }
    return words.reduce(into: []) { $0.formUnion(settings.scopes[String($1)] ?? []) }
  }

  /// Not to be taken for the name of a client in gateway.yaml: none has a colon.
  private static func name(_ claims: Record) -> String {
    let names = ["client_id", "azp", "sub"].lazy.compactMap { claims[$0]?.stringValue }
    return "oauth:" + String((names.first ?? "").prefix(128))
  }

  private static func texts(_ value: Value?) -> [String] {
    value?.stringValue.map { [$0] } ?? (value?.arrayValue ?? []).compactMap(\.stringValue)
  }

  /// RFC 7519 §2, NumericDate: seconds, maybe with a fraction.
  private static func milliseconds(_ value: Value) -> Double? {
    guard value.stringValue == nil, let seconds = value.scalarText.flatMap({ Double($0) }),
      seconds.isFinite
    else { return nil }
    return seconds * 1000
  }
}
