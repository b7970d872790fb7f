/// An http or https URL taken apart, and what a reference in a document at it leads to.
///
/// Equal addresses have equal texts: the scheme and host are in lower case, the scheme's own port and
/// the fragment are left out, `.` and `..` are resolved, and what a URL cannot hold is percent-encoded.
package struct WebAddress: Sendable, Hashable {
  /// `http` or `https`.
  package let scheme: String
  /// In lower case; an IPv6 address in its brackets.
  package let host: String
  package let port: Int
  /// From its first slash on, percent-encoded.
  package let path: String
  /// Without its question mark; nil when there is none.
  package let query: String?

  /// Reads an absolute URL; nil for whatever is none, has another scheme or a user name in it.
  package init?(_ text: String) {
    guard let parts = Parts(text), let scheme = parts.scheme, let authority = parts.authority else {
      return nil
    }
    self.init(scheme: scheme, authority: authority, path: parts.path, query: parts.query)
  }

  /// Where a reference in a document at this address leads (RFC 3986 §5.2); nil where that is no
  /// address of the web.
  package func resolving(_ reference: String) -> WebAddress? {
    guard let parts = Parts(reference) else { return nil }
    if let scheme = parts.scheme {
      return parts.authority.flatMap {
        WebAddress(scheme: scheme, authority: $0, path: parts.path, query: parts.query)
      }
    }
    if let authority = parts.authority {
      return WebAddress(scheme: scheme, authority: authority, path: parts.path, query: parts.query)
    }
    if parts.path.isEmpty { return replacing(path: path, query: parts.query ?? query) }
    if parts.path.first == "/" { return replacing(path: parts.path, query: parts.query) }
    let folder = path.lastIndex(of: "/").map { path[...$0] } ?? "/"
    return replacing(path: folder + parts.path, query: parts.query)
  }

  /// `host:port`, without the port where it is the scheme's own.
  package var authority: String { port == Self.defaultPort(scheme) ? host : "\(host):\(port)" }

  private init(scheme: String, host: String, port: Int, path: String, query: String?) {
    self.scheme = scheme
    self.host = host
    self.port = port
    self.path = Self.encoded(Self.withoutDots(path))
    self.query = query.map(Self.encoded)
  }

  private func replacing(path: some StringProtocol, query: String?) -> WebAddress {
    WebAddress(scheme: scheme, host: host, port: port, path: String(path), query: query)
  }

  private init?(scheme: String, authority: String, path: String, query: String?) {
    guard scheme == "http" || scheme == "https" else { return nil }
    var host = authority[...]
    var port = Self.defaultPort(scheme)
    // The last colon, but none inside the brackets of an IPv6 address.
    if let colon = authority.lastIndex(of: ":"), !authority[colon...].contains("]") {
      let digits = authority[authority.index(after: colon)...]
      guard digits.utf8.allSatisfy({ (48...57).contains($0) }) else { return nil }
      if !digits.isEmpty {
        guard let number = Int(digits), (1...65535).contains(number) else { return nil }
        port = number
      }
      host = authority[..<colon]
    }
    let isBracketed = host.first == "[" && host.last == "]"
    let isHost = host.utf8.allSatisfy { byte in
      byte > 0x20 && byte != 0x7F && !"\"<>@\\^`{|}".utf8.contains(byte)
        && (isBracketed || !"[]:".utf8.contains(byte))
    }
    guard !host.isEmpty, isHost else { return nil }
    self.init(scheme: scheme, host: host.lowercased(), port: port, path: path, query: query)
  }

  private static func defaultPort(_ scheme: String) -> Int { scheme == "https" ? 443 : 80 }

  /// RFC 3986 §5.2.4.
  private static func withoutDots(_ path: String) -> String {
    var steps: [Substring] = []
    let parts = path.split(separator: "/", omittingEmptySubsequences: false).dropFirst()
    for (index, part) in parts.enumerated() {
      let isLast = index == parts.count - 1
      switch part {
      case ".": if isLast { steps.append("") }
      case "..":
        if !steps.isEmpty { steps.removeLast() }
        if isLast { steps.append("") }
      default: steps.append(part)
      }
    }
    return "/" + steps.joined(separator: "/")
  }

  /// What contracts in the wild have in their locations and a URL cannot hold is encoded; what is
  /// encoded already stays as it is.
  private static func encoded(_ text: String) -> String {
    PercentEncoding.encoded(text) {
      $0 > 0x20 && $0 < 0x7F && !"\"<>\\^`{|}".utf8.contains($0)
    }
  }

  /// A reference cut into what RFC 3986 §3 calls its components.
  private struct Parts {
    var scheme: String?
    var authority: String?
    var path: String
    var query: String?

    init?(_ text: String) {
      var rest = Substring(text)
      while let last = rest.last, last.isWhitespace { rest.removeLast() }
      rest = rest.drop(while: \.isWhitespace).prefix { $0 != "#" }
      if let colon = rest.firstIndex(of: ":"),
        !rest[..<colon].contains(where: { "/?".contains($0) })
      {
        let name = rest[..<colon]
        guard !name.isEmpty, name.utf8.allSatisfy({ $0.isSchemeByte }) else { return nil }
        scheme = name.lowercased()
        rest = rest[rest.index(after: colon)...]
      }
      if rest.hasPrefix("//") {
        rest = rest.dropFirst(2)
        let end = rest.firstIndex { "/?".contains($0) } ?? rest.endIndex
        authority = String(rest[..<end])
        rest = rest[end...]
      }
      if let mark = rest.firstIndex(of: "?") {
        query = String(rest[rest.index(after: mark)...])
        rest = rest[..<mark]
      }
      path = String(rest)
    }
  }
}

extension WebAddress: CustomStringConvertible {
  package var description: String {
    "\(scheme)://\(authority)\(path)" + (query.map { "?\($0)" } ?? "")
  }
}

extension UInt8 {
  /// Whether it may be part of a URL's scheme (RFC 3986 §3.1).
  fileprivate var isSchemeByte: Bool {
    (self | 0x20) &- 97 < 26 || self &- 48 < 10 || "+-.".utf8.contains(self)
  }
}
