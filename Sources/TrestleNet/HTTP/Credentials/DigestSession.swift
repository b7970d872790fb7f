internal import Synchronization
internal import TrestleCore

/// A user's name and password in use against one server by HTTP Digest (RFC 7616, and RFC 2617 and 2069
/// before it).
///
/// The first call is challenged; what the server said then is kept, so that the calls after it carry
/// their answer at once and cost no second exchange.
final class DigestSession: Sendable {
  private struct Known {
    var challenge: DigestChallenge
    /// Ours; one for as long as the server's is in use, since the -sess algorithms hash it only once.
    var clientNonce: String
    var count = 0
  }

  private let user: String
  private let password: String
  private let makeNonce: @Sendable () -> String
  private let known = Mutex<Known?>(nil)

  init(
    user: String, password: String,
    makeNonce: @escaping @Sendable () -> String = { DigestSession.randomNonce() }
  ) {
    self.user = user
    self.password = password
    self.makeNonce = makeNonce
  }

  /// Takes up what a server asked for.
  func accept(_ challenge: DigestChallenge) {
    let nonce = makeNonce()
    known.withLock { $0 = Known(challenge: challenge, clientNonce: nonce) }
  }

  /// Takes up the nonce that an answer names for the next request (RFC 7616 §3.5).
  func noteAnswer(_ headers: Headers) {
    guard let info = headers["Authentication-Info"] else { return }
    var scanner = AuthenticationChallenge.Scanner(info)
    guard let next = scanner.parameters()["nextnonce"], !next.isEmpty else { return }
    let nonce = makeNonce()
    known.withLock { known in
      guard var challenge = known?.challenge, challenge.nonce != next else { return }
      challenge.nonce = next
      known = Known(challenge: challenge, clientNonce: nonce)
    }
  }

  /// The Authorization field of a request; nil before the first challenge.
  func authorization(method: String, target: String, body: [UInt8]) -> String? {
    let taken = known.withLock { known -> Known? in
      // Every request has its own count, whichever of them arrives first.
      known?.count += 1
      return known
    }
    guard let taken else { return nil }
    return authorization(taken, method: method, target: target, body: body)
  }

  private func authorization(
    _ known: Known, method: String, target: String, body: [UInt8]
  ) -> String {
    let challenge = known.challenge
    let hash: (String) -> String = { challenge.algorithm.hash($0) }
    var secret = hash("\(user):\(challenge.realm):\(password)")
    if challenge.algorithm.isSession {
      secret = hash("\(secret):\(challenge.nonce):\(known.clientNonce)")
    }
    var what = "\(method):\(target)"
    if challenge.protection == .authInt { what += ":" + challenge.algorithm.hash(body) }
    let digits = String(known.count, radix: 16)
    let count = String(repeating: "0", count: max(0, 8 - digits.utf8.count)) + digits

    var parts = [userPart(challenge), "realm=\(Self.quoted(challenge.realm))"]
    parts += ["nonce=\(Self.quoted(challenge.nonce))", "uri=\(Self.quoted(target))"]
    let response: String
    if let protection = challenge.protection {
      response = hash(
        [secret, challenge.nonce, count, known.clientNonce, protection.rawValue, hash(what)]
          .joined(separator: ":"))
      parts += ["qop=\(protection.rawValue)", "nc=\(count)"]
    } else {
      response = hash("\(secret):\(challenge.nonce):\(hash(what))")
    }
    if challenge.protection != nil || challenge.algorithm.isSession {
      parts.append("cnonce=\(Self.quoted(known.clientNonce))")
    }
    parts.append("response=\"\(response)\"")
    // Unquoted: RFC 7616 §3.4, and servers that take it for part of the name otherwise.
    if let name = challenge.algorithmName { parts.append("algorithm=\(name)") }
    if let opaque = challenge.opaque { parts.append("opaque=\(Self.quoted(opaque))") }
    if challenge.hidesUser { parts.append("userhash=true") }
    return "Digest " + parts.joined(separator: ", ")
  }

  /// RFC 7616 §3.4.4: a name that no quoted string can hold goes percent-encoded.
  private func userPart(_ challenge: DigestChallenge) -> String {
    if challenge.hidesUser {
      return "username=\"\(challenge.algorithm.hash("\(user):\(challenge.realm)"))\""
    }
    guard !user.utf8.allSatisfy({ $0 >= 0x20 && $0 < 0x7F }) else {
      return "username=\(Self.quoted(user))"
    }
    // RFC 8187 §3.2.1: what stays is less than in a URL.
    let encoded = PercentEncoding.encoded(user) { (byte: UInt8) in
      (byte | 0x20) &- 97 < 26 || byte.isDigit
    }
    return "username*=UTF-8''" + encoded
  }

  private static func quoted(_ text: String) -> String {
    "\"" + text.map { "\"\\".contains($0) ? "\\\($0)" : String($0) }.joined() + "\""
  }

  private static func randomNonce() -> String {
    (0..<2).map { _ in
      let digits = String(UInt64.random(in: .min ... .max), radix: 16)
      return String(repeating: "0", count: 16 - digits.utf8.count) + digits
    }.joined()
  }
}
