/// The bytes of one direction that no message has been cut from yet.
///
/// Taking from the front moves a mark; bytes are shifted only when the mark has passed more of them
/// than are left, so that the whole stream costs time in proportion to its length.
struct FrameBuffer: Sendable {
  private var storage: [UInt8] = []
  private var start = 0
  /// How many bytes were taken since the stream began.
  private(set) var taken = 0

  var count: Int { storage.count - start }

  var isEmpty: Bool { count == 0 }

  /// The byte at a distance from the front.
  subscript(position: Int) -> UInt8 { storage[start + position] }

  /// The bytes between two distances from the front.
  subscript(range: Range<Int>) -> ArraySlice<UInt8> {
    storage[(start + range.lowerBound)..<(start + range.upperBound)]
  }

  /// All bytes.
  var bytes: ArraySlice<UInt8> { storage[start...] }

  /// Whether certain bytes stand at a distance from the front.
  func holds(_ pattern: [UInt8], at position: Int) -> Bool {
    guard position + pattern.count <= count else { return false }
    for (offset, byte) in pattern.enumerated() where self[position + offset] != byte {
      return false
    }
    return true
  }

  mutating func append(_ bytes: [UInt8]) {
    if storage.isEmpty {
      storage = bytes
    } else {
      storage.append(contentsOf: bytes)
    }
  }

  mutating func append(copying bytes: UnsafeRawBufferPointer) {
    storage.append(contentsOf: bytes)
  }

  mutating func take(_ count: Int) {
    start += count
    taken += count
    if start == storage.count {
      storage.removeAll(keepingCapacity: storage.capacity <= Self.keptCapacity)
      start = 0
    } else if start > storage.count - start, start > Self.keptCapacity {
      storage.removeSubrange(..<start)
      start = 0
    }
  }

  private static let keptCapacity = 64 << 10
}
