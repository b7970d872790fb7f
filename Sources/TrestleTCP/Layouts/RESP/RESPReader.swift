internal import TrestleCore

/// Reads one RESP value.
struct RESPReader {
  private let bytes: [UInt8]
  private var position = 0
  private(set) var warnings: [String] = []
  private(set) var spans: [FieldSpan] = []
  /// Whether the value is an array of bulk strings, as requests are.
  private(set) var isCommand = false

  /// Values nested deeper are refused.
  private static let deepest = 64

  init(_ bytes: [UInt8]) { self.bytes = bytes }

  mutating func message() throws(CodecError) -> Value {
    let value = try value(at: "", depth: 0)
    guard position == bytes.count else {
      throw wrong(position..<bytes.count, "is followed by more bytes", "")
    }
    return value
  }

  private mutating func value(at path: String, depth: Int) throws(CodecError) -> Value {
    guard depth <= Self.deepest else {
      throw wrong(position..<position, "is nested deeper than \(Self.deepest)", path)
    }
    let start = position
    let (type, line) = try line(path)
    let value: Value
    switch type {
    case UInt8(ascii: "*"), UInt8(ascii: "~"), UInt8(ascii: ">"):
      return try list(type, line, at: path, depth)
    case UInt8(ascii: "%"): return try map(line, at: path, depth)
    case UInt8(ascii: "|"):
      guard let count = try count(line, path) else { return .null }
      for _ in 0..<2 * count { _ = try self.value(at: path, depth: depth + 1) }
      warnings.append("attributes of a value were passed over")
      return try self.value(at: path, depth: depth + 1)
    case UInt8(ascii: "+"): value = ["status": .string(try text(line, path))]
    case UInt8(ascii: "-"): value = ["error": Self.error(try text(line, path))]
    case UInt8(ascii: "_"): value = .null
    case UInt8(ascii: "$"), UInt8(ascii: "!"), UInt8(ascii: "="):
      value = try bulk(type, line, path)
    default: value = try scalar(type, line, path)
    }
    spans.append(
      FieldSpan(
        path: path, range: start..<position, type: String(UnicodeScalar(type)), value: value))
    return value
  }

  // MARK: Scalars

  private func scalar(
    _ type: UInt8, _ line: Range<Int>, _ path: String
  ) throws(CodecError) -> Value {
    let text = String(decoding: bytes[line], as: UTF8.self)
    switch type {
    case UInt8(ascii: ":"):
      if let number = Int64(text) { return .integer(number) }
      throw wrong(line, "expects a 64-bit integer", path)
    case UInt8(ascii: "("):
      if let number = Int64(text) { return .integer(number) }
      if let number = NumberText(text), !text.contains(where: { ".eE".contains($0) }) {
        return .number(number)
      }
      throw wrong(line, "expects an integer", path)
    case UInt8(ascii: "#"):
      if text == "t" || text == "f" { return .bool(text == "t") }
      throw wrong(line, "expects t or f", path)
    case UInt8(ascii: ","):
      switch text {
      case "inf": return .double(.infinity)
      case "-inf": return .double(-.infinity)
      case "nan": return .double(.nan)
      default:
        if let number = Int64(text), String(number) == text { return .double(Double(number)) }
        if let number = NumberText(text) { return .number(number) }
        throw wrong(line, "expects a number", path)
      }
    default:
      throw wrong(line.lowerBound - 1..<line.lowerBound, "begins with no type of RESP", path)
    }
  }

  private mutating func bulk(
    _ type: UInt8, _ line: Range<Int>, _ path: String
  ) throws(CodecError) -> Value {
    guard let count = try count(line, path) else { return .null }
    let end = position + count
    guard end + 2 <= bytes.count, bytes[end] == 0x0D, bytes[end + 1] == 0x0A else {
      throw wrong(position..<bytes.count, "does not end where its length says", path)
    }
    let content = bytes[position..<end]
    position = end + 2
    guard let text = String(validating: content, as: UTF8.self) else {
      return .bytes(Array(content))
    }
    switch type {
    case UInt8(ascii: "!"): return ["error": Self.error(text)]
    case UInt8(ascii: "="):
      // Three letters of format and a colon stand before the text.
      guard content.count >= 4, content[content.startIndex + 3] == UInt8(ascii: ":") else {
        throw wrong(content.startIndex..<end, "expects a format of three letters", path)
      }
      return [
        "verbatim": .string(String(decoding: content.dropFirst(4), as: UTF8.self)),
        "format": .string(String(decoding: content.prefix(3), as: UTF8.self)),
      ]
    default: return .string(text)
    }
  }

