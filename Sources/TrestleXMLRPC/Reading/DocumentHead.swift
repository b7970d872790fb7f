internal import TrestleXML

/// What stands before a document's root: the XML declaration, comments, and what does not belong there.
///
/// Found by bytes, for documents that no parser takes.
struct DocumentHead {
  /// Where the head ends: at the root, or after the last declaration where there is no root.
  private(set) var end = 0
  /// The encoding that the last declaration names which names one.
  private(set) var encoding: String?
  /// What is there beyond one declaration at the start, comments and white space; nil when nothing is.
  private(set) var junk: ArraySlice<UInt8>?
  /// Whether the document begins with UTF-8's byte order mark, but for white space.
  private(set) var hasMark = false

  private static let mark: [UInt8] = [0xEF, 0xBB, 0xBF]
  private static let roots = ["<methodCall", "<methodResponse"].map { Array($0.utf8) }

  init(_ bytes: [UInt8]) {
    var declarations: [Range<Int>] = []
    // From the first byte that is no declaration, comment or white space to the last, up to here and
    // up to the last declaration.
    var strange: Range<Int>?
    var strangeBefore: Range<Int>?
    // What has no end here has none further on.
    var lacksEnd: Set<String> = []
    func end(of word: String, after start: Int) -> Int? {
      guard !lacksEnd.contains(word) else { return nil }
      if let end = Self.end(of: Array(word.utf8), after: start, bytes) { return end }
      lacksEnd.insert(word)
      return nil
    }
    var root: Int?
    var position = 0
    while position < bytes.count {
      let byte = bytes[position]
      var next: Int?
      if byte.isXMLSpace {
        next = position + 1
      } else if byte == Self.mark[0], strange == nil, bytes[position...].starts(with: Self.mark) {
        hasMark = true
        next = position + 3
      } else if byte == UInt8(ascii: "<") {
        let rest = bytes[position...]
        if Self.roots.contains(where: { rest.starts(with: $0) }) {
          root = position
          break
        }
        if rest.starts(with: "<!--".utf8) {
          next = end(of: "-->", after: position + 4)
        } else if rest.starts(with: "<?xml".utf8), rest.dropFirst(5).first?.isXMLSpace ?? false {
          next = end(of: "?>", after: position + 5)
          if let next {
            declarations.append(position..<next)
            encoding = Self.encoding(bytes[position..<next]) ?? encoding
            strangeBefore = strange
          }
        }
      }
      if next == nil { strange = (strange?.lowerBound ?? position)..<position + 1 }
      position = next ?? position + 1
    }
    guard let end = root ?? declarations.last?.upperBound else { return }
    self.end = end
    if root == nil { strange = strangeBefore }
    let start = bytes.starts(with: Self.mark) ? 3 : 0
    let first = declarations.first?.lowerBound ?? start
    // XML 1.0 §2.8: a declaration stands at the very start, and once.
    let isClean = declarations.count <= 1 && first == start && (!hasMark || start == 3)
    guard strange != nil || !isClean else { return }
    junk = strange.map { bytes[$0] } ?? bytes[start..<(declarations.last?.lowerBound ?? end)]
  }

  /// Whether what does not belong is white space and marks only.
  var isBlank: Bool { junk?.allSatisfy { $0.isXMLSpace || Self.mark.contains($0) } ?? true }

  /// Whether a document type stands in the head.
  func holdsDocumentType(_ bytes: [UInt8]) -> Bool {
    let word = Array("<!doctype".utf8)
    let lowered = bytes[..<end].map { $0 >= 65 && $0 <= 90 ? $0 | 0x20 : $0 }
    return lowered.indices.contains { lowered[$0] == word[0] && lowered[$0...].starts(with: word) }
  }

  private static func end(of word: [UInt8], after start: Int, _ bytes: [UInt8]) -> Int? {
    var position = start
    while position + word.count <= bytes.count {
      if bytes[position] == word[0], bytes[position...].starts(with: word) {
        return position + word.count
      }
      position += 1
    }
    return nil
  }

  private static func encoding(_ declaration: ArraySlice<UInt8>) -> String? {
    let text = String(decoding: declaration.prefix(200), as: UTF8.self)
    guard let key = text.firstRange(of: "encoding") else { return nil }
    let rest = text[key.upperBound...].drop { $0.isWhitespace || $0 == "=" }
    guard let quote = rest.first, quote == "\"" || quote == "'" else { return nil }
    return String(rest.dropFirst().prefix { $0 != quote })
  }
}
