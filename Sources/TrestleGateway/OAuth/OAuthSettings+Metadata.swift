internal import Trestle

// What clients are told that have no token, or not the right one.
extension OAuthSettings {
  /// The path at which is told who issues tokens (RFC 9728 §3).
  static let metadataPath = "/.well-known/oauth-protected-resource"
  /// The paths that need no token, of the gateway and of its MCP endpoint.
  static let metadataPaths = [metadataPath, metadataPath + "/mcp"]

  /// `WWW-Authenticate` for a request (RFC 6750 §3, RFC 9728 §5.1).
  func challenge(
    base: String?, target: String, error: String? = nil, reason: String? = nil,
    scopes: Set<AccessScope> = []
  ) -> HeaderField {
    let suffix = HeadRule.isMCP(target) ? "/mcp" : ""
    var parts = ["realm=\"trestle\""]
    if let error { parts.append("error=\"\(error)\"") }
    if let reason { parts.append("error_description=\"\(reason)\"") }
    let names = names(for: scopes)
    if !names.isEmpty { parts.append("scope=\"\(names.joined(separator: " "))\"") }
    if let base = resource ?? base {
      parts.append("resource_metadata=\"\(base)\(Self.metadataPath)\(suffix)\"")
    }
    return HeaderField("WWW-Authenticate", "Bearer " + parts.joined(separator: ", "))
  }

  /// The names by which a client asks its issuer for what it needs.
  private func names(for scopes: Set<AccessScope>) -> [String] {
    var missing = scopes
    var names: [String] = []
    // Those that give the least first: nobody needs to ask for more.
    let known = self.scopes.mapValues { $0.union([.read]) }.sorted {
      ($0.value.count, $0.key) < ($1.value.count, $1.key)
    }
    for (name, given) in known where !given.isDisjoint(with: missing) {
      names.append(name)
      missing.subtract(given)
    }
    return names.sorted()
  }

  /// The protected resource metadata of the gateway, or of a part of it (RFC 9728 §2).
  func metadata(base: String, suffix: String) -> Value {
    [
      "resource": .string((resource ?? base) + suffix),
      "authorization_servers": [.string(issuer)],
      "scopes_supported": .array(scopes.keys.sorted().map { .string($0) }),
      "bearer_methods_supported": ["header"],
    ]
  }

  /// Where a request finds the gateway, by its Host; nil for one that no quoted text can hold.
  static func base(of host: String?, isSecure: Bool) -> String? {
    guard let host,
      host.utf8.allSatisfy({ PercentEncoding.isUnreserved($0) || "[:]".utf8.contains($0) })
    else { return nil }
    return (isSecure ? "https://" : "http://") + host
  }
}
