internal import TrestleCore

/// Transfers that wait to be sent, as their framing wrote them.
struct ASTMSendQueue: Sendable {
  /// One transfer: its frames, and how many bytes it was given as.
  private struct Transfer {
    var frames: [[UInt8]] = []
    var size = 0
  }

  private var transfers: [Transfer] = []
  private var next = Transfer()
  private var reader = ASTMLinkReader(maximum: .max - 2)

  /// Whether no whole transfer waits.
  var isEmpty: Bool { transfers.isEmpty }

  /// The frames of the transfer whose turn it is.
  var first: [[UInt8]] { transfers.first?.frames ?? [] }

  /// How many bytes of such a transfer were given.
  var incompleteCount: Int { next.size }

  /// What came of a transfer whose end did not come.
  var incomplete: [UInt8] {
    guard next.size > 0 else { return [] }
    return [ASTMControl.enquiry] + next.frames.joined() + reader.unfinished
  }

  /// Takes bytes of a framing; they may be wrong on purpose, and are then sent as they are.
  mutating func append(_ bytes: [UInt8]) {
    var known = reader.taken
    reader.append(bytes)
    while let unit = try? reader.next() {
      next.size += reader.taken - known
      known = reader.taken
      switch unit {
      case .frame(let frame): next.frames.append(frame.bytes)
      case .endOfTransmission:
        transfers.append(next)
        next = Transfer()
      case .enquiry, .acknowledge, .refuse, .noise: break
      }
    }
    next.size += reader.taken - known
  }

  /// Takes the first transfer away; how many bytes it was given as.
  mutating func removeFirst() -> Int {
    transfers.isEmpty ? 0 : transfers.removeFirst().size
  }
}
