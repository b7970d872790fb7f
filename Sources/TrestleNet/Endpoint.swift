package import TrestleCore

/// Where a system is reached: `http://host:port/path`, `tcp://host:port` and their TLS forms, SCGI, and
/// sockets of this machine by their percent-encoded path (`http+unix://%2Frun%2Fx.sock/RPC2`).
package struct Endpoint: Sendable, Hashable {
  /// How the peer is spoken to.
  package enum Scheme: String, Sendable {
    case http, https, tcp, tls
    /// HTTP over a socket of this machine.
    case httpUnix = "http+unix"
    /// A web application's own protocol behind a web server, without HTTP's framing.
    case scgi
    case scgiUnix = "scgi+unix"

    /// Whether TLS goes over the connection.
    package var isSecure: Bool { self == .https || self == .tls }

    /// Whether messages are SCGI's.
    package var isSCGI: Bool { self == .scgi || self == .scgiUnix }

    /// Whether it is a socket of this machine, and not one of the network.
    package var isUnix: Bool { self == .httpUnix || self == .scgiUnix }

    fileprivate var defaultPort: Int? {
      switch self {
      case .http: 80
      case .https: 443
      case .tcp, .tls, .scgi, .httpUnix, .scgiUnix: nil
      }
    }
  }

  package let scheme: Scheme
  /// A name or an address, IPv6 without its brackets; the path of a socket of this machine.
  package let host: String
  /// 0 for a socket of this machine.
  package let port: Int
  /// The HTTP request target: `/path?query`; empty for TCP.
  package private(set) var target: String

  /// `host:port`, an IPv6 address in brackets; the path of a socket of this machine.
  package var authority: String {
    if scheme.isUnix { return host }
    return host.utf8.contains(UInt8(ascii: ":")) ? "[\(host)]:\(port)" : "\(host):\(port)"
  }

  /// The same service at another target.
  func with(target: String) -> Endpoint {
    var endpoint = self
    endpoint.target = target
    return endpoint
  }

  /// Reads the endpoint of an HTTP system.
  ///
  /// - Throws: `TransportError` of kind `configuration` that says what was expected.
  package init(http text: String) throws(TransportError) {
    let expected = "write it as http://host:port/path or https://host/path"
    let (scheme, rest) = Self.scheme(of: text)
    guard let scheme, scheme != .tcp, scheme != .tls else {
      if text.hasPrefix("unix:") { throw Self.unixHint(text) }
      throw Self.unusable(
        text, "has no http:// or https:// before the host",
        hint: scheme == nil && !text.isEmpty && !text.utf8.contains(UInt8(ascii: " "))
          && Self.separator(in: text) == nil ? "write http://\(text)" : expected)
    }
    let isPathStart: (UInt8) -> Bool = {
      $0 == UInt8(ascii: "/") || $0 == UInt8(ascii: "?") || $0 == UInt8(ascii: "#")
    }
    let end = rest.utf8.firstIndex(where: isPathStart) ?? rest.endIndex
    let authority =
      scheme.isUnix
      ? (try Self.socket(rest[..<end], of: text), 0)
      : try Self.authority(rest[..<end], of: text, scheme: scheme, hint: expected)
    var target = rest[end...]
    if let fragment = target.utf8.firstIndex(of: UInt8(ascii: "#")) { target = target[..<fragment] }
    // RFC 3986 §2: everything else is percent-encoded.
    guard target.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F }) else {
      throw Self.unusable(
        text, "has a character in its path that a URL cannot hold",
        hint: "percent-encode spaces and non-ASCII characters (%20 for a space)")
    }
    self.scheme = scheme
    (host, port) = authority
    self.target = target.utf8.first == UInt8(ascii: "/") ? String(target) : "/" + target
  }

  /// The path of a socket of this machine, which stands percent-encoded where others have a host.
  private static func socket(
    _ encoded: Substring, of text: String
  ) throws(TransportError) -> String {
    let path = PercentEncoding.decoded(encoded)
    guard path.utf8.first == UInt8(ascii: "/"), !path.utf8.contains(0) else {
      throw unusable(
        text, "does not name a socket", hint: "write it as http+unix://%2Frun%2Fname.sock/RPC2")
    }
    // sockaddr_un has room for so much.
    guard path.utf8.count < 104 else {
      throw unusable(
        text, "names a socket with a path of \(path.utf8.count) bytes",
        hint: "systems take at most 103: link to it from a shorter path")
    }
    return path
  }

  /// `unix:///run/x.sock` leaves open what is spoken there, and at which path.
  private static func unixHint(_ text: String) -> TransportError {
    let path = "/" + text.dropFirst(5).drop { $0 == "/" }
    let encoded = path.split(separator: "/").map { "%2F" + $0 }.joined()
    return unusable(
      text, "does not say what is spoken on the socket",
      hint: "write http+unix://\(encoded)/RPC2, or scgi+unix://… for SCGI")
  }

  /// Reads the endpoint of a TCP system: `tcp://host:port`, `tls://host:port` or `host:port`.
  ///
  /// - Throws: `TransportError` of kind `configuration` that says what was expected.
  package init(tcp text: String) throws(TransportError) {
    let expected = "write it as tcp://host:port, tls://host:port or host:port"
    var (scheme, rest) = Self.scheme(of: text)
    if scheme == nil, Self.separator(in: text) == nil { scheme = .tcp }
    guard let scheme, scheme == .tcp || scheme == .tls else {
      throw Self.unusable(text, "is not the address of a TCP system", hint: expected)
    }
    if rest.utf8.last == UInt8(ascii: "/") { rest = rest.dropLast() }
    self.scheme = scheme
    (host, port) = try Self.authority(rest, of: text, scheme: scheme, hint: expected)
    target = ""
  }

  private static func scheme(of text: String) -> (Scheme?, Substring) {
    guard let separator = separator(in: text) else { return (nil, text[...]) }
    let rest = text[text.utf8.index(separator, offsetBy: 3)...]
    return (Scheme(rawValue: text[..<separator].lowercased()), rest)
  }

  /// Where `://` begins.
  private static func separator(in text: String) -> String.Index? {
    guard let colon = text.utf8.firstIndex(of: UInt8(ascii: ":")),
      text.utf8[colon...].starts(with: "://".utf8)
    else { return nil }
    return colon
  }

  private static func authority(
    _ authority: Substring, of text: String, scheme: Scheme, hint: String
  ) throws(TransportError) -> (String, Int) {
    guard !authority.utf8.contains(UInt8(ascii: "@")) else {
      throw TransportError(
        kind: .configuration, reason: "the endpoint has a user name in it",
        hint: "leave it out and give the credentials under auth")
    }
    let host: Substring
    var rest: Substring
    if authority.utf8.first == UInt8(ascii: "[") {
      guard let bracket = authority.utf8.firstIndex(of: UInt8(ascii: "]")) else {
        throw unusable(text, "has no ] after its IPv6 address", hint: hint)
      }
      host = authority[authority.utf8.index(after: authority.startIndex)..<bracket]
      rest = authority[authority.utf8.index(after: bracket)...]
    } else {
      let end = authority.utf8.firstIndex(of: UInt8(ascii: ":")) ?? authority.endIndex
      host = authority[..<end]
      rest = authority[end...]
    }
    guard !host.isEmpty else { throw unusable(text, "has no host", hint: hint) }
    let isBracketed = authority.utf8.first == UInt8(ascii: "[")
    guard host.utf8.allSatisfy({ isHostByte($0) || isBracketed && $0 == UInt8(ascii: ":") }) else {
      throw unusable(
        text, "has a host name with a character that host names do not have", hint: hint)
    }
    if rest.isEmpty {
      guard let port = scheme.defaultPort else { throw unusable(text, "has no port", hint: hint) }
      return (String(host), port)
    }
    guard rest.utf8.first == UInt8(ascii: ":") else {
      throw unusable(text, "has something else than a port after its host", hint: hint)
    }
    rest = rest.dropFirst()
    guard !rest.isEmpty, rest.utf8.allSatisfy({ (48...57).contains($0) }), let port = Int(rest),
      (1...65535).contains(port)
    else {
      throw unusable(
        text, "has the port '\(rest)'", hint: "a port is a number from 1 to 65535")
    }
    return (String(host), port)
  }

  private static func isHostByte(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
      UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "."), UInt8(ascii: "-"),
      UInt8(ascii: "_"), UInt8(ascii: "%"):
      true
    default: byte >= 0x80
    }
  }

  private static func unusable(_ text: String, _ what: String, hint: String) -> TransportError {
    TransportError(
      kind: .configuration, reason: "the endpoint '\(text)' \(what)", hint: hint)
  }
}

extension Endpoint: CustomStringConvertible {
  /// The endpoint as it is written.
  package var description: String { "\(scheme.rawValue)://\(writtenAuthority)\(target)" }

  /// The authority as it stands in a URL.
  package var writtenAuthority: String {
    guard scheme.isUnix else { return authority }
    return PercentEncoding.encoded(host)
  }
}
