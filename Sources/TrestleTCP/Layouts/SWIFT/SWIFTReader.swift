internal import TrestleCore

/// Takes a SWIFT MT message apart.
struct SWIFTReader {
  let layout: SWIFTLayout
  let bytes: [UInt8]
  private(set) var spans: [FieldSpan] = []
  private var position = 0

  init(layout: SWIFTLayout, bytes: [UInt8]) {
    self.layout = layout
    self.bytes = bytes
  }

  mutating func message() throws(CodecError) -> Value {
    var members: [(name: String, value: Value)] = []
    while position < bytes.count {
      if !members.isEmpty, bytes[position...].allSatisfy({ $0 <= 0x20 }) { break }
      members.append(try block())
    }
    guard !members.isEmpty else { throw wrong(0, "expects a block like {1:…}", "layout.swift") }
    return OrderedMembers.value(of: members)
  }

  private mutating func block() throws(CodecError) -> (name: String, value: Value) {
    let number = try head("layout.swift")
    let name = SWIFTLayout.names[number] ?? number
    if position < bytes.count {
      switch bytes[position] {
      case UInt8(ascii: "{"): return (name, try nested(name))
      case 0x0D where number == "4", 0x0A where number == "4": return (name, try fields())
      default: break
      }
    }
    let range = try content(name)
    let value = try text(range, name)
    note(name, range, value)
    return (name, value)
  }

  /// `{name:`, which is passed.
  private mutating func head(_ path: String) throws(CodecError) -> String {
    let start = position
    guard bytes[position] == UInt8(ascii: "{") else { throw wrong(start, "expects {", path) }
    position += 1
    while position < bytes.count, Self.isName(bytes[position]) { position += 1 }
    guard position > start + 1, position < bytes.count, bytes[position] == UInt8(ascii: ":") else {
      throw wrong(start, "expects a block like {1:…}", path)
    }
    position += 1
    return String(decoding: bytes[start + 1..<position - 1], as: UTF8.self)
  }

  /// What stands up to the closing brace, which is passed.
  private mutating func content(_ path: String) throws(CodecError) -> Range<Int> {
    let start = position
    while position < bytes.count, bytes[position] != UInt8(ascii: "}") {
      guard bytes[position] != UInt8(ascii: "{") else {
        throw wrong(position, "expects } before the next {", path)
      }
      position += 1
    }
    guard position < bytes.count else { throw wrong(start, "is not closed by }", path) }
    position += 1
    return start..<position - 1
  }

  private mutating func nested(_ path: String) throws(CodecError) -> Value {
    var members: [(name: String, value: Value)] = []
    while position < bytes.count, bytes[position] == UInt8(ascii: "{") {
      let name = try head(path)
      let range = try content("\(path).\(name)")
      let value = try text(range, "\(path).\(name)")
      note("\(path).\(name)", range, value)
      members.append((name, value))
    }
    guard position < bytes.count, bytes[position] == UInt8(ascii: "}") else {
      throw wrong(min(position, bytes.count), "is not closed by }", path)
    }
    position += 1
    return OrderedMembers.value(of: members)
  }

  /// The fields of a text block: lines up to one that is `-}`.
  private mutating func fields() throws(CodecError) -> Value {
    _ = line()
    var members: [(name: String, value: Value)] = []
    var open: (name: String, range: Range<Int>)?
    func value(_ field: (name: String, range: Range<Int>)) throws(CodecError) -> Value {
      let content = bytes[field.range].filter { $0 != 0x0D }
      return .string(
        try layout.encoding.text(
          of: content[...], path: "text.\(field.name)", at: field.range.lowerBound))
    }
    while let range = line() {
      let line = bytes[range]
      if Self.isEnd(line) {
        if let open {
          members.append((open.name, try value(open)))
          note("text.\(open.name)", open.range, members[members.count - 1].value)
        }
        position = range.lowerBound + 2
        return OrderedMembers.value(of: members)
      }
      if let tag = Self.tag(of: line) {
        if let open {
          members.append((open.name, try value(open)))
          note("text.\(open.name)", open.range, members[members.count - 1].value)
        }
        open = (tag, range.lowerBound + tag.utf8.count + 2..<range.upperBound)
      } else if let field = open {
        open = (field.name, field.range.lowerBound..<range.upperBound)
      } else {
        throw wrong(range.lowerBound, "expects a field like :20:…", "text")
      }
    }
    throw wrong(bytes.count, "is not ended by a line -}", "text")
  }

  /// The next line without its end, which is passed; nil at the end.
  private mutating func line() -> Range<Int>? {
    guard position < bytes.count else { return nil }
    let start = position
    var index = start
    while index < bytes.count, bytes[index] != 0x0A { index += 1 }
    position = min(index + 1, bytes.count)
    if index > start, bytes[index - 1] == 0x0D { index -= 1 }
    return start..<index
  }

  // MARK: Marks

  static func isName(_ byte: UInt8) -> Bool {
    byte &- 48 < 10 || byte &- 65 < 26 || byte &- 97 < 26
  }

  /// Whether a text is a tag: two digits, or digits and a letter or two (20, 32A, 16R).
  static func isTag(_ text: ArraySlice<UInt8>) -> Bool {
    (2...4).contains(text.count) && text.allSatisfy { $0 &- 48 < 10 || $0 &- 65 < 26 }
  }

  /// The tag that a line begins with.
  static func tag(of line: ArraySlice<UInt8>) -> String? {
    guard line.first == UInt8(ascii: ":") else { return nil }
    let tag = line.dropFirst().prefix { $0 != UInt8(ascii: ":") }
    guard tag.endIndex < line.endIndex, isTag(tag) else { return nil }
    return String(decoding: tag, as: UTF8.self)
  }

  /// Whether a line ends a text block.
  static func isEnd(_ line: ArraySlice<UInt8>) -> Bool { line.starts(with: "-}".utf8) }

  private func text(_ range: Range<Int>, _ path: String) throws(CodecError) -> Value {
    .string(try layout.encoding.text(of: bytes[range], path: path, at: range.lowerBound))
  }

  private mutating func note(_ path: String, _ range: Range<Int>, _ value: Value) {
    spans.append(FieldSpan(path: path, range: range, value: value))
  }

  private func wrong(_ place: Int, _ reason: String, _ path: String) -> CodecError {
    CodecError(
      path: path, reason: reason, in: bytes[...], wrong: place..<min(place + 1, bytes.count))
  }
}
