internal import TrestleCore
internal import TrestleXML

/// A document that could not be read, with what can be mended mended: text around the document, an
/// encoding of old servers, HTML's entities, characters that XML cannot carry. Looked at only after a
/// parse failed.
struct MendedText {
  /// The document as UTF-8.
  private(set) var bytes: [UInt8]
  /// What was mended, a sentence each.
  private(set) var warnings: [String] = []

  private let policy: InvalidCharacterPolicy

  /// Nil when there is nothing to mend, or when mending could hide an attack: a document type before
  /// the document is never cut away.
  ///
  /// - Throws: `CodecError` when the document holds what the policy refuses.
  init?(
    _ source: [UInt8], charset: String?, characters: InvalidCharacterPolicy
  ) throws(CodecError) {
    bytes = source
    policy = characters
    // UTF-16 without a mark: to take its zeros for invalid characters would make text of it.
    if source.starts(with: [0x3C, 0]) || source.starts(with: [0, 0x3C]) { return nil }
    var charset = charset
    if source.starts(with: [0xFF, 0xFE]) || source.starts(with: [0xFE, 0xFF]) {
      guard try transcode(charset: charset) else { return nil }
      charset = "utf-8"
    }
    let head = DocumentHead(bytes)
    guard !head.holdsDocumentType(bytes) else { return nil }
    blank(head)
    // A mark goes before the transport's charset, and that before the declaration (RFC 7303 §3).
    guard try transcode(charset: head.hasMark ? "utf-8" : charset ?? head.encoding) else {
      return nil
    }
    cutTail()
    mendCharacters()
    guard !warnings.isEmpty else { return nil }
  }

  // MARK: - Around the document

  /// Blanks what stands before the root, with blank lines, warnings of PHP and the headers of a response
  /// the declaration too: its encoding is known by now, and may have a name that XML does not allow.
  /// Blanks keep the lines and columns of all that follows.
  private mutating func blank(_ head: DocumentHead) {
    if let junk = head.junk {
      warnings.append(
        head.isBlank
          ? "the white space before the document is passed over"
          : "the text before the document is passed over: \(XMLRPCLexical.excerpt(junk))")
    }
    for position in 0..<head.end where bytes[position] != 0x0A { bytes[position] = 0x20 }
  }

  private static let endings = ["</methodCall>", "</methodResponse>"].map { Array($0.utf8) }

  private mutating func cutTail() {
    guard let end = Self.lastEnd(of: Self.endings, in: bytes) else { return }
    let tail = bytes[end...]
    guard !tail.allSatisfy(\.isXMLSpace) else { return }
    warnings.append(
      tail.allSatisfy { $0 == 0 || $0.isXMLSpace }
        ? "the NUL bytes after the document are passed over"
        : "the text after the document is passed over: \(XMLRPCLexical.excerpt(tail))")
    bytes.removeSubrange(end...)
  }

  private static func lastEnd(of words: [[UInt8]], in bytes: [UInt8]) -> Int? {
    for position in bytes.indices.reversed() where bytes[position] == UInt8(ascii: "<") {
      for word in words where bytes[position...].starts(with: word) { return position + word.count }
    }
    return nil
  }

  // MARK: - Encoding

  /// Brings the bytes to UTF-8; false when their encoding is not known.
  private mutating func transcode(charset: String?) throws(CodecError) -> Bool {
    let converted: Result<[UInt8]?, XMLFailure> = bytes.withUnsafeBufferPointer { buffer in
      Result { () throws(XMLFailure) in
        try XMLEncoding.transcoded(buffer, charset: charset)
      }
    }
    switch converted {
    case .success(let text?): bytes = text
    case .success(nil):
      guard charset == nil, String(validating: bytes, as: UTF8.self) == nil,
        let encoding = SingleByteEncoding.named("windows-1252")
      else { break }
      try decode(
        encoding, "the document names no encoding and is not UTF-8; it is read as windows-1252")
    case .failure:
      guard let charset else { return false }
      if SingleByteEncoding.key(charset) == "utf8" {
        warnings.append("the encoding \(XMLRPCLexical.excerpt(charset.utf8)) is read as UTF-8")
        break
      }
      guard let encoding = SingleByteEncoding.named(charset) else { return false }
      try decode(
        encoding, "the document is in \(encoding.name), which is not among XML's safe encodings")
    }
    return true
  }

  private mutating func decode(
    _ encoding: SingleByteEncoding, _ warning: String
  ) throws(CodecError) {
    let (text, undefined) = encoding.decode(bytes, policy)
    bytes = text
    warnings.append(warning)
    guard undefined > 0 else { return }
    let found =
      undefined == 1
      ? "a byte that \(encoding.name) has no character for"
      : "\(undefined) bytes that \(encoding.name) has no characters for"
    guard policy != .error else {
      throw CodecError(
        reason: "the document holds \(found)", code: XMLRPCFaultCode.invalidCharacter)
    }
    warnings.append("\(found) \(undefined == 1 ? "is" : "are") \(Self.done(policy))")
  }

  // MARK: - Characters

  private mutating func mendCharacters() {
    let mending = CharacterMending(bytes, policy)
    bytes = mending.text
    if let line = mending.entities.firstLine {
      let (count, name) = (mending.entities.count, mending.firstEntity)
      warnings.append(
        count == 1
          ? "line \(line): &\(name); is HTML's, not XML's; its character is taken"
          : "\(count) entities are HTML's, not XML's, the first &\(name); in line \(line);"
            + " their characters are taken")
    }
    if policy != .error, let line = mending.characters.firstLine {
      let count = mending.characters.count
      warnings.append(
        count == 1
          ? "line \(line): a character that XML cannot carry is \(Self.done(policy))"
          : "\(count) characters that XML cannot carry are \(Self.done(policy)),"
            + " the first in line \(line)")
    }
  }

  private static func done(_ policy: InvalidCharacterPolicy) -> String {
    policy == .strip ? "left out" : "replaced by U+FFFD"
  }
}
