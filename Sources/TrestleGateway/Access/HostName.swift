internal import NIOCore

/// The host of a `Host` or `Origin` header, its port aside.
struct HostName: Sendable, Hashable {
  /// In lower case; an IPv6 address without its brackets.
  let text: String

  /// Reads `host`, `host:port` or `[address]:port`; nil for anything else (RFC 9110 §7.2).
  init?(authority: String) {
    var rest = authority[...]
    let name: Substring
    if rest.hasPrefix("[") {
      guard let end = rest.firstIndex(of: "]") else { return nil }
      name = rest[rest.index(after: rest.startIndex)..<end]
      rest = rest[rest.index(after: end)...]
      guard name.contains(":"), name.utf8.allSatisfy(Self.isInAddress) else { return nil }
    } else {
      name = rest.prefix { $0 != ":" }
      rest = rest.dropFirst(name.count)
      guard !name.isEmpty, name.utf8.allSatisfy(Self.isInName) else { return nil }
    }
    if !rest.isEmpty {
      guard rest.first == ":", let port = Int(rest.dropFirst()), (0...65535).contains(port) else {
        return nil
      }
    }
    text = name.lowercased()
  }

  init(_ text: String) { self.text = text.lowercased() }

  /// Whether it is written as numbers: a name server has no part in what it means.
  var isAddress: Bool { (try? SocketAddress(ipAddress: text, port: 0)) != nil }

  /// Whether it always means this machine.
  var isLoopback: Bool {
    text == "localhost" || text == "::1" || text.hasPrefix("127.") && isAddress
  }

  private static func isInName(_ byte: UInt8) -> Bool {
    (byte | 0x20) &- 97 < 26 || byte &- 48 < 10 || "-._".utf8.contains(byte)
  }

  private static func isInAddress(_ byte: UInt8) -> Bool {
    (byte | 0x20) &- 97 < 6 || byte &- 48 < 10 || ":.".utf8.contains(byte)
  }
}
