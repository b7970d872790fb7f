package import TrestleCore

/// Which requests go through which proxy.
package enum HTTPProxyRules: Sendable, Hashable {
  /// None does.
  case direct
  /// All go through one.
  case always(HTTPProxy)
  /// What the environment's variables say: a proxy for each scheme, and the hosts reached without.
  case environment(http: Named?, https: Named?, except: [String])

  /// The proxy that a variable names, or why it cannot be used.
  package typealias Named = Result<HTTPProxy, TransportError>

  /// What the environment says; `variable` gives the value of a variable, or nil. Lower-case names go
  /// first, as everywhere.
  package static func environment(_ variable: (String) -> String?) -> HTTPProxyRules {
    func value(_ names: String...) -> String? {
      names.lazy.compactMap(variable).first { !$0.isEmpty }
    }
    let all = value("all_proxy", "ALL_PROXY")
    let http = value("http_proxy", "HTTP_PROXY") ?? all
    let https = value("https_proxy", "HTTPS_PROXY") ?? all
    if http == nil, https == nil { return .direct }
    let except = value("no_proxy", "NO_PROXY") ?? ""
    return .environment(
      http: http.map { named($0, by: "HTTP_PROXY") },
      https: https.map { named($0, by: "HTTPS_PROXY") },
      except: except.split { ", \t".contains($0) }.map { $0.lowercased() })
  }

  /// Whether an endpoint is called through a proxy, which then looks up its host.
  package func hasProxy(for endpoint: Endpoint) -> Bool {
    (try? proxy(for: endpoint)) != nil
  }

  /// The proxy for an endpoint; nil where it is called directly.
  ///
  /// - Throws: `TransportError` of kind `configuration` when the environment names an unusable one.
  func proxy(for endpoint: Endpoint) throws(TransportError) -> HTTPProxy? {
    switch self {
    case .direct: return nil
    case .always(let proxy): return proxy
    case .environment(let http, let https, let except):
      // What runs on this machine, a mock say, is never meant by a proxy for the world.
      guard !endpoint.isLoopback, !except.contains(where: { Self.names($0, endpoint) }) else {
        return nil
      }
      return try (endpoint.scheme.isSecure ? https : http)?.get()
    }
  }

  private static func named(_ text: String, by variable: String) -> Named {
    do throws(TransportError) {
      return .success(try HTTPProxy(text))
    } catch {
      var error = error
      error.hint = "see the environment variable \(variable)"
      return .failure(error)
    }
  }

  /// Whether an item of NO_PROXY names an endpoint's host: the host itself or a domain above it, an
  /// address or a range of them, all with or without a port; `*` is every host.
  private static func names(_ item: String, _ endpoint: Endpoint) -> Bool {
    if item == "*" { return true }
    var name = item[...]
    if item.first == "[", let end = item.firstIndex(of: "]") {
      name = item[item.index(after: item.startIndex)..<end]
      let port = item[end...].dropFirst().drop { $0 == ":" }
      guard port.isEmpty || Int(port) == endpoint.port else { return false }
    } else if item.count(where: { $0 == ":" }) == 1, let colon = item.firstIndex(of: ":") {
      guard Int(item[item.index(after: colon)...]) == endpoint.port else { return false }
      name = item[..<colon]
    }
    if name.hasPrefix("*.") { name = name.dropFirst() }
    if name.first == "." { name = name.dropFirst() }
    guard !name.isEmpty else { return false }
    let host = endpoint.host.lowercased()
    if host == name || host.hasSuffix("." + name) { return true }
    return IPv4Range(name)?.contains(host) ?? false
  }
}

/// A range of addresses as `10.0.0.0/8`.
private struct IPv4Range {
  let address: UInt32
  let mask: UInt32

  init?(_ text: Substring) {
    let parts = text.split(separator: "/")
    guard parts.count == 2, let address = Self.number(parts[0]), let bits = UInt32(parts[1]),
      bits <= 32
    else { return nil }
    self.address = address
    mask = bits == 0 ? 0 : UInt32.max << (32 - bits)
  }

  func contains(_ host: String) -> Bool {
    Self.number(host[...]).map { $0 & mask == address & mask } ?? false
  }

  private static func number(_ text: Substring) -> UInt32? {
    let parts = text.split(separator: ".", omittingEmptySubsequences: false).map { UInt8($0) }
    guard parts.count == 4 else { return nil }
    var number: UInt32 = 0
    for part in parts {
      guard let part else { return nil }
      number = number << 8 | UInt32(part)
    }
    return number
  }
}

extension Endpoint {
  /// Whether it is this machine by its own name for itself.
  package var isLoopback: Bool {
    let host = host.lowercased()
    return host == "localhost" || host.hasSuffix(".localhost") || host == "::1"
      || host.hasPrefix("127.") && host.utf8.allSatisfy { $0 == UInt8(ascii: ".") || $0.isDigit }
  }
}
