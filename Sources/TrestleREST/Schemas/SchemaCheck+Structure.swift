import TrestleCore

extension SchemaCheck {
  // MARK: Arrays

  mutating func checkArray(
    _ items: [Value], _ rules: ArrayRules, _ seen: inout SeenParts?
  ) -> Bool {
    var isFine = true
    if items.count < rules.minimumCount {
      isFine = fail(
        "expects at least \(Self.counted(rules.minimumCount, "item")), found \(items.count)")
    } else if let maximum = rules.maximumCount, items.count > maximum {
      isFine = fail("expects at most \(Self.counted(maximum, "item")), found \(items.count)")
    }
    guard isFine || mayGoOn else { return false }
    for (position, item) in items.enumerated() {
      guard let node = position < rules.first.count ? rules.first[position] : rules.rest else {
        break
      }
      if !checkPart(item, at: position, node) {
        isFine = false
        guard mayGoOn else { return false }
      }
    }
    if seen != nil {
      let count = rules.rest == nil ? min(rules.first.count, items.count) : items.count
      let before = seen?.firstItems ?? 0
      seen?.firstItems = max(before, count)
    }
    if let contained = rules.contained {
      isFine = checkContained(items, contained, rules, &seen) && isFine
      guard isFine || mayGoOn else { return false }
    }
    if rules.areUnique, let (first, second) = Self.firstRepetition(in: items) {
      isFine = fail("expects items that differ, found items \(first) and \(second) the same")
    }
    return isFine
  }

  private mutating func checkContained(
    _ items: [Value], _ node: SchemaNode, _ rules: ArrayRules, _ seen: inout SeenParts?
  ) -> Bool {
    var count = 0
    for (position, item) in items.enumerated() {
      guard quietly({ $0.checkPart(item, at: position, node) }) else { continue }
      count += 1
      seen?.items.insert(position)
    }
    if count < rules.minimumContained {
      return fail(
        "expects at least \(Self.counted(rules.minimumContained, "item")) of a kind, found \(count)"
      )
    }
    if let maximum = rules.maximumContained, count > maximum {
      return fail("expects at most \(Self.counted(maximum, "item")) of a kind, found \(count)")
    }
    return true
  }

  private static func firstRepetition(in items: [Value]) -> (Int, Int)? {
    guard items.count > 1 else { return nil }
    if items.count <= 12 {
      for second in 1..<items.count {
        for first in 0..<second where items[first].isSameJSON(as: items[second]) {
          return (first, second)
        }
      }
      return nil
    }
    var positions: [Value: Int] = [:]
    positions.reserveCapacity(items.count)
    for (position, item) in items.enumerated() {
      if let earlier = positions.updateValue(position, forKey: item.canonicalJSON) {
        return (earlier, position)
      }
    }
    return nil
  }

  // MARK: Objects

  mutating func checkObject(
    _ record: Record, _ value: Value, _ rules: ObjectRules, _ seen: inout SeenParts?
  ) -> Bool {
    var isFine = true
    var next = 0
    var found = 0
    for index in record.members.indices {
      let member = record.members[index]
      var isKnown = false
      if let position = rules.position(of: member.name, expected: next) {
        next = position + 1
        isKnown = true
        if rules.properties[position].isRequired { found += 1 }
        isFine = checkPart(member.value, at: member.name, rules.properties[position].node) && isFine
        guard isFine || mayGoOn else { return false }
      }
      for (pattern, node) in rules.patterns {
        // A pattern that cannot be checked may be meant: what it might be, is let pass.
        guard let pattern else {
          isKnown = true
          continue
        }
        guard pattern.matches(member.name) else { continue }
        isKnown = true
        isFine = checkPart(member.value, at: member.name, node) && isFine
        guard isFine || mayGoOn else { return false }
      }
      if !isKnown, let additional = rules.additional {
        isKnown = true
        isFine = checkAdditional(member, additional, rules) && isFine
        guard isFine || mayGoOn else { return false }
      }
      if isKnown { seen?.members.insert(index) }
      if let names = rules.names, !checkName(member.name, names) {
        isFine = false
        guard mayGoOn else { return false }
      }
    }
    if found < rules.requiredCount || !rules.requiredOthers.isEmpty {
      isFine = checkRequired(rules.required, in: record, rules) && isFine
      guard isFine || mayGoOn else { return false }
    }
    return checkCounts(record, rules) && checkDependencies(record, value, rules, &seen) && isFine
  }

