/// How a body may hold the bytes that end or begin a frame.
struct ByteEscaping: Sendable {
  enum Rule: Sendable {
    /// The escape byte is written twice; alone it belongs to the frame's end (DLE).
    case doubling
    /// The byte after the escape byte is meant as it is.
    case literal
    /// The byte after the escape byte is XORed with a mask (HDLC).
    case masking(UInt8)
    /// The byte after the escape byte stands for another (SLIP).
    case substitution([UInt8: UInt8])
  }

  let escape: UInt8
  let rule: Rule
  /// The bytes that a body may not hold as they are.
  let special: Set<UInt8>

  /// RFC 1055.
  static let slip = ByteEscaping(
    escape: 0xDB, rule: .substitution([0xDC: 0xC0, 0xDD: 0xDB]), special: [0xC0, 0xDB])

  /// RFC 1662 §4.2.
  static let hdlc = ByteEscaping(escape: 0x7D, rule: .masking(0x20), special: [0x7D, 0x7E])

  /// DLE STX … DLE ETX.
  static let dataLink = ByteEscaping(escape: 0x10, rule: .doubling, special: [0x10])

  /// The body as it is written.
  func escaped(_ body: [UInt8]) -> [UInt8] {
    var output: [UInt8] = []
    output.reserveCapacity(body.count)
    for byte in body {
      guard special.contains(byte) else {
        output.append(byte)
        continue
      }
      output.append(escape)
      switch rule {
      case .doubling, .literal: output.append(byte)
      case .masking(let mask): output.append(byte ^ mask)
      case .substitution(let meanings):
        output.append(meanings.first { $0.value == byte }?.key ?? byte)
      }
    }
    return output
  }

  /// What the byte after the escape byte means; nil when it means nothing.
  func meaning(of byte: UInt8) -> UInt8? {
    switch rule {
    case .doubling: byte == escape ? byte : nil
    case .literal: byte
    case .masking(let mask): byte ^ mask
    case .substitution(let meanings): meanings[byte]
    }
  }
}
