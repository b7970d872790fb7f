internal import NIOHTTP1

#if canImport(Darwin)
  internal import Darwin
#elseif canImport(Musl)
  internal import Musl
#else
  internal import Glibc
#endif

/// Who may use the admin API, by the head of a request.
///
/// On loopback everybody on this machine may, but no page that a browser shows: a name that somebody
/// else's name server turned into 127.0.0.1 is in `Host`, and the page's own place in `Origin`.
struct AccessRule: Sendable {
  /// The address it listens on.
  private let host: HostName
  /// Who may come in now; everybody where there are none.
  private let clients: @Sendable () -> [ClientToken]
  /// What a request needs, by its method and target.
  private let demand: @Sendable (_ method: String, _ target: String) -> AccessDemand
  /// Who else issues tokens; nil for nobody.
  private let issuer: TokenIssuer?
  /// Whether it is found by https.
  private let isSecure: Bool
  /// This machine's own name, where it can be called from others.
  private let machine: HostName?

  init(
    host: String, clients: @escaping @Sendable () -> [ClientToken], issuer: TokenIssuer? = nil,
    isSecure: Bool = false,
    demand: @escaping @Sendable (_ method: String, _ target: String) -> AccessDemand
  ) {
    self.host = HostName(host)
    self.clients = clients
    self.issuer = issuer
    self.isSecure = isSecure
    self.demand = demand
    machine = self.host.isLoopback ? nil : Self.machineName().map { HostName($0) }
  }

  /// Whether an address can be reached from other machines, so that a token is needed.
  static func isWide(_ host: String) -> Bool { !HostName(host).isLoopback }

  /// Whose token a request comes with; nil where none is needed. Whether that is enough, `demand` says.
  ///
  /// - Throws: `APIError` for a request that nobody may send.
  func client(
    of head: HTTPRequestHead, over certificate: PeerCertificate? = nil
  ) throws(APIError) -> ClientToken? {
    let hosts = head.headers["Host"]
    guard hosts.count == 1, let authority = hosts.first, let name = HostName(authority: authority)
    else {
      throw APIError(
        hosts.isEmpty || hosts.count > 1 ? 400 : 403, .forbidden,
        hosts.isEmpty
          ? "the request has no Host"
          : hosts.count > 1 ? "the request has several Hosts" : "Host is no host",
        hint: "send Host: \(host.text), with the port")
    }
    guard isOurs(name) else {
      throw APIError(
        403, .forbidden, "Host is \(authority), and this is \(host.text)",
        hint: "call it by its address, or start it to listen on \(name.text)")
    }
    if let refusal = pageRefusal(of: head, authority) { throw refusal }
    return try holder(of: head, over: certificate)
  }

  /// An address as numbers cannot be somebody's name for us; a name can.
  private func isOurs(_ name: HostName) -> Bool {
    if name == host || name.isLoopback { return true }
    return !host.isLoopback && (name.isAddress || name == machine)
  }

  /// Browsers say from which page a request comes, and pages cannot change it.
  private func pageRefusal(of head: HTTPRequestHead, _ authority: String) -> APIError? {
    for origin in head.headers["Origin"] {
      let own = ["http://", "https://"].map { $0 + authority.lowercased() }
      guard !own.contains(origin.lowercased()) else { continue }
      return APIError(403, .forbidden, "the request comes from a page of \(origin.prefix(100))")
    }
    for site in head.headers["Sec-Fetch-Site"] where !["same-origin", "none"].contains(site) {
      return APIError(403, .forbidden, "the request comes from a page of another site")
    }
    return nil
  }

  /// Whether it makes a difference what certificate a client shows.
  var readsCertificates: Bool { clients().contains(where: \.showsCertificate) }

  private static let open: Set<String> = ["/healthz", "/readyz"]

  private func holder(
    of head: HTTPRequestHead, over certificate: PeerCertificate?
  ) throws(APIError) -> ClientToken? {
    // Whether it is there may be asked by whatever keeps it running.
    let clients = clients()
    guard !clients.isEmpty || issuer != nil, !Self.open.contains(head.uri) else { return nil }
    if issuer != nil, OAuthSettings.metadataPaths.contains(head.uri) { return nil }
    let fields = head.headers["Authorization"]
    let words = fields.first?.split(separator: " ", maxSplits: 1) ?? []
    var client: ClientToken?
    var mistake: TokenMistake?
    if fields.count == 1, words.count == 2, words[0].lowercased() == "bearer" {
      client = ClientToken.holder(of: words[1], among: clients)
      if client == nil, let issuer, SignedToken.isLike(words[1]) {
        do throws(TokenMistake) {
          client = try issuer.client(of: words[1])
        } catch {
          mistake = error
        }
      }
    } else if fields.isEmpty, let certificate {
      // Only without a token: who shows a wrong one is told so.
      client = clients.first { $0.isShown(by: certificate) }
    }
    if let client { return client }
    let said = mistake.map { "the token is not taken: \($0.reason)" }
    throw APIError(
      401, .unauthorized,
      said ?? (fields.isEmpty ? "a token is needed" : "the token is not the right one"),
      hint: "send Authorization: Bearer TOKEN; the token is in .trestle/run.json,"
        + " was given as TRESTLE_ADMIN_TOKEN, or is one of gateway.yaml's"
        + (issuer == nil ? "" : " or of its issuer"),
      fields: [challenge(for: head, isToken: !fields.isEmpty, mistake)])
  }

  private func challenge(
    for head: HTTPRequestHead, isToken: Bool, _ mistake: TokenMistake?
  ) -> HeaderField {
    guard let issuer else { return HeaderField("WWW-Authenticate", "Bearer realm=\"trestle\"") }
    // RFC 6750 §3.1: who sent no token is told of no mistake.
    return issuer.settings.challenge(
      base: base(of: head), target: head.uri, error: isToken ? "invalid_token" : nil,
      reason: mistake?.reason, scopes: need(of: head).scopes)
  }

  private func base(of head: HTTPRequestHead) -> String? {
    OAuthSettings.base(of: head.headers.first(name: "Host"), isSecure: isSecure)
  }

  /// What a request needs.
  func need(of head: HTTPRequestHead) -> AccessDemand { demand(head.method.rawValue, head.uri) }

  /// Why a request may not be sent by a client; nil where it may.
  func refusal(of head: HTTPRequestHead, by client: ClientToken) -> APIError? {
    let need = need(of: head)
    guard var refusal = need.refusal(of: client) else { return nil }
    if let issuer, client.isIssued {
      // In the words by which more can be asked for.
      refusal.fields = [
        issuer.settings.challenge(
          base: base(of: head), target: head.uri, error: "insufficient_scope",
          scopes: need.scopes)
      ]
    }
    return refusal
  }

  private static func machineName() -> String? {
    var bytes = [CChar](repeating: 0, count: 256)
    guard gethostname(&bytes, bytes.count - 1) == 0 else { return nil }
    let name = String(
      decoding: bytes.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
    return name.isEmpty ? nil : name
  }
}
