internal import TrestleCore

/// A path with parameters in it: `/reports/{id}.{format}` (OpenAPI 3.1 §4.8.8).
package struct PathTemplate: Sendable, Hashable, CustomStringConvertible {
  enum Piece: Sendable, Hashable {
    case text(String)
    case parameter(String)
  }

  /// What stands between two slashes.
  struct Segment: Sendable, Hashable {
    var pieces: [Piece]

    /// The text of a segment without parameters; nil for any other.
    var text: String? {
      if pieces.isEmpty { return "" }
      guard pieces.count == 1, case .text(let text) = pieces[0] else { return nil }
      return text
    }

    /// The same with parameters without their names: what tells segments apart in a table.
    var pattern: Segment {
      Segment(
        pieces: pieces.map { piece in
          if case .text = piece { return piece }
          return .parameter("")
        })
    }

    /// How much of it is said: segments that say more are tried first.
    var precision: Int {
      pieces.reduce(0) { sum, piece in
        if case .text(let text) = piece { return sum + text.utf8.count }
        return sum
      }
    }

    /// The texts of its parameters, decoded, in a segment of a path; nil where it does not fit.
    func match(_ encoded: Substring) -> [String]? {
      var found: [String] = []
      return Self.match(pieces[...], encoded, into: &found) ? found : nil
    }

    private static func match(
      _ pieces: ArraySlice<Piece>, _ rest: Substring, into found: inout [String]
    ) -> Bool {
      guard let piece = pieces.first else { return rest.isEmpty }
      switch piece {
      case .text(let text):
        guard let rest = rest.dropping(decodedPrefix: text) else { return false }
        return match(pieces.dropFirst(), rest, into: &found)
      case .parameter:
        if pieces.count == 1 {
          guard !rest.isEmpty else { return false }
          found.append(PercentEncoding.decoded(rest))
          return true
        }
        // The longest text that leaves the others something: `{name}.{extension}` cuts at the last point.
        var end = rest.endIndex
        while end > rest.startIndex {
          let count = found.count
          found.append(PercentEncoding.decoded(rest[..<end]))
          if match(pieces.dropFirst(), rest[end...], into: &found) { return true }
          found.removeLast(found.count - count)
          end = rest.index(before: end)
        }
        return false
      }
    }
  }

  /// As the description writes it.
  package let description: String
  let segments: [Segment]
  /// The names of its parameters, in order.
  package let parameters: [String]

  package init(_ text: String) {
    description = text
    let path = text.first == "/" ? text.dropFirst() : text[...]
    segments = path.split(separator: "/", omittingEmptySubsequences: false).map(Self.segment)
    parameters = segments.flatMap(\.pieces).compactMap { piece in
      if case .parameter(let name) = piece { return name }
      return nil
    }
  }

  private static func segment(_ text: Substring) -> Segment {
    var pieces: [Piece] = []
    var rest = text
    while let open = rest.firstIndex(of: "{"), let close = rest[open...].firstIndex(of: "}") {
      if open > rest.startIndex { pieces.append(.text(String(rest[..<open]))) }
      pieces.append(.parameter(String(rest[rest.index(after: open)..<close])))
      rest = rest[rest.index(after: close)...]
    }
    if !rest.isEmpty { pieces.append(.text(String(rest))) }
    return Segment(pieces: pieces)
  }

  /// The path with texts, which are encoded as they stand, in place of parameters.
  func filled(_ text: (String) -> String) -> String {
    "/"
      + segments.map { segment in
        segment.pieces.map { piece in
          switch piece {
          case .text(let text): PercentEncoding.encoded(text, keeping: Self.standsInPath)
          case .parameter(let name): text(name)
          }
        }.joined()
      }.joined(separator: "/")
  }

  /// What stands in a segment as it is (RFC 3986 §3.3); `%` too, as descriptions write what is encoded already.
  private static func standsInPath(_ byte: UInt8) -> Bool {
    PercentEncoding.isUnreserved(byte) || "!$&'()*+,;=:@%".utf8.contains(byte)
  }
}

extension Substring {
  /// What follows a text, be it encoded here or not; nil where it does not begin with it.
  func dropping(decodedPrefix text: String) -> Substring? {
    if hasPrefix(text) { return self[index(startIndex, offsetBy: text.count)...] }
    guard utf8.contains(UInt8(ascii: "%")) || text.utf8.contains(UInt8(ascii: "%")) else {
      return nil
    }
    let wanted = PercentEncoding.decoded(text)
    var end = startIndex
    while end < endIndex {
      end = index(after: end)
      let decoded = PercentEncoding.decoded(self[..<end])
      if decoded == wanted { return self[end...] }
      if decoded.utf8.count > wanted.utf8.count { return nil }
    }
    return nil
  }
}
