/// The text of the open elements, one after the other: each element's own text is what lies above the
/// place it began at.
package struct ByteStack: ~Copyable {
  @usableFromInline var storage: UnsafeMutablePointer<UInt8>
  @usableFromInline var capacity: Int
  @usableFromInline var used = 0

  package init(capacity: Int) {
    self.capacity = max(capacity, 16)
    storage = .allocate(capacity: self.capacity)
  }

  deinit { storage.deallocate() }

  @inlinable package var count: Int { used }

  @inlinable
  package mutating func append(_ bytes: UnsafeBufferPointer<UInt8>) {
    guard let start = bytes.baseAddress else { return }
    let (end, overflow) = used.addingReportingOverflow(bytes.count)
    if overflow || end > capacity { return appendGrowing(bytes) }
    let place = storage + used
    used = end
    place.initialize(from: start, count: bytes.count)
  }

  @usableFromInline @inline(never)
  mutating func appendGrowing(_ bytes: UnsafeBufferPointer<UInt8>) {
    grow(to: used + bytes.count)
    append(bytes)
  }

  /// Gives back room for more bytes than that, once few enough are left.
  package mutating func shrink(to kept: Int) {
    guard capacity > kept, used <= kept else { return }
    capacity = kept
    let smaller = UnsafeMutablePointer<UInt8>.allocate(capacity: kept)
    smaller.update(from: storage, count: used)
    storage.deallocate()
    storage = smaller
  }

  private mutating func grow(to needed: Int) {
    capacity = max(needed, capacity * 2)
    let larger = UnsafeMutablePointer<UInt8>.allocate(capacity: capacity)
    larger.update(from: storage, count: used)
    storage.deallocate()
    storage = larger
  }

  /// The bytes above a place; valid until the next change.
  @inlinable
  package func bytes(from start: Int) -> UnsafeBufferPointer<UInt8> {
    UnsafeBufferPointer(start: storage + start, count: used - start)
  }

  package func text(from start: Int) -> String {
    String(decoding: bytes(from: start), as: UTF8.self)
  }

  @inlinable
  package mutating func cut(to start: Int) { used = start }
}
