internal import TrestleCore

/// Lays out a record of a copybook.
struct CopybookCompiler {
  private let options: CopybookOptions
  private let index: CopybookIndex
  private(set) var problems: [CopybookProblem]
  private(set) var slots = 0
  /// The number of the next item, as `CopybookIndex` numbers them.
  private var next = 0
  private var plan: CopybookPlan

  /// The most bytes of a record.
  static let maximumSize = 16 << 20

  private init(_ root: CopybookItem, options: CopybookOptions, problems: [CopybookProblem]) {
    self.options = options
    index = CopybookIndex(root, options: options)
    plan = CopybookPlan(root, index, options)
    self.problems = problems + index.problems + plan.problems
  }

  /// The layout of a record; nil when it cannot be laid out, which is then among the problems.
  static func compile(
    _ record: Copybook.Record, options: CopybookOptions
  ) -> (layout: CopybookLayout?, problems: [CopybookProblem]) {
    var compiler = CopybookCompiler(record.item, options: options, problems: record.problems)
    let layout = compiler.layout(of: record.item)
    let problems = compiler.problems
    return (problems.allSatisfy(\.isWarning) ? layout : nil, problems)
  }

  private mutating func layout(of root: CopybookItem) -> CopybookLayout? {
    next = 1
    var group: CopybookGroup
    if root.children.isEmpty {
      // A record that is one field: 77, or a 01 with a picture.
      guard let field = field(of: root) else { return nil }
      var node = node(for: root, .field(field), size: field.size, number: 0)
      node.key = options.key(of: root.title)
      group = CopybookGroup(steps: [.node(node)])
    } else {
      group = self.group(root.children, at: 0).group
      Self.markLast(&group)
    }
    let size = Self.size(of: group)
    guard size <= Self.maximumSize else { return tooLarge(root) }
    return CopybookLayout(
      title: root.title, group: group, size: size, slots: plan.slots.count, options: options)
  }

  private mutating func tooLarge(_ item: CopybookItem) -> CopybookLayout? {
    problem(item, "has more than \(Self.maximumSize) bytes")
    return nil
  }

  static func size(of group: CopybookGroup) -> Int {
    group.steps.reduce(0) { sum, step in
      switch step {
      case .node(let node): sum + node.fullSize
      case .slack(let count): sum + count
      case .area(let area): sum + area.size
      }
    }
  }

  /// Tells the area at a record's end so, for it may be as long as its alternative.
  private static func markLast(_ group: inout CopybookGroup) {
    guard let last = group.steps.indices.last else { return }
    switch group.steps[last] {
    case .area(var area):
      area.isLast = true
      group.replaceStep(last, with: .area(area))
    case .node(var node):
      guard node.occurs == nil, case .group(var inner) = node.content else { return }
      markLast(&inner)
      node.content = .group(inner)
      group.replaceStep(last, with: .node(node))
    case .slack: return
    }
  }

  mutating func problem(
    _ item: CopybookItem, _ message: String, hint: String? = nil, isWarning: Bool = false
  ) {
    problems.append(
      CopybookProblem(
        line: item.entry.line, message: "\(item.title) \(message)", hint: hint,
        isWarning: isWarning))
  }

  // MARK: Items

  private mutating func group(
    _ children: [CopybookItem], at start: Int
  ) -> (group: CopybookGroup, boundary: Int) {
    var steps: [CopybookGroup.Step] = []
    var offset = start
    var boundary = 1
    var ignored: [CopybookProblem] = []
    for run in CopybookIndex.runs(of: children, problems: &ignored) {
      let first = next
      let alignment = run.first.map(leadingBoundary) ?? 1
      if !offset.isMultiple(of: alignment) {
        let slack = alignment - offset % alignment
        steps.append(.slack(slack))
        offset += slack
      }
      var nodes: [CopybookNode] = []
      for item in run {
        guard let (node, inner) = node(of: item, at: offset) else { continue }
        boundary = max(boundary, inner)
        nodes.append(node)
      }
      guard let node = nodes.first else { continue }
      guard run.count > 1 else {
        steps.append(.node(node))
        offset += node.fullSize
        continue
      }
      let area = CopybookArea(alternatives: nodes, choice: plan.choices[first])
      steps.append(.area(area))
      offset += area.size
    }
    return (CopybookGroup(steps: steps), boundary)
  }

