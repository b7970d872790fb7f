/// A place in a JSON document (RFC 6901).
package struct JSONPointer: Sendable, Hashable, CustomStringConvertible {
  /// The names and positions that lead there, without escapes; none for the whole document.
  package var tokens: [String]

  package init(_ tokens: [String] = []) { self.tokens = tokens }

  /// Reads a pointer as `description` writes it; nil for what neither is empty nor begins with `/`.
  package init?(parsing text: String) {
    guard !text.isEmpty else {
      tokens = []
      return
    }
    guard text.utf8.first == UInt8(ascii: "/") else { return nil }
    tokens = text.dropFirst().split(separator: "/", omittingEmptySubsequences: false)
      .map(Self.unescaped)
  }

  package func appending(_ token: String) -> JSONPointer { JSONPointer(tokens + [token]) }

  package func appending(_ position: Int) -> JSONPointer { appending(String(position)) }

  package var description: String {
    tokens.reduce(into: "") { $0 += "/" + Self.escaped($1) }
  }

  /// A name as it stands between slashes.
  package static func escaped(_ token: String) -> String {
    token.utf8.contains { $0 == UInt8(ascii: "~") || $0 == UInt8(ascii: "/") }
      ? String(token.flatMap { $0 == "~" ? "~0" : $0 == "/" ? "~1" : String($0) }) : token
  }

  /// `~01` is `~1`, not `/`: the escapes are read from left to right (RFC 6901 §4).
  private static func unescaped(_ token: Substring) -> String {
    guard token.utf8.contains(UInt8(ascii: "~")) else { return String(token) }
    var text = ""
    var isEscaped = false
    for character in token {
      switch (isEscaped, character) {
      case (false, "~"): isEscaped = true
      case (true, "0"), (true, "1"):
        text.append(character == "0" ? "~" : "/")
        isEscaped = false
      case (true, _):
        text += "~" + String(character)
        isEscaped = false
      case (false, _): text.append(character)
      }
    }
    return isEscaped ? text + "~" : text
  }
}

extension Value {
  /// What stands at a place; nil where nothing does.
  package subscript(pointer: JSONPointer) -> Value? {
    var value = self
    for token in pointer.tokens {
      switch value {
      case .object(let record):
        guard let member = record[token] else { return nil }
        value = member
      case .array(let items):
        guard let position = Int(token), items.indices.contains(position) else { return nil }
        value = items[position]
      default: return nil
      }
    }
    return value
  }
}
