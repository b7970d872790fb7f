internal import TrestleCore

/// One item of a record as it is laid out, compiled.
struct CopybookNode: Sendable {
  enum Content: Sendable {
    case field(any CobolField)
    case group(CopybookGroup)
  }

  /// How often an item comes.
  struct Occurs: Sendable {
    var maximum: Int
    /// Where the count is noted while a message is read or written; nil for a fixed number.
    var slot: Int?
    /// The counts that the counting field's text stands for; empty where it holds the number.
    var counts: [(text: String, count: Int)] = []
  }

  /// The key in JSON.
  var key: String
  /// The name in the copybook, for messages.
  var title: String
  var content: Content
  var occurs: Occurs?
  /// The bytes of one occurrence at full size.
  var size: Int
  /// Whether no value belongs to it: FILLER.
  var isFiller = false
  /// Whether the items within stand among those around it: a FILLER group.
  var isAnonymous = false
  /// Where the value is noted, because tables or alternatives depend on it.
  var slot: Int?
  /// The tables whose items it counts, which make it write itself.
  var tables: [TableReference] = []
  /// The choice that follows from its value.
  var choice: ChoiceReference?
  /// What is written where no value is given: `VALUE`, or zero or spaces.
  var initial: [UInt8] = []
  /// What the copybook says of it, as a reader knows it: `PIC S9(7)V99 COMP-3`.
  var type: String
  var summary: String?
  var sampleText: String?

  /// Whether its bytes may be fewer than at full size.
  var isVariable: Bool {
    if occurs?.slot != nil { return true }
    if case .group(let group) = content { return group.isVariable }
    return false
  }

  /// The bytes of all occurrences at full size.
  var fullSize: Int { size * (occurs?.maximum ?? 1) }

  /// Whether callers see it: a count writes itself.
  var isVisible: Bool { !isFiller && (tables.isEmpty || tables.contains { !$0.counts.isEmpty }) }
}

/// Items one after the other.
struct CopybookGroup: Sendable {
  enum Step: Sendable {
    case node(CopybookNode)
    /// Bytes that align what follows (`SYNCHRONIZED`).
    case slack(Int)
    case area(CopybookArea)
  }

  private(set) var steps: [Step]

  /// The keys that a value of the group may have.
  private(set) var keys: [String] = []
  private(set) var isVariable = false

  /// The items, those of FILLER groups and of alternatives among them, that a value's keys name.
  private(set) var members: [CopybookNode] = []

  init(steps: [Step]) {
    self.steps = steps
    var members: [CopybookNode] = []
    for step in steps {
      switch step {
      case .node(let node):
        members += Self.members(of: node)
        isVariable = isVariable || node.isVariable
      case .area(let area):
        for node in area.alternatives { members += Self.members(of: node) }
        isVariable = isVariable || area.isVariable
      case .slack: break
      }
    }
    self.members = members
    keys = members.map(\.key)
  }

  mutating func replaceStep(_ position: Int, with step: Step) { steps[position] = step }

  private static func members(of node: CopybookNode) -> [CopybookNode] {
    if node.isFiller { return [] }
    if node.isAnonymous, case .group(let group) = node.content { return group.members }
    return [node]
  }
}

/// Bytes that several items share (`REDEFINES`).
struct CopybookArea: Sendable {
  /// Which alternative a message has.
  enum Choice: Sendable {
    case always(Int)
    /// By the value noted in a slot.
    case by(slot: Int, cases: [(value: String, alternative: Int)])
  }

  /// The item itself first, then those that redefine it.
  var alternatives: [CopybookNode]
  /// The bytes of the longest one.
  var size: Int
  var choice: Choice?
  /// Whether it ends the record.
  var isLast = false

  /// The key of each alternative, or those that stand in its place.
  let keys: [[String]]

  init(alternatives: [CopybookNode], choice: Choice?) {
    self.alternatives = alternatives
    self.choice = choice
    size = alternatives.map(\.fullSize).max() ?? 0
    keys = alternatives.map { CopybookGroup(steps: [.node($0)]).keys }
  }

  var isVariable: Bool { alternatives.contains(where: \.isVariable) }
}

/// A table as seen from the field that counts it.
struct TableReference: Sendable {
  /// How many values around the field must be left to find what holds both.
  var levels: Int
  /// The keys from there to the table.
  var path: [String]
  var title: String
  var maximum: Int
  var counts: [(text: String, count: Int)]
}

/// Alternatives as seen from the field that chooses them.
struct ChoiceReference: Sendable {
  var levels: Int
  var path: [String]
  /// What each value of the field stands for, as keys of which one is given.
  var cases: [(value: String, keys: [String])]
}
