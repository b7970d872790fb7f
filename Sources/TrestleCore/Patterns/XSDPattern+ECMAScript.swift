extension XSDPattern {
  /// The pattern in ECMAScript's words, anchored, as JSON Schema wants it; nil where it cannot be
  /// said in the subset that all readers of JSON Schema share.
  ///
  /// Digits become ASCII digits, which is what everyone means.
  package var ecmaScript: String? { root.ecmaScript.map { "^(?:\($0))$" } }
}

extension XSDPattern.Node {
  fileprivate var ecmaScript: String? {
    switch self {
    case .set(let set): return set.members.ecmaScript
    case .anchor(let scalar): return "\\\(scalar)?"
    case .sequence(let nodes):
      var text = ""
      for node in nodes {
        guard let part = node.ecmaScript else { return nil }
        if case .alternation = node { text += "(?:\(part))" } else { text += part }
      }
      return text
    case .alternation(let nodes):
      let parts = nodes.compactMap(\.ecmaScript)
      return parts.count == nodes.count ? parts.joined(separator: "|") : nil
    case .repeated(let node, let minimum, let maximum):
      guard let part = node.ecmaScript else { return nil }
      let atom: String
      if case .set = node { atom = part } else { atom = "(?:\(part))" }
      switch (minimum, maximum) {
      case (0, 1): return atom + "?"
      case (0, nil): return atom + "*"
      case (1, nil): return atom + "+"
      case (let minimum, nil): return atom + "{\(minimum),}"
      case (let minimum, let maximum?):
        return atom + (minimum == maximum ? "{\(minimum)}" : "{\(minimum),\(maximum)}")
      }
    }
  }
}

extension XSDCharacterClass.Members {
  fileprivate var ecmaScript: String? {
    guard let ranges else { return nil }
    if ranges.count == 1, ranges[0].lowerBound == ranges[0].upperBound,
      let scalar = Unicode.Scalar(ranges[0].lowerBound)
    {
      return Self.escaped(scalar, inClass: false)
    }
    if let inside = Self.list(ranges) { return "[\(inside)]" }
    // Sets that reach beyond 16 bits are said by what they leave out: readers differ on the rest.
    return Self.list(Self.complement(of: ranges)).map { "[^\($0)]" }
  }

  /// The members as sorted ranges that do not touch; nil for sets made of Unicode properties.
  private var ranges: [ClosedRange<UInt32>]? {
    switch self {
    case .ranges(let ranges): return Self.merged(ranges)
    case .categories:
      guard contains(0x30), !contains(0x41), !contains(0x61), !contains(0x5F), !contains(0x2B)
      else { return nil }
      return [0x30...0x39]
    case .union(let parts):
      var all: [ClosedRange<UInt32>] = []
      for part in parts {
        guard let ranges = part.ranges else { return nil }
        all += ranges
      }
      return Self.merged(all)
    case .complement(let members): return members.ranges.map { Self.complement(of: $0) }
    case .difference(let members, let removed):
      guard let kept = members.ranges, let dropped = removed.ranges else { return nil }
      // a − b is the complement of (complement of a) ∪ b.
      return Self.complement(of: Self.merged(Self.complement(of: kept) + dropped))
    }
  }

  private static func merged(_ ranges: [ClosedRange<UInt32>]) -> [ClosedRange<UInt32>] {
    var merged: [ClosedRange<UInt32>] = []
    for range in ranges.sorted(by: { $0.lowerBound < $1.lowerBound }) {
      if let last = merged.last, range.lowerBound <= last.upperBound + 1 {
        merged[merged.count - 1] = last.lowerBound...max(last.upperBound, range.upperBound)
      } else {
        merged.append(range)
      }
    }
    return merged
  }

  private static func complement(of ranges: [ClosedRange<UInt32>]) -> [ClosedRange<UInt32>] {
    var gaps: [ClosedRange<UInt32>] = []
    var next: UInt32 = 0
    for range in ranges {
      if range.lowerBound > next { gaps.append(next...(range.lowerBound - 1)) }
      next = range.upperBound + 1
    }
    if next <= 0x10FFFF { gaps.append(next...0x10FFFF) }
    return gaps
  }

  private static func list(_ ranges: [ClosedRange<UInt32>]) -> String? {
    guard let last = ranges.last, last.upperBound <= 0xFFFF else { return nil }
    var text = ""
    for range in ranges {
      guard let low = Unicode.Scalar(range.lowerBound), let high = Unicode.Scalar(range.upperBound)
      else { return nil }
      text += escaped(low, inClass: true)
      if range.lowerBound == range.upperBound { continue }
      if range.upperBound > range.lowerBound + 1 { text += "-" }
      text += escaped(high, inClass: true)
    }
    return text
  }

  private static func escaped(_ scalar: Unicode.Scalar, inClass: Bool) -> String {
    switch scalar {
    case "\n": return "\\n"
    case "\r": return "\\r"
    case "\t": return "\\t"
    case "\\", "]", "[", "^", "-": return !inClass && scalar == "-" ? "-" : "\\\(scalar)"
    case "$", ".", "|", "?", "*", "+", "(", ")", "{", "}", "/":
      return inClass ? String(scalar) : "\\\(scalar)"
    default:
      if (0x20..<0x7F).contains(scalar.value) { return String(scalar) }
      let digits = String(scalar.value, radix: 16, uppercase: true)
      guard digits.utf8.count <= 4 else { return String(scalar) }
      return "\\u" + String(repeating: "0", count: 4 - digits.utf8.count) + digits
    }
  }
}
