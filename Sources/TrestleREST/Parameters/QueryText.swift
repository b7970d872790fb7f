internal import TrestleCore

/// The pairs of a query or of an `application/x-www-form-urlencoded` body (WHATWG URL §5).
enum QueryText {
  struct Pair: Sendable, Hashable {
    var name: String
    var value: String
    /// The value as it was sent: where a style joins values, what is encoded does not separate.
    var encoded: Substring
  }

  static func pairs(_ text: some StringProtocol) -> [Pair] {
    Substring(text).split(separator: "&").map { part in
      let equals = part.firstIndex(of: "=")
      let value = equals.map { part[part.index(after: $0)...] } ?? ""
      return Pair(
        name: decoded(part[..<(equals ?? part.endIndex)]), value: decoded(value), encoded: value)
    }
  }

  static func decoded(_ text: some StringProtocol) -> String {
    let bytes = text.utf8
    guard bytes.contains(where: { $0 == UInt8(ascii: "%") || $0 == UInt8(ascii: "+") }) else {
      return String(text)
    }
    return PercentEncoding.decoded(bytes.map { $0 == UInt8(ascii: "+") ? UInt8(ascii: " ") : $0 })
  }

  /// Encodes a name or a value. `allowsReserved` leaves what RFC 3986 §2.2 reserves, but for what a query is cut by.
  static func encoded(_ text: String, allowsReserved: Bool = false) -> String {
    PercentEncoding.encoded(text) { byte in
      PercentEncoding.isUnreserved(byte)
        || (allowsReserved && ":/?@!$'()*,;[]".utf8.contains(byte))
    }
  }

  /// The path and the query of a target.
  static func split(_ target: String) -> (path: Substring, query: Substring) {
    let end = target.firstIndex(of: "#") ?? target.endIndex
    let whole = target[..<end]
    guard let mark = whole.firstIndex(of: "?") else { return (whole, "") }
    return (whole[..<mark], whole[whole.index(after: mark)...])
  }
}
