internal import Trestle
internal import TrestleCore

extension GatewayFile {
  static let tokenKeys: [AdapterKey] = [
    AdapterKey("name", .text, "What the client is called in messages.", isRequired: true),
    AdapterKey("secret", .text, "The token, as ${secret:NAME} or ${env:NAME}."),
    AdapterKey("sha256", .text, "In place of secret: the token's SHA-256, as 64 hex digits."),
    AdapterKey(
      "certificate",
      .object([
        AdapterKey(
          "subject", .text, "The whole subject, as RFC 4514 writes it: CN=shop,O=Example."),
        AdapterKey(
          "san", .text, "A DNS name, an e-mail address or a URI of its alternative names."),
      ]), "In place of a token: the client's certificate, of an authority of client_ca."),
    AdapterKey(
      "scopes", .list(.oneOf(AccessScope.allCases.map(\.rawValue))),
      "What it may do: read, call, admin; call and admin include read.", isRequired: true),
    AdapterKey("systems", .list(.text), "The systems that it is for; all when left out."),
    AdapterKey("rate", .text, "How many requests it may send: 100/s, 600/min, 1000/h."),
    AdapterKey(
      "burst", .integer(1...1_000_000),
      "How many of them at once; a second's worth when left out."),
    AdapterKey(
      "concurrent", .integer(1...1_000_000), "How many may be answered at the same time."),
  ]

  /// The clients that it gives tokens.
  static func tokens(_ file: inout SettingsFile, systems: [String]) -> [ClientToken] {
    guard let value = file.record["tokens"] else { return [] }
    let items = value.arrayValue ?? []
    let top = ValuePath([.member("tokens")])
    if items.isEmpty {
      file.add(
        ValueProblem(
          .error, "tokens is empty", at: top, hint: "name a client, or leave it out"))
    }
    var tokens: [ClientToken] = []
    for (position, item) in items.enumerated() {
      let place = top.item(position)
      let written = file.written["tokens"]?.arrayValue?[position].objectValue ?? [:]
      guard var token = token(item, written, at: place, &file) else { continue }
      token.limits = limits(item, at: place, &file)
      if tokens.contains(where: { $0.name == token.name }) {
        file.add(
          ValueProblem(
            .error, "the name \(token.name) stands twice", at: place.member("name")))
      }
      if tokens.contains(where: { $0.isSameToken(as: token) }) {
        file.add(
          ValueProblem(
            .error, "what \(token.name) shows is another client's too", at: place))
      }
      for (index, system) in (item["systems"]?.arrayValue ?? []).enumerated() {
        let name = system.scalarText ?? ""
        guard !systems.contains(name) else { continue }
        file.add(
          ValueProblem(
            .warning,
            "there is no system \"\(name)\"" + Suggestion.clause(for: name, among: systems),
            at: place.member("systems").item(index)))
      }
      tokens.append(token)
    }
    return tokens
  }

  private static func token(
    _ item: Value, _ written: Record, at place: ValuePath, _ file: inout SettingsFile
  ) -> ClientToken? {
    func refuse(_ message: String, _ key: String? = nil, hint: String? = nil) -> ClientToken? {
      file.add(
        ValueProblem(.error, message, at: key.map { place.member($0) } ?? place, hint: hint))
      return nil
    }
    let name = item["name"]?.scalarText ?? ""
    guard isName(name) else {
      return refuse(
        "a client's name is made of letters, digits and -._", "name", hint: "such as ci or shop-2")
    }
    guard name != ClientToken.ownerName else {
      return refuse("\(name) is the token of whoever starts the gateway", "name")
    }
    let scopes = Set(
      (item["scopes"]?.arrayValue ?? []).compactMap {
        $0.stringValue.flatMap(AccessScope.init(rawValue:))
      })
    guard !scopes.isEmpty else { return refuse("\(name) may do nothing", "scopes") }
    var systems: Set<String>?
    if let list = item["systems"] {
      systems = Set((list.arrayValue ?? []).compactMap(\.scalarText))
      // An empty list is not "all": who writes one means none, or forgot something.
      if systems?.isEmpty ?? true { return refuse("\(name) is for no system", "systems") }
    }
    switch (item["secret"], item["sha256"], item["certificate"]) {
    case (nil, nil, .some(let certificate)):
      switch (certificate["subject"]?.scalarText, certificate["san"]?.scalarText) {
      case (.some(let subject), nil) where !subject.isEmpty:
        return ClientToken(
          name: name, certificate: .subject(subject), scopes: scopes, systems: systems)
      case (nil, .some(let san)) where !san.isEmpty:
        return ClientToken(
          name: name, certificate: .alternative(san), scopes: scopes, systems: systems)
      default:
        return refuse(
          "a certificate is known by one of subject and san", "certificate",
          hint: "openssl x509 -noout -subject -nameopt RFC2253 -in FILE tells the subject")
      }
    case (.some(let secret), nil, nil):
      guard written["secret"]?.stringValue?.hasPrefix("${") ?? false else {
        return refuse(
          "a token does not stand in the file itself", "secret",
          hint: "write ${secret:\(name)} or ${env:NAME}, or its SHA-256 as sha256")
      }
      do throws(AccessToken.Mistake) {
        return ClientToken(
          name: name, token: try AccessToken(secret.scalarText ?? ""), scopes: scopes,
          systems: systems)
      } catch {
        return refuse("\(error)", "secret")
      }
    case (nil, .some(let digest), nil):
      let digits = (digest.stringValue ?? "").lowercased()
      guard digits.utf8.count == 64,
        digits.utf8.allSatisfy({ "0123456789abcdef".utf8.contains($0) })
      else {
        return refuse(
          "sha256 has 64 hex digits", "sha256", hint: "printf %s \"$TOKEN\" | sha256sum")
      }
      return ClientToken(name: name, digest: digits, scopes: scopes, systems: systems)
    default:
      return refuse(
        "\(name) has one of secret, sha256 and certificate",
        hint: "write secret: \"${secret:\(name)}\"")
    }
  }

  private static func limits(
    _ item: Value, at place: ValuePath, _ file: inout SettingsFile
  ) -> TokenLimits {
    func number(_ key: String) -> Int? { item[key]?.scalarText.flatMap { Int($0) } }
    var limits = TokenLimits(concurrent: number("concurrent"))
    guard let text = item["rate"]?.scalarText else {
      if number("burst") != nil {
        file.add(
          ValueProblem(
            .error, "burst is for a rate", at: place.member("burst"), hint: "write rate: 100/s"))
      }
      return limits
    }
    limits.rate = TokenLimits.Rate(text, burst: number("burst"))
    if limits.rate == nil {
      file.add(
        ValueProblem(
          .error, "rate is a number in a time", at: place.member("rate"),
          hint: "write 100/s, 600/min or 1000/h"))
    }
    return limits
  }

  private static func isName(_ name: String) -> Bool {
    (1...64).contains(name.utf8.count)
      && name.utf8.allSatisfy {
        ($0 | 0x20) &- 97 < 26 || $0 &- 48 < 10 || "-._".utf8.contains($0)
      }
  }
}
