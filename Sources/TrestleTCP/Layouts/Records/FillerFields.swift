internal import TrestleCore

/// `pad(3)`: bytes that mean nothing; read whatever they are.
struct PadField: FieldCodec {
  var size: Int
  var byte: UInt8 = 0

  func read(_ reader: inout FieldReader) throws(CodecError) -> Value {
    .bytes(Array(try reader.take(size)))
  }

  func write(_ value: Value, to output: inout [UInt8]) throws(CodecError) {
    output += [UInt8](repeating: byte, count: size)
  }

  var schema: Schema { .nothing }
  var fixedSize: Int? { size }
}

/// `align(4)`: as many bytes as bring what follows to a multiple of 4 from the message's beginning.
struct AlignmentField: FieldCodec {
  var unit: Int
  var byte: UInt8 = 0

  private func missing(at position: Int) -> Int { (unit - position % unit) % unit }

  func read(_ reader: inout FieldReader) throws(CodecError) -> Value {
    .bytes(Array(try reader.take(missing(at: reader.position))))
  }

  func write(_ value: Value, to output: inout [UInt8]) throws(CodecError) {
    output += [UInt8](repeating: byte, count: missing(at: output.count))
  }

  var schema: Schema { .nothing }
}
