internal import TrestleCore

/// BER-TLV: tags of one or several bytes, lengths of one to five, values that may hold others
/// (ISO/IEC 8825-1 §8.1, as ISO/IEC 7816-4 and EMV narrow it: definite lengths only).
struct BERTLVLayout: MessageLayout {
  /// Bytes that may stand between elements and mean nothing.
  enum Padding: String, Sendable, CaseIterable {
    case none
    /// `00`.
    case zeros
    /// `00` and `FF`, as ISO/IEC 7816-4 has it.
    case emv
  }

  var shape = TLVShape()
  var padding = Padding.zeros

  /// More than any card nests.
  static let maximumDepth = 32
  private static let longestTag = 4

  var schema: Schema? {
    shape.schema(.any)
  }

  func key(of field: String) -> String { shape.key(meaning: field) }

  func layout(within field: String) -> (any MessageLayout)? {
    let tag = HexadecimalText.bytes(of: shape.tag(of: key(of: field)))
    return tag.map { Self.isConstructed($0[...]) } ?? false ? self : nil
  }

  // MARK: Reading

  func decode(_ bytes: [UInt8]) throws(CodecError) -> DecodedMessage {
    var pass = ReadingPass(layout: self, reader: FieldReader(bytes))
    let value = try pass.elements(until: bytes.count, depth: 0)
    return DecodedMessage(value: value, warnings: pass.notes.warnings)
  }

  func list(_ bytes: [UInt8], into fields: inout [FieldSpan]) throws(CodecError) {
    var pass = ReadingPass(layout: self, reader: FieldReader(bytes))
    pass.notes.spans = []
    defer { fields += pass.notes.spans ?? [] }
    _ = try pass.elements(until: bytes.count, depth: 0)
  }

  private func isPadding(_ byte: UInt8) -> Bool {
    switch padding {
    case .none: false
    case .zeros: byte == 0
    case .emv: byte == 0 || byte == 0xFF
    }
  }

  /// One message being read.
  private struct ReadingPass {
    let layout: BERTLVLayout
    var reader: FieldReader
    var notes = ReadingNotes()
    private var path: [String] = []

    init(layout: BERTLVLayout, reader: FieldReader) {
      self.layout = layout
      self.reader = reader
    }

    mutating func elements(until end: Int, depth: Int) throws(CodecError) -> Value {
      guard depth <= BERTLVLayout.maximumDepth else {
        throw CodecError(
          reason: "nests deeper than \(BERTLVLayout.maximumDepth) levels", offset: reader.position)
      }
      var items: [TLVShape.Item] = []
      while reader.position < end {
        if let padding = try takePadding(until: end) {
          items.append(.padding(padding))
          continue
        }
        let start = reader.position
        let tag = try takeTag(until: end)
        let key = layout.shape.key(of: HexadecimalText.text(of: tag))
        path.append(key)
        do throws(CodecError) {
          let (length, bytes) = try takeLength(until: end)
          let value = try content(of: tag, length, from: start, depth: depth)
          let isLonger = bytes != BERTLVLayout.length(length).count
          items.append(.element(key: key, value: value, lengthBytes: isLonger ? bytes : nil))
        } catch {
          throw error.inside(key)
        }
        path.removeLast()
      }
      return layout.shape.value(of: items, warnings: &notes.warnings)
    }

    private mutating func content(
      of tag: ArraySlice<UInt8>, _ length: Int, from start: Int, depth: Int
    ) throws(CodecError) -> Value {
      if BERTLVLayout.isConstructed(tag) {
        return try elements(until: reader.position + length, depth: depth + 1)
      }
      let value = Value.string(HexadecimalText.text(of: try reader.take(length)))
      if notes.spans != nil {
        notes.spans?.append(
          FieldSpan(
            path: path.joined(separator: "."), range: start..<reader.position, type: "b",
            value: value))
      }
      return value
    }

    private mutating func takePadding(until end: Int) throws(CodecError) -> [UInt8]? {
      let bytes = reader.bytes[reader.position..<end].prefix { layout.isPadding($0) }
      guard !bytes.isEmpty else { return nil }
      return Array(try reader.take(bytes.count))
    }

    private mutating func takeTag(until end: Int) throws(CodecError) -> ArraySlice<UInt8> {
      let start = reader.position
      let first = try take(1, until: end, "tag", from: start)
      // All five low bits: the tag goes on while the highest bit of its bytes is set (§8.1.2.4).
      guard first[start] & 0x1F == 0x1F else { return first }
      while true {
        let next = try take(1, until: end, "tag", from: start)
        let tag = reader.bytes[start..<reader.position]
        if next[reader.position - 1] & 0x80 == 0 { return tag }
        guard tag.count < BERTLVLayout.longestTag else {
          throw reader.wrong(tag, "is a tag of more than \(BERTLVLayout.longestTag) bytes")
        }
      }
    }

