internal import TrestleCore

/// `varint`: a whole number of seven bits a byte, the low ones first; the high bit says that another
/// byte follows (LEB128, as Protocol Buffers and MQTT have it).
struct VariableIntegerField: FieldCodec {
  /// 64 bits in groups of seven.
  private static let longest = 10

  func read(_ reader: inout FieldReader) throws(CodecError) -> Value {
    let start = reader.position
    var number: UInt64 = 0
    for index in 0..<Self.longest {
      let byte = try reader.take(1)[reader.position - 1]
      let part = UInt64(byte & 0x7F)
      let shifted = part << UInt64(index * 7)
      guard shifted >> UInt64(index * 7) == part else { break }
      number |= shifted
      if byte < 0x80 {
        return Int64(exactly: number).map { .integer($0) } ?? .string(String(number))
      }
    }
    throw reader.wrong(reader.bytes[start..<reader.position], "is no varint of up to 64 bits")
  }

  func write(_ value: Value, to output: inout [UInt8]) throws(CodecError) {
    guard var number = value.isNull ? 0 : value.scalarText.flatMap({ UInt64($0) }) else {
      throw .unwritable(value, "a whole number of up to 64 bits")
    }
    while number >= 0x80 {
      output.append(UInt8(truncatingIfNeeded: number) | 0x80)
      number >>= 7
    }
    output.append(UInt8(truncatingIfNeeded: number))
  }

  var schema: Schema {
    var scalar = ScalarSchema(kind: .integer, form: .number, typeName: "varint")
    scalar.facets.minimum = "0"
    scalar.facets.maximum = String(UInt64.max)
    return Schema(.scalar(scalar))
  }
}
