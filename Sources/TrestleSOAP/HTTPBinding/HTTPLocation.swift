internal import TrestleCore

/// The location of an http operation: literal text with places for parts, `(name)`
/// (WSDL 1.1 §4.6, urlReplacement).
struct HTTPLocation: Sendable {
  private enum Piece: Sendable {
    case text([UInt8])
    case part(String)
  }

  private let pieces: [Piece]
  /// The parts it has places for.
  let parts: [String]

  /// - Parameters:
  ///   - text: the location as written; leading slashes mean the same as none.
  ///   - names: the parts that may have a place.
  init(_ text: String, parts names: [String]) {
    var pieces: [Piece] = []
    var parts: [String] = []
    var literal: [UInt8] = []
    var rest = Substring(text).utf8.drop { $0 == UInt8(ascii: "/") }
    while let byte = rest.first {
      if byte == UInt8(ascii: "("), let end = rest.firstIndex(of: UInt8(ascii: ")")) {
        let name = String(Substring(rest[..<end].dropFirst()))
        if names.contains(name) {
          if !literal.isEmpty { pieces.append(.text(literal)) }
          literal = []
          pieces.append(.part(name))
          parts.append(name)
          rest = rest[rest.index(after: end)...]
          continue
        }
      }
      literal.append(byte)
      rest = rest.dropFirst()
    }
    if !literal.isEmpty { pieces.append(.text(literal)) }
    self.pieces = pieces
    self.parts = parts
  }

  /// The location with the parts in their places.
  func filled(_ value: (String) -> String?) -> String {
    pieces.map { piece in
      switch piece {
      case .text(let bytes): String(decoding: bytes, as: UTF8.self)
      case .part(let name): value(name).map { PercentEncoding.encoded($0) } ?? ""
      }
    }.joined()
  }

  /// The texts of the parts where a path ends with the location; nil where it does not.
  ///
  /// What comes before the location is the address of whoever asks, which need not be the contract's.
  func match(_ path: Substring) -> [String: String]? {
    // No part holds a slash, so the location's own say where it begins.
    var slashes = 0
    for case .text(let bytes) in pieces { slashes += bytes.count { $0 == UInt8(ascii: "/") } }
    var rest = Array(path.utf8)[...]
    if pieces.isEmpty { return [:] }
    var position = rest.endIndex
    while position > rest.startIndex {
      if rest[position - 1] == UInt8(ascii: "/") {
        if slashes == 0 { break }
        slashes -= 1
      }
      position -= 1
    }
    rest = rest[position...]
    var found: [String: String] = [:]
    for (index, piece) in pieces.enumerated() {
      switch piece {
      case .text(let bytes):
        guard rest.starts(with: bytes) else { return nil }
        rest = rest.dropFirst(bytes.count)
      case .part(let name):
        // A part ends where the text after its place comes first.
        let end = index + 1 < pieces.count ? start(of: pieces[index + 1], in: rest) : rest.endIndex
        guard let end else { return nil }
        found[name] = PercentEncoding.decoded(rest[..<end])
        rest = rest[end...]
      }
    }
    return rest.isEmpty ? found : nil
  }

  private func start(of piece: Piece, in rest: ArraySlice<UInt8>) -> Int? {
    guard case .text(let bytes) = piece else { return rest.startIndex }
    return rest.indices.first { rest[$0...].starts(with: bytes) }
  }
}

/// Queries and form bodies (HTML 4.01 §17.13.4.1).
enum URLText {
  /// The pairs of a query or a form body, in order.
  static func pairs(_ bytes: some Collection<UInt8>) -> [(name: String, value: String)] {
    bytes.split(separator: UInt8(ascii: "&")).map { pair in
      let end = pair.firstIndex(of: UInt8(ascii: "=")) ?? pair.endIndex
      return (
        decoded(pair[..<end]), decoded(pair[end...].dropFirst())
      )
    }
  }

  static func query(_ pairs: [(name: String, value: String)]) -> String {
    pairs.map {
      PercentEncoding.encoded($0.name) + "=" + PercentEncoding.encoded($0.value)
    }.joined(separator: "&")
  }

  private static func decoded(_ bytes: some Collection<UInt8>) -> String {
    PercentEncoding.decoded(bytes.map { $0 == UInt8(ascii: "+") ? 0x20 : $0 })
  }
}
