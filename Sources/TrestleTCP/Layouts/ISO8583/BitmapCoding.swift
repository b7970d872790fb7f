internal import TrestleCore

/// How a bitmap is written: a bit for each element, the first one highest.
enum BitmapCoding: Sendable {
  case binary
  case hexadecimal(TextEncoding)

  /// How many bytes a bitmap of so many bits takes.
  func size(ofBits bits: Int) -> Int {
    switch self {
    case .binary: bits / 8
    case .hexadecimal: bits / 4
    }
  }

  /// The bytes of bits, as many as they are.
  func write(_ bits: [UInt8], to output: inout [UInt8]) {
    switch self {
    case .binary: output += bits
    case .hexadecimal(let encoding):
      for byte in bits {
        for half in [byte >> 4, byte & 15] {
          output.append(
            encoding.byte(of: Unicode.Scalar(HexadecimalText.digit(half))))
        }
      }
    }
  }

  /// Reads a bitmap of so many bits where the reader stands, and passes it.
  func read(bits: Int, _ reader: inout FieldReader) throws(CodecError) -> ArraySlice<UInt8> {
    let data = try reader.take(size(ofBits: bits))
    guard case .hexadecimal(let encoding) = self else { return data }
    guard let digits = HexadecimalText.digits(of: data, in: encoding),
      let bytes = HexadecimalText.bytes(of: digits)
    else { throw reader.wrong(data, "is not hexadecimal") }
    return bytes[...]
  }
}

extension ArraySlice<UInt8> {
  /// The numbers of the bits that are set, from 1.
  var bitNumbers: [Int] {
    var numbers: [Int] = []
    for (position, byte) in enumerated() where byte != 0 {
      for bit in 0..<8 where byte & (0x80 >> UInt8(bit)) != 0 {
        numbers.append(position * 8 + bit + 1)
      }
    }
    return numbers
  }
}

extension [UInt8] {
  /// Sets the bit of a number from 1.
  mutating func setBit(_ number: Int) {
    self[(number - 1) / 8] |= 0x80 >> UInt8((number - 1) % 8)
  }
}
