internal import TrestleCore

/// Finds the fields that measures are of, and the order in which the measures are taken.
struct MeasureResolver {
  /// What cannot be found, with the path of the field that speaks of it.
  private(set) var mistakes: [(path: [String], message: String)] = []

  private var slots: [Slot] = []
  private var scopes: [Scope] = []
  /// The measured fields, by their slots.
  private var computations: [Int: Computation] = [:]
  /// The fields whose measures turned out to be of values.
  private var values: [Int: Expression] = [:]
  /// Names that something besides measures depends on.
  private var mentioned: Set<String> = []
  private var variable = false

  private struct Slot {
    var name: String
    var scope: Int
    var lastWithin = 0
    var margins = (before: 0, after: 0)
    /// The fields within that others may speak of by a path.
    var inner: Int?
    var isList = false
    var path: [String]
  }

  /// One record: a message, a group, an item, a case.
  private struct Scope {
    var owner: Int
    var parent: Int?
    var listDepth: Int
    var fields: [String: Int] = [:]
  }

  /// Readies the fields of a record; the plan is empty where nothing is measured.
  static func resolve(
    _ fields: [RecordField]
  ) -> (fields: [RecordField], plan: MeasurePlan, mistakes: [(path: [String], message: String)]) {
    var resolver = MeasureResolver()
    var numbered = fields
    resolver.number(&numbered, owner: -1, parent: nil, listDepth: 0, path: [])
    guard !resolver.computations.isEmpty else { return (fields, MeasurePlan(), []) }
    for slot in resolver.computations.keys.sorted() { resolver.resolve(slot) }
    var plan = MeasurePlan()
    plan.lastWithin = resolver.slots.map(\.lastWithin)
    plan.ranks = resolver.rank()
    plan.needsPasses =
      resolver.variable
      || resolver.computations.keys.contains {
        resolver.mentioned.contains(resolver.slots[$0].name)
      }
    resolver.store(in: &numbered)
    return (numbered, plan, resolver.mistakes)
  }

  // MARK: Numbering

  private mutating func number(
    _ fields: inout [RecordField], owner: Int, parent: Int?, listDepth: Int, path: [String]
  ) {
    let scope = scopes.count
    scopes.append(Scope(owner: owner, parent: parent, listDepth: listDepth))
    for index in fields.indices {
      let slot = slots.count
      let name = fields[index].name
      fields[index].slot = slot
      scopes[scope].fields[name] = slot
      slots.append(
        Slot(
          name: name, scope: scope, margins: fields[index].kind.margins, path: path + [name]))
      mention(fields[index])
      if case .measured(let computation) = fields[index].source {
        computations[slot] = computation
        if case .scalar(let codec) = fields[index].kind, codec.fixedSize == nil { variable = true }
      }
      number(&fields[index].kind, slot: slot, scope: scope, listDepth: listDepth)
      slots[slot].lastWithin = slots.count - 1
    }
  }

  private mutating func number(
    _ kind: inout RecordField.Kind, slot: Int, scope: Int, listDepth: Int
  ) {
    let path = slots[slot].path
    switch kind {
    case .scalar: break
    case .group(var fields):
      if slots[slot].inner == nil, !slots[slot].isList { slots[slot].inner = scopes.count }
      number(&fields, owner: slot, parent: scope, listDepth: listDepth, path: path)
      kind = .group(fields)
    case .list(var item, let count, let maximum):
      slots[slot].isList = true
      number(&item, slot: slot, scope: scope, listDepth: listDepth + 1)
      kind = .list(item, count: count, maximum: maximum)
    case .choice(let on, var cases, var otherwise):
      for name in cases.keys.sorted() {
        guard var fields = cases[name] else { continue }
        number(&fields, owner: slot, parent: scope, listDepth: listDepth, path: path)
        cases[name] = fields
      }
      if var fields = otherwise {
        number(&fields, owner: slot, parent: scope, listDepth: listDepth, path: path)
        otherwise = fields
      }
      kind = .choice(on: on, cases: cases, otherwise: otherwise)
    case .within(let extent, var inner):
      number(&inner, slot: slot, scope: scope, listDepth: listDepth)
      kind = .within(extent, inner)
    }
  }

  private mutating func mention(_ field: RecordField) {
    var expressions = [field.condition].compactMap(\.self)
    switch field.source {
    case .computed(let expression), .generated(let expression): expressions.append(expression)
    case .measured(let computation): expressions += [computation.expression].compactMap(\.self)
    default: break
    }
    switch field.kind {
    case .within(.computed(let extent, false), _): expressions.append(extent)
    case .choice(let on, _, _): mentioned.formUnion(on.split(separator: ".").map(String.init))
    default: break
    }
    for path in expressions.flatMap(\.paths) { mentioned.formUnion(path.names) }
  }

  // MARK: Resolving

