internal import TrestleCore

/// ISO 8583: a message type, bitmaps that say which data elements are there, and these.
///
/// A message is an object of `mti`, `header` where there is one, and the fields by their names, or
/// by their numbers where they have none.
struct ISO8583Layout: MessageLayout {
  /// How the message type is written.
  enum TypeCoding: Sendable {
    case characters(TextEncoding)
    /// Two digits a byte.
    case packed
    /// The same for all hexadecimal digits.
    case binary
  }

  var typeCoding: TypeCoding
  var primary: BitmapCoding
  /// Of the second bitmap and the third.
  var secondary: BitmapCoding
  /// What stands before the message type.
  var header: DataElement?
  /// What the header is where a message has none.
  var defaultHeader: Value?
  var elements: DataElementTable

  static let typeKey = "mti"
  static let headerKey = "header"
  /// What errors call the first bitmap; the others are fields 1 and 65.
  static let bitmapKey = "bitmap"

  /// Whether bit 65 says that a third bitmap follows. An element declared for it takes its place.
  var hasTertiary: Bool { elements[65] == nil }

  func key(of field: String) -> String {
    elements[field]?.key ?? field
  }

  var fieldNames: [String]? { [Self.typeKey, Self.headerKey] + elements.keys }

  func layout(within field: String) -> (any MessageLayout)? { elements[field]?.inner }

  func filled(_ value: Value, of field: String) -> Value { elements[field]?.filled(value) ?? value }

  /// Fields that say what a message asks for: processing code, function code, network code. The others
  /// say who asks, and when.
  private static let identifyingFields = [3, 24, 70]

  func identifies(_ place: ValuePath) -> Bool {
    guard case .member(let name)? = place.steps.first else { return false }
    return name == Self.typeKey
      || Self.identifyingFields.contains { (elements[$0]?.element.key ?? String($0)) == name }
  }

