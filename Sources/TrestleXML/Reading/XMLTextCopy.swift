#if canImport(Glibc)
  internal import Glibc
#else
  internal import Darwin
#endif

/// A document's text with the NUL behind it that libxml2 reads to, in room that is used again.
///
/// Parsing text that lies still costs libxml2 nothing but looking at it: of its own buffers it asks
/// at every name and every text whether more can be read.
struct XMLTextCopy: ~Copyable {
  private var storage: UnsafeMutableBufferPointer<UInt8>

  /// Larger room is given back after use.
  private static let keptCapacity = 64 << 10

  init() { storage = UnsafeMutableBufferPointer(start: nil, count: 0) }

  deinit { storage.deallocate() }

  /// Copies a text, which must not hold NUL bytes. The copy lies still until the next one.
  mutating func copy(_ text: UnsafeBufferPointer<UInt8>) -> UnsafePointer<UInt8>? {
    if storage.count <= text.count {
      storage.deallocate()
      storage = .allocate(capacity: max(1024, text.count + 1))
    }
    guard let start = storage.baseAddress else { return nil }
    if let source = text.baseAddress { memcpy(start, source, text.count) }
    start[text.count] = 0
    return UnsafePointer(start)
  }

  /// Gives back room that few documents need.
  mutating func shrink() {
    guard storage.count > Self.keptCapacity else { return }
    storage.deallocate()
    storage = UnsafeMutableBufferPointer(start: nil, count: 0)
  }
}
