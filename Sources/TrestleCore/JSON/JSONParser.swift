/// A strict JSON reader (RFC 8259) that keeps the exact text of numbers.
///
/// Refuses what the grammar refuses: trailing commas, comments, leading zeros, unpaired surrogates,
/// invalid UTF-8, control characters in strings, a byte order mark, anything after the value. Of
/// members with the same name the last one stands, unless they are refused.
public struct JSONParser {
  /// How deep arrays and objects may nest before the text is refused.
  public static let defaultMaximumDepth = 512

  private let bytes: UnsafeBufferPointer<UInt8>
  private let maximumDepth: Int
  private let refusesRepeatedNames: Bool
  private var position = 0
  private var depth = 0

  private init(
    _ bytes: UnsafeBufferPointer<UInt8>, maximumDepth: Int, refusesRepeatedNames: Bool
  ) {
    self.bytes = bytes
    self.maximumDepth = maximumDepth
    self.refusesRepeatedNames = refusesRepeatedNames
  }

  /// Reads one value from UTF-8 bytes. With `refusesRepeatedNames`, two members of an object with the same name are a
  /// mistake: which of them was meant, nobody can tell.
  ///
  /// - Throws: `JSONError` with the place of the first mistake.
  public static func parse(
    _ bytes: [UInt8], maximumDepth: Int = defaultMaximumDepth, refusesRepeatedNames: Bool = false
  ) throws(JSONError) -> Value {
    let result: Result<Value, JSONError> = bytes.withUnsafeBufferPointer { buffer in
      var parser = JSONParser(
        buffer, maximumDepth: maximumDepth, refusesRepeatedNames: refusesRepeatedNames)
      do throws(JSONError) {
        return .success(try parser.parseDocument())
      } catch {
        return .failure(error)
      }
    }
    return try result.get()
  }

  /// Reads one value from a text.
  ///
  /// - Throws: `JSONError` with the place of the first mistake.
  public static func parse(
    _ text: String, maximumDepth: Int = defaultMaximumDepth
  ) throws(JSONError) -> Value {
    try parse(Array(text.utf8), maximumDepth: maximumDepth)
  }

  private mutating func parseDocument() throws(JSONError) -> Value {
    skipWhiteSpace()
    let value = try parseValue()
    skipWhiteSpace()
    guard position == bytes.count else { throw failure("expected nothing after the value") }
    return value
  }

  private mutating func parseValue() throws(JSONError) -> Value {
    guard position < bytes.count else { throw failure("expected a value, found the end") }
    switch bytes[position] {
    case UInt8(ascii: "{"): return try parseObject()
    case UInt8(ascii: "["): return try parseArray()
    case UInt8(ascii: "\""): return .string(try parseString())
    case UInt8(ascii: "t"): return try parseWord("true", .bool(true))
    case UInt8(ascii: "f"): return try parseWord("false", .bool(false))
    case UInt8(ascii: "n"): return try parseWord("null", .null)
    case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"): return try parseNumber()
    default: throw failure("expected a value")
    }
  }

  private mutating func parseWord(_ word: StaticString, _ value: Value) throws(JSONError) -> Value {
    let length = word.utf8CodeUnitCount
    guard bytes.count - position >= length else { throw failure("expected \(word)") }
    for index in 0..<length where bytes[position + index] != word.utf8Start[index] {
      throw failure("expected \(word)")
    }
    position += length
    return value
  }

  private mutating func parseArray() throws(JSONError) -> Value {
    try enter()
    var items: [Value] = []
    skipWhiteSpace()
    if take(UInt8(ascii: "]")) {
      depth -= 1
      return .array(items)
    }
    while true {
      skipWhiteSpace()
      items.append(try parseValue())
      skipWhiteSpace()
      if take(UInt8(ascii: ",")) { continue }
      guard take(UInt8(ascii: "]")) else { throw failure("expected ',' or ']'") }
      depth -= 1
      return .array(items)
    }
  }

