internal import Trestle
internal import TrestleCore

/// A JWT in its parts (RFC 7519, JWS compact serialization), of which nothing is checked yet.
struct SignedToken: Sendable {
  /// The key that it is said to be signed with.
  let keyID: String?
  /// How it is said to be signed.
  let algorithm: String
  let claims: Record
  /// What the signature is of.
  let signed: [UInt8]
  let signature: [UInt8]

  /// Takes a token apart.
  ///
  /// - Throws: `TokenMistake` for what is no JWT, or one that asks for what is not known here.
  init(_ text: some StringProtocol) throws(TokenMistake) {
    let parts = text.split(separator: ".", omittingEmptySubsequences: false)
    guard parts.count == 3, let header = Self.object(parts[0]), let claims = Self.object(parts[1]),
      let signature = Self.bytes(parts[2]), !signature.isEmpty
    else { throw TokenMistake("it is no signed JWT") }
    guard let algorithm = header["alg"]?.stringValue else {
      throw TokenMistake("it does not say how it is signed")
    }
    // RFC 7515 §4.1.11: what has to be understood and is not.
    guard header["crit"] == nil else { throw TokenMistake("it has critical header parameters") }
    // An ID token says who its user is, and lets nobody do anything; those are said to be JWT, as access tokens often
    // are. What says that it is something else is.
    if let type = header["typ"]?.stringValue?.lowercased() {
      guard ["jwt", "at+jwt", "application/at+jwt"].contains(type) else {
        throw TokenMistake("it is no access token")
      }
    }
    keyID = header["kid"]?.stringValue
    self.algorithm = algorithm
    self.claims = claims
    self.signature = signature
    signed = Array(parts[0].utf8) + [UInt8(ascii: ".")] + Array(parts[1].utf8)
  }

  /// Whether a text is made like one: a token of another kind has no points, or others.
  static func isLike(_ text: some StringProtocol) -> Bool { text.utf8.count { $0 == 0x2E } == 2 }

  private static func object(_ part: some StringProtocol) -> Record? {
    guard let bytes = bytes(part) else { return nil }
    let value = try? JSONParser.parse(bytes, maximumDepth: 16, refusesRepeatedNames: true)
    return value?.objectValue
  }

  /// base64url without padding (RFC 7515 §2), and nothing else.
  private static func bytes(_ part: some StringProtocol) -> [UInt8]? {
    var symbols: [UInt8] = []
    for symbol in part.utf8 {
      switch symbol {
      case UInt8(ascii: "-"): symbols.append(UInt8(ascii: "+"))
      case UInt8(ascii: "_"): symbols.append(UInt8(ascii: "/"))
      case UInt8(ascii: "+"), UInt8(ascii: "/"), UInt8(ascii: "="), 0...0x20: return nil
      default: symbols.append(symbol)
      }
    }
    return Base64.decode(symbols)
  }
}

/// Why a token is not taken, as a clause; tells nothing of the token itself.
struct TokenMistake: Error, Hashable {
  let reason: String

  init(_ reason: String) { self.reason = reason }
}
