internal import TrestleCore

/// Tags and lengths of fixed width, one after the other: `01003ABC02001X`.
struct SimpleTLVLayout: MessageLayout {
  /// How tags and values are written.
  enum Coding: Sendable {
    case characters(TextEncoding)
    /// Hexadecimal text for people.
    case raw
  }

  /// What a length counts.
  enum Coverage: String, Sendable, CaseIterable {
    case value
    case valueAndLength = "value+length"
    /// The tag too.
    case total
  }

  var tagCoding: Coding
  /// In bytes, as is the length's own width.
  var tagWidth: Int
  var length: LengthPrefix
  var coverage = Coverage.value
  var valueCoding: Coding
  /// A byte that may stand between elements and means nothing; no tag begins with it.
  var padding: UInt8?
  var shape = TLVShape()

  /// Tags and lengths of so many digits, all in characters of an encoding.
  init(tagDigits: Int, lengthDigits: Int, encoding: TextEncoding) {
    var coding = NumberCoding.ascii
    if case .ebcdic = encoding { coding = .ebcdic }
    self.init(
      tag: (.characters(encoding), tagDigits), length: LengthPrefix(coding, width: lengthDigits),
      value: .characters(encoding))
  }

  init(tag: (coding: Coding, width: Int), length: LengthPrefix, value: Coding) {
    tagCoding = tag.coding
    tagWidth = tag.width
    self.length = length
    valueCoding = value
  }

  var schema: Schema? {
    shape.schema(
      Schema(
        .scalar(ScalarSchema(kind: .string, form: .string, typeName: "text"))))
  }

  func key(of field: String) -> String { shape.key(meaning: field) }

  private var overhead: Int {
    switch coverage {
    case .value: 0
    case .valueAndLength: length.width
    case .total: length.width + tagWidth
    }
  }

  // MARK: Reading

  func decode(_ bytes: [UInt8]) throws(CodecError) -> DecodedMessage {
    var notes = ReadingNotes()
    let value = try read(bytes, &notes)
    return DecodedMessage(value: value, warnings: notes.warnings)
  }

  func list(_ bytes: [UInt8], into fields: inout [FieldSpan]) throws(CodecError) {
    var notes = ReadingNotes(spans: [])
    defer { fields += notes.spans ?? [] }
    _ = try read(bytes, &notes)
  }

  private func read(
    _ bytes: [UInt8], _ notes: inout ReadingNotes
  ) throws(CodecError) -> Value {
    var reader = FieldReader(bytes)
    var items: [TLVShape.Item] = []
    while reader.remaining > 0 {
      let start = reader.position
      if let padding, bytes[start] == padding {
        let count = bytes[start...].prefix { $0 == padding }.count
        items.append(.padding(Array(try reader.take(count))))
        continue
      }
      let key: String
      do throws(CodecError) {
        key = shape.key(of: try text(of: try reader.take(tagWidth), tagCoding))
      } catch {
        throw error.inside("tag")
      }
      do throws(CodecError) {
        let count = try takeLength(&reader)
        let value = Value.string(try text(of: try reader.take(count), valueCoding))
        items.append(.element(key: key, value: value, lengthBytes: nil))
        if notes.spans != nil {
          notes.spans?.append(FieldSpan(path: key, range: start..<reader.position, value: value))
        }
      } catch {
        throw error.inside(key)
      }
    }
    return shape.value(of: items, warnings: &notes.warnings)
  }

  private func takeLength(_ reader: inout FieldReader) throws(CodecError) -> Int {
    let digits = try reader.take(length.width)
    guard let number = length.coding.number(in: digits) else {
      throw reader.wrong(
        digits, "has no length: expects \(length.coding.description(width: length.width))")
    }
    guard number >= UInt64(overhead), number - UInt64(overhead) <= UInt64(reader.remaining) else {
      throw reader.wrong(
        digits,
        "has a length of \(number), where \(reader.remaining) bytes follow"
          + (overhead > 0 ? " and \(overhead) are counted besides" : ""))
    }
    return Int(number) - overhead
  }

  private func text(of data: ArraySlice<UInt8>, _ coding: Coding) throws(CodecError) -> String {
    switch coding {
    case .raw: HexadecimalText.text(of: data)
    case .characters(let encoding): try encoding.text(of: data, path: "", at: data.startIndex)
    }
  }

  // MARK: Writing

  func encode(_ message: Value) throws(CodecError) -> [UInt8] {
    var output: [UInt8] = []
    for item in try shape.items(of: message) {
      switch item {
      case .padding(let bytes):
        guard let padding, bytes.allSatisfy({ $0 == padding }) else {
          throw CodecError(path: "padding", reason: "holds bytes that are no padding here")
        }
        output += bytes
      case .element(let key, let value, let lengthBytes):
        do throws(CodecError) {
          guard lengthBytes == nil else {
            throw CodecError(reason: "has a length of fixed width; leave length_bytes out")
          }
          try write(key, value, to: &output)
        } catch {
          throw error.inside(key)
        }
      }
    }
    return output
  }

  private func write(
    _ key: String, _ value: Value, to output: inout [UInt8]
  ) throws(CodecError) {
    let tag = try bytes(of: .string(shape.tag(of: key)), tagCoding)
    guard tag.count == tagWidth, padding == nil || tag.first != padding else {
      throw CodecError(
        reason: "is no tag of \(tagWidth) bytes"
          + Suggestion.clause(for: key, among: shape.knownNames))
    }
    let content = try bytes(of: value, valueCoding)
    guard
      let prefix = length.coding.bytes(
        of: UInt64(content.count + overhead), width: length.width)
    else {
      throw CodecError(
        reason: "has \(content.count) bytes, which a length of "
          + "\(length.coding.description(width: length.width)) cannot say")
    }
    output += tag
    output += prefix
    output += content
  }

  private func bytes(of value: Value, _ coding: Coding) throws(CodecError) -> [UInt8] {
    switch coding {
    case .characters(let encoding):
      guard let text = value.scalarText else { throw .unwritable(value, "text") }
      return try encoding.bytes(of: text, path: "")
    case .raw:
      if case .bytes(let bytes) = value { return bytes }
      guard let text = value.scalarText, let bytes = HexadecimalText.bytes(of: text) else {
        throw .unwritable(value, "hexadecimal text")
      }
      return bytes
    }
  }
}
