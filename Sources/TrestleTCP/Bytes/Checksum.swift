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
    fileprivate var parameters: CyclicCheck? {
      switch self {
      case .xor, .sum, .complement: nil
      case .crc8SMBus: CyclicCheck(8, 0x07)
      case .crc16Modbus: CyclicCheck(16, 0x8005, initial: 0xFFFF, reflects: true)
      case .crc16ARC: CyclicCheck(16, 0x8005, reflects: true)
      case .crc16CCITTFalse: CyclicCheck(16, 0x1021, initial: 0xFFFF)
      case .crc16XMODEM: CyclicCheck(16, 0x1021)
      case .crc16KERMIT: CyclicCheck(16, 0x1021, reflects: true)
      case .crc16X25: CyclicCheck(16, 0x1021, initial: 0xFFFF, reflects: true, final: 0xFFFF)
      case .crc32:
        CyclicCheck(32, 0x04C1_1DB7, initial: 0xFFFF_FFFF, reflects: true, final: 0xFFFF_FFFF)
      case .crc32C:
        CyclicCheck(32, 0x1EDC_6F41, initial: 0xFFFF_FFFF, reflects: true, final: 0xFFFF_FFFF)
      case .crc32MPEG2: CyclicCheck(32, 0x04C1_1DB7, initial: 0xFFFF_FFFF)
      }
    }

    /// How many bytes the bare result has.
    var width: Int {
      if rawValue.hasPrefix("crc32") { return 4 }
      return rawValue.hasPrefix("crc16") ? 2 : 1
    }
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
  private let cyclic: CyclicCheck?

  init(_ algorithm: Algorithm, as form: Form) {
    self.algorithm = algorithm
    self.form = form
    cyclic = algorithm.parameters
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
    default: return cyclic?.number(over: bytes) ?? 0
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
