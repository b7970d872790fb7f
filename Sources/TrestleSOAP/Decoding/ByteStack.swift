/// The text of the open elements, one after the other: each element's own text is what lies above the
/// place it began at.
struct ByteStack: ~Copyable {
  private var storage: UnsafeMutablePointer<UInt8>
  private var capacity: Int
  private(set) var count = 0

  init(capacity: Int) {
    self.capacity = max(capacity, 16)
    storage = .allocate(capacity: self.capacity)
  }

  deinit { storage.deallocate() }

  @inline(__always)
  mutating func append(_ bytes: UnsafeBufferPointer<UInt8>) {
    guard let start = bytes.baseAddress else { return }
    let (end, overflow) = count.addingReportingOverflow(bytes.count)
    if overflow || end > capacity { return appendGrowing(bytes) }
    let place = storage + count
    count = end
    place.initialize(from: start, count: bytes.count)
  }

  @inline(never)
  private mutating func appendGrowing(_ bytes: UnsafeBufferPointer<UInt8>) {
    grow(to: count + bytes.count)
    append(bytes)
  }

  private mutating func grow(to needed: Int) {
    capacity = max(needed, capacity * 2)
    let larger = UnsafeMutablePointer<UInt8>.allocate(capacity: capacity)
    larger.update(from: storage, count: count)
    storage.deallocate()
    storage = larger
  }

  /// The bytes above a place; valid until the next change.
  @inline(__always)
  func bytes(from start: Int) -> UnsafeBufferPointer<UInt8> {
    UnsafeBufferPointer(start: storage + start, count: count - start)
  }

  func text(from start: Int) -> String { String(decoding: bytes(from: start), as: UTF8.self) }

  @inline(__always)
  mutating func cut(to start: Int) { count = start }
}
