internal import TrestleCore

/// `float32`, `float64`: IEEE 754, or hexadecimal as IBM's mainframes have it (`float32 ibm`).
struct FloatField: FieldCodec {
  var isDouble: Bool
  var isLittleEndian: Bool
  var isHexadecimal = false

  var fixedSize: Int? { isDouble ? 8 : 4 }

  private var coding: NumberCoding { isLittleEndian ? .littleEndian : .bigEndian }

  func read(_ reader: inout FieldReader) throws(CodecError) -> Value {
    let raw = coding.number(in: try reader.take(isDouble ? 8 : 4)) ?? 0
    if isHexadecimal { return .double(HexadecimalFloat.number(raw, isLong: isDouble)) }
    return .double(
      isDouble
        ? Double(bitPattern: raw) : Double(Float(bitPattern: UInt32(truncatingIfNeeded: raw))))
  }

  func write(_ value: Value, to output: inout [UInt8]) throws(CodecError) {
    guard let number = value.isNull ? 0 : value.scalarText.flatMap({ Double($0) }) else {
      throw .unwritable(value, "a number")
    }
    // Text that is not itself the word for it: more than any number of the field.
    let isOver = isDouble || isHexadecimal ? number.isInfinite : Float(number).isInfinite
    if isOver, !(value.scalarText ?? "").lowercased().contains("inf") {
      throw .unwritable(value, isDouble ? "a number below 1.8e308" : "a number below 3.5e38")
    }
    if isHexadecimal {
      guard let raw = HexadecimalFloat.bits(number, isLong: isDouble) else {
        throw .unwritable(value, "a number below 7.2e75")
      }
      output += coding.bytes(of: raw, width: isDouble ? 8 : 4) ?? []
      return
    }
    let raw = isDouble ? number.bitPattern : UInt64(Float(number).bitPattern)
    output += coding.bytes(of: raw, width: isDouble ? 8 : 4) ?? []
  }

  var schema: Schema {
    Schema(
      .scalar(
        ScalarSchema(
          kind: isDouble ? .double : .float, form: .number,
          typeName: isDouble ? "float64" : "float32")))
  }
}
