internal import Trestle
internal import TrestleCore

extension GatewayFile {
  static let oauthKeys: [AdapterKey] = [
    AdapterKey("issuer", .text, "The issuer, as tokens have it in iss.", isRequired: true),
    AdapterKey(
      "audience", .either([.text, .list(.text)]),
      "Whom tokens have to be for, in aud: one of these.", isRequired: true),
    AdapterKey(
      "jwks", .text, "The file of its public keys, a JSON Web Key Set; read anew when it changes.",
      isRequired: true),
    AdapterKey(
      "resource", .text,
      "The URL of the host at which clients find the gateway; that of their Host when left out."),
    AdapterKey(
      "scopes", .map(.list(.oneOf(AccessScope.allCases.map(\.rawValue)))),
      "What its scopes let do; trestle:read, trestle:call and trestle:admin when left out."),
  ]

  /// The issuer that it names. Paths are relative to the file.
  static func oauth(_ file: inout SettingsFile, in folder: String) -> OAuthSettings? {
    guard let item = file.record["oauth"] else { return nil }
    let place = ValuePath([.member("oauth")])
    func refuse(_ message: String, _ key: String, hint: String) {
      file.add(ValueProblem(.error, message, at: place.member(key), hint: hint))
    }
    let issuer = item["issuer"]?.scalarText ?? ""
    if !isURL(issuer) {
      refuse("issuer is a URL", "issuer", hint: "write it as tokens have it in iss")
    }
    let audiences =
      (item["audience"]?.scalarText).map { [$0] }
      ?? (item["audience"]?.arrayValue ?? []).compactMap(\.scalarText)
    if audiences.isEmpty || audiences.contains("") {
      refuse("audience names nobody", "audience", hint: "write what tokens have in aud")
    }
    var settings = OAuthSettings(
      issuer: issuer, audiences: audiences,
      keys: FilePaths.absolute(item["jwks"]?.scalarText ?? "", base: folder))
    if let resource = item["resource"]?.scalarText {
      // Where the metadata is follows from the host (RFC 9728 §3): the paths behind it are our own.
      let base = resource.hasSuffix("/") ? String(resource.dropLast()) : resource
      settings.resource = base
      if !isURL(base) || base.contains(where: { "?#\"".contains($0) })
        || base.split(separator: "/").count != 2
      {
        refuse(
          "resource is the URL of a host, without a path", "resource",
          hint: "such as https://gateway.example")
      }
    }
    if let scopes = item["scopes"]?.objectValue {
      settings.scopes = [:]
      for scope in scopes {
        let words = (scope.value.arrayValue ?? []).compactMap(\.stringValue)
        settings.scopes[scope.name] = Set(words.compactMap(AccessScope.init(rawValue:)))
        // RFC 6749 §3.3, scope-token.
        let isToken = scope.name.utf8.allSatisfy {
          (0x21...0x7E).contains($0) && $0 != 0x22 && $0 != 0x5C
        }
        if !isToken || scope.name.isEmpty {
          refuse("a scope is one word", "scopes", hint: "write each scope of a token by itself")
        }
      }
      if scopes.isEmpty {
        refuse("scopes lets nobody in", "scopes", hint: "leave it out, or name a scope")
      }
    }
    return settings
  }

  private static func isURL(_ text: String) -> Bool {
    ["https://", "http://"].contains { text.hasPrefix($0) && text.utf8.count > $0.utf8.count }
      && text.utf8.allSatisfy { (0x21...0x7E).contains($0) }
  }
}
