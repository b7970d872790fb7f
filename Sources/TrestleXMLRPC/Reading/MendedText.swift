internal import TrestleXML

/// A document that could not be parsed, with what can be mended mended: text around the document, an
/// encoding of old servers, characters that XML cannot carry. Looked at only after a parse failed.
struct MendedText {
  /// The document as UTF-8.
  private(set) var bytes: [UInt8]
  /// What was mended, a sentence each.
  private(set) var warnings: [String] = []

  /// Nil when there is nothing to mend, or when mending could hide an attack: NUL bytes, and document
  /// types before the document, are never cut away.
  init?(_ source: [UInt8], charset: String?, characters: InvalidCharacterPolicy) {
    bytes = source
    let isUTF16 = source.starts(with: [0xFF, 0xFE]) || source.starts(with: [0xFE, 0xFF])
    if !isUTF16 {
      guard !source.contains(0), cutHead() else { return nil }
    }
    guard transcode(charset: charset) else { return nil }
    cutTail()
    if characters != .error { mendCharacters(characters) }
    guard !warnings.isEmpty else { return nil }
  }

  // MARK: - Around the document

  private static let beginnings = ["<?xml ", "<methodCall", "<methodResponse"].map {
    Array($0.utf8)
  }
  private static let endings = ["</methodCall>", "</methodResponse>"].map { Array($0.utf8) }

  /// Cuts what stands before the document: blank lines, warnings of PHP, the headers of a response.
  /// False when that is no text to cut.
  private mutating func cutHead() -> Bool {
    guard let start = Self.firstPlace(of: Self.beginnings, in: bytes), start > 0 else {
      return true
    }
    let head = bytes[..<start]
    if head.elementsEqual([0xEF, 0xBB, 0xBF]) { return true }
    let doctype = Array("<!doctype".utf8)
    let lowered = head.map { $0 >= 65 && $0 <= 90 ? $0 | 0x20 : $0 }
    guard Self.firstPlace(of: [doctype], in: lowered) == nil else { return false }
    warnings.append(
      head.allSatisfy(\.isXMLSpace)
        ? "the white space before the document is passed over"
        : "the text before the document is passed over: \(XMLRPCLexical.excerpt(head))")
    bytes.removeSubrange(..<start)
    return true
  }

  private mutating func cutTail() {
    guard let end = Self.lastEnd(of: Self.endings, in: bytes) else { return }
    let tail = bytes[end...]
    guard !tail.allSatisfy(\.isXMLSpace) else { return }
    warnings.append("the text after the document is passed over: \(XMLRPCLexical.excerpt(tail))")
    bytes.removeSubrange(end...)
  }

  private static func firstPlace(of words: [[UInt8]], in bytes: [UInt8]) -> Int? {
    bytes.indices.first { position in
      bytes[position] == UInt8(ascii: "<")
        && words.contains { bytes[position...].starts(with: $0) }
    }
  }

  private static func lastEnd(of words: [[UInt8]], in bytes: [UInt8]) -> Int? {
    for position in bytes.indices.reversed() where bytes[position] == UInt8(ascii: "<") {
      for word in words where bytes[position...].starts(with: word) { return position + word.count }
    }
    return nil
  }

  // MARK: - Encoding

  /// Brings the bytes to UTF-8; false when their encoding is not known.
  private mutating func transcode(charset: String?) -> Bool {
    let name = charset ?? Self.declaredEncoding(of: bytes)
    do throws(XMLFailure) {
      let converted: Result<[UInt8]?, XMLFailure> = bytes.withUnsafeBufferPointer { buffer in
        Result { () throws(XMLFailure) in
          try XMLEncoding.transcoded(buffer, charset: charset)
        }
      }
      if let converted = try converted.get() { bytes = converted }
      return true
    } catch {
      guard let name, let encoding = SingleByteEncoding.named(name) else { return false }
      warnings.append(
        "the document is in \(encoding.name), which is not among XML's safe encodings")
      bytes = encoding.decode(bytes)
      return true
    }
  }

  /// The encoding that the XML declaration names.
  private static func declaredEncoding(of bytes: [UInt8]) -> String? {
    guard bytes.starts(with: "<?xml ".utf8) else { return nil }
    let declaration = String(decoding: bytes.prefix(200).prefix { $0 != 0x3E }, as: UTF8.self)
    guard let key = declaration.firstRange(of: "encoding") else { return nil }
    let rest = declaration[key.upperBound...].drop { $0.isWhitespace || $0 == "=" }
    guard let quote = rest.first, quote == "\"" || quote == "'" else { return nil }
    return String(rest.dropFirst().prefix { $0 != quote })
  }

  // MARK: - Characters

  /// Replaces or strips characters outside XML 1.0 §2.2, written out or as references.
  private mutating func mendCharacters(_ policy: InvalidCharacterPolicy) {
    var mended: [UInt8] = []
    mended.reserveCapacity(bytes.count)
    var count = 0
    var position = 0
    var isMarkedUp = true
    while position < bytes.count {
      let rest = bytes[position...]
      switch bytes[position] {
      case UInt8(ascii: "<") where isMarkedUp:
        isMarkedUp = !rest.starts(with: "<![CDATA[".utf8) && !rest.starts(with: "<!--".utf8)
      case UInt8(ascii: ">") where !isMarkedUp:
        let before = bytes[..<position].suffix(2)
        isMarkedUp = before.elementsEqual("]]".utf8) || before.elementsEqual("--".utf8)
      default: break
      }
      let length = Self.invalidLength(rest, readsReferences: isMarkedUp)
      if length == 0 {
        mended.append(bytes[position])
        position += 1
      } else {
        count += 1
        position += length
        if policy == .replace { mended.append(contentsOf: [0xEF, 0xBF, 0xBD]) }
      }
    }
    guard count > 0 else { return }
    let done = policy == .replace ? "replaced by U+FFFD" : "left out"
    warnings.append(
      count == 1
        ? "a character that XML cannot carry is \(done)"
        : "\(count) characters that XML cannot carry are \(done)")
    bytes = mended
  }

  /// How many bytes the character at the start takes when XML cannot carry it, else 0.
  private static func invalidLength(_ text: ArraySlice<UInt8>, readsReferences: Bool) -> Int {
    switch text[text.startIndex] {
    case 0x09, 0x0A, 0x0D: 0
    case 0x01..<0x20: 1
    case 0xEF:
      text.starts(with: [0xEF, 0xBF, 0xBE]) || text.starts(with: [0xEF, 0xBF, 0xBF]) ? 3 : 0
    case UInt8(ascii: "&") where readsReferences: invalidReferenceLength(text)
    default: 0
    }
  }

  /// The length of `&#1;`, `&#x1F;` and the like. `&#0;` and what is beyond Unicode stay: nobody
  /// writes them by mistake.
  private static func invalidReferenceLength(_ text: ArraySlice<UInt8>) -> Int {
    guard text.starts(with: "&#".utf8), let end = text.prefix(12).firstIndex(of: 0x3B) else {
      return 0
    }
    let number = String(decoding: text[(text.startIndex + 2)..<end], as: UTF8.self)
    let isHexadecimal = number.hasPrefix("x")
    let code = isHexadecimal ? UInt32(number.dropFirst(), radix: 16) : UInt32(number)
    switch code {
    case 0x09, 0x0A, 0x0D: return 0
    case .some(0x01..<0x20), .some(0xD800..<0xE000), 0xFFFE, 0xFFFF:
      return end - text.startIndex + 1
    default: return 0
    }
  }
}
