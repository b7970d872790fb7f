/// A cyclic redundancy check of 8 to 32 bits, by the parameters it is published with (the Rocksoft model).
package struct CyclicCheck: Sendable {
  private let bits: Int
  private let polynomial: UInt32
  private let initial: UInt32
  /// Whether each byte, and the result, are taken with their lowest bit first.
  private let reflectsInput: Bool
  private let reflectsOutput: Bool
  private let final: UInt32
  private let table: [UInt32]

  package init(
    _ bits: Int, _ polynomial: UInt32, initial: UInt32 = 0, reflects: Bool = false,
    final: UInt32 = 0
  ) {
    self.init(
      bits, polynomial, initial: initial, reflectsInput: reflects, reflectsOutput: reflects,
      final: final)
  }

  /// `bits` is from 8 to 32.
  package init(
    _ bits: Int, _ polynomial: UInt32, initial: UInt32, reflectsInput: Bool, reflectsOutput: Bool,
    final: UInt32
  ) {
    self.bits = bits
    self.polynomial = polynomial
    self.initial = initial
    self.reflectsInput = reflectsInput
    self.reflectsOutput = reflectsOutput
    self.final = final
    let shift = UInt32(32 - bits)
    table = (0..<256).map { (byte: UInt32) in
      if reflectsInput {
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

  /// The check of bytes.
  package func number(over bytes: some Sequence<UInt8>) -> UInt32 {
    var register: UInt32
    if reflectsInput {
      register = bytes.reduce(Self.reflect(initial, bits: bits)) {
        $0 >> 8 ^ table[Int(($0 ^ UInt32($1)) & 0xFF)]
      }
    } else {
      // The register stands at the top of 32 bits, so that one step serves all widths.
      let shift = UInt32(32 - bits)
      register = bytes.reduce(initial << shift) { $0 << 8 ^ table[Int($0 >> 24 ^ UInt32($1))] }
      register >>= shift
    }
    if reflectsInput != reflectsOutput { register = Self.reflect(register, bits: bits) }
    return register ^ final
  }

  private static func reflect(_ value: UInt32, bits: Int) -> UInt32 {
    (0..<bits).reduce(0) { $0 | (value >> UInt32($1) & 1) << UInt32(bits - 1 - $1) }
  }
}
