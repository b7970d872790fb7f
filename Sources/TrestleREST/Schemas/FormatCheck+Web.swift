import TrestleCore

extension FormatCheck {
  // MARK: Hosts

  /// RFC 1123 §2.1: labels of letters, digits and inner hyphens.
  static func isHostname(_ bytes: Slice<Bytes>) -> Bool {
    guard !bytes.isEmpty, bytes.count <= 253 else { return false }
    for label in bytes.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false) {
      guard let first = label.first, let last = label.last, label.count <= 63,
        isLetterOrDigit(first), isLetterOrDigit(last),
        label.allSatisfy({ isLetterOrDigit($0) || $0 == UInt8(ascii: "-") })
      else { return false }
    }
    return true
  }

  static func isIPv4(_ bytes: Slice<Bytes>) -> Bool {
    let parts = bytes.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
    return parts.count == 4
      && parts.allSatisfy { part in
        guard (1...3).contains(part.count), part.allSatisfy({ $0 &- 48 < 10 }),
          part.count == 1 || part.first != 48
        else { return false }
        return part.reduce(0) { $0 * 10 + Int($1 &- 48) } < 256
      }
  }

  /// RFC 4291 §2.2: eight groups, of which one run of zeros may be left out.
  static func isIPv6(_ bytes: Slice<Bytes>) -> Bool {
    let colon = UInt8(ascii: ":")
    let parts = bytes.split(separator: colon, omittingEmptySubsequences: false)
    guard (3...9).contains(parts.count) else { return false }
    var groups = 0
    var gaps = 0
    for (position, part) in parts.enumerated() {
      if part.isEmpty {
        // `::` at an end leaves two empty parts there.
        if position == 0 {
          guard parts[1].isEmpty else { return false }
        } else if position == parts.count - 1 {
          guard parts[position - 1].isEmpty else { return false }
        } else {
          gaps += 1
        }
      } else if position == parts.count - 1, part.contains(UInt8(ascii: ".")) {
        guard isIPv4(part) else { return false }
        groups += 2
      } else {
        guard part.count <= 4, part.allSatisfy(isHexDigit) else { return false }
        groups += 1
      }
    }
    return gaps == 0 ? groups == 8 : gaps == 1 && groups < 8
  }

  /// RFC 5321 §4.1.2: a dotted atom or a quoted text, and a host.
  static func isEmail(_ text: Bytes, international: Bool) -> Bool {
    guard let at = text.lastIndex(of: UInt8(ascii: "@")), at > 0, at <= 64 + 256,
      at + 1 < text.count
    else { return false }
    let local = text[..<at]
    let host = text[(at + 1)...]
    let quote = UInt8(ascii: "\"")
    if local.first == quote {
      guard local.count > 2, local.last == quote else { return false }
    } else {
      let dot = UInt8(ascii: ".")
      var previous = dot
      for byte in local {
        if byte == dot, previous == dot { return false }
        let isAtom =
          byte == dot || isLetterOrDigit(byte) || "!#$%&'*+-/=?^_`{|}~".utf8.contains(byte)
          || (international && byte >= 0x80)
        guard isAtom else { return false }
        previous = byte
      }
      if previous == dot { return false }
    }
    if host.first == UInt8(ascii: "[") {
      guard host.last == UInt8(ascii: "]") else { return false }
      let inner = host.dropFirst().dropLast()
      if inner.starts(with: "IPv6:".utf8) { return isIPv6(inner.dropFirst(5)) }
      return isIPv4(inner)
    }
    if international, host.contains(where: { $0 >= 0x80 }) { return true }
    return isHostname(host)
  }

  // MARK: Addresses

  /// RFC 3986: the characters and escapes, and a scheme unless the reference may be relative.
  static func isURI(_ text: Bytes, isRelative: Bool) -> Bool {
    guard hasAddressCharacters(text) else { return false }
    let colon = text.firstIndex(of: UInt8(ascii: ":"))
    let end = text.firstIndex { "/?#".utf8.contains($0) } ?? text.count
    guard let colon, colon < end else { return isRelative }
    guard colon > 0, (text[0] | 0x20) &- UInt8(ascii: "a") < 26 else { return false }
    guard text[..<colon].allSatisfy({ isLetterOrDigit($0) || "+-.".utf8.contains($0) }) else {
      return false
    }
    return isAuthority(after: colon + 1, in: text)
  }

  private static func hasAddressCharacters(_ text: Bytes) -> Bool {
    var fragments = 0
    for (position, byte) in text.enumerated() {
      if byte == UInt8(ascii: "%") {
        guard position + 2 < text.count, isHexDigit(text[position + 1]),
          isHexDigit(text[position + 2])
        else { return false }
      } else if byte == UInt8(ascii: "#") {
        fragments += 1
        guard fragments == 1 else { return false }
      } else if byte <= 0x20 || byte >= 0x7F || "\"<>\\^`{|}".utf8.contains(byte) {
        return false
      }
    }
    return true
  }

  /// The host after `//`: brackets only around an address, and digits alone as the port.
  private static func isAuthority(after start: Int, in text: Bytes) -> Bool {
    let slash = UInt8(ascii: "/")
    guard start + 1 < text.count, text[start] == slash, text[start + 1] == slash else {
      return true
    }
    var host = text[(start + 2)...].prefix { !"/?#".utf8.contains($0) }
    if let at = host.lastIndex(of: UInt8(ascii: "@")) {
      guard !host[..<at].contains(where: { "[]".utf8.contains($0) }) else { return false }
      host = host[(at + 1)...]
    }
    if host.first == UInt8(ascii: "[") {
      guard let close = host.firstIndex(of: UInt8(ascii: "]")) else { return false }
      guard isIPv6(host[(host.startIndex + 1)..<close]) else { return false }
      host = host[(close + 1)...]
      return host.isEmpty || (host.first == UInt8(ascii: ":") && isPort(host.dropFirst()))
    }
    guard !host.contains(where: { "[]".utf8.contains($0) }) else { return false }
    guard let colon = host.firstIndex(of: UInt8(ascii: ":")) else { return true }
    return isPort(host[(colon + 1)...])
  }

  private static func isPort(_ bytes: Slice<Bytes>) -> Bool { bytes.allSatisfy { $0 &- 48 < 10 } }

  /// RFC 6570: braces close, and hold something.
  static func isURITemplate(_ text: Bytes) -> Bool {
    var isOpen = false
    var length = 0
    for byte in text {
      switch byte {
      case UInt8(ascii: "{"):
        if isOpen { return false }
        isOpen = true
        length = 0
      case UInt8(ascii: "}"):
        guard isOpen, length > 0 else { return false }
        isOpen = false
      default:
        length += 1
        if isOpen {
          guard isLetterOrDigit(byte) || "+#./;?&=,!@|_%*:$()'".utf8.contains(byte) else {
            return false
          }
        } else if byte <= 0x20 || "\"<>\\^`|".utf8.contains(byte) {
          return false
        }
      }
    }
    return !isOpen
  }
}