  private mutating func resolve(_ slot: Int) {
    guard var computation = computations[slot] else { return }
    let home = slots[slot].scope
    var outermost = home
    for index in computation.measures.indices {
      let names: [String]
      switch computation.measures[index].span {
      case .message:
        outermost = 0
        continue
      case .field(let name): names = [name, name]
      case .range(let first, let last): names = [first, last]
      }
      var found: [Int] = []
      for name in names {
        guard let (place, scope) = find(name, from: home, of: slot) else { return }
        found.append(place)
        if scope < outermost { outermost = scope }
      }
      guard found[0] <= found[1] else {
        mistakes.append(
          (slots[slot].path, "\(computation.text): \(names[1]) stands before \(names[0])"))
        return
      }
      computation.measures[index].first = found[0]
      computation.measures[index].last = found[1]
      computation.measures[index].margins = slots[found[0]].margins
      // `sum` of a list is that of its items, see PureFunction.
      if case .check(let checksum) = computation.measures[index].function,
        checksum.algorithm == .sum, case .field = computation.measures[index].span,
        slots[found[0]].isList, let expression = try? Expression(computation.text)
      {
        values[slot] = expression
        computations[slot] = nil
        return
      }
      if case .count = computation.measures[index].function, !slots[found[0]].isList {
        mistakes.append((slots[slot].path, "\(computation.text): \(names[0]) is no list"))
      }
    }
    computation.owner = scopes[outermost].owner
    computation.coversItself = covered(by: computation).contains { $0.contains(slot) }
    if computation.measures.contains(where: \.isCheck),
      scopes[home].listDepth > scopes[outermost].listDepth
    {
      mistakes.append(
        (
          slots[slot].path,
          "\(computation.text): a check in a list can only be of fields of its own item"
        ))
    }
    computations[slot] = computation
  }

  /// The slot of a path, with the record its first name is in: that of the measuring field or one
  /// around it.
  private mutating func find(
    _ path: String, from home: Int, of slot: Int
  ) -> (slot: Int, scope: Int)? {
    let names =
      scopes[home].fields[path] == nil ? path.split(separator: ".").map(String.init) : [path]
    var scope: Int? = home
    while let current = scope {
      if let head = names.first, let first = scopes[current].fields[head] {
        var place = first
        for name in names.dropFirst() {
          guard let inner = slots[place].inner, let next = scopes[inner].fields[name] else {
            let reason =
              slots[place].inner == nil
              ? " is no group of fields"
              : " has no field \"\(name)\""
            mistakes.append((slots[slot].path, "\(slots[place].name)\(reason)"))
            return nil
          }
          place = next
        }
        return (place, current)
      }
      scope = scopes[current].parent
    }
    let known = scopes[home].fields.keys.sorted()
    mistakes.append(
      (
        slots[slot].path,
        "there is no field \"\(path)\"" + Suggestion.clause(for: path, among: known)
      ))
    return nil
  }

  // MARK: Order

  /// The slots whose bytes the checks of a field cover.
  private func covered(by computation: Computation) -> [ClosedRange<Int>] {
    computation.measures.filter(\.isCheck).map { measure in
      measure.first < 0
        ? 0...slots.count - 1 : measure.first...max(measure.first, slots[measure.last].lastWithin)
    }
  }

  /// Gives each measured field a rank above those that it covers; gives how many ranks there are.
  private mutating func rank() -> Int {
    var open: Set<Int> = []
    var done: [Int: Int] = [:]
    for slot in computations.keys.sorted() { _ = rank(slot, &open, &done) }
    return (done.values.max() ?? 0) + 1
  }

  private mutating func rank(_ slot: Int, _ open: inout Set<Int>, _ done: inout [Int: Int]) -> Int {
    if let rank = done[slot] { return rank }
    guard let computation = computations[slot], open.insert(slot).inserted else {
      mistakes.append(
        (slots[slot].path, "is checked by a field that it checks itself: neither can be written"))
      return 0
    }
    var rank = 0
    let ranges = covered(by: computation)
    for other in computations.keys.sorted()
    where other != slot && ranges.contains(where: { $0.contains(other) }) {
      rank = max(rank, self.rank(other, &open, &done) + 1)
    }
    open.remove(slot)
    done[slot] = rank
    computations[slot]?.rank = rank
    return rank
  }

  // MARK: Storing

  private func store(in fields: inout [RecordField]) {
    for index in fields.indices {
      if let computation = computations[fields[index].slot] {
        fields[index].source = .measured(computation)
      } else if let expression = values[fields[index].slot] {
        fields[index].source = .computed(expression)
      }
      store(in: &fields[index].kind)
    }
  }

  private func store(in kind: inout RecordField.Kind) {
    switch kind {
    case .scalar: break
    case .group(var fields):
      store(in: &fields)
      kind = .group(fields)
    case .list(var item, let count, let maximum):
      store(in: &item)
      kind = .list(item, count: count, maximum: maximum)
    case .choice(let on, let cases, let otherwise):
      kind = .choice(
        on: on, cases: cases.mapValues { stored($0) }, otherwise: otherwise.map { stored($0) })
    case .within(let extent, var inner):
      store(in: &inner)
      kind = .within(extent, inner)
    }
  }

  private func stored(_ fields: [RecordField]) -> [RecordField] {
    var fields = fields
    store(in: &fields)
    return fields
  }
}
