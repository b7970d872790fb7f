internal import TrestleCore

/// A check over bytes, and how its result is written.
struct Checksum: Sendable {
  /// The ways to compute one.
  enum Algorithm: String, Sendable, CaseIterable {
    case xor
    /// All bytes added, modulo 256.
    case sum
    /// The two's complement of `sum`, so that everything adds up to 0.
    case complement
    case crc8SMBus = "crc8-smbus"
    case crc16Modbus = "crc16-modbus"
    case crc16ARC = "crc16-arc"
    case crc16CCITTFalse = "crc16-ccitt-false"
    case crc16XMODEM = "crc16-xmodem"
    case crc16KERMIT = "crc16-kermit"
    case crc16X25 = "crc16-x25"
    case crc32
    case crc32C = "crc32c"
    case crc32MPEG2 = "crc32-mpeg2"

    /// The parameters of a CRC (Rocksoft model); nil for the simple ones.
    fileprivate var parameters: CRC? {
      switch self {
      case .xor, .sum, .complement: nil
      case .crc8SMBus: CRC(8, 0x07)
      case .crc16Modbus: CRC(16, 0x8005, initial: 0xFFFF, isReflected: true)
      case .crc16ARC: CRC(16, 0x8005, isReflected: true)
      case .crc16CCITTFalse: CRC(16, 0x1021, initial: 0xFFFF)
      case .crc16XMODEM: CRC(16, 0x1021)
      case .crc16KERMIT: CRC(16, 0x1021, isReflected: true)
      case .crc16X25: CRC(16, 0x1021, initial: 0xFFFF, isReflected: true, final: 0xFFFF)
      case .crc32:
        CRC(32, 0x04C1_1DB7, initial: 0xFFFF_FFFF, isReflected: true, final: 0xFFFF_FFFF)
      case .crc32C:
        CRC(32, 0x1EDC_6F41, initial: 0xFFFF_FFFF, isReflected: true, final: 0xFFFF_FFFF)
      case .crc32MPEG2: CRC(32, 0x04C1_1DB7, initial: 0xFFFF_FFFF)
      }
    }

    /// How many bytes the bare result has.
    var width: Int { (parameters?.bits ?? 8) / 8 }
  }

  /// The ways to write the result.
  enum Form: String, Sendable, CaseIterable {
    case binary
    case littleEndian = "le"
    /// Two hexadecimal digits a byte: capitals written, either read.
    case hex
    /// Decimal digits, as many as the largest result has.
    case dec

    fileprivate var coding: NumberCoding {
      switch self {
      case .binary: .bigEndian
      case .littleEndian: .littleEndian
      case .hex: .hexadecimal
      case .dec: .ascii
      }
    }
  }

  let algorithm: Algorithm
  let form: Form
  private let table: [UInt32]

  init(_ algorithm: Algorithm, as form: Form) {
    self.algorithm = algorithm
    self.form = form
    table = algorithm.parameters?.makeTable() ?? []
  }

  /// How many bytes the written result has.
  var count: Int {
    switch form {
    case .binary, .littleEndian: algorithm.width
    case .hex: algorithm.width * 2
    case .dec: [1: 3, 2: 5][algorithm.width] ?? 10
    }
  }

  /// The bare result.
  func number(over bytes: some Sequence<UInt8>) -> UInt32 {
    switch algorithm {
    case .xor: return UInt32(bytes.reduce(0) { $0 ^ $1 })
    case .sum: return UInt32(bytes.reduce(0) { $0 &+ $1 })
    case .complement: return UInt32(0 &- bytes.reduce(0) { $0 &+ $1 })
    default: return algorithm.parameters?.number(over: bytes, table: table) ?? 0
    }
  }

  /// The result as it is written.
  func written(over bytes: some Sequence<UInt8>) -> [UInt8] {
    form.coding.bytes(of: UInt64(number(over: bytes)), width: count) ?? []
  }

  /// Whether what was found is the written result; the case of hexadecimal digits does not matter.
  func isRight(_ found: ArraySlice<UInt8>, over bytes: some Sequence<UInt8>) -> Bool {
    found.count == count
      && form.coding.number(in: found) == UInt64(number(over: bytes))
  }
}

/// A cyclic redundancy check by the Rocksoft model, with reflection of input and output together.
private struct CRC: Sendable {
  let bits: Int
  let polynomial: UInt32
  let initial: UInt32
  let isReflected: Bool
  let final: UInt32

  init(
    _ bits: Int, _ polynomial: UInt32, initial: UInt32 = 0, isReflected: Bool = false,
    final: UInt32 = 0
  ) {
    self.bits = bits
    self.polynomial = polynomial
    self.initial = initial
    self.isReflected = isReflected
    self.final = final
  }

  private var mask: UInt32 { bits == 32 ? .max : 1 << UInt32(bits) - 1 }

  /// Non-reflected registers stand at the top of 32 bits, so that one step serves all widths.
  private var shift: UInt32 { UInt32(32 - bits) }

  func makeTable() -> [UInt32] {
    (0..<256).map { (byte: UInt32) in
      if isReflected {
        let reflected = Self.reflect(polynomial, bits: bits)
        return (0..<8).reduce(byte) { value, _ in
          value & 1 == 1 ? value >> 1 ^ reflected : value >> 1
        }
      }
      return (0..<8).reduce(byte << 24) { value, _ in
        value >> 31 == 1 ? value << 1 ^ polynomial << shift : value << 1
      }
    }
  }

  func number(over bytes: some Sequence<UInt8>, table: [UInt32]) -> UInt32 {
    if isReflected {
      let start = Self.reflect(initial, bits: bits)
      return bytes.reduce(start) { $0 >> 8 ^ table[Int(($0 ^ UInt32($1)) & 0xFF)] } ^ final
    }
    let register = bytes.reduce(initial << shift) {
      $0 << 8 ^ table[Int($0 >> 24 ^ UInt32($1))]
    }
    return (register >> shift ^ final) & mask
  }

  private static func reflect(_ value: UInt32, bits: Int) -> UInt32 {
    (0..<bits).reduce(0) { $0 | (value >> UInt32($1) & 1) << UInt32(bits - 1 - $1) }
  }
}
