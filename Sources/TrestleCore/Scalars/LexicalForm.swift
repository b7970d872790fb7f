/// Whether texts are of the lexical space of a kind (XSD 1.0 part 2 §3.2), without white space
/// around them. Nothing here allocates.
enum LexicalForm {
  typealias Bytes = UnsafeBufferPointer<UInt8>

  /// A text without the XML white space around it (XSD 1.0 part 2 §4.3.6, collapse).
  static func trimmed(_ bytes: Bytes) -> Bytes {
    var start = 0
    var end = bytes.count
    while start < end, isSpace(bytes[start]) { start += 1 }
    while end > start, isSpace(bytes[end - 1]) { end -= 1 }
    if start == 0, end == bytes.count { return bytes }
    return Bytes(rebasing: bytes[start..<end])
  }

  static func isSpace(_ byte: UInt8) -> Bool {
    byte == 0x20 || byte == 0x09 || byte == 0x0A || byte == 0x0D
  }

  static func isBoolean(_ bytes: Bytes) -> Bool {
    switch bytes.count {
    case 1: bytes[0] == UInt8(ascii: "0") || bytes[0] == UInt8(ascii: "1")
    case 4: bytes.elementsEqual("true".utf8)
    case 5: bytes.elementsEqual("false".utf8)
    default: false
    }
  }

  static func isInteger(_ bytes: Bytes) -> Bool {
    var position = 0
    if let sign = bytes.first, sign == UInt8(ascii: "-") || sign == UInt8(ascii: "+") {
      position = 1
    }
    guard position < bytes.count else { return false }
    while position < bytes.count {
      guard bytes[position] &- 48 < 10 else { return false }
      position += 1
    }
    return true
  }

  /// A decimal, an optional exponent; or `INF`, `-INF`, `NaN`.
  static func isFloat(_ bytes: Bytes) -> Bool {
    if bytes.elementsEqual("INF".utf8) || bytes.elementsEqual("-INF".utf8)
      || bytes.elementsEqual("NaN".utf8)
    {
      return true
    }
    guard let exponent = bytes.firstIndex(where: { $0 | 0x20 == UInt8(ascii: "e") }) else {
      return DecimalDigits(bytes) != nil
    }
    return DecimalDigits(Bytes(rebasing: bytes[..<exponent])) != nil
      && isInteger(Bytes(rebasing: bytes[(exponent + 1)...]))
  }

  /// How many bytes a hexBinary text stands for; nil when it is none.
  static func hexadecimalSize(_ bytes: Bytes) -> Int? {
    guard bytes.count % 2 == 0 else { return nil }
    for byte in bytes {
      guard byte &- 48 < 10 || (byte | 0x20) &- 97 < 6 else { return nil }
    }
    return bytes.count / 2
  }

  /// How many bytes a base64Binary text stands for; nil when it is none.
  ///
  /// White space may stand anywhere; padding may be left out, as many peers do.
  static func base64Size(_ bytes: Bytes) -> Int? {
    var symbols = 0
    var padding = 0
    for byte in bytes {
      switch byte {
      case 0x20, 0x09, 0x0A, 0x0D: continue
      case UInt8(ascii: "="): padding += 1
      case UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "a")...UInt8(ascii: "z"),
        UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "+"), UInt8(ascii: "/"):
        guard padding == 0 else { return nil }
        symbols += 1
      default: return nil
      }
    }
    let rest = symbols % 4
    guard rest != 1, padding == 0 || rest + padding == 4 else { return nil }
    return symbols / 4 * 3 + (rest == 0 ? 0 : rest - 1)
  }

  /// `name` or `prefix:name` (Namespaces in XML §4), or `{namespace}name`.
  static func isQualifiedName(_ bytes: Bytes) -> Bool {
    var rest = bytes
    if bytes.first == UInt8(ascii: "{"), let end = bytes.firstIndex(of: UInt8(ascii: "}")) {
      rest = Bytes(rebasing: bytes[(end + 1)...])
    }
    var iterator = ScalarIterator(rest)
    var isStart = true
    var colons = 0
    while let code = iterator.next() {
      if code == 0x3A {
        colons += 1
        guard !isStart, colons == 1 else { return false }
        isStart = true
        continue
      }
      guard (isStart ? Self.nameStart : Self.name).contains(code) else { return false }
      isStart = false
    }
    return !isStart
  }

  private static let nameStart = XSDCharacterClass(.nameStart)
  private static let name = XSDCharacterClass(.name)

  /// The number of characters in valid UTF-8.
  static func characterCount(_ bytes: Bytes) -> Int {
    var count = 0
    for byte in bytes where byte & 0xC0 != 0x80 { count += 1 }
    return count
  }

  /// A whole number of at most 18 digits, which nearly all are; nil for any other text.
  static func smallInteger(_ bytes: Bytes) -> Int64? {
    var position = 0
    var isNegative = false
    if let sign = bytes.first, sign == UInt8(ascii: "-") || sign == UInt8(ascii: "+") {
      isNegative = sign == UInt8(ascii: "-")
      position = 1
    }
    guard position < bytes.count, bytes.count - position <= 18 else { return nil }
    var number: Int64 = 0
    while position < bytes.count {
      let digit = bytes[position] &- 48
      guard digit < 10 else { return nil }
      number = number &* 10 &+ Int64(digit)
      position += 1
    }
    return isNegative ? -number : number
  }
}
