internal import TrestleCore

/// One way a server asks for credentials: a scheme and its parameters (RFC 9110 §11.3).
struct AuthenticationChallenge: Equatable {
  /// In lower case: `digest`.
  var scheme: String
  /// Names in lower case.
  var parameters: [String: String] = [:]

  /// Every challenge of a response, in its order. Several may stand in one field, and a comma separates
  /// challenges as well as parameters.
  static func all(in headers: Headers, field: String = "WWW-Authenticate")
    -> [AuthenticationChallenge]
  {
    headers.fields.filter { $0.name.isEqualIgnoringCase(field) }.flatMap { field in
      var scanner = Scanner(field.value)
      return scanner.challenges()
    }
  }

  /// A name and a value as they are written in a field.
  struct Scanner {
    private let bytes: [UInt8]
    private var position = 0

    init(_ text: String) { bytes = Array(text.utf8) }

    mutating func challenges() -> [AuthenticationChallenge] {
      var found: [AuthenticationChallenge] = []
      while position < bytes.count {
        skip { $0.isBlank || $0 == UInt8(ascii: ",") }
        let word = take { $0.isHTTPToken }
        guard !word.isEmpty else {
          // Nothing that belongs here: the rest of the field says nothing that can be relied on.
          return found
        }
        skip(\.isBlank)
        if position < bytes.count, bytes[position] == UInt8(ascii: "="), !found.isEmpty {
          position += 1
          skip(\.isBlank)
          found[found.count - 1].parameters[word.lowercased()] = value()
        } else {
          found.append(AuthenticationChallenge(scheme: word.lowercased()))
          skipToken68()
        }
      }
      return found
    }

    /// A parameter list alone, as Authentication-Info has it.
    mutating func parameters() -> [String: String] {
      var found: [String: String] = [:]
      while position < bytes.count {
        skip { $0.isBlank || $0 == UInt8(ascii: ",") }
        let name = take { $0.isHTTPToken }
        skip(\.isBlank)
        guard !name.isEmpty, position < bytes.count, bytes[position] == UInt8(ascii: "=") else {
          return found
        }
        position += 1
        skip(\.isBlank)
        found[name.lowercased()] = value()
      }
      return found
    }

    private mutating func value() -> String {
      guard position < bytes.count, bytes[position] == UInt8(ascii: "\"") else {
        return take { !$0.isBlank && $0 != UInt8(ascii: ",") }
      }
      position += 1
      var text: [UInt8] = []
      while position < bytes.count, bytes[position] != UInt8(ascii: "\"") {
        if bytes[position] == UInt8(ascii: "\\"), position + 1 < bytes.count { position += 1 }
        text.append(bytes[position])
        position += 1
      }
      position += 1
      return String(decoding: text, as: UTF8.self)
    }

    /// A scheme may carry one opaque text instead of parameters: `Negotiate YIIC…==`.
    private mutating func skipToken68() {
      let start = position
      skip { $0.isHTTPToken || $0 == UInt8(ascii: "/") }
      skip { $0 == UInt8(ascii: "=") }
      skip(\.isBlank)
      if position < bytes.count, bytes[position] != UInt8(ascii: ",") { position = start }
    }

    private mutating func skip(_ condition: (UInt8) -> Bool) {
      while position < bytes.count, condition(bytes[position]) { position += 1 }
    }

    private mutating func take(_ condition: (UInt8) -> Bool) -> String {
      let start = position
      skip(condition)
      return String(decoding: bytes[start..<position], as: UTF8.self)
    }
  }
}
