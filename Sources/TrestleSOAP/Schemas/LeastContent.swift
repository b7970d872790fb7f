/// How little of a type a valid element holds: what is quickly written as a sample.
enum LeastContent {
  /// Deeper than what anybody wants to read in a sample.
  private static let maximumDepth = 8

  /// How many elements and attributes are required in all; nil when there is no end to them, or an
  /// element of someone else's is required.
  static func size(of type: XSDType, depth: Int = 0) -> Int? {
    guard depth < maximumDepth else { return nil }
    switch type {
    case .simple: return 0
    case .complex(let complex):
      guard !complex.isAbstract else { return nil }
      let attributes = complex.attributes.count { $0.isRequired }
      switch complex.content {
      case .empty, .simple: return attributes
      case .elements(let particle): return size(of: particle, depth: depth).map { $0 + attributes }
      }
    }
  }

  private static func size(of particle: XSDParticle, depth: Int) -> Int? {
    if particle.minimum == 0 { return 0 }
    let once: Int?
    switch particle.term {
    case .element(let element):
      once = element.isAbstract ? nil : size(of: element.type, depth: depth + 1).map { $0 + 1 }
    case .any(let wildcard): once = wildcard.processing == .strict ? nil : 1
    case .sequence(let children), .all(let children):
      var total = 0
      for child in children {
        guard let size = size(of: child, depth: depth) else { return nil }
        total += size
      }
      once = total
    case .choice(let children): once = children.compactMap { size(of: $0, depth: depth) }.min()
    }
    return once.map { min($0, 1_000) * min(particle.minimum, 1_000) }
  }
}
