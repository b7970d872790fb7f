internal import Trestle

/// What a client shows to be let in: `Authorization: Bearer TOKEN`.
public struct AccessToken: Sendable, Hashable {
  /// The token itself. Never logged.
  public let text: String

  /// Why a text is no token.
  public struct Mistake: Error, Sendable, CustomStringConvertible {
    /// What is wrong with it, as a clause.
    public var description: String
  }

  /// Takes a token that somebody chose.
  ///
  /// - Throws: `Mistake` for one that could be guessed, or that a header cannot carry.
  public init(_ text: String) throws(Mistake) {
    guard text.utf8.count >= Self.leastLength else {
      throw Mistake(
        description:
          "a token has at least \(Self.leastLength) characters, this one has \(text.count)")
    }
    // RFC 6750 §2.1, b64token.
    guard
      text.utf8.allSatisfy({ PercentEncoding.isUnreserved($0) || "+/=".utf8.contains($0) })
    else {
      throw Mistake(description: "a token is made of letters, digits and -._~+/= only")
    }
    self.text = text
  }

  /// Makes a token that nobody can guess: 192 bits of the system's randomness.
  public static func random() -> AccessToken {
    var generator = SystemRandomNumberGenerator()
    let bytes = (0..<24).map { _ in UInt8.random(in: 0...255, using: &generator) }
    return AccessToken(known: HexText.encode(bytes))
  }

  private init(known text: String) { self.text = text }

  /// Shorter ones can be tried out.
  private static let leastLength = 16

  /// Whether a text is this token, in a time that tells nothing of where they differ.
  func matches(_ presented: some StringProtocol) -> Bool {
    let wanted = Array(text.utf8)
    let given = Array(presented.utf8)
    var difference: UInt8 = wanted.count == given.count ? 0 : 1
    for index in given.indices { difference |= given[index] ^ wanted[index % wanted.count] }
    return difference == 0
  }
}
