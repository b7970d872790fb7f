/// What a request needs of the token it comes with: known by its method and path.
struct AccessDemand: Sendable, Hashable {
  /// All of these.
  var scopes: Set<AccessScope>
  /// The system that its path names.
  var system: String?
  /// The operation that its path names.
  var operation: String?
  /// Whether what answers it leaves out the systems that its client's token is not for.
  var isNarrowed = false

  /// Anybody with a token.
  static let none = AccessDemand(scopes: [])

  /// Why a token is not enough; nil where it is.
  func refusal(of client: ClientToken) -> APIError? {
    let missing = scopes.subtracting(client.scopes)
    guard missing.isEmpty else {
      let words = Self.words(of: missing)
      let own = Self.words(of: client.scopes)
      return refusal(
        "the token \(client.name) has no scope \(words.joined(separator: " and "))",
        "it needs \(Self.words(of: scopes).joined(separator: " and ")), and has"
          + " \(own.isEmpty ? "none" : own.joined(separator: ", "))")
    }
    guard !scopes.isEmpty, let systems = client.systems, system != nil || !isNarrowed else {
      return nil
    }
    guard let system else {
      return refusal(
        "the token \(client.name) is for some systems, and this is about all",
        "ask for one of them by its path: \(systems.sorted().joined(separator: ", "))")
    }
    guard systems.contains(system) else {
      return refusal(
        "the token \(client.name) is not for the system \(system)",
        "it is for \(systems.sorted().joined(separator: ", "))")
    }
    return nil
  }

  /// RFC 6750 §3.1.
  private func refusal(_ message: String, _ hint: String) -> APIError {
    let words = Self.words(of: scopes).joined(separator: " ")
    return APIError(
      403, .forbidden, message, hint: hint,
      fields: [
        HeaderField(
          "WWW-Authenticate",
          "Bearer realm=\"trestle\", error=\"insufficient_scope\", scope=\"\(words)\"")
      ])
  }

  private static func words(of scopes: Set<AccessScope>) -> [String] {
    AccessScope.allCases.filter(scopes.contains).map(\.rawValue)
  }
}
