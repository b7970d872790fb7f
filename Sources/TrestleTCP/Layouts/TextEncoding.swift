internal import TrestleCore

/// How text is written in bytes.
enum TextEncoding: Sendable {
  case utf8
  case latin1
  case ascii
  case ebcdic(EBCDICPage)

  static let names = ["utf-8", "iso-8859-1", "us-ascii"] + EBCDICPage.names

  init?(name: String) {
    switch name.lowercased() {
    case "utf-8", "utf8": self = .utf8
    case "iso-8859-1", "latin1", "latin-1": self = .latin1
    case "us-ascii", "ascii": self = .ascii
    case let other:
      guard let page = EBCDICPage(name: other) else { return nil }
      self = .ebcdic(page)
    }
  }

  /// Reads the key `encoding`; nil where it is not there, or wrong.
  static func read(
    _ keys: inout KeyReader, problems: inout [ValueProblem]
  ) -> TextEncoding? {
    guard let name = keys.text("encoding", problems: &problems) else { return nil }
    if let encoding = TextEncoding(name: name) { return encoding }
    problems.error(
      "unknown encoding \"\(name)\"" + Suggestion.clause(for: name, among: TextEncoding.names),
      at: keys.place("encoding"), hint: "known: \(TextEncoding.names.joined(separator: ", "))")
    return nil
  }

  /// The name people know it by.
  var name: String {
    switch self {
    case .utf8: "UTF-8"
    case .latin1: "ISO-8859-1"
    case .ascii: "US-ASCII"
    case .ebcdic(let page): page.name
    }
  }

  var isEBCDIC: Bool {
    if case .ebcdic = self { return true }
    return false
  }

  /// The byte of a character that every encoding here writes as one byte.
  func byte(of character: Unicode.Scalar) -> UInt8 {
    switch self {
    case .utf8, .latin1, .ascii: UInt8(truncatingIfNeeded: character.value)
    case .ebcdic(let page): page.byte(of: character) ?? 0x6F
    }
  }

  /// The bytes of a text.
  ///
  /// - Throws: `CodecError` for a character that the encoding does not have.
  func bytes(of text: String, path: String) throws(CodecError) -> [UInt8] {
    switch self {
    case .utf8: return Array(text.utf8)
    case .latin1: return try single(text, path) { UInt8(exactly: $0.value) }
    case .ascii:
      return try single(text, path) { $0.isASCII ? UInt8(truncatingIfNeeded: $0.value) : nil }
    case .ebcdic(let page): return try single(text, path) { page.byte(of: $0) }
    }
  }

  /// The text of bytes, whose first is at an offset of the message.
  ///
  /// - Throws: `CodecError` for bytes that are no text of the encoding.
  func text(of bytes: ArraySlice<UInt8>, path: String, at offset: Int) throws(CodecError) -> String
  {
    switch self {
    case .utf8:
      if let text = String(validating: bytes, as: UTF8.self) { return text }
    case .latin1:
      return String(String.UnicodeScalarView(bytes.lazy.map { Unicode.Scalar($0) }))
    case .ascii:
      if bytes.allSatisfy({ $0 < 0x80 }) { return String(decoding: bytes, as: UTF8.self) }
    case .ebcdic(let page):
      return String(String.UnicodeScalarView(bytes.lazy.map { page.scalar(of: $0) }))
    }
    let wrong = bytes.firstIndex { $0 >= 0x80 } ?? bytes.startIndex
    throw CodecError(
      path: path, reason: "is not \(name)", hint: "give the layout's encoding", in: bytes,
      wrong: wrong..<min(wrong + 1, bytes.endIndex), base: offset - bytes.startIndex)
  }

  private func single(
    _ text: String, _ path: String, _ byte: (Unicode.Scalar) -> UInt8?
  ) throws(CodecError) -> [UInt8] {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(text.utf8.count)
    for scalar in text.unicodeScalars {
      guard let byte = byte(scalar) else {
        throw CodecError(
          path: path, reason: "holds \"\(scalar)\", which \(name) does not have",
          hint: "text is never changed to fit: send another text, or change the layout's encoding")
      }
      bytes.append(byte)
    }
    return bytes
  }
}
