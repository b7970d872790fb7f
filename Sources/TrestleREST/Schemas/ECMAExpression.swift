/// An ECMA-262 expression, said in XSD's words for whole texts.
struct ECMAExpression {
  private(set) var whole = ""
  private(set) var demanded: [String] = []
  private(set) var refused: [String] = []

  /// Any text, line ends too: what stands where there is no anchor.
  private static let anything = "[\\s\\S]*"

  init?(_ text: String) {
    var parser = ECMAParser(text)
    guard var branches = parser.parse() else { return nil }
    // What a single branch looks ahead for at its beginning, all of the text is held against.
    if branches.count == 1 {
      var items = branches[0]
      var isAnchored = false
      while let first = items.first {
        if case .start = first, !isAnchored {
          isAnchored = true
        } else if case .lookAhead(let inner, let isDemanded) = first, isAnchored {
          guard let text = Self.text(of: inner, opensFreely: false, closesFreely: true) else {
            return nil
          }
          if isDemanded { demanded.append(text) } else { refused.append(text) }
        } else {
          break
        }
        items.removeFirst()
      }
      branches = [(isAnchored ? [.start] : []) + items]
    }
    guard let text = Self.text(of: branches, opensFreely: true, closesFreely: true) else {
      return nil
    }
    whole = text
  }

  private typealias Item = ECMAParser.Item

  /// `opensFreely`: whether other text may stand before, unless an anchor says otherwise.
  private static func text(
    of branches: [[Item]], opensFreely: Bool, closesFreely: Bool
  ) -> String? {
    var texts: [String] = []
    for branch in branches {
      guard
        let text = text(ofBranch: branch, opensFreely: opensFreely, closesFreely: closesFreely)
      else { return nil }
      texts.append(text)
    }
    return texts.joined(separator: "|")
  }

  private static func text(
    ofBranch branch: [Item], opensFreely: Bool, closesFreely: Bool
  ) -> String? {
    var items = branch[...]
    var prefix = opensFreely ? anything : ""
    var suffix = closesFreely ? anything : ""
    while case .start? = items.first {
      items.removeFirst()
      prefix = ""
    }
    while case .end? = items.last {
      items.removeLast()
      suffix = ""
    }
    var text = ""
    for (position, item) in zip(items.indices, items) {
      switch item {
      case .start, .end, .lookAhead: return nil
      case .plain(let atom): text += atom
      case .group(let inner, let quantifier):
        let hasAnchors = inner.contains { $0.contains(where: \.isAnchored) }
        var opens = false
        var closes = false
        if hasAnchors {
          // Anchors inside a group stand at its ends, and the group at the end of the whole.
          guard quantifier.isEmpty else { return nil }
          let isFirst = position == items.startIndex
          let isLast = position == items.index(before: items.endIndex)
          let needsStart = inner.contains { $0.contains(where: \.holdsStart) }
          let needsEnd = inner.contains { $0.contains(where: \.holdsEnd) }
          guard !needsStart || isFirst, !needsEnd || isLast else { return nil }
          if needsStart, !prefix.isEmpty {
            opens = true
            prefix = ""
          }
          if needsEnd, !suffix.isEmpty {
            closes = true
            suffix = ""
          }
        }
        guard let part = Self.text(of: inner, opensFreely: opens, closesFreely: closes) else {
          return nil
        }
        text += "(?:\(part))\(quantifier)"
      }
    }
    return prefix + text + suffix
  }
}

extension ECMAParser.Item {
  fileprivate var isAnchored: Bool { holdsStart || holdsEnd }

  fileprivate var holdsStart: Bool {
    switch self {
    case .start: true
    case .group(let branches, _): branches.contains { $0.contains(where: \.holdsStart) }
    default: false
    }
  }

  fileprivate var holdsEnd: Bool {
    switch self {
    case .end: true
    case .group(let branches, _): branches.contains { $0.contains(where: \.holdsEnd) }
    default: false
    }
  }
}