  private mutating func checkAdditional(
    _ member: Record.Member, _ node: SchemaNode, _ rules: ObjectRules
  ) -> Bool {
    guard node.rules(in: library).isNever else {
      return checkPart(member.value, at: member.name, node)
    }
    return fail(at: member.name, "is not known", hint: Self.hint(forUnknown: member.name, rules))
  }

  private static func hint(forUnknown name: String, _ rules: ObjectRules) -> String? {
    let names = rules.properties.map(\.name)
    let nearest = Suggestion.nearest(to: name, among: names).map { "Did you mean \"\($0)\"?" }
    guard !names.isEmpty, names.count <= 12 else { return nearest }
    let all = "Known: \(names.joined(separator: ", "))."
    return nearest.map { "\($0) \(all)" } ?? all
  }

  private mutating func checkName(_ name: String, _ node: SchemaNode) -> Bool {
    if quietly({ $0.checkPart(.string(name), at: name, node) }) { return true }
    guard isCollecting else { return false }
    let reasons = separately { $0.checkPart(.string(name), at: name, node) }
    return fail(at: name, "has a name that \(reasons.first?.reason ?? "is not allowed")")
  }

  private mutating func checkRequired(
    _ names: [String], in record: Record, _ rules: ObjectRules
  ) -> Bool {
    var isFine = true
    for name in names where record[name] == nil && !isExcused(name, rules) {
      isFine = fail(at: name, "is missing", hint: "It is required.")
      guard mayGoOn else { return false }
    }
    return isFine
  }

  /// Whether a member is left out in this direction: what is read only is required in responses alone.
  private func isExcused(_ name: String, _ rules: ObjectRules) -> Bool {
    // JSON Schema itself knows no directions.
    if reading == .asOthersDo, library.dialect == .openAPI31 { return false }
    if let node = rules.property(name) { return library.isLeftOut(node, for: direction) }
    guard let entry else { return false }
    let nodes = SchemaBlend(of: [entry], in: library).nodes(ofProperty: name)
    return nodes.contains { library.isLeftOut($0, for: direction) }
  }

  private mutating func checkCounts(_ record: Record, _ rules: ObjectRules) -> Bool {
    if record.count < rules.minimumCount {
      return fail(
        "expects at least \(Self.counted(rules.minimumCount, "property")), found \(record.count)")
    }
    if let maximum = rules.maximumCount, record.count > maximum {
      return fail("expects at most \(Self.counted(maximum, "property")), found \(record.count)")
    }
    return true
  }

  private mutating func checkDependencies(
    _ record: Record, _ value: Value, _ rules: ObjectRules, _ seen: inout SeenParts?
  ) -> Bool {
    var isFine = true
    for (name, others) in rules.dependentNames where record[name] != nil {
      for other in others where record[other] == nil {
        isFine = fail(at: other, "is missing", hint: "It is required where \(name) is given.")
        guard mayGoOn else { return false }
      }
    }
    for (name, node) in rules.dependentSchemas where record[name] != nil {
      isFine = check(value, node, &seen) && isFine
      guard isFine || mayGoOn else { return false }
    }
    return isFine
  }

  // MARK: What no schema spoke of

  mutating func checkRest(
    _ value: Value, _ rules: SchemaRules, _ seen: inout SeenParts?
  ) -> Bool {
    var isFine = true
    switch value {
    case .array(let items):
      guard let node = rules.array?.unevaluated else { return true }
      for (position, item) in items.enumerated() where !(seen?.hasItem(position) ?? false) {
        isFine = checkPart(item, at: position, node) && isFine
        guard isFine || mayGoOn else { return false }
      }
      seen?.firstItems = items.count
    case .object(let record):
      guard let node = rules.object?.unevaluated else { return true }
      let isNever = node.rules(in: library).isNever
      for (index, member) in record.members.enumerated()
      where !(seen?.members.contains(index) ?? false) {
        isFine =
          (isNever
            ? fail(at: member.name, "is not known")
            : checkPart(member.value, at: member.name, node)) && isFine
        guard isFine || mayGoOn else { return false }
        seen?.members.insert(index)
      }
    default: break
    }
    return isFine
  }
}