    /// The length, and how many bytes it takes.
    private mutating func takeLength(
      until end: Int
    ) throws(CodecError) -> (length: Int, bytes: Int) {
      let start = reader.position
      let first = try take(1, until: end, "length", from: start)[start]
      var length = Int(first)
      if first >= 0x80 {
        let count = Int(first & 0x7F)
        let slice = reader.bytes[start..<reader.position]
        guard first != 0x80 else {
          throw reader.wrong(slice, "has an indefinite length, which is not read")
        }
        guard count <= 4 else {
          throw reader.wrong(slice, "has a length of \(count) bytes, more than 4")
        }
        length = try take(count, until: end, "length", from: start).reduce(0) { $0 << 8 | Int($1) }
      }
      guard length <= end - reader.position else {
        throw reader.wrong(
          reader.bytes[start..<reader.position],
          "says \(length) bytes follow, there are \(end - reader.position)")
      }
      return (length, reader.position - start)
    }

    private mutating func take(
      _ count: Int, until end: Int, _ what: String, from start: Int
    ) throws(CodecError) -> ArraySlice<UInt8> {
      guard count <= end - reader.position else {
        throw reader.wrong(
          reader.bytes[start..<end], "ends within a \(what)")
      }
      return try reader.take(count)
    }
  }

  // MARK: Writing

  func encode(_ message: Value) throws(CodecError) -> [UInt8] {
    try encode(message, depth: 0)
  }

  private func encode(_ message: Value, depth: Int) throws(CodecError) -> [UInt8] {
    guard depth <= Self.maximumDepth else {
      throw CodecError(reason: "nests deeper than \(Self.maximumDepth) levels")
    }
    var output: [UInt8] = []
    for item in try shape.items(of: message) {
      switch item {
      case .padding(let bytes):
        guard bytes.allSatisfy(isPadding) else {
          throw CodecError(path: "padding", reason: "holds bytes that are no padding here")
        }
        output += bytes
      case .element(let key, let value, let lengthBytes):
        do throws(CodecError) {
          let tag = try tag(of: key)
          let content = try content(of: tag, value, depth: depth)
          output += tag
          output += try length(content.count, bytes: lengthBytes)
          output += content
        } catch {
          throw error.inside(key)
        }
      }
    }
    return output
  }

  private func content(
    of tag: [UInt8], _ value: Value, depth: Int
  ) throws(CodecError) -> [UInt8] {
    if Self.isConstructed(tag[...]) { return try encode(value, depth: depth + 1) }
    if case .bytes(let bytes) = value { return bytes }
    guard let text = value.scalarText, let bytes = HexadecimalText.bytes(of: text) else {
      throw .unwritable(value, "hexadecimal text")
    }
    return bytes
  }

  private func tag(of key: String) throws(CodecError) -> [UInt8] {
    let text = shape.tag(of: key)
    guard let bytes = HexadecimalText.bytes(of: text), Self.isTag(bytes),
      bytes.first.map({ !isPadding($0) }) ?? false
    else {
      throw CodecError(
        reason: "is no tag" + Suggestion.clause(for: key, among: shape.knownNames),
        hint: "tags are hexadecimal, like 9F26, or names that layout.ber declares")
    }
    return bytes
  }

  static func isTag(_ bytes: [UInt8]) -> Bool {
    guard let first = bytes.first, let last = bytes.last, bytes.count <= longestTag else {
      return false
    }
    if bytes.count == 1 { return first & 0x1F != 0x1F }
    return first & 0x1F == 0x1F && last < 0x80
      && bytes.dropFirst().dropLast().allSatisfy { $0 >= 0x80 }
  }

  /// Bit 6 of the first byte: the value is elements itself (§8.1.2.5).
  private static func isConstructed(_ tag: ArraySlice<UInt8>) -> Bool {
    (tag.first ?? 0) & 0x20 != 0
  }

  /// The shortest length (§8.1.3).
  private static func length(_ count: Int) -> [UInt8] {
    guard count > 0x7F else { return [UInt8(count)] }
    var bytes: [UInt8] = []
    var rest = count
    while rest > 0 {
      bytes.insert(UInt8(rest & 0xFF), at: 0)
      rest >>= 8
    }
    return [0x80 | UInt8(bytes.count)] + bytes
  }

  private func length(_ count: Int, bytes wanted: Int?) throws(CodecError) -> [UInt8] {
    let shortest = Self.length(count)
    guard let wanted, wanted != shortest.count else { return shortest }
    let digits = shortest.count == 1 ? shortest : Array(shortest.dropFirst())
    guard wanted > digits.count else {
      throw CodecError(reason: "has \(count) bytes, too many for a length of \(wanted) bytes")
    }
    return [0x80 | UInt8(wanted - 1)] + [UInt8](repeating: 0, count: wanted - 1 - digits.count)
      + digits
  }
}
