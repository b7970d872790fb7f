/// Memory for packed exchanges that are let go of in the order in which they came.
///
/// In segments: it grows and shrinks with what is in it, and nothing is moved.
struct PackedMemory: ~Copyable {
  /// Where an exchange lies.
  struct Place {
    fileprivate let segment: Int
    let bytes: UnsafeRawBufferPointer

    /// The place of what does not lie here.
    static var nowhere: Place {
      Place(segment: -1, bytes: UnsafeRawBufferPointer(start: nil, count: 0))
    }
  }

  private struct Segment {
    let memory: UnsafeMutableRawBufferPointer
    var used = 0
    var places = 0
  }

  private var segments: [Segment] = []
  /// The number of the first segment that is left.
  private var first = 0
  /// One that became free, for the next that is needed.
  private var spare: UnsafeMutableRawBufferPointer?

  private static let segmentSize = 256 << 10

  deinit {
    for segment in segments { segment.memory.deallocate() }
    spare?.deallocate()
  }

  /// Room to lay something down in; what of it is to stay is told by `keep`.
  func room() -> PackingWriter {
    guard let last = segments.last else { return PackingWriter(.init(start: nil, count: 0)) }
    return PackingWriter(UnsafeMutableRawBufferPointer(rebasing: last.memory[last.used...]))
  }

  /// Keeps what was laid down last; nil where there was no room for it: there is now.
  mutating func keep(_ writer: PackingWriter) -> Place? {
    guard writer.isComplete, !segments.isEmpty else {
      makeSegment(writer.count)
      return nil
    }
    let place = segments.count - 1
    let segment = segments[place]
    segments[place].used += writer.count
    segments[place].places += 1
    return Place(
      segment: first + place,
      bytes: UnsafeRawBufferPointer(
        rebasing: segment.memory[segment.used..<segment.used + writer.count]))
  }

  private mutating func makeSegment(_ needed: Int) {
    if needed <= Self.segmentSize, let memory = spare.take() {
      segments.append(Segment(memory: memory))
      return
    }
    segments.append(
      Segment(
        memory: .allocate(byteCount: max(needed, Self.segmentSize), alignment: 16)))
  }

  /// Lets go of the oldest.
  mutating func free(_ place: Place) {
    guard place.segment >= first else { return }
    segments[place.segment - first].places -= 1
    while let oldest = segments.first, oldest.places == 0 {
      guard segments.count > 1 else {
        segments[0].used = 0
        return
      }
      segments.removeFirst()
      first += 1
      if spare == nil, oldest.memory.count == Self.segmentSize {
        spare = oldest.memory
      } else {
        oldest.memory.deallocate()
      }
    }
  }

  /// Gives back what is not needed now.
  mutating func shrink() {
    spare.take()?.deallocate()
    guard segments.count == 1, segments[0].places == 0 else { return }
    segments.removeFirst().memory.deallocate()
    first += 1
  }
}
