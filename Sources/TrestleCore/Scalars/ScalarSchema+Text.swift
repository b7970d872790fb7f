extension ScalarSchema {
  /// The text to check of a value that may be of the type; nil for values of another kind.
  package func text(of value: Value) -> String? {
    switch value {
    case .null, .array, .object: return nil
    case .string(let text), .dateTime(let text): return text
    case .bool(let flag):
      guard kind == .boolean || kind == .string else { return nil }
      return flag ? "true" : "false"
    case .bytes(let bytes):
      switch kind {
      case .base64, .string: return Base64.encode(bytes)
      case .hex: return bytes.hexadecimalText
      default: return nil
      }
    case .integer(let number): return String(number)
    case .number(let number):
      guard kind == .decimal || kind == .integer else { return number.text }
      return number.plainText ?? number.text
    case .double(let number):
      guard kind == .decimal || kind == .integer else { return number.lexicalText }
      return NumberText(number.lexicalText)?.plainText ?? number.lexicalText
    }
  }

  /// Whether two texts of the type stand for the same value.
  func isSame(_ left: String, _ right: String) -> Bool {
    if left == right { return true }
    var left = left
    var right = right
    return left.withUTF8 { first in
      right.withUTF8 { second in
        ScalarBound.compare(
          LexicalForm.trimmed(first), to: LexicalForm.trimmed(second), kind: kind) == 0
      }
    }
  }
}

extension [UInt8] {
  /// The bytes as pairs of upper-case hexadecimal digits.
  package var hexadecimalText: String {
    let digits = Array("0123456789ABCDEF".utf8)
    return String(unsafeUninitializedCapacity: count * 2) { output in
      for (index, byte) in enumerated() {
        output[index * 2] = digits[Int(byte >> 4)]
        output[index * 2 + 1] = digits[Int(byte & 15)]
      }
      return count * 2
    }
  }
}
