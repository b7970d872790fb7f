extension EnvelopeDecoder {
  /// The open elements that have members, the innermost on top. There is always one: at the bottom
  /// lies the document.
  struct FrameStack: ~Copyable {
    private var frames: UnsafeMutablePointer<Frame>
    private var capacity = 8
    /// The innermost frame, one of `frames`; valid until the next push or pop.
    private(set) var top: UnsafeMutablePointer<Frame>

    init() {
      frames = .allocate(capacity: capacity)
      frames.initialize(to: Frame(kind: .document, textStart: 0))
      top = frames
    }

    deinit {
      frames.deinitialize(count: count)
      frames.deallocate()
    }

    private var count: Int { top - frames + 1 }

    mutating func push(_ frame: consuming Frame) {
      if count == capacity { grow() }
      top += 1
      top.initialize(to: frame)
    }

    /// Takes the innermost frame off; the document's is replaced by a fresh one.
    mutating func pop() -> Frame {
      let frame = top.move()
      if top == frames {
        top.initialize(to: Frame(kind: .document, textStart: 0))
      } else {
        top -= 1
      }
      return frame
    }

    private mutating func grow() {
      let larger = UnsafeMutablePointer<Frame>.allocate(capacity: capacity * 2)
      larger.moveInitialize(from: frames, count: capacity)
      frames.deallocate()
      frames = larger
      top = larger + (capacity - 1)
      capacity *= 2
    }

    /// Calls the body with each frame, from the document inwards.
    func forEach(_ body: (borrowing Frame) -> Void) {
      for index in 0..<count { body(frames[index]) }
    }
  }
}
