internal import JWTKit
internal import Trestle
internal import TrestleCore

/// An issuer's public keys (RFC 7517), each with the algorithms that are its type's.
struct TokenKeys: Sendable {
  private struct Key: Sendable {
    let id: String?
    let algorithms: [String: any JWTAlgorithm]
  }

  private let keys: [Key]

  /// Why a key set cannot be used.
  struct Mistake: Error, Hashable {
    let reason: String
    let hint: String
  }

  /// How many keys a set may have.
  private static let mostKeys = 64
  /// NIST SP 800-131A: shorter ones are no proof any more.
  private static let leastRSABytes = 256

  /// Reads a JSON Web Key Set. Keys of types that are not known here are left out, as are those that are not for
  /// signatures.
  ///
  /// - Throws: `Mistake` for a set in which no key is left, or one is broken or secret.
  init(_ bytes: [UInt8]) async throws(Mistake) {
    guard
      let set = try? JSONParser.parse(bytes, maximumDepth: 16, refusesRepeatedNames: true),
      let items = set["keys"]?.arrayValue
    else {
      throw Mistake(
        reason: "is no JSON Web Key Set", hint: "it is an object whose keys is a list, RFC 7517")
    }
    guard items.count <= Self.mostKeys else {
      throw Mistake(
        reason: "has \(items.count) keys, and may have \(Self.mostKeys)",
        hint: "leave out what is used no more")
    }
    var keys: [Key] = []
    for (position, item) in items.enumerated() {
      guard item["d"] == nil else {
        throw Mistake(
          reason: "has a private key, keys[\(position)]",
          hint: "write only the public parts, as the issuer's jwks_uri gives them")
      }
      let names = Self.algorithms(of: item)
      guard !names.isEmpty else { continue }
      var algorithms: [String: any JWTAlgorithm] = [:]
      for name in names {
        guard let algorithm = await Self.algorithm(name, of: item) else {
          throw Mistake(
            reason: "has a key that is none, keys[\(position)]",
            hint: "an RSA key has at least 2048 bits, one of a curve a point on it")
        }
        algorithms[name] = algorithm
      }
      keys.append(Key(id: item["kid"]?.stringValue, algorithms: algorithms))
    }
    guard !keys.isEmpty else {
      throw Mistake(
        reason: "has no public key for signatures",
        hint: "RSA, EC (P-256, P-384, P-521) and OKP (Ed25519) are known")
    }
    self.keys = keys
  }

  /// The algorithms by which a key may have signed: those of its type, so that no public key is taken for the secret
  /// of an HMAC (RFC 8725 §3.1), and the one of them that it says, where it does.
  private static func algorithms(of key: Value) -> [String] {
    if let use = key["use"]?.stringValue, use != "sig" { return [] }
    if let uses = key["key_ops"]?.arrayValue, !uses.contains("verify") { return [] }
    let names: [String] =
      switch (key["kty"]?.stringValue, key["crv"]?.stringValue) {
      case ("RSA", _): ["RS256", "RS384", "RS512", "PS256", "PS384", "PS512"]
      case ("EC", "P-256"): ["ES256"]
      case ("EC", "P-384"): ["ES384"]
      case ("EC", "P-521"): ["ES512"]
      case ("OKP", "Ed25519"): ["EdDSA"]
      default: []
      }
    guard let said = key["alg"]?.stringValue else { return names }
    return names.filter { $0 == said }
  }

  private static func algorithm(_ name: String, of key: Value) async -> (any JWTAlgorithm)? {
    if key["kty"] == "RSA" {
      // base64url has 4 symbols for 3 bytes.
      guard let modulus = key["n"]?.stringValue,
        modulus.drop(while: { $0 == "A" }).utf8.count * 3 / 4 >= leastRSABytes
      else { return nil }
    }
    var record = key.objectValue ?? [:]
    record["kid"] = "key"
    record["alg"] = .string(name)
    let known = ["kty", "kid", "alg", "n", "e", "crv", "x", "y"]
    let plain = Record(record.filter { known.contains($0.name) })
    guard let jwk = try? JWK(json: JSONWriter.text(.object(plain))) else { return nil }
    let collection = JWTKeyCollection()
    guard (try? await collection.add(jwk: jwk)) != nil else { return nil }
    return try? await collection.getKey(for: "key", alg: name)
  }

  /// Whether a token was signed with one of the keys.
  func verify(_ token: SignedToken) throws(TokenMistake) {
    let named = keys.filter { token.keyID == nil || $0.id == nil || $0.id == token.keyID }
    guard !named.isEmpty else { throw TokenMistake("its key is not known here") }
    let fitting = named.compactMap { $0.algorithms[token.algorithm] }
    guard !fitting.isEmpty else {
      throw TokenMistake("it is signed in a way that is not its key's")
    }
    for algorithm in fitting {
      if (try? algorithm.verify(token.signature, signs: token.signed)) == true { return }
    }
    throw TokenMistake("its signature is wrong")
  }
}
