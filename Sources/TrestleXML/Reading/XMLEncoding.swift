/// Finds a document's encoding and brings the document to UTF-8.
///
/// Only UTF-8, UTF-16 with a byte order mark, ISO-8859-1 and US-ASCII are taken. A mark goes before the
/// transport's charset, and that before the declaration (RFC 7303 §3): who converts a message on its
/// way corrects the charset, and seldom the declaration.
package enum XMLEncoding: Sendable {
  case utf8, utf16LittleEndian, utf16BigEndian, latin1, ascii

  private init?(name: String) {
    switch name.lowercased() {
    case "utf-8", "utf8": self = .utf8
    case "utf-16le": self = .utf16LittleEndian
    case "utf-16be": self = .utf16BigEndian
    case "iso-8859-1", "latin1", "iso_8859-1", "l1": self = .latin1
    case "us-ascii", "ascii": self = .ascii
    default: return nil
    }
  }

  /// The number of leading bytes that are a UTF-8 document's mark.
  private static func isUTF8Mark(_ bytes: UnsafeBufferPointer<UInt8>) -> Bool {
    bytes.count >= 3 && bytes[0] == 0xEF && bytes[1] == 0xBB && bytes[2] == 0xBF
  }

  /// The document as UTF-8 when it has to be converted, or nil when its bytes can be parsed in place.
  ///
  /// - Throws: `XMLFailure` for an encoding that is not taken, or bytes that are not of it.
  package static func transcoded(
    _ bytes: UnsafeBufferPointer<UInt8>, charset: String?
  ) throws(XMLFailure) -> [UInt8]? {
    switch try encoding(of: bytes, charset: charset) {
    case .utf8:
      return nil
    case .ascii:
      if let position = bytes.firstIndex(where: { $0 >= 0x80 }) {
        throw XMLFailure(
          .characters, "byte \(position) is not US-ASCII, which the document declares")
      }
      return nil
    case .latin1:
      var output: [UInt8] = []
      output.reserveCapacity(bytes.count + bytes.count / 8)
      for byte in bytes {
        if byte < 0x80 {
          output.append(byte)
        } else {
          output.append(0xC0 | byte >> 6)
          output.append(0x80 | byte & 0x3F)
        }
      }
      return output
    case .utf16LittleEndian: return try fromUTF16(bytes, highByte: 1)
    case .utf16BigEndian: return try fromUTF16(bytes, highByte: 0)
    }
  }

  private static func encoding(
    of bytes: UnsafeBufferPointer<UInt8>, charset: String?
  ) throws(XMLFailure) -> XMLEncoding {
    var mark: XMLEncoding?
    if bytes.count >= 2 {
      if bytes[0] == 0xFF, bytes[1] == 0xFE {
        // FF FE 00 00 is the UTF-32 mark; as UTF-16 it would be a mark and a NUL.
        mark = .utf16LittleEndian
      } else if bytes[0] == 0xFE, bytes[1] == 0xFF {
        mark = .utf16BigEndian
      }
    }
    if mark == nil, isUTF8Mark(bytes) { mark = .utf8 }
    if let charset {
      if charset.isEmpty || charset.lowercased() == "utf-16" {
        if let mark { return mark }
        if charset.isEmpty { return try declared(in: bytes) }
        throw XMLFailure(.encoding, "UTF-16 without a byte order mark is not taken")
      }
      guard let named = XMLEncoding(name: charset) else {
        throw XMLFailure(.encoding, "the charset \"\(charset)\" is not taken" + taken)
      }
      return mark ?? named
    }
    if let mark { return mark }
    return try declared(in: bytes)
  }

  private static let taken = " (UTF-8, UTF-16 with a mark, ISO-8859-1 and US-ASCII are)"

  /// Reads the encoding of `<?xml … encoding="…"?>` in an ASCII-compatible document.
  private static func declared(
    in bytes: UnsafeBufferPointer<UInt8>
  ) throws(XMLFailure) -> XMLEncoding {
    guard bytes.count > 5, bytes[0] == UInt8(ascii: "<"), bytes[1] == UInt8(ascii: "?"),
      bytes[2] == UInt8(ascii: "x"), bytes[3] == UInt8(ascii: "m"), bytes[4] == UInt8(ascii: "l")
    else {
      // EBCDIC and UTF-16 without a mark begin otherwise; what is not UTF-8 then fails as malformed.
      return .utf8
    }
    guard let value = declaredName(in: bytes) else { return .utf8 }
    if isUTF8Name(value) { return .utf8 }
    let name = String(decoding: value, as: UTF8.self)
    if name.lowercased() == "utf-16" {
      throw XMLFailure(.encoding, "UTF-16 without a byte order mark is not taken")
    }
    guard let encoding = XMLEncoding(name: name) else {
      throw XMLFailure(.encoding, "the encoding \"\(name)\" is not taken" + taken)
    }
    return encoding
  }

  /// The quoted value after `encoding` in the declaration, looked for byte by byte: this runs for every
  /// message.
  private static func declaredName(
    in bytes: UnsafeBufferPointer<UInt8>
  ) -> Slice<UnsafeBufferPointer<UInt8>>? {
    let end = min(bytes.count, 256)
    var position = 5
    while position + 9 < end, bytes[position] != UInt8(ascii: ">") {
      if bytes[position] == UInt8(ascii: "e"), bytes[position + 1] == UInt8(ascii: "n"),
        bytes[position + 2] == UInt8(ascii: "c"), bytes[position + 3] == UInt8(ascii: "o")
      {
        position += 8
        while position < end, bytes[position].isXMLSpace || bytes[position] == UInt8(ascii: "=") {
          position += 1
        }
        guard position < end else { return nil }
        let quote = bytes[position]
        guard quote == UInt8(ascii: "\"") || quote == UInt8(ascii: "'") else { return nil }
        let start = position + 1
        position = start
        while position < end, bytes[position] != quote { position += 1 }
        return bytes[start..<position]
      }
      position += 1
    }
    return nil
  }

  /// Whether a name is `UTF-8` in whatever case.
  private static func isUTF8Name(_ name: Slice<UnsafeBufferPointer<UInt8>>) -> Bool {
    guard name.count == 5 else { return false }
    let start = name.startIndex
    return name[start] | 0x20 == UInt8(ascii: "u") && name[start + 1] | 0x20 == UInt8(ascii: "t")
      && name[start + 2] | 0x20 == UInt8(ascii: "f") && name[start + 3] == UInt8(ascii: "-")
      && name[start + 4] == UInt8(ascii: "8")
  }

  private static func fromUTF16(
    _ bytes: UnsafeBufferPointer<UInt8>, highByte: Int
  ) throws(XMLFailure) -> [UInt8] {
    guard bytes.count.isMultiple(of: 2) else {
      throw XMLFailure(.characters, "UTF-16 text ends inside a character")
    }
    var units: [UInt16] = []
    units.reserveCapacity(bytes.count / 2)
    var position = 0
    if bytes.count >= 2, bytes[highByte] == 0xFE, bytes[1 - highByte] == 0xFF { position = 2 }
    while position < bytes.count {
      units.append(
        UInt16(bytes[position + highByte]) << 8 | UInt16(bytes[position + 1 - highByte]))
      position += 2
    }
    guard let text = String(validating: units, as: UTF16.self) else {
      throw XMLFailure(.characters, "the text is not valid UTF-16")
    }
    return Array(text.utf8)
  }
}
