internal import NIOCore
internal import TrestleCore

/// Responses that are sent wrongly on purpose.
extension HTTPConnection {
  func send(_ response: WireResponse, misbehaving misbehaviour: Misbehaviour, isLast: Bool) {
    guard let context else { return }
    // What was answered before leaves first, and rightly.
    flush()
    var bytes = ByteBuffer()
    bytes.writeHTTPResponse(response, isLast: isLast, lengthError: misbehaviour.lengthError)
    isMisbehaving = true
    MisbehavingSender(misbehaviour, context: context, pacer: policy.pacer) { [weak self] ending in
      self?.misbehaved(ending, isLast: isLast)
    }.send(Array(bytes.readableBytesView))
  }
}
