internal import TrestleCore

/// `bits(3)`, `flag`: a number in bits of bytes that it shares with the fields beside it, the highest
/// bit first. Fields of bits one after the other fill whole bytes together.
struct BitField: FieldCodec {
  /// How many bits: up to 32.
  var width: Int
  /// Whether a bit is true or false.
  var isFlag = false
  /// The bits before it in the shared bytes, and how many bits these have.
  private var offset = 0
  private var total = 8

  init(width: Int, isFlag: Bool = false) {
    self.width = width
    self.isFlag = isFlag
  }

  var bits: Int? { width }

  func placed(at offset: Int, of total: Int) -> any FieldCodec {
    var field = self
    field.offset = offset
    field.total = total
    return field
  }

  var shared: (part: Range<Int>, isFirst: Bool, count: Int)? {
    (offset / 8..<(offset + width + 7) / 8, offset == 0, total / 8)
  }

  private var isLast: Bool { offset + width == total }

  func read(_ reader: inout FieldReader) throws(CodecError) -> Value {
    var ahead = reader
    let shared = try ahead.take(total / 8)
    var number = 0
    for bit in offset..<offset + width {
      number = number << 1 | Int(shared[shared.startIndex + bit / 8] >> UInt8(7 - bit % 8) & 1)
    }
    // The bytes are passed with the last of the fields in them.
    if isLast { reader = ahead }
    return isFlag ? .bool(number == 1) : .integer(Int64(number))
  }

  func write(_ value: Value, to output: inout [UInt8]) throws(CodecError) {
    let number: Int
    if isFlag {
      switch value {
      case .bool(let flag): number = flag ? 1 : 0
      case .null, .string("false"): number = 0
      case .string("true"): number = 1
      default: throw .unwritable(value, "true or false")
      }
    } else {
      guard let given = value.isNull ? 0 : value.scalarText.flatMap({ Int($0) }),
        (0..<1 << width).contains(given)
      else { throw .unwritable(value, "a number of \(width) bits") }
      number = given
    }
    if offset == 0 { output += [UInt8](repeating: 0, count: total / 8) }
    let start = output.count - total / 8
    for bit in 0..<width where number >> (width - 1 - bit) & 1 == 1 {
      let place = offset + bit
      output[start + place / 8] |= 0x80 >> UInt8(place % 8)
    }
  }

  var schema: Schema {
    if isFlag {
      return Schema(.scalar(ScalarSchema(kind: .boolean, form: .boolean, typeName: "flag")))
    }
    var scalar = ScalarSchema(kind: .integer, form: .number, typeName: "bits(\(width))")
    scalar.facets.minimum = "0"
    scalar.facets.maximum = String((1 << width) - 1)
    return Schema(.scalar(scalar))
  }
}