  private mutating func node(
    of item: CopybookItem, at offset: Int
  ) -> (node: CopybookNode, boundary: Int)? {
    let number = next
    next += 1
    guard item.children.isEmpty else {
      var (group, boundary) = group(item.children, at: offset)
      var size = Self.size(of: group)
      if item.entry.occurs != nil, !size.isMultiple(of: boundary) {
        // Every occurrence begins at the same boundary (IBM COBOL Language Reference, slack bytes).
        let slack = boundary - size % boundary
        group = CopybookGroup(steps: group.steps + [.slack(slack)])
        size += slack
      }
      return checked(node(for: item, .group(group), size: size, number: number), item, boundary)
    }
    guard let field = field(of: item) else { return nil }
    return checked(
      node(for: item, .field(field), size: field.size, number: number), item,
      ownBoundary(of: item, field))
  }

  private mutating func checked(
    _ node: CopybookNode, _ item: CopybookItem, _ boundary: Int
  ) -> (node: CopybookNode, boundary: Int)? {
    let (total, overflow) = node.size.multipliedReportingOverflow(by: node.occurs?.maximum ?? 1)
    guard !overflow, total <= Self.maximumSize else {
      problem(item, "has more than \(Self.maximumSize) bytes")
      return nil
    }
    if node.size == 0 {
      problem(item, "has no bytes", isWarning: item.entry.occurs == nil)
      return nil
    }
    return (node, boundary)
  }

  private mutating func node(
    for item: CopybookItem, _ content: CopybookNode.Content, size: Int, number: Int
  ) -> CopybookNode {
    let place = index.places[number]
    var node = CopybookNode(
      key: place.key ?? "", title: item.title, content: content, size: size,
      type: Self.type(of: item))
    node.isFiller = place.key == nil && !place.isAnonymous && number > 0
    node.isAnonymous = place.isAnonymous
    node.slot = plan.slots[number]
    node.tables = plan.tables[number] ?? []
    node.choice = plan.references[number]
    node.sampleText = plan.samples[number] ?? Self.initialText(of: item)
    node.summary = Self.summary(of: item)
    if let occurs = item.entry.occurs {
      node.occurs = CopybookNode.Occurs(
        maximum: occurs.maximum, slot: plan.counters[number].flatMap { plan.slots[$0] },
        counts: options.counts(of: item.title))
    }
    if case .field(let field) = content {
      node.initial = CopybookInitial.bytes(of: item, field, options)
    }
    return node
  }

  // MARK: Slack bytes

  /// IBM's compilers put the slack bytes of a group's first item before the group; others within.
  private func leadingBoundary(of item: CopybookItem) -> Int {
    if let first = item.children.first {
      return options.alignment == .natural ? 1 : leadingBoundary(of: first)
    }
    guard item.isSynchronized else { return 1 }
    var compiler = CopybookFieldFactory(options: options)
    return compiler.field(of: item).map { ownBoundary(of: item, $0) } ?? 1
  }

  private func ownBoundary(of item: CopybookItem, _ field: any CobolField) -> Int {
    guard item.isSynchronized, options.alignment != .none else { return 1 }
    var isFloat = false
    switch item.usage {
    case .binary, .native, .compX, .compN, .littleEndian, .integer, .address: break
    case .float, .standardFloat: isFloat = true
    default: return 1
    }
    switch field.size {
    case 2: return 2
    case 4: return 4
    case 8: return options.alignment == .natural || isFloat ? 8 : 4
    default: return 1
    }
  }

  private mutating func field(of item: CopybookItem) -> (any CobolField)? {
    var factory = CopybookFieldFactory(options: options)
    if let field = factory.field(of: item) { return field }
    problem(item, factory.reason, hint: factory.hint, isWarning: factory.isHarmless)
    return nil
  }

  // MARK: Texts

  private static func type(of item: CopybookItem) -> String {
    var words: [String] = []
    if let picture = item.entry.picture { words.append(picture.uppercased()) }
    if let usage = item.usage, item.children.isEmpty, usage != .display {
      words.append(usage.text)
    }
    if let sign = item.sign, item.children.isEmpty, item.entry.picture != nil {
      words.append("SIGN " + (sign.isLeading ? "LEADING" : "TRAILING"))
      if sign.isSeparate { words.append("SEPARATE") }
    }
    return words.joined(separator: " ")
  }

  /// What `VALUE` says a field is when nobody says otherwise.
  private static func initialText(of item: CopybookItem) -> String? {
    switch item.entry.values.first {
    case .text(let text)?, .number(let text)?: text
    case .zeros?: "0"
    default: nil
    }
  }

  private static func summary(of item: CopybookItem) -> String? {
    let conditions = item.conditions.map { condition in
      condition.values.prefix(4).map(\.description).joined(separator: ", ")
        + (condition.values.count > 4 ? ", …" : "") + " = \(condition.name)"
    }
    return conditions.isEmpty ? nil : conditions.prefix(16).joined(separator: "; ")
  }
}
