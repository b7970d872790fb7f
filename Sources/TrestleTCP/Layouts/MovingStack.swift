/// A stack whose elements are moved and never copied, with room that is used again.
struct MovingStack<Element>: ~Copyable {
  private var storage: UnsafeMutablePointer<Element>
  private var capacity: Int
  private(set) var count = 0

  init(capacity: Int) {
    self.capacity = max(capacity, 1)
    storage = .allocate(capacity: self.capacity)
  }

  deinit {
    storage.deinitialize(count: count)
    storage.deallocate()
  }

  /// The last element; valid until the next change. There must be one.
  var top: UnsafeMutablePointer<Element> { storage + (count - 1) }

  /// The element at a position from the bottom; valid until the next change.
  func element(_ position: Int) -> UnsafeMutablePointer<Element> { storage + position }

  mutating func push(_ element: consuming Element) {
    if count == capacity { move(to: capacity * 2) }
    (storage + count).initialize(to: element)
    count += 1
  }

  /// Takes all elements from a position upwards off.
  mutating func popAll(from position: Int) -> [Element] {
    let taken = count - position
    guard taken > 0 else { return [] }
    let first = storage + position
    count = position
    var elements: [Element] = []
    elements.reserveCapacity(taken)
    for offset in 0..<taken { elements.append((first + offset).move()) }
    return elements
  }

  /// Drops all elements from a position upwards.
  mutating func cut(to position: Int) {
    guard position < count else { return }
    (storage + position).deinitialize(count: count - position)
    count = position
  }

  /// Gives back room for more elements than that, once few enough are left.
  mutating func shrink(to kept: Int) {
    if capacity > kept, count <= kept { move(to: kept) }
  }

  private mutating func move(to room: Int) {
    let other = UnsafeMutablePointer<Element>.allocate(capacity: room)
    other.moveInitialize(from: storage, count: count)
    storage.deallocate()
    storage = other
    capacity = room
  }
}
