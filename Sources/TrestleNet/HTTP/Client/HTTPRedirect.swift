internal import TrestleCore

/// Where an answer sends a request (RFC 9110 §15.4).
struct HTTPRedirect {
  let target: Endpoint

  /// The redirect that an answer is; nil for every other answer.
  ///
  /// - Throws: `TransportError` that names the target, where following it would lose the request's body,
  ///   give up TLS, or leave HTTP.
  init?(
    _ response: WireResponse, to method: String, at endpoint: Endpoint
  ) throws(TransportError) {
    guard [301, 302, 303, 307, 308].contains(response.status),
      let location = response.headers["Location"]
    else { return nil }
    let base = WebAddress("\(endpoint.scheme.rawValue)://\(endpoint.hostField)\(endpoint.target)")
    guard let address = base?.resolving(location),
      let target = try? Endpoint(http: address.description)
    else {
      throw .unusableAnswer(
        "\(endpoint) redirects (HTTP \(response.status)) to \"\(location)\", which is no address of HTTP",
        hint: "set the endpoint to where the service really is")
    }
    guard endpoint.scheme != .https || target.scheme == .https else {
      throw .unusableAnswer(
        "\(endpoint) redirects (HTTP \(response.status)) to \(target), which is not secure",
        hint: "a call that began with https:// does not go on without TLS")
    }
    // 301 and 302 make a GET of a POST in most clients, 303 by definition: the call would be lost, and
    // a page taken for its answer.
    guard method != "POST" || response.status >= 307 else {
      throw .unusableAnswer(
        "\(endpoint) redirects the call (HTTP \(response.status)) to \(target) without its body",
        hint: "set the endpoint to \(target) if the service is there now")
    }
    self.target = target
  }
}

extension Endpoint {
  /// RFC 9110 §7.2: the port is left out where it is the scheme's own.
  var hostField: String {
    if scheme.isUnix { return "localhost" }
    let isDefault = port == (scheme.isSecure ? 443 : 80)
    return isDefault ? String(authority.dropLast(":\(port)".count)) : authority
  }

  /// Whether credentials for one are for the other too: the same host and port, by the same scheme or,
  /// each on its own port, by https in place of http.
  package func isSameService(as other: Endpoint) -> Bool {
    guard host.isEqualIgnoringCase(other.host) else { return false }
    if scheme == other.scheme { return port == other.port }
    return scheme == .https && other.scheme == .http && port == 443 && other.port == 80
  }
}
