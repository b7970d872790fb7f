import TrestleCore

/// Holds one value against a schema.
///
/// One walk for both questions: whether anything is wrong, which stops at the first mistake, and what.
struct SchemaCheck {
  /// More mistakes than this help nobody.
  private static let maximumIssues = 100
  /// Values nest 512 deep at most, and schemas a little more.
  private static let maximumDepth = 1_200
  /// Alternatives within alternatives can multiply without end: so many steps are taken for any value,
  /// and so many more for each part that it has.
  private static let freeWork = 200_000
  private static let workPerPart = 100

  /// How schemas are understood.
  enum Reading: Sendable {
    /// As their authors mean them: formats are rules, and `nullable` allows null whatever else is said.
    case asMeant
    /// As many validators have it: formats only tell, what stands beside a reference counts, and
    /// `nullable` adds to `type` alone.
    case asOthersDo
  }

  /// A schema that is being held against the current value.
  struct Active {
    unowned let node: SchemaNode
    /// Whether it is one of several that the value may fit.
    var isAlternative: Bool
  }

  let library: SchemaLibrary
  let direction: JSONSchema.Direction
  private(set) var issues: [SchemaIssue] = []
  var isCollecting: Bool
  let reading: Reading
  private var path: [String] = []
  private var depth = 0
  private var work = 0
  private var maximumWork = Self.freeWork
  private let root: Value
  /// The schemas of the current value that speak through others, outermost first, above those of the
  /// values around it.
  var active: [Active] = []
  var activeStart = 0
  /// The schema by which the current value was reached.
  private(set) var entry: SchemaNode?
  /// The addresses of the schemas on the way, for dynamic references; kept only where there are some.
  private(set) var scopes: [DocumentPlace] = []
  private let tracksScopes: Bool
  /// Whether the schema that comes next is one of several that the value may fit.
  var nextIsAlternative = false
  /// How many discriminators have led on to another schema.
  var dispatches = 0

  private init(
    _ root: Value, _ library: SchemaLibrary, _ direction: JSONSchema.Direction,
    isCollecting: Bool, _ reading: Reading
  ) {
    self.root = root
    self.library = library
    self.reading = reading
    self.direction = direction
    self.isCollecting = isCollecting
    tracksScopes = library.hasDynamicReferences
  }

  static func admits(
    _ value: Value, _ nodes: [SchemaNode], of library: SchemaLibrary,
    for direction: JSONSchema.Direction, reading: Reading = .asMeant
  ) -> Bool {
    nodes.allSatisfy {
      run(
        value, $0, of: library, for: direction, isCollecting: false, reading: reading
      ).isFine
    }
  }

  /// Whether a value is valid by either reading: what is shown must please everyone.
  static func mayShow(
    _ value: Value, _ nodes: [SchemaNode], of library: SchemaLibrary,
    for direction: JSONSchema.Direction
  ) -> Bool {
    admits(value, nodes, of: library, for: direction)
      && admits(value, nodes, of: library, for: direction, reading: .asOthersDo)
  }

  static func issues(
    in value: Value, _ node: SchemaNode, of library: SchemaLibrary,
    for direction: JSONSchema.Direction
  ) -> [SchemaIssue] {
    if run(value, node, of: library, for: direction, isCollecting: false).isFine { return [] }
    return run(value, node, of: library, for: direction, isCollecting: true).check.issues
  }

  private static func run(
    _ value: Value, _ node: SchemaNode, of library: SchemaLibrary,
    for direction: JSONSchema.Direction, isCollecting: Bool, reading: Reading = .asMeant
  ) -> (isFine: Bool, check: SchemaCheck) {
    var check = SchemaCheck(
      value, library, direction, isCollecting: isCollecting, reading)
    var isFine = check.begin(node)
    // The first dynamic reference may have been read on the way: then again, with scopes.
    if library.hasDynamicReferences, !check.tracksScopes {
      check = SchemaCheck(
        value, library, direction, isCollecting: isCollecting, reading)
      isFine = check.begin(node)
    }
    return (isFine, check)
  }

  private mutating func begin(_ node: SchemaNode) -> Bool {
    entry = node
    var seen: SeenParts?
    return check(root, node, &seen)
  }

  // MARK: Telling

  /// How deep the current value lies.
  var pathCount: Int { path.count }

  /// Tells of a mistake at the current place; always false.
  mutating func fail(_ reason: @autoclosure () -> String, hint: @autoclosure () -> String? = nil)
    -> Bool
  {
    if isCollecting, issues.count < Self.maximumIssues {
      issues.append(SchemaIssue(pointer: JSONPointer(path), reason: reason(), hint: hint()))
    }
    return false
  }

  mutating func fail(
    at name: String, _ reason: @autoclosure () -> String, hint: @autoclosure () -> String? = nil
  ) -> Bool {
    guard isCollecting else { return false }
    path.append(name)
    defer { path.removeLast() }
    return fail(reason(), hint: hint())
  }

