extension PureFunction {
  /// The longest text that a function makes: a template shall not fill the memory.
  static let longestText = 1 << 20

  /// `contains`, `startsWith`, `endsWith`, `split`, `join` and `replace`.
  func ofParts(_ arguments: [Value?]) throws(ExpressionError) -> Value? {
    switch self {
    case .contains:
      if case .array(let items)? = arguments[0] {
        return .bool(items.contains { item in arguments[1].map { item.matches($0) } ?? false })
      }
      let part = Array(try text(arguments[1]).utf8)
      let whole = Array(try text(arguments[0]).utf8)
      return .bool(part.isEmpty || !places(of: part, in: whole).isEmpty)
    case .startsWith: return .bool(try text(arguments[0]).hasPrefix(try text(arguments[1])))
    case .endsWith: return .bool(try text(arguments[0]).hasSuffix(try text(arguments[1])))
    case .join:
      guard let items = arguments[0]?.arrayValue else {
        throw ExpressionError("join() expects a list, found \(arguments[0]?.kindName ?? "nothing")")
      }
      let separator = arguments.count > 1 ? try text(arguments[1]) : ""
      var joined = ""
      for (position, item) in items.enumerated() {
        if position > 0 { joined += separator }
        joined += try text(item)
        try checkLength(of: joined)
      }
      return .string(joined)
    case .replace:
      return .string(
        try pieces(of: text(arguments[0]), between: text(arguments[1]), with: text(arguments[2])))
    default:
      let parts = try parts(of: text(arguments[0]), between: text(arguments[1]))
      return .array(parts.map { .string($0) })
    }
  }

  private func parts(
    of whole: String, between separator: String
  ) throws(ExpressionError) -> [String] {
    let separator = Array(separator.utf8)
    guard !separator.isEmpty else {
      throw ExpressionError("\(rawValue)() expects a part to look for")
    }
    let bytes = Array(whole.utf8)
    var parts: [String] = []
    var start = 0
    for place in places(of: separator, in: bytes) {
      parts.append(String(decoding: bytes[start..<place], as: UTF8.self))
      start = place + separator.count
    }
    parts.append(String(decoding: bytes[start...], as: UTF8.self))
    return parts
  }

  private func pieces(
    of whole: String, between part: String, with other: String
  ) throws(ExpressionError) -> String {
    var text = ""
    for (position, piece) in try parts(of: whole, between: part).enumerated() {
      if position > 0 { text += other }
      text += piece
      try checkLength(of: text)
    }
    return text
  }

  private func checkLength(of text: String) throws(ExpressionError) {
    guard text.utf8.count <= Self.longestText else {
      throw ExpressionError("\(rawValue)() would make a text of more than a megabyte")
    }
  }

  private func places(of part: [UInt8], in whole: [UInt8]) -> [Int] {
    var places: [Int] = []
    var index = 0
    while index + part.count <= whole.count {
      if whole[index] == part[0], whole[index..<index + part.count].elementsEqual(part) {
        places.append(index)
        index += part.count
      } else {
        index += 1
      }
    }
    return places
  }

  // MARK: Other writings

  /// `base64`, `hex`, their opposites, and `json`.
  func inOtherWriting(_ value: Value?) throws(ExpressionError) -> Value? {
    switch self {
    case .json: return .string((value ?? .null).description)
    case .base64: return .string(Base64.encode(try bytes(value)))
    case .hex: return .string(HexText.encode(try bytes(value)))
    case .base64Decode:
      guard let bytes = Base64.decode(try text(value).utf8) else {
        throw ExpressionError("base64Decode() expects Base64")
      }
      return Self.read(bytes)
    default:
      guard let bytes = HexText.decode(try text(value)) else {
        throw ExpressionError("hexDecode() expects two hexadecimal digits a byte")
      }
      return Self.read(bytes)
    }
  }

  private func bytes(_ value: Value?) throws(ExpressionError) -> [UInt8] {
    if case .bytes(let bytes)? = value { return Array(bytes) }
    return Array(try text(value).utf8)
  }

  private static func read(_ bytes: [UInt8]) -> Value {
    String(validating: bytes, as: UTF8.self).map { .string($0) } ?? .bytes(bytes)
  }
}
