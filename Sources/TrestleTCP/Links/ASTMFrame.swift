/// The control characters of ASTM E1381.
enum ASTMControl {
  static let startOfText: UInt8 = 0x02
  static let endOfText: UInt8 = 0x03
  static let endOfTransmission: UInt8 = 0x04
  static let enquiry: UInt8 = 0x05
  static let acknowledge: UInt8 = 0x06
  static let refuse: UInt8 = 0x15
  static let endOfBlock: UInt8 = 0x17

  /// Whether a text may hold a byte. Line feeds, which the standard keeps for the ends of frames, are
  /// let through: no reader needs their absence.
  static func isAllowed(inText byte: UInt8) -> Bool {
    switch byte {
    case 0x01...0x06, 0x10...0x17: false
    default: true
    }
  }
}

/// One frame of ASTM E1381: `STX number text ETB|ETX check check CR LF`.
struct ASTMFrame: Sendable, Hashable {
  /// All of it, from STX on.
  var bytes: [UInt8]
  /// Where in it the text stands.
  var text: Range<Int>

  /// Cuts a frame whose ETB or ETX stands at a place.
  init(_ bytes: [UInt8], end: Int) {
    self.bytes = bytes
    text = min(2, end)..<end
  }

  /// Writes a frame.
  init(number: Int, text: some Sequence<UInt8>, isLast: Bool) {
    var bytes = [ASTMControl.startOfText, UInt8(ascii: "0") + UInt8(number & 7)]
    bytes += text
    let end = bytes.count
    bytes.append(isLast ? ASTMControl.endOfText : ASTMControl.endOfBlock)
    bytes += Self.digits(Self.sum(bytes[1...]))
    bytes += [0x0D, 0x0A]
    self.bytes = bytes
    self.text = 2..<end
  }

  /// 0 to 7; nil where none stands.
  var number: Int? {
    guard text.upperBound >= 2 else { return nil }
    let number = Int(bytes[1]) - 0x30
    return (0...7).contains(number) ? number : nil
  }

  /// Whether its end is ETX: no frame of the same text follows.
  var isLast: Bool { bytes[text.upperBound] == ASTMControl.endOfText }

  /// Where the two digits of the check stand.
  var check: Range<Int> { text.upperBound + 1..<text.upperBound + 3 }

  var writtenCheck: String { String(decoding: bytes[check], as: UTF8.self) }

  /// What the check must be.
  var rightCheck: String {
    String(decoding: Self.digits(Self.sum(bytes[1...text.upperBound])), as: UTF8.self)
  }

  /// What is wrong with it by itself; nil for a frame as it should be.
  var fault: String? {
    guard let number else { return "frame has no number from 0 to 7" }
    guard writtenCheck.uppercased() == rightCheck else {
      return "frame \(number) has the check \(Self.shown(bytes[check])), not \(rightCheck)"
    }
    return nil
  }

  private static func shown(_ bytes: ArraySlice<UInt8>) -> String {
    let isText = bytes.allSatisfy { (0x21...0x7E).contains($0) }
    return isText ? String(decoding: bytes, as: UTF8.self) : FrameCheck.text(bytes)
  }

  private static func sum(_ bytes: ArraySlice<UInt8>) -> UInt8 { bytes.reduce(0, &+) }

  private static func digits(_ sum: UInt8) -> [UInt8] {
    let digits = Array("0123456789ABCDEF".utf8)
    return [digits[Int(sum >> 4)], digits[Int(sum & 15)]]
  }
}