  private mutating func parseObject() throws(JSONError) -> Value {
    try enter()
    var members: [Record.Member] = []
    var positions: [String: Int] = [:]
    skipWhiteSpace()
    if take(UInt8(ascii: "}")) {
      depth -= 1
      return .emptyObject
    }
    while true {
      skipWhiteSpace()
      guard position < bytes.count, bytes[position] == UInt8(ascii: "\"") else {
        throw failure("expected a member name in double quotes")
      }
      let start = position
      let name = try parseString()
      skipWhiteSpace()
      guard take(UInt8(ascii: ":")) else { throw failure("expected ':' after the member name") }
      skipWhiteSpace()
      let value = try parseValue()
      if let earlier = Self.position(of: name, in: members, positions: &positions) {
        guard !refusesRepeatedNames else {
          throw failure("the name \"\(name)\" stands twice in an object", at: start)
        }
        members[earlier].value = value
      } else {
        members.append(Record.Member(name: name, value: value))
      }
      skipWhiteSpace()
      if take(UInt8(ascii: ",")) { continue }
      guard take(UInt8(ascii: "}")) else { throw failure("expected ',' or '}'") }
      depth -= 1
      return .object(Record(uniqueMembers: members))
    }
  }

  /// Where a name already stands; scans small objects, indexes large ones so that a hostile object
  /// costs linear time.
  private static func position(
    of name: String, in members: [Record.Member], positions: inout [String: Int]
  ) -> Int? {
    guard members.count >= 16 else { return members.firstIndex { $0.name == name } }
    if positions.isEmpty {
      for (index, member) in members.enumerated() { positions[member.name] = index }
    }
    if let known = positions[name] { return known }
    positions[name] = members.count
    return nil
  }

  private mutating func parseNumber() throws(JSONError) -> Value {
    let start = position
    var isWhole = true
    _ = take(UInt8(ascii: "-"))
    let firstDigit = position
    guard skipDigits() else { throw failure("expected a digit") }
    if bytes[firstDigit] == UInt8(ascii: "0"), position - firstDigit > 1 {
      position = firstDigit
      throw failure("a number may not begin with a zero")
    }
    if take(UInt8(ascii: ".")) {
      isWhole = false
      guard skipDigits() else { throw failure("expected a digit after the decimal point") }
    }
    if position < bytes.count, bytes[position] | 0x20 == UInt8(ascii: "e") {
      isWhole = false
      position += 1
      if !take(UInt8(ascii: "+")) { _ = take(UInt8(ascii: "-")) }
      guard skipDigits() else { throw failure("expected a digit in the exponent") }
    }
    let text = UnsafeBufferPointer(rebasing: bytes[start..<position])
    // "-0" is kept as text: an integer would lose its sign.
    if isWhole, let number = Self.integer(text) { return .integer(number) }
    return .number(NumberText(verified: String(decoding: text, as: UTF8.self)))
  }

  private static func integer(_ digits: UnsafeBufferPointer<UInt8>) -> Int64? {
    let isNegative = digits[0] == UInt8(ascii: "-")
    var result: Int64 = 0
    for digit in digits.dropFirst(isNegative ? 1 : 0) {
      let (scaled, overflow) = result.multipliedReportingOverflow(by: 10)
      let (next, carry) = scaled.subtractingReportingOverflow(Int64(digit &- 48))
      if overflow || carry { return nil }
      result = next
    }
    if isNegative { return result == 0 ? nil : result }
    return result == .min ? nil : -result
  }

  private mutating func parseString() throws(JSONError) -> String {
    position += 1
    let start = position
    while position < bytes.count {
      let byte = bytes[position]
      if byte == UInt8(ascii: "\"") {
        let text = try validated(UnsafeBufferPointer(rebasing: bytes[start..<position]), at: start)
        position += 1
        return text
      }
      if byte == UInt8(ascii: "\\") { return try parseEscapedString(from: start) }
      if byte < 0x20 { throw failure("a control character must be escaped in a string") }
      position += 1
    }
    throw failure("the string is not closed")
  }

  private func validated(
    _ text: UnsafeBufferPointer<UInt8>, at offset: Int
  ) throws(JSONError) -> String {
    guard let string = String(validating: text, as: UTF8.self) else {
      throw failure("the string is not valid UTF-8", at: offset)
    }
    return string
  }

  private mutating func parseEscapedString(from start: Int) throws(JSONError) -> String {
    var buffer = Array(bytes[start..<position])
    while position < bytes.count {
      let byte = bytes[position]
      position += 1
      switch byte {
      case UInt8(ascii: "\""):
        return try buffer.withUnsafeBufferPointerTyped { text throws(JSONError) in
          try validated(text, at: start)
        }
      case UInt8(ascii: "\\"): try parseEscape(into: &buffer)
      case 0..<0x20:
        position -= 1
        throw failure("a control character must be escaped in a string")
      default: buffer.append(byte)
      }
    }
    throw failure("the string is not closed")
  }

