/// Cuts an expression's text into tokens.
///
/// A hyphen or slash that touches a name on both sides belongs to it (`order-id`, `MSA-1`,
/// `Envelope/Rc`): field names of messages are spelled so. After a position a hyphen leads to a numbered
/// field (`OBX[1]-5`). As operators they need a space.
struct ExpressionLexer {
  enum Token: Equatable {
    case name(String)
    case literal(Value)
    case symbol(String)
    case end
  }

  struct Place {
    var token: Token
    var offset: Int
  }

  private let bytes: [UInt8]
  private var position = 0
  private var places: [Place] = []

  static func tokens(of text: String) throws(ExpressionError) -> [Place] {
    var lexer = ExpressionLexer(bytes: Array(text.utf8))
    while try lexer.next() {}
    return lexer.places
  }

  private init(bytes: [UInt8]) { self.bytes = bytes }

  private mutating func next() throws(ExpressionError) -> Bool {
    while position < bytes.count, [0x20, 0x09, 0x0A, 0x0D].contains(bytes[position]) {
      position += 1
    }
    let start = position
    guard position < bytes.count else {
      places.append(Place(token: .end, offset: start))
      return false
    }
    let byte = bytes[position]
    let token: Token
    switch byte {
    case UInt8(ascii: "0")...UInt8(ascii: "9"):
      token = follows(".") ? .name(takeName()) : try takeNumber()
    case UInt8(ascii: "'"), UInt8(ascii: "\""): token = .literal(.string(try takeString(byte)))
    case _ where Self.isNameStart(byte): token = .name(takeName())
    default: token = .symbol(try takeSymbol())
    }
    places.append(Place(token: token, offset: start))
    return true
  }

  private func follows(_ symbol: String) -> Bool { places.last?.token == .symbol(symbol) }

  private mutating func takeName() -> String {
    let start = position
    while position < bytes.count {
      if Self.isNameByte(bytes[position]) || (position == start && bytes[position] == 0x40) {
        position += 1
      } else if bytes[position] == UInt8(ascii: "-"), position > start,
        position + 1 < bytes.count, Self.isNameByte(bytes[position + 1])
      {
        position += 1
      } else {
        break
      }
    }
    return String(decoding: bytes[start..<position], as: UTF8.self)
  }

  private mutating func takeNumber() throws(ExpressionError) -> Token {
    let start = position
    func isDigit(_ index: Int) -> Bool { index < bytes.count && bytes[index] &- 48 < 10 }
    while isDigit(position) { position += 1 }
    if position < bytes.count, bytes[position] == UInt8(ascii: "."), isDigit(position + 1) {
      position += 1
      while isDigit(position) { position += 1 }
    }
    let text = String(decoding: bytes[start..<position], as: UTF8.self)
    if let number = Int64(text), text.utf8.count == 1 || bytes[start] != UInt8(ascii: "0") {
      return .literal(.integer(number))
    }
    guard let number = NumberText(text) else {
      throw ExpressionError(
        "\(text) is not a number", hint: "put quotes around a text", at: start)
    }
    return .literal(.number(number))
  }

  private mutating func takeString(_ quote: UInt8) throws(ExpressionError) -> String {
    let start = position
    position += 1
    var text: [UInt8] = []
    while position < bytes.count {
      let byte = bytes[position]
      position += 1
      if byte == quote { return String(decoding: text, as: UTF8.self) }
      guard byte == UInt8(ascii: "\\"), position < bytes.count else {
        text.append(byte)
        continue
      }
      switch bytes[position] {
      case UInt8(ascii: "n"): text.append(0x0A)
      case UInt8(ascii: "r"): text.append(0x0D)
      case UInt8(ascii: "t"): text.append(0x09)
      case let other: text.append(other)
      }
      position += 1
    }
    throw ExpressionError("the text is not closed", at: start)
  }

  private mutating func takeSymbol() throws(ExpressionError) -> String {
    let start = position
    let pair = String(decoding: bytes[start..<min(start + 2, bytes.count)], as: UTF8.self)
    if ["==", "!=", "<=", ">="].contains(pair) {
      position += 2
      return pair
    }
    let mended = ["&&": "and", "||": "or"][pair] ?? ["!": "not", "=": "=="][pair.prefix(1)]
    if let mended {
      throw ExpressionError(
        "unknown operator \"\(pair.count == 2 && "&|".contains(pair.prefix(1)) ? pair : String(pair.prefix(1)))\"",
        hint: "write \"\(mended)\"", at: start)
    }
    position += 1
    switch bytes[start] {
    case UInt8(ascii: "-") where isFieldHyphen(start): return "."
    case UInt8(ascii: "/"):
      return isPathSlash(start) ? "." : "/"
    case let byte where Array("+-*%<>()[],.".utf8).contains(byte):
      return String(decoding: [byte], as: UTF8.self)
    default:
      throw ExpressionError("unexpected character \"\(pair.prefix(1))\"", at: start)
    }
  }

  private func isPathSlash(_ index: Int) -> Bool {
    guard case .name? = places.last?.token, index > 0, Self.isNameByte(bytes[index - 1]),
      index + 1 < bytes.count
    else { return false }
    return Self.isNameStart(bytes[index + 1])
  }

  private func isFieldHyphen(_ index: Int) -> Bool {
    index > 0 && bytes[index - 1] == UInt8(ascii: "]") && index + 1 < bytes.count
      && bytes[index + 1] &- 48 < 10 && isPosition(places)
  }

  /// Whether the tokens end in a position: `[1]`.
  private func isPosition(_ places: [Place]) -> Bool {
    guard places.count >= 4, case .literal(.integer) = places[places.count - 2].token else {
      return false
    }
    if case .name = places[places.count - 4].token {
      return places[places.count - 3].token == .symbol("[")
    }
    return false
  }

  private static func isNameStart(_ byte: UInt8) -> Bool {
    (byte | 0x20) &- 97 < 26 || byte == UInt8(ascii: "_") || byte == UInt8(ascii: "@")
      || byte >= 0x80
  }

  private static func isNameByte(_ byte: UInt8) -> Bool {
    (byte | 0x20) &- 97 < 26 || byte &- 48 < 10 || byte == UInt8(ascii: "_") || byte >= 0x80
  }
}
