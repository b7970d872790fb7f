internal import TrestleCore
internal import TrestleXML

/// What a Content-Type field says (RFC 9110 §8.3).
struct ContentType {
  /// The media type in lower case; empty when the field is missing.
  let essence: String
  let charset: String?
  /// SOAP 1.2's action parameter.
  let action: String?

  init(_ field: String?) {
    guard var field else {
      essence = ""
      charset = nil
      action = nil
      return
    }
    // Read byte by byte: every request has this field.
    (essence, charset, action) = field.withUTF8 { bytes in
      var parser = Parser(bytes)
      let essence = parser.word(until: UInt8(ascii: ";"), isLowercased: true)
      var charset: String?
      var action: String?
      while let parameter = parser.parameter() {
        if parameter.name == "charset" { charset = parameter.value }
        if parameter.name == "action" { action = parameter.value }
      }
      return (essence, charset, action)
    }
  }

  private struct Parser {
    private let bytes: UnsafeBufferPointer<UInt8>
    private var position = 0

    init(_ bytes: UnsafeBufferPointer<UInt8>) { self.bytes = bytes }

    /// The text up to a delimiter, without white space around it; the delimiter is taken too.
    mutating func word(until delimiter: UInt8, isLowercased: Bool) -> String {
      let start = position
      while position < bytes.count, bytes[position] != delimiter { position += 1 }
      let text = UnsafeBufferPointer(rebasing: bytes[start..<position]).trimmingXMLSpace()
      position += 1
      guard isLowercased, text.contains(where: { $0 &- 65 < 26 }) else {
        return String(decoding: text, as: UTF8.self)
      }
      return String(decoding: text.map { $0 &- 65 < 26 ? $0 | 0x20 : $0 }, as: UTF8.self)
    }

    /// The next `name=value` or `name="value"`, or nil at the end.
    mutating func parameter() -> (name: String, value: String)? {
      guard position < bytes.count else { return nil }
      let name = word(until: UInt8(ascii: "="), isLowercased: true)
      while position < bytes.count, bytes[position].isXMLSpace { position += 1 }
      guard position < bytes.count, bytes[position] == UInt8(ascii: "\"") else {
        return (name, word(until: UInt8(ascii: ";"), isLowercased: false))
      }
      position += 1
      let value = word(until: UInt8(ascii: "\""), isLowercased: false)
      while position < bytes.count, bytes[position] != UInt8(ascii: ";") { position += 1 }
      position += 1
      return (name, value)
    }
  }
}
