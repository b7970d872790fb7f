internal import TrestleCore

extension Framing {
  /// Whether only the end of the stream ends a message that this framing wrote: the sender then has
  /// to close after it.
  func endsByClosing(after bytes: [UInt8]) -> Bool {
    guard quietTime == nil else { return false }
    var decoder = makeDecoder()
    decoder.append(bytes)
    do throws(CodecError) {
      if try decoder.next() != nil { return false }
      return try decoder.finish() != nil
    } catch {
      return false
    }
  }
}
