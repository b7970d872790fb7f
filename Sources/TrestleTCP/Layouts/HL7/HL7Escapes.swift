internal import TrestleCore

/// The escape sequences of HL7 texts (HL7 v2.5 §2.7): `\T\` for `&`, `\.br\` for a line's end.
///
/// Formatting that has no character (`\H\`, `\.sp2\`, `\Zxx\`) stays in the text as it is written.
struct HL7Escapes: Sendable {
  let separators: HL7Separators
  let encoding: TextEncoding

  /// The text that a written one stands for.
  func decoded(_ written: String) -> String {
    guard let escape = separators.escape, written.utf8.contains(escape) else { return written }
    let bytes = Array(written.utf8)
    var output: [UInt8] = []
    output.reserveCapacity(bytes.count)
    var position = 0
    while position < bytes.count {
      guard bytes[position] == escape, let end = Self.end(in: bytes, from: position, escape),
        let meaning = meaning(of: bytes[(position + 1)..<end])
      else {
        output.append(bytes[position])
        position += 1
        continue
      }
      output += meaning
      position = end + 1
    }
    return String(decoding: output, as: UTF8.self)
  }

  /// The text as it is written into a message.
  func encoded(_ text: String) -> String {
    let letters = separators.letters
    let isPlain = text.utf8.allSatisfy { byte in
      byte != separators.escape && byte >= 0x20 && !letters.contains { $0.byte == byte }
    }
    guard !isPlain, let escape = separators.escape else { return text }
    let bytes = Array(text.utf8)
    var output: [UInt8] = []
    var position = 0
    func append(_ inner: some Sequence<UInt8>) { output += [escape] + inner + [escape] }
    while position < bytes.count {
      let byte = bytes[position]
      position += 1
      if byte == escape {
        if let end = Self.end(in: bytes, from: position - 1, escape),
          Self.isFormatting(bytes[position..<end])
        {
          output += bytes[(position - 1)...end]
          position = end + 1
        } else {
          append([UInt8(ascii: "E")])
        }
      } else if let letter = letters.first(where: { $0.byte == byte })?.letter {
        append([letter])
      } else if (byte == 0x0A || byte == 0x0D) && separators.subcomponent != nil {
        if byte == 0x0D, position < bytes.count, bytes[position] == 0x0A { position += 1 }
        append(".br".utf8)
      } else if byte < 0x20 {
        append("X\(HexWindow.hexadecimal(byte).uppercased())".utf8)
      } else {
        output.append(byte)
      }
    }
    return String(decoding: output, as: UTF8.self)
  }

  /// What must not stand in a text whose escapes the caller writes.
  func intruder(in written: String) -> UInt8? {
    let letters = separators.letters
    return written.utf8.first { byte in
      byte == 0x0D || byte == 0x0A || letters.contains { $0.byte == byte }
    }
  }

  /// Sequences are short: a lone escape character far from the next one is none.
  private static let longest = 64

  private static func end(in bytes: [UInt8], from start: Int, _ escape: UInt8) -> Int? {
    let reach = min(bytes.count, start + longest)
    return (start + 1..<reach).first { bytes[$0] == escape }
  }

  /// The bytes that a sequence stands for, in UTF-8; nil where it stands for none.
  private func meaning(of inner: ArraySlice<UInt8>) -> [UInt8]? {
    if inner.count == 1, let letter = inner.first {
      if letter == UInt8(ascii: "E") { return separators.escape.map { [$0] } }
      return separators.letters.first { $0.letter == letter }.map { [$0.byte] }
    }
    if inner.elementsEqual(".br".utf8) { return [0x0A] }
    guard inner.first == UInt8(ascii: "X"), inner.count.isMultiple(of: 2) == false,
      inner.count > 1
    else { return nil }
    var bytes: [UInt8] = []
    var rest = inner.dropFirst()
    while !rest.isEmpty {
      guard let code = NumberCoding.hexadecimal.number(in: rest.prefix(2)) else { return nil }
      bytes.append(UInt8(truncatingIfNeeded: code))
      rest = rest.dropFirst(2)
    }
    return (try? encoding.text(of: bytes[...], path: "", at: 0)).map { Array($0.utf8) }
  }

  /// Whether a sequence formats the text around it, by its first letters (HL7 v2.5 §2.7.1 to 2.7.7).
  private static func isFormatting(_ inner: ArraySlice<UInt8>) -> Bool {
    guard let first = inner.first, inner.allSatisfy({ $0 > 0x20 && $0 < 0x7F }) else {
      return false
    }
    switch first {
    case UInt8(ascii: "H"), UInt8(ascii: "N"): return inner.count == 1
    case UInt8(ascii: "."):
      return ["sp", "in", "ti", "fi", "nf", "ce", "sk"].contains {
        inner.dropFirst().starts(with: $0.utf8)
      }
    case UInt8(ascii: "C"), UInt8(ascii: "M"): return inner.count == 5 || inner.count == 7
    case UInt8(ascii: "Z"): return true
    default: return false
    }
  }
}