  /// Whether to go on after a mistake.
  var mayGoOn: Bool { isCollecting && issues.count < Self.maximumIssues }

  mutating func add(_ issue: SchemaIssue) {
    if issues.count < Self.maximumIssues { issues.append(issue) }
  }

  /// What is wrong by one of several schemas, apart from what is wrong so far.
  mutating func separately(_ body: (inout SchemaCheck) -> Bool) -> [SchemaIssue] {
    let before = issues
    let wasCollecting = isCollecting
    issues = []
    isCollecting = true
    defer {
      issues = before
      isCollecting = wasCollecting
    }
    return body(&self) ? [] : issues
  }

  mutating func quietly(_ body: (inout SchemaCheck) -> Bool) -> Bool {
    let wasCollecting = isCollecting
    isCollecting = false
    defer { isCollecting = wasCollecting }
    return body(&self)
  }

  // MARK: Walking

  mutating func checkPart(_ value: Value, at name: String, _ node: SchemaNode) -> Bool {
    let start = activeStart
    let outer = entry
    let wasAlternative = nextIsAlternative
    activeStart = active.count
    entry = node
    nextIsAlternative = false
    if isCollecting { path.append(name) }
    defer {
      if isCollecting { path.removeLast() }
      activeStart = start
      entry = outer
      nextIsAlternative = wasAlternative
    }
    var seen: SeenParts?
    return check(value, node, &seen)
  }

  mutating func checkPart(_ value: Value, at position: Int, _ node: SchemaNode) -> Bool {
    checkPart(value, at: isCollecting ? String(position) : "", node)
  }

  /// Holds the current value against a schema.
  mutating func check(_ value: Value, _ node: SchemaNode, _ seen: inout SeenParts?) -> Bool {
    work += 1
    depth += 1
    defer { depth -= 1 }
    guard depth <= Self.maximumDepth else {
      return fail("is nested too deeply to be checked")
    }
    guard work <= maximumWork || mayWorkOn() else {
      return fail("has too many ways to be understood to be checked")
    }
    var node = node
    var rules = node.rules(in: library)
    let scopeCount = scopes.count
    if tracksScopes { enter(node) }
    defer { if tracksScopes { scopes.removeLast(scopes.count - scopeCount) } }
    var hops = 0
    while rules.isPureReference, let next = rules.reference {
      hops += 1
      guard hops < 64 else { return true }
      if reading == .asOthersDo, let beside = rules.beside, !check(value, beside, &seen) {
        return false
      }
      node = next.node
      rules = node.rules(in: library)
      if tracksScopes { enter(node) }
    }
    if rules.isNever { return fail("is not allowed here") }
    if case .null = value, rules.isNullable, reading == .asMeant { return true }
    guard rules.array?.unevaluated != nil || rules.object?.unevaluated != nil else {
      return checkRules(value, rules, node, &seen)
    }
    var own: SeenParts? = SeenParts()
    var isFine = checkRules(value, rules, node, &own)
    if isFine || mayGoOn { isFine = checkRest(value, rules, &own) && isFine }
    if let own { seen?.merge(own) }
    return isFine
  }

  /// Whether the value is large enough to be worth more steps; its parts are counted only then.
  private mutating func mayWorkOn() -> Bool {
    if maximumWork == Self.freeWork {
      maximumWork = Self.freeWork + 1 + Self.workPerPart * root.partCount
    }
    return work <= maximumWork
  }

  private mutating func enter(_ node: SchemaNode) {
    let resource = library.anchors(of: node.place.document).resource(of: node.place)
    if scopes.last != resource { scopes.append(resource) }
  }

  private mutating func checkRules(
    _ value: Value, _ rules: SchemaRules, _ node: SchemaNode, _ seen: inout SeenParts?
  ) -> Bool {
    if rules.kinds != .all, !rules.kinds.contains(SchemaKinds(of: value)),
      !(value.isNull && rules.isNullable)
    {
      return fail(
        "expects \(rules.kinds.shown), found \(value.shownShortly)",
        hint: Self.kindHint(value, rules))
    }
    var isFine = true
    if let choice = rules.choice, !choice.contains(value) {
      isFine = fail(Self.wording(of: choice, value), hint: Self.suggestion(choice, value))
      guard mayGoOn else { return false }
    }
    switch value {
    case .string(let text), .dateTime(let text):
      if let text_ = rules.text { isFine = checkText(text, text_) && isFine }
    case .integer, .number, .double:
      if let number = rules.number { isFine = checkNumber(value, number) && isFine }
    case .array(let items):
      if let array = rules.array { isFine = checkArray(items, array, &seen) && isFine }
    case .object(let record):
      if let object = rules.object {
        isFine = checkObject(record, value, object, &seen) && isFine
      }
    case .null, .bool, .bytes: break
    }
    guard rules.hasOthers, isFine || mayGoOn else { return isFine }
    return checkOthers(value, rules, node, &seen) && isFine
  }
}