  var schema: Schema? {
    var facets = Facets()
    facets.patterns = [#"\d{4}"#]
    let type = ScalarSchema(
      kind: .string, form: .string, typeName: Self.typeKey, facets: facets)
    var members = [
      ObjectSchema.Member(
        name: Self.typeKey, schema: Schema(.scalar(type), summary: "Message type"))
    ]
    if let header {
      members.append(
        ObjectSchema.Member(name: Self.headerKey, schema: header.schema, isRequired: false))
    }
    return Schema(.object(ObjectSchema(members: members + elements.members)))
  }

  var typeKey: String? { Self.typeKey }

  /// The type of a reply, and the header of the request.
  ///
  /// The third digit is what a message is for: even where it asks, one more where it answers. The
  /// fourth says who sent it first; a repeat (odd) is answered as what it repeats.
  func answer(to request: Value, generators: Generators) -> Value {
    var answer = Record()
    if let text = request[Self.typeKey]?.scalarText, let type = Self.answeringType(text) {
      answer[Self.typeKey] = .string(type)
    }
    if header != nil, let header = request[Self.headerKey] { answer[Self.headerKey] = header }
    return .object(answer)
  }

  private static func answeringType(_ type: String) -> String? {
    var digits = Array(type.utf8)
    guard digits.count == 4, digits.allSatisfy({ $0 &- 0x30 < 10 }) else { return nil }
    guard digits[2] % 2 == 0 else { return type }
    digits[2] += 1
    if digits[3] < 0x36 { digits[3] &= 0xFE }
    return String(decoding: digits, as: UTF8.self)
  }

  // MARK: Writing

  func encode(_ message: Value) throws(CodecError) -> [UInt8] {
    guard case .object(let record) = message else {
      throw CodecError(
        path: "layout.iso8583", reason: "writes fields by name, found \(message.kindName)")
    }
    var output: [UInt8] = []
    output.reserveCapacity(256)
    try writeHeader(record, to: &output)
    try writeType(record, to: &output)
    let values = try values(in: record)
    writeBitmaps(values.map(\.number), to: &output)
    for (number, value) in values { try elements[number]?.element.write(value, to: &output) }
    return output
  }

  private func writeHeader(_ record: Record, to output: inout [UInt8]) throws(CodecError) {
    let given = record[Self.headerKey] ?? .null
    guard let header else {
      if given.isNull { return }
      throw CodecError(
        path: Self.headerKey, reason: "is not declared", hint: "declare it in layout.iso8583")
    }
    guard let value = given.isNull ? defaultHeader : given else {
      throw CodecError(path: Self.headerKey, reason: "is missing")
    }
    try header.write(value, to: &output)
  }

  private func writeType(_ record: Record, to output: inout [UInt8]) throws(CodecError) {
    let given = record[Self.typeKey] ?? .null
    guard !given.isNull else {
      throw CodecError(
        path: Self.typeKey, reason: "is missing", hint: "give the message type, like 0100")
    }
    guard let text = given.scalarText, text.unicodeScalars.count == 4 else {
      throw CodecError.unwritable(given, "4 digits").inside(Self.typeKey)
    }
    switch typeCoding {
    case .characters(let encoding):
      output += try encoding.bytes(of: text, path: Self.typeKey)
    case .packed, .binary:
      guard let bytes = HexadecimalText.bytes(of: text), isType(bytes[...]) else {
        throw CodecError.unwritable(given, "4 digits").inside(Self.typeKey)
      }
      output += bytes
    }
  }

  private func isType(_ bytes: ArraySlice<UInt8>) -> Bool {
    if case .binary = typeCoding { return true }
    return bytes.allSatisfy { $0 >> 4 < 10 && $0 & 15 < 10 }
  }

  private func values(in record: Record) throws(CodecError) -> [(number: Int, value: Value)] {
    do throws(CodecError) {
      return try elements.values(in: record)
    } catch {
      // A number that no bitmap has a bit for.
      guard let number = Int(error.path), number < 2 || number > 192 else { throw error }
      throw CodecError(
        path: Self.bitmapKey, reason: "has no bit for a field \(number)",
        hint: "fields have the numbers 2 to 192")
    }
  }

  private func writeBitmaps(_ numbers: [Int], to output: inout [UInt8]) {
    let last = numbers.last ?? 0
    var bits = [UInt8](repeating: 0, count: last > 128 ? 24 : last > 64 ? 16 : 8)
    for number in numbers { bits.setBit(number) }
    if last > 64 { bits.setBit(1) }
    if last > 128 { bits.setBit(65) }
    primary.write(Array(bits[..<8]), to: &output)
    if last > 64 { secondary.write(Array(bits[8...]), to: &output) }
  }

  // MARK: Reading

  func decode(_ bytes: [UInt8]) throws(CodecError) -> DecodedMessage {
    var notes = ReadingNotes()
    let value = try read(bytes, &notes)
    return DecodedMessage(value: .object(value), warnings: notes.warnings)
  }

  func list(_ bytes: [UInt8], into fields: inout [FieldSpan]) throws(CodecError) {
    var notes = ReadingNotes(spans: [])
    defer { fields += notes.spans ?? [] }
    _ = try read(bytes, &notes)
  }

  private func read(
    _ bytes: [UInt8], _ notes: inout ReadingNotes
  ) throws(CodecError) -> Record {
    var reader = FieldReader(bytes)
    var record = Record()
    record.reserveCapacity(32)
    let header = try self.header?.read(&reader, &notes)
    record.append(unique: Self.typeKey, .string(try readType(&reader, &notes)))
    if let header { record.append(unique: Self.headerKey, header) }

    var last = Self.bitmapKey
    var numbers = try readBitmap(primary, last, after: 0, &reader, &notes)
    if numbers.first == 1 {
      numbers.removeFirst()
      last = "1"
      let second = try readBitmap(secondary, last, after: 64, &reader, &notes)
      numbers += second
      if second.first == 65, hasTertiary {
        numbers.remove(at: numbers.count - second.count)
        last = "65"
        numbers += try readBitmap(secondary, last, after: 128, &reader, &notes)
      }
    }
    for number in numbers {
      guard let entry = elements[number] else {
        throw CodecError(
          path: String(number), reason: "is in the bitmap, but not declared",
          hint: "declare it under layout.iso8583.fields", in: bytes[...],
          wrong: reader.position..<reader.position)
      }
      last = entry.element.key
      record.append(unique: last, try entry.element.read(&reader, &notes))
    }
    guard reader.remaining == 0 else {
      throw CodecError(
        path: last,
        reason: "is the last field, but \(reader.remaining) bytes follow it",
        hint: "a length or coding before them is not the peer's, or they belong to the frame",
        in: bytes[...], wrong: reader.position..<bytes.count)
    }
    return record
  }

  private func readType(
    _ reader: inout FieldReader, _ notes: inout ReadingNotes
  ) throws(CodecError) -> String {
    do throws(CodecError) {
      let data: ArraySlice<UInt8>
      let text: String
      switch typeCoding {
      case .characters(let encoding):
        data = try reader.take(4)
        guard let read = try? encoding.text(of: data, path: "", at: data.startIndex) else {
          throw reader.wrong(data, "is not \(encoding.name)")
        }
        text = read
      case .packed, .binary:
        data = try reader.take(2)
        guard isType(data) else { throw reader.wrong(data, "is not 4 digits") }
        text = HexadecimalText.text(of: data)
      }
      if notes.spans != nil {
        notes.spans?.append(
          FieldSpan(
            path: Self.typeKey, range: data.startIndex..<data.endIndex, type: Self.typeKey,
            value: .string(text)))
      }
      return text
    } catch {
      throw error.inside(Self.typeKey)
    }
  }

  /// Reads a bitmap; gives the numbers of its fields, which begin after `offset`.
  private func readBitmap(
    _ coding: BitmapCoding, _ key: String, after offset: Int, _ reader: inout FieldReader,
    _ notes: inout ReadingNotes
  ) throws(CodecError) -> [Int] {
    let start = reader.position
    let bits: ArraySlice<UInt8>
    do throws(CodecError) {
      bits = try coding.read(bits: 64, &reader)
    } catch {
      throw error.inside(key)
    }
    if notes.spans != nil {
      notes.spans?.append(
        FieldSpan(
          path: key, range: start..<reader.position, type: "bitmap",
          value: .string(HexadecimalText.text(of: bits))))
    }
    return bits.bitNumbers.map { $0 + offset }
  }
}