  /// `ERR unknown command` has the code `ERR`, as far as the first word is one.
  private static func error(_ text: String) -> Value {
    let code = text.prefix { $0 != " " }
    guard !code.isEmpty, code.utf8.allSatisfy({ $0 &- 65 < 26 || $0 &- 48 < 10 || $0 == 95 }) else {
      return ["message": .string(text)]
    }
    guard code.count < text.count else { return ["code": .string(text)] }
    return [
      "code": .string(String(code)), "message": .string(String(text.dropFirst(code.count + 1))),
    ]
  }

  // MARK: Collections

  private mutating func list(
    _ type: UInt8, _ line: Range<Int>, at path: String, _ depth: Int
  ) throws(CodecError) -> Value {
    guard let count = try count(line, path) else { return .null }
    var items: [Value] = []
    var areTexts = type == UInt8(ascii: "*") && count > 0
    for index in 0..<count {
      let isBulk = position < bytes.count && bytes[position] == UInt8(ascii: "$")
      let item = try value(at: "\(path)[\(index)]", depth: depth + 1)
      if !isBulk || item.isNull { areTexts = false }
      items.append(item)
    }
    if depth == 0 { isCommand = areTexts }
    switch type {
    case UInt8(ascii: "~"): return ["set": .array(items)]
    case UInt8(ascii: ">"): return ["push": .array(items)]
    default: return .array(items)
    }
  }

  private mutating func map(
    _ line: Range<Int>, at path: String, _ depth: Int
  ) throws(CodecError) -> Value {
    guard let count = try count(line, path) else { return .null }
    var pairs: [(key: Value, value: Value)] = []
    var names: Set<String> = []
    for _ in 0..<count {
      let key = try value(at: path, depth: depth + 1)
      let inner = key.stringValue.map { path.isEmpty ? $0 : "\(path).\($0)" } ?? path
      pairs.append((key, try value(at: inner, depth: depth + 1)))
      if case .string(let name) = key { names.insert(name) }
    }
    guard names.count == pairs.count, names.isDisjoint(with: RESPWriter.marks) else {
      return ["map": .array(pairs.map { .array([$0.key, $0.value]) })]
    }
    return .object(
      Record(
        uniqueMembers: pairs.map { Record.Member(name: $0.key.stringValue ?? "", value: $0.value) })
    )
  }

  // MARK: Lines

  /// The type and what follows it on its line, which is passed.
  private mutating func line(
    _ path: String
  ) throws(CodecError) -> (type: UInt8, line: Range<Int>) {
    let start = position
    var index = start
    while index + 1 < bytes.count {
      if bytes[index] == 0x0D, bytes[index + 1] == 0x0A, index > start {
        position = index + 2
        return (bytes[start], start + 1..<index)
      }
      index += 1
    }
    throw wrong(start..<bytes.count, "is not ended by CR LF", path)
  }

  private func text(_ line: Range<Int>, _ path: String) throws(CodecError) -> String {
    try TextEncoding.utf8.text(of: bytes[line], path: path, at: line.lowerBound)
  }

  /// A count or length; nil for -1, which stands for null.
  private func count(_ line: Range<Int>, _ path: String) throws(CodecError) -> Int? {
    if bytes[line].elementsEqual("-1".utf8) { return nil }
    // Every element takes up three bytes at least, so that no claim outgrows the message.
    guard let count = NumberCoding.ascii.number(in: bytes[line]).flatMap({ Int(exactly: $0) }),
      count <= bytes.count - position
    else { throw wrong(line, "claims more than the message has", path) }
    return count
  }

  private func wrong(_ range: Range<Int>, _ reason: String, _ path: String) -> CodecError {
    CodecError(
      path: path.isEmpty ? "layout.resp" : path, reason: reason, in: bytes[...], wrong: range)
  }
}
