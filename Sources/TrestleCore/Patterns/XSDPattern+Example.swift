extension XSDPattern {
  /// Texts that match, plain ones first, for a caller that has further rules to hold them against.
  ///
  /// `length` is how many characters the texts should have where the pattern leaves a choice.
  package func examples(length: Int = 0, limit: Int = 40) -> [String] {
    var examples: [String] = []
    let shortest = root.minimumLength
    let wanted = min(max(length - shortest, shortest == 0 ? 1 : 0), Self.maximumExtra)
    let branches = min(root.widestAlternation, 24)
    for extra in [wanted, 0, wanted + 1, wanted + 2] {
      for branch in 0..<branches {
        var maker = ExampleMaker(branch: branch, extra: extra)
        maker.append(root)
        guard maker.isComplete, !examples.contains(maker.text) else { continue }
        examples.append(maker.text)
        if examples.count >= limit { return examples }
      }
    }
    return examples
  }

  private static let maximumExtra = 10_000
}

/// Writes one text that a pattern matches.
private struct ExampleMaker {
  /// Which branch of an alternation is taken, counted from the shortest.
  let branch: Int
  /// How many characters beyond the fewest are still wanted.
  var extra: Int
  var text = ""
  var isComplete = true
  private var count = 0
  private var steps = 0

  init(branch: Int, extra: Int) {
    self.branch = branch
    self.extra = extra
  }

  mutating func append(_ node: XSDPattern.Node) {
    steps += 1
    guard isComplete, steps < 100_000 else {
      isComplete = false
      return
    }
    switch node {
    case .set(let set):
      guard let scalar = set.representative(count) else {
        isComplete = false
        return
      }
      text.unicodeScalars.append(scalar)
      count += 1
    case .anchor(let scalar):
      text.unicodeScalars.append(scalar)
      count += 1
    case .sequence(let nodes): for node in nodes { append(node) }
    case .alternation(let nodes):
      let sorted = nodes.enumerated().sorted {
        ($0.element.minimumLength == 0 ? 1 : 0, $0.offset)
          < ($1.element.minimumLength == 0 ? 1 : 0, $1.offset)
      }
      append(sorted[branch % sorted.count].element)
    case .repeated(let node, let minimum, let maximum):
      let cost = max(node.minimumLength, 1)
      let more = min(extra / cost, (maximum ?? .max) - minimum)
      extra -= more * cost
      for _ in 0..<(minimum + more) {
        guard isComplete else { return }
        append(node)
      }
    }
  }
}

extension XSDPattern.Node {
  /// The length of the shortest match, in characters.
  var minimumLength: Int {
    switch self {
    case .set: 1
    case .anchor: 0
    case .sequence(let nodes): nodes.reduce(0) { $0.addingClamped($1.minimumLength) }
    case .alternation(let nodes): nodes.map(\.minimumLength).min() ?? 0
    case .repeated(let node, let minimum, _):
      node.minimumLength.multipliedClamped(by: minimum)
    }
  }

  /// How many branches the widest alternation has.
  fileprivate var widestAlternation: Int {
    switch self {
    case .set, .anchor: 1
    case .sequence(let nodes): nodes.map(\.widestAlternation).max() ?? 1
    case .alternation(let nodes): max(nodes.count, nodes.map(\.widestAlternation).max() ?? 1)
    case .repeated(let node, _, _): node.widestAlternation
    }
  }
}

extension Int {
  fileprivate func addingClamped(_ other: Int) -> Int {
    let (sum, overflow) = addingReportingOverflow(other)
    return overflow ? .max : sum
  }

  fileprivate func multipliedClamped(by other: Int) -> Int {
    let (product, overflow) = multipliedReportingOverflow(by: other)
    return overflow ? .max : product
  }
}

extension XSDCharacterClass {
  private static let families: [[Unicode.Scalar]] = [
    Array("ABCDEFGHIJKLMNOPQRSTUVWXYZ".unicodeScalars),
    Array("abcdefghijklmnopqrstuvwxyz".unicodeScalars), Array("1234567890".unicodeScalars),
    Array("-_. ,:/@+#".unicodeScalars),
  ]

  /// A readable member of the class: `A`, `B`, `C` … or `1`, `2`, `3` …, by position; nil when empty.
  fileprivate func representative(_ position: Int) -> Unicode.Scalar? {
    for family in Self.families {
      let members = family.filter { contains($0.value) }
      if !members.isEmpty { return members[position % members.count] }
    }
    for code in UInt32(0x21)...0x2FFFF where contains(code) {
      if let scalar = Unicode.Scalar(code) { return scalar }
    }
    return [0x20, 0x09, 0x0A, 0x0D].first { contains($0) }.flatMap { Unicode.Scalar($0) }
  }
}
