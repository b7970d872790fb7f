internal import TrestleCore

/// Cuts what travels over an ASTM link into control characters and frames. A pure value: what comes
/// out does not depend on how the bytes were split.
struct ASTMLinkReader: Sendable {
  enum Unit: Sendable, Hashable {
    case enquiry, endOfTransmission, acknowledge, refuse
    case frame(ASTMFrame)
    /// A byte that belongs to nothing.
    case noise(UInt8)
  }

  /// The longest text of a frame; more is an error before more is kept.
  let maximum: Int
  private var input: [UInt8] = []
  private var position = 0
  /// How many bytes of the stream came before `input`.
  private var base = 0
  /// A frame that has begun.
  private var partial: [UInt8] = []
  /// Where in it ETB or ETX stands, once it has come.
  private var end: Int?

  init(maximum: Int) { self.maximum = maximum }

  /// How many bytes of the stream were taken.
  var taken: Int { base + position }

  /// The bytes of a frame that has not ended.
  var unfinished: [UInt8] { partial }

  mutating func append(_ bytes: [UInt8]) {
    base += position
    input = position == input.count ? bytes : Array(input[position...]) + bytes
    position = 0
  }

  /// The next unit; nil until more bytes arrive.
  ///
  /// - Throws: `CodecError` for a frame that is longer than any may be.
  mutating func next() throws(CodecError) -> Unit? {
    while position < input.count {
      let byte = input[position]
      if let unit = try take(byte) { return unit }
    }
    return nil
  }

  private mutating func take(_ byte: UInt8) throws(CodecError) -> Unit? {
    guard !partial.isEmpty else { return takeOutside(byte) }
    guard let end else { return try takeText(byte) }
    let expected: UInt8? =
      switch partial.count - end {
      case 3: 0x0D
      case 4: 0x0A
      default: nil
      }
    if let expected, byte != expected { return frame(end: end) }
    if expected == nil, let unit = interruption(byte) { return unit }
    position += 1
    partial.append(byte)
    return partial.count == end + 5 ? frame(end: end) : nil
  }

  private mutating func frame(end: Int) -> Unit {
    let frame = ASTMFrame(partial, end: end)
    partial = []
    self.end = nil
    return .frame(frame)
  }

  private mutating func takeOutside(_ byte: UInt8) -> Unit? {
    position += 1
    switch byte {
    case ASTMControl.startOfText:
      partial = [byte]
      return nil
    case ASTMControl.enquiry: return .enquiry
    case ASTMControl.endOfTransmission: return .endOfTransmission
    case ASTMControl.acknowledge: return .acknowledge
    case ASTMControl.refuse: return .refuse
    // Line ends after control characters mean nothing, but many send them.
    case 0x0D, 0x0A: return nil
    default: return .noise(byte)
    }
  }

  private mutating func takeText(_ byte: UInt8) throws(CodecError) -> Unit? {
    if let unit = interruption(byte) { return unit }
    position += 1
    if byte == ASTMControl.startOfText {
      // A frame that begins anew: what came of it before is lost.
      partial = [byte]
      return nil
    }
    if byte == ASTMControl.endOfText || byte == ASTMControl.endOfBlock { end = partial.count }
    partial.append(byte)
    guard end != nil || partial.count - 2 <= maximum else {
      throw CodecError(
        path: "frame.link", reason: "a frame has more than max \(maximum) bytes without an end",
        hint: "raise max in the frame section if the system sends more", offset: taken)
    }
    return nil
  }

  /// The sender gave a frame up in its middle.
  private mutating func interruption(_ byte: UInt8) -> Unit? {
    guard byte == ASTMControl.enquiry || byte == ASTMControl.endOfTransmission else { return nil }
    position += 1
    partial = []
    end = nil
    return byte == ASTMControl.enquiry ? .enquiry : .endOfTransmission
  }
}
