package import TrestleCore

/// A proxy that HTTP requests go through.
package struct HTTPProxy: Sendable, Hashable {
  let host: String
  let port: Int
  /// The Proxy-Authorization field's value, where the proxy's URL has a user in it.
  let authorization: String?

  /// Reads `http://host:port` or `http://user:password@host:port`; the scheme may be left out.
  ///
  /// - Throws: `TransportError` of kind `configuration`, which does not repeat the password.
  package init(_ text: String) throws(TransportError) {
    let expected = "write it as http://host:port or http://user:password@host:port"
    var rest = Substring(text)
    if let separator = text.firstRange(of: "://") {
      guard text[..<separator.lowerBound].lowercased() == "http" else {
        throw TransportError(
          kind: .configuration,
          reason: "the proxy's scheme \(text[..<separator.lowerBound]):// is not spoken",
          hint: "HTTP proxies are: \(expected)")
      }
      rest = text[separator.upperBound...]
    }
    if let at = rest.lastIndex(of: "@") {
      let parts = rest[..<at].split(
        separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
      let user = PercentEncoding.decoded(parts[0])
      let password = parts.count > 1 ? PercentEncoding.decoded(parts[1]) : ""
      authorization = "Basic " + Base64.encode(Array("\(user):\(password)".utf8))
      rest = rest[rest.index(after: at)...]
    } else {
      authorization = nil
    }
    // Only now: a password may have a slash in it, though a URL's should not.
    if let slash = rest.firstIndex(of: "/") { rest = rest[..<slash] }
    do throws(TransportError) {
      let endpoint = try Endpoint(tcp: String(rest))
      host = endpoint.host
      port = endpoint.port
    } catch {
      throw TransportError(
        kind: .configuration, reason: "the proxy '\(rest)' cannot be used", hint: expected)
    }
  }

  /// `host:port`, without user and password.
  var authority: String {
    host.utf8.contains(UInt8(ascii: ":")) ? "[\(host)]:\(port)" : "\(host):\(port)"
  }
}
