internal import TrestleCore

/// What a server's Digest challenge asks for, as far as we can answer it (RFC 7616 §3.3).
struct DigestChallenge: Equatable {
  /// How things are hashed.
  enum Algorithm: String {
    case md5 = "MD5"
    case md5Session = "MD5-sess"
    case sha256 = "SHA-256"
    case sha256Session = "SHA-256-sess"

    init?(name: String) {
      let known: [Algorithm] = [.md5, .md5Session, .sha256, .sha256Session]
      guard let found = known.first(where: { $0.rawValue.isEqualIgnoringCase(name) }) else {
        return nil
      }
      self = found
    }

    var isSession: Bool { self == .md5Session || self == .sha256Session }
    fileprivate var isStrong: Bool { self == .sha256 || self == .sha256Session }

    func hash(_ text: String) -> String { hash(Array(text.utf8)) }

    func hash(_ bytes: [UInt8]) -> String {
      isStrong ? Checksum.sha256(bytes) : Checksum.md5(bytes)
    }
  }

  /// What the answer protects.
  enum Protection: String {
    /// The request line.
    case auth
    /// The body too.
    case authInt = "auth-int"
  }

  var realm: String
  var nonce: String
  var opaque: String?
  var algorithm: Algorithm
  /// The algorithm as the server spells it; nil where it leaves it out, which means MD5.
  var algorithmName: String?
  /// Nil for servers of RFC 2069, which know none.
  var protection: Protection?
  var isStale: Bool
  /// Whether the user's name is to be sent hashed.
  var hidesUser: Bool

  init?(_ challenge: AuthenticationChallenge) {
    guard challenge.scheme == "digest", let nonce = challenge.parameters["nonce"] else {
      return nil
    }
    algorithmName = challenge.parameters["algorithm"]
    guard let algorithm = Algorithm(name: algorithmName ?? "MD5") else { return nil }
    if let offered = challenge.parameters["qop"] {
      let names = offered.split { ", \t".contains($0) }.map { $0.lowercased() }
      guard
        let protection = [Protection.auth, .authInt].first(where: { names.contains($0.rawValue) })
      else { return nil }
      self.protection = protection
    }
    self.algorithm = algorithm
    self.nonce = nonce
    realm = challenge.parameters["realm"] ?? ""
    opaque = challenge.parameters["opaque"]
    isStale = challenge.parameters["stale"]?.isEqualIgnoringCase("true") ?? false
    hidesUser = challenge.parameters["userhash"]?.isEqualIgnoringCase("true") ?? false
  }

  /// The strongest of a response's challenges that we can answer; nil when there is none.
  static func best(in headers: Headers) -> DigestChallenge? {
    let usable = AuthenticationChallenge.all(in: headers).compactMap { DigestChallenge($0) }
    return usable.first { $0.algorithm.isStrong } ?? usable.first
  }
}
