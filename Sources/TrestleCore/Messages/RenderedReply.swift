internal import Synchronization

/// The bytes of a reply that is the same for every call, kept from the first time they were written.
///
/// A mock's constant answers have one: writing a long list again for each call would be the same work
/// with the same result. What is kept depends on nothing but the operation, to which the reply belongs,
/// and the key.
package final class RenderedReply: Sendable {
  /// The bytes under one key. Shared, so that finding it copies nothing else.
  private final class Entry: Sendable {
    let key: Int
    let response: WireResponse

    init(_ key: Int, _ response: WireResponse) {
      self.key = key
      self.response = response
    }
  }

  private let kept = Mutex<[Entry]>([])

  /// The value that the bytes say; nil for a fault.
  package let value: Value?

  package init(_ value: Value?) { self.value = value }

  /// The bytes under a codec's key for whatever else they depend on (a SOAP version); `write` makes
  /// them the first time.
  ///
  /// - Throws: what `write` throws; nothing is kept then.
  package func response(
    for key: Int, write: () throws(CodecError) -> WireResponse
  ) throws(CodecError) -> WireResponse {
    // The lock covers a look at one or two entries; two calls at once may both write, which harms
    // nobody.
    if let known = kept.withLock({ $0.first { $0.key == key } }) { return known.response }
    let response = try write()
    kept.withLock { kept in
      if !kept.contains(where: { $0.key == key }) { kept.append(Entry(key, response)) }
    }
    return response
  }
}
