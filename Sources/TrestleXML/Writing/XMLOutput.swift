package import TrestleCore

/// The bytes of a message under construction: segments that libxml2 built when the codec was compiled
/// (`XMLWriter`), with escaped text between them.
///
/// Byte for byte what `XMLWriter` would give for the same document; tests hold the two equal.
package struct XMLOutput: Sendable {
  package private(set) var bytes: [UInt8] = []

  package init(capacity: Int = 512) { bytes.reserveCapacity(capacity) }

  /// Appends markup that is well-formed in its place.
  package mutating func append(_ segment: [UInt8]) { bytes.append(contentsOf: segment) }

  /// Appends markup that is well-formed in its place.
  package mutating func append(markup: StaticString) {
    bytes.append(
      contentsOf: UnsafeBufferPointer(start: markup.utf8Start, count: markup.utf8CodeUnitCount))
  }

  /// Appends text content, escaped.
  ///
  /// - Throws: `CodecError` for a character that XML 1.0 §2.2 does not allow.
  package mutating func append(text: String) throws(CodecError) {
    try append(text, escaping: Self.textEscapes)
  }

  /// Appends an attribute's value, escaped, without its quotes.
  ///
  /// - Throws: `CodecError` for a character that XML 1.0 §2.2 does not allow.
  package mutating func append(attributeValue text: String) throws(CodecError) {
    try append(text, escaping: Self.attributeEscapes)
  }

  /// Appends text known to hold nothing that needs escaping (digits, base64).
  package mutating func append(plain text: String) { bytes.append(contentsOf: text.utf8) }

  /// How many bytes there are so far.
  package var count: Int { bytes.count }

  /// Puts markup in at an earlier place.
  package mutating func insert(_ segment: [UInt8], at position: Int) {
    bytes.insert(contentsOf: segment, at: position)
  }

  private mutating func append(
    _ text: String, escaping escapes: EscapeTable
  ) throws(CodecError) {
    var text = text
    let refused: UInt32? = text.withUTF8 { units in
      var start = 0
      var index = 0
      while index < units.count {
        let unit = units[index]
        let action = escapes.actions[Int(unit)]
        if action == 0 {
          index += 1
          continue
        }
        if action == EscapeTable.noncharacter {
          // U+FFFE and U+FFFF are EF BF BE and EF BF BF.
          if units.count - index >= 3, units[index + 1] == 0xBF, units[index + 2] >= 0xBE {
            return 0xFF40 + UInt32(units[index + 2])
          }
          index += 1
          continue
        }
        if action == EscapeTable.forbidden { return UInt32(unit) }
        bytes.append(contentsOf: units[start..<index])
        bytes.append(contentsOf: escapes.entities[Int(action)])
        index += 1
        start = index
      }
      bytes.append(contentsOf: units[start...])
      return nil
    }
    if let refused {
      let code = String(refused, radix: 16, uppercase: true)
      let padded = String(repeating: "0", count: max(0, 4 - code.count)) + code
      throw CodecError(
        reason: "holds the character U+\(padded), which XML 1.0 cannot carry",
        hint: "remove it, or send the text as base64")
    }
  }

  private static let textEscapes = EscapeTable(
    ["<": "&lt;", ">": "&gt;", "&": "&amp;", "\"": "&quot;", "\r": "&#13;"])

  private static let attributeEscapes = EscapeTable(
    [
      "<": "&lt;", ">": "&gt;", "&": "&amp;", "\"": "&quot;", "\r": "&#13;", "\n": "&#10;",
      "\t": "&#9;",
    ])
}

/// What to do with each byte of text: 0 copies it, others name an entity or a refusal.
private struct EscapeTable: Sendable {
  static let forbidden: UInt8 = 0xFF
  static let noncharacter: UInt8 = 0xFE

  let actions: [UInt8]
  let entities: [[UInt8]]

  init(_ escapes: [Unicode.Scalar: String]) {
    var actions = [UInt8](repeating: 0, count: 256)
    var entities: [[UInt8]] = [[]]
    for control in 0..<0x20 where control != 0x09 && control != 0x0A && control != 0x0D {
      actions[control] = Self.forbidden
    }
    actions[0xEF] = Self.noncharacter
    for (scalar, entity) in escapes {
      actions[Int(scalar.value)] = UInt8(entities.count)
      entities.append(Array(entity.utf8))
    }
    self.actions = actions
    self.entities = entities
  }
}
