/// A pattern compiled for Thompson's simulation: all ways through the pattern at once, so that the
/// time grows with text × pattern and never explodes.
struct XSDPatternProgram: Sendable {
  private enum Instruction: Sendable {
    /// Takes one character of a class, by its position in `classes`.
    case take(Int)
    case split(Int, Int)
    case jump(Int)
    case accept
  }

  /// Patterns beyond this are not checked: quantities like `{1,50000}` over groups.
  private static let maximumLength = 20_000

  private var instructions: [Instruction] = []
  private var classes: [XSDCharacterClass] = []
  /// Set when the whole pattern is one class with a quantity: `[A-Z]{1,35}`, the commonest by far.
  private var single: (set: XSDCharacterClass, minimum: Int, maximum: Int)?

  init?(_ root: XSDPattern.Node) {
    if case .repeated(.set(let set), let minimum, let maximum) = root {
      single = (set, minimum, maximum ?? .max)
      return
    }
    guard append(root) else { return nil }
    instructions.append(.accept)
  }

  private mutating func append(_ node: XSDPattern.Node) -> Bool {
    guard instructions.count < Self.maximumLength else { return false }
    switch node {
    case .set(let set):
      classes.append(set)
      instructions.append(.take(classes.count - 1))
    case .anchor(let scalar):
      let optional = XSDPattern.Node.set(XSDCharacterClass(.one(scalar)))
      return append(.repeated(optional, minimum: 0, maximum: 1))
    case .sequence(let nodes):
      for node in nodes { guard append(node) else { return false } }
    case .alternation(let nodes): return appendAlternation(nodes)
    case .repeated(let node, let minimum, let maximum):
      return appendRepetition(of: node, minimum: minimum, maximum: maximum)
    }
    return true
  }

  private mutating func appendAlternation(_ nodes: [XSDPattern.Node]) -> Bool {
    var jumps: [Int] = []
    for (index, node) in nodes.enumerated() {
      guard index < nodes.count - 1 else {
        guard append(node) else { return false }
        break
      }
      let split = instructions.count
      instructions.append(.accept)
      guard append(node) else { return false }
      jumps.append(instructions.count)
      instructions.append(.accept)
      instructions[split] = .split(split + 1, instructions.count)
    }
    for jump in jumps { instructions[jump] = .jump(instructions.count) }
    return true
  }

  private mutating func appendRepetition(
    of node: XSDPattern.Node, minimum: Int, maximum: Int?
  ) -> Bool {
    for _ in 0..<minimum {
      let length = instructions.count
      guard append(node) else { return false }
      // Repeating nothing a million times is still nothing.
      if instructions.count == length { return true }
    }
    guard let maximum else {
      let split = instructions.count
      instructions.append(.accept)
      guard append(node) else { return false }
      instructions.append(.jump(split))
      instructions[split] = .split(split + 1, instructions.count)
      return true
    }
    var splits: [Int] = []
    for _ in 0..<(maximum - minimum) {
      splits.append(instructions.count)
      instructions.append(.accept)
      guard append(node) else { return false }
    }
    for split in splits { instructions[split] = .split(split + 1, instructions.count) }
    return true
  }

  func matches(_ bytes: UnsafeBufferPointer<UInt8>) -> Bool {
    if let single { return matches(bytes, single: single) }
    let count = instructions.count
    // Two thread lists, the generation each instruction was last added in, and a stack.
    return withUnsafeTemporaryAllocation(of: Int.self, capacity: count * 5 + 2) { scratch in
      guard let base = scratch.baseAddress else { return false }
      scratch.initialize(repeating: 0)
      var threads = Threads(
        current: base, next: base + count, generations: base + 2 * count, stack: base + 3 * count)
      threads.generation = 1
      add(0, to: &threads)
      threads.swap()
      var iterator = ScalarIterator(bytes)
      while let code = iterator.next() {
        if threads.currentCount == 0 { return false }
        threads.generation += 1
        for index in 0..<threads.currentCount {
          let position = threads.current[index]
          if case .take(let set) = instructions[position], classes[set].contains(code) {
            add(position + 1, to: &threads)
          }
        }
        threads.swap()
      }
      for index in 0..<threads.currentCount {
        if case .accept = instructions[threads.current[index]] { return true }
      }
      return false
    }
  }

  private func matches(
    _ bytes: UnsafeBufferPointer<UInt8>,
    single: (set: XSDCharacterClass, minimum: Int, maximum: Int)
  ) -> Bool {
    var iterator = ScalarIterator(bytes)
    var count = 0
    while let code = iterator.next() {
      guard count < single.maximum, single.set.contains(code) else { return false }
      count += 1
    }
    return count >= single.minimum
  }

  /// Follows splits and jumps from a position to all the instructions that take or accept.
  private func add(_ position: Int, to threads: inout Threads) {
    var depth = 1
    threads.stack[0] = position
    while depth > 0 {
      depth -= 1
      let position = threads.stack[depth]
      if threads.generations[position] == threads.generation { continue }
      threads.generations[position] = threads.generation
      switch instructions[position] {
      case .jump(let target):
        threads.stack[depth] = target
        depth += 1
      case .split(let first, let second):
        // Each instruction is expanded once a generation, so 2 × count entries always suffice.
        threads.stack[depth] = second
        threads.stack[depth + 1] = first
        depth += 2
      case .take, .accept:
        threads.next[threads.nextCount] = position
        threads.nextCount += 1
      }
    }
  }

  private struct Threads {
    var current: UnsafeMutablePointer<Int>
    var next: UnsafeMutablePointer<Int>
    let generations: UnsafeMutablePointer<Int>
    let stack: UnsafeMutablePointer<Int>
    var currentCount = 0
    var nextCount = 0
    var generation = 0

    mutating func swap() {
      Swift.swap(&current, &next)
      currentCount = nextCount
      nextCount = 0
    }
  }
}

/// The scalar values of valid UTF-8.
struct ScalarIterator: IteratorProtocol {
  private let bytes: UnsafeBufferPointer<UInt8>
  private var position = 0

  init(_ bytes: UnsafeBufferPointer<UInt8>) { self.bytes = bytes }

  mutating func next() -> UInt32? {
    guard position < bytes.count else { return nil }
    let first = UInt32(bytes[position])
    position += 1
    switch first {
    case 0..<0x80: return first
    case 0..<0xE0: return (first & 0x1F) << 6 | continuation()
    case 0..<0xF0:
      let second = continuation()
      return (first & 0x0F) << 12 | second << 6 | continuation()
    default:
      let second = continuation()
      let third = continuation()
      return (first & 0x07) << 18 | second << 12 | third << 6 | continuation()
    }
  }

  private mutating func continuation() -> UInt32 {
    guard position < bytes.count else { return 0 }
    position += 1
    return UInt32(bytes[position - 1] & 0x3F)
  }
}
