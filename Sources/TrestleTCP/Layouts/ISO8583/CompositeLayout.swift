internal import TrestleCore

/// Fields within a data element: one after the other, or chosen by a bitmap of their own.
struct CompositeLayout: MessageLayout {
  var elements: DataElementTable
  /// Nil where the fields follow each other from the first one on.
  var bitmap: Bitmap?
  /// What stands before the bitmap.
  var header: DataElement?
  var defaultHeader: Value?

  struct Bitmap: Sendable {
    var coding: BitmapCoding
    var bits: Int
  }

  func key(of field: String) -> String {
    elements[field]?.key ?? field
  }

  func layout(within field: String) -> (any MessageLayout)? { elements[field]?.inner }

  func filled(_ value: Value, of field: String) -> Value { elements[field]?.filled(value) ?? value }

  var schema: Schema? {
    var members = elements.members
    if let header {
      members.insert(
        ObjectSchema.Member(
          name: ISO8583Layout.headerKey, schema: header.schema, isRequired: false), at: 0)
    }
    return Schema(.object(ObjectSchema(members: members)))
  }

  func encode(_ message: Value) throws(CodecError) -> [UInt8] {
    guard case .object(let record) = message else { throw .unwritable(message, "an object") }
    var output: [UInt8] = []
    let values = try elements.values(in: record)
    if let header {
      let given = record[ISO8583Layout.headerKey] ?? .null
      guard let value = given.isNull ? defaultHeader : given else {
        throw CodecError(path: ISO8583Layout.headerKey, reason: "is missing")
      }
      try header.write(value, to: &output)
    }
    if let bitmap {
      var bits = [UInt8](repeating: 0, count: bitmap.bits / 8)
      for (number, _) in values { bits.setBit(number) }
      bitmap.coding.write(bits, to: &output)
    } else {
      try refuseGap(values.map(\.number))
    }
    for (number, value) in values { try elements[number]?.element.write(value, to: &output) }
    return output
  }

  /// Without a bitmap a field can only be left out at the end.
  private func refuseGap(_ numbers: [Int]) throws(CodecError) {
    for (entry, number) in zip(elements.ordered, numbers) where entry.element.number != number {
      throw CodecError(
        path: entry.element.key, reason: "is missing, and fields after it are there")
    }
  }

  func decode(_ bytes: [UInt8]) throws(CodecError) -> DecodedMessage {
    var notes = ReadingNotes()
    let record = try read(bytes, &notes)
    return DecodedMessage(value: .object(record), warnings: notes.warnings)
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
    if let header { record.append(unique: header.key, try header.read(&reader, &notes)) }
    if let bitmap {
      let bits: ArraySlice<UInt8>
      do throws(CodecError) {
        bits = try bitmap.coding.read(bits: bitmap.bits, &reader)
      } catch {
        throw error.inside(ISO8583Layout.bitmapKey)
      }
      for number in bits.bitNumbers {
        guard let element = elements[number]?.element else {
          throw CodecError(
            path: String(number), reason: "is in the bitmap, but not declared",
            in: bytes[...], wrong: reader.position..<reader.position)
        }
        record.append(unique: element.key, try element.read(&reader, &notes))
      }
    } else {
      for entry in elements.ordered where reader.remaining > 0 {
        record.append(unique: entry.element.key, try entry.element.read(&reader, &notes))
      }
    }
    guard reader.remaining == 0 else {
      throw CodecError(
        path: "", reason: "has \(reader.remaining) bytes after the last field",
        in: bytes[...], wrong: reader.position..<bytes.count)
    }
    return record
  }
}