  private mutating func parseEscape(into buffer: inout [UInt8]) throws(JSONError) {
    guard position < bytes.count else { throw failure("the string is not closed") }
    let symbol = bytes[position]
    position += 1
    switch symbol {
    case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): buffer.append(symbol)
    case UInt8(ascii: "b"): buffer.append(0x08)
    case UInt8(ascii: "f"): buffer.append(0x0C)
    case UInt8(ascii: "n"): buffer.append(0x0A)
    case UInt8(ascii: "r"): buffer.append(0x0D)
    case UInt8(ascii: "t"): buffer.append(0x09)
    case UInt8(ascii: "u"): try parseUnicodeEscape(into: &buffer)
    default:
      position -= 1
      throw failure("unknown escape in a string")
    }
  }

  private mutating func parseUnicodeEscape(into buffer: inout [UInt8]) throws(JSONError) {
    let unit = try parseHexadecimal()
    var code = UInt32(unit)
    if (0xD800..<0xDC00).contains(unit) {
      guard take(UInt8(ascii: "\\")), take(UInt8(ascii: "u")) else {
        throw failure("a high surrogate needs a low surrogate after it")
      }
      let low = try parseHexadecimal()
      guard (0xDC00..<0xE000).contains(low) else {
        throw failure("a high surrogate needs a low surrogate after it")
      }
      code = 0x10000 + (UInt32(unit) - 0xD800) << 10 + (UInt32(low) - 0xDC00)
    }
    guard let scalar = Unicode.Scalar(code) else {
      throw failure("a low surrogate needs a high surrogate before it")
    }
    buffer.append(contentsOf: UTF8.encode(scalar) ?? UTF8.encodedReplacementCharacter)
  }

  private mutating func parseHexadecimal() throws(JSONError) -> UInt16 {
    guard bytes.count - position >= 4 else { throw failure("expected four hexadecimal digits") }
    var unit: UInt16 = 0
    for _ in 0..<4 {
      let digit: UInt8
      switch bytes[position] {
      case let byte where byte &- 48 < 10: digit = byte &- 48
      case let byte where (byte | 0x20) &- 97 < 6: digit = (byte | 0x20) &- 87
      default: throw failure("expected four hexadecimal digits")
      }
      unit = unit << 4 | UInt16(digit)
      position += 1
    }
    return unit
  }

  private mutating func enter() throws(JSONError) {
    depth += 1
    guard depth <= maximumDepth else { throw failure("nested deeper than \(maximumDepth)") }
    position += 1
  }

  private mutating func take(_ byte: UInt8) -> Bool {
    guard position < bytes.count, bytes[position] == byte else { return false }
    position += 1
    return true
  }

  private mutating func skipDigits() -> Bool {
    let start = position
    while position < bytes.count, bytes[position] &- 48 < 10 { position += 1 }
    return position > start
  }

  private mutating func skipWhiteSpace() {
    while position < bytes.count {
      switch bytes[position] {
      case 0x20, 0x09, 0x0A, 0x0D: position += 1
      default: return
      }
    }
  }

  private func failure(_ reason: String, at offset: Int? = nil) -> JSONError {
    let offset = min(offset ?? position, bytes.count)
    var line = 1
    var lineStart = 0
    for index in 0..<offset where bytes[index] == 0x0A {
      line += 1
      lineStart = index + 1
    }
    return JSONError(
      reason: reason, offset: offset, line: line, column: offset - lineStart + 1)
  }
}

extension Array {
  /// `withUnsafeBufferPointer` for bodies with typed errors.
  fileprivate func withUnsafeBufferPointerTyped<Result, Failure: Error>(
    _ body: (UnsafeBufferPointer<Element>) throws(Failure) -> Result
  ) throws(Failure) -> Result {
    let result: Swift.Result<Result, Failure> = withUnsafeBufferPointer { buffer in
      do throws(Failure) {
        return .success(try body(buffer))
      } catch {
        return .failure(error)
      }
    }
    return try result.get()
  }
}
