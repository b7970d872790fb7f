internal import TrestleCore

/// Bytes as definitions write them: each character up to U+00FF is the byte of that number, so that
/// `"\x1c\r"` and `"\xC0"` are what they look like.
enum WrittenBytes {
  static func read(
    _ value: Value, in encoding: TextEncoding = .latin1, at path: ValuePath,
    problems: inout [ValueProblem]
  ) -> [UInt8]? {
    switch value {
    case .string(let text):
      guard let bytes = bytes(of: text, in: encoding) else {
        problems.error(
          "holds a character above U+00FF, which is not one byte", at: path,
          hint: "write the bytes as \\xHH in double quotes")
        return nil
      }
      guard !bytes.isEmpty else {
        problems.error("expects at least one byte", at: path)
        return nil
      }
      return bytes
    case .integer(let number):
      guard let byte = UInt8(exactly: number) else {
        problems.error("expects a byte from 0 to 255, found \(number)", at: path)
        return nil
      }
      return [byte]
    default:
      problems.error(
        "expects bytes as a text in double quotes, like \"\\r\\n\", found \(value.kindName)",
        at: path)
      return nil
    }
  }

  /// The bytes of a text. A backslash that YAML left alone (in single quotes) is read here: `\xHH`,
  /// `\r`, `\n`, `\t`, `\0`, `\\`; before anything else it is itself.
  ///
  /// Printable ASCII characters are written in the encoding, where there is one (`;` is 5E in EBCDIC);
  /// everything else is the byte of its number.
  static func bytes(of text: String, in encoding: TextEncoding = .latin1) -> [UInt8]? {
    var bytes: [UInt8] = []
    for scalar in text.unicodeScalars {
      guard let byte = UInt8(exactly: scalar.value) else { return nil }
      bytes.append(byte)
    }
    var output: [UInt8] = []
    var position = 0
    while position < bytes.count {
      let byte = bytes[position]
      position += 1
      guard byte == UInt8(ascii: "\\"), position < bytes.count else {
        output.append((0x20..<0x7F).contains(byte) ? encoding.byte(of: Unicode.Scalar(byte)) : byte)
        continue
      }
      switch bytes[position] {
      case UInt8(ascii: "r"): output.append(0x0D)
      case UInt8(ascii: "n"): output.append(0x0A)
      case UInt8(ascii: "t"): output.append(0x09)
      case UInt8(ascii: "0"): output.append(0x00)
      case UInt8(ascii: "\\"): output.append(byte)
      case UInt8(ascii: "x"):
        let digits = bytes[(position + 1)...].prefix(2)
        guard digits.count == 2, let code = NumberCoding.hexadecimal.number(in: digits) else {
          return nil
        }
        output.append(UInt8(truncatingIfNeeded: code))
        position += 2
      default:
        output.append(byte)
        continue
      }
      position += 1
    }
    return output
  }
}
