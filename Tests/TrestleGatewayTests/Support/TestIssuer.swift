import Crypto
import Foundation
import Trestle

@testable import TrestleGateway

/// An issuer of tokens that hold now, with the file of its keys.
struct TestIssuer {
  static let issuer = "https://login.example"
  static let audience = "https://gateway.example"

  let file: URL
  private let key = P256.Signing.PrivateKey()

  init() throws {
    file = FileManager.default.temporaryDirectory
      .appendingPathComponent("keys-\(UUID().uuidString).json")
    try write()
  }

  /// Writes its key, and nothing else, to the file.
  func write(as id: String = "one") throws { try Data(keySet(as: id).utf8).write(to: file) }

  func keySet(as id: String = "one") -> String {
    let point = key.publicKey.rawRepresentation
    let (x, y) = (Self.text(point.prefix(32)), Self.text(point.suffix(32)))
    return #"{"keys":[{"kty":"EC","crv":"P-256","kid":"\#(id)","x":"\#(x)","y":"\#(y)"}]}"#
  }

  var settings: OAuthSettings {
    OAuthSettings(issuer: Self.issuer, audiences: [Self.audience], keys: file.path)
  }

  /// A token of some scopes.
  func token(_ scope: String, client: String = "agent") throws -> String {
    let end = Int(Date.now.timeIntervalSince1970) + 300
    let signed = [
      #"{"alg":"ES256","typ":"at+jwt","kid":"one"}"#,
      #"{"iss":"\#(Self.issuer)","aud":"\#(Self.audience)","exp":\#(end),"client_id":"\#(client)","scope":"\#(scope)"}"#,
    ].map { Self.text(Data($0.utf8)) }.joined(separator: ".")
    let signature = try key.signature(for: Data(signed.utf8))
    return signed + "." + Self.text(signature.rawRepresentation)
  }

  /// base64url.
  static func text(_ data: some DataProtocol) -> String {
    Data(data).base64EncodedString().replacingOccurrences(of: "+", with: "-")
      .replacingOccurrences(of: "/", with: "_").replacingOccurrences(of: "=", with: "")
  }
}
