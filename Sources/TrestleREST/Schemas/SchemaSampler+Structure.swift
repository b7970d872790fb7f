import TrestleCore

extension SchemaSampler {
  /// A schema may ask for millions of items; a sample of them helps nobody.
  private static let maximumItems = 1_000

  // MARK: Arrays

  mutating func makeArray(
    _ blend: SchemaBlend, named name: String, mayBeLeftOut: Bool
  ) -> Value? {
    let rules = blend.parts.compactMap(\.rules.array)
    let least = rules.map { max($0.minimumCount, $0.minimumContained) }.max() ?? 0
    let most = rules.compactMap(\.maximumCount).min() ?? .max
    let listed = rules.map(\.first.count).max() ?? 0
    let count = min(max(least, listed, 1), most, Self.maximumItems)
    let areUnique = rules.contains(where: \.areUnique)
    var items: [Value] = []
    let outer = variation
    defer { variation = outer }
    while items.count < count {
      var nodes = blend.nodes(ofItem: items.count)
      for array in rules where items.count < array.minimumContained {
        nodes += array.contained.map { [$0] } ?? []
      }
      // Items that must differ are tried from where the last one was found.
      variation = areUnique ? outer + items.count : outer
      var item = make(nodes, named: name, mayBeLeftOut: items.count >= least)
      while areUnique, let made = item, variation < outer + 20 + items.count * 2,
        items.contains(where: { $0.isSameJSON(as: made) })
      {
        variation += 1
        item = make(nodes, named: name, mayBeLeftOut: items.count >= least)
      }
      guard let item else { break }
      items.append(item)
      // Items beyond those that are listed one by one are all alike.
      if !areUnique, items.count > listed, items.count > rules.map(\.minimumContained).max() ?? 0 {
        items += [Value](repeating: item, count: max(0, count - items.count))
      }
    }
    guard items.count >= min(least, Self.maximumItems) else { return nil }
    if items.isEmpty, mayBeLeftOut, most > 0 { return nil }
    let value = Value.array(items)
    if blend.isPlain || admits(value, blend.tops) { return value }
    if admits(.array([]), blend.tops) { return .array([]) }
    return nil
  }

  // MARK: Objects

  mutating func makeObject(_ blend: SchemaBlend) -> Value? {
    objectDepth += 1
    defer { objectDepth -= 1 }
    let isPlain = blend.isPlain && !leavesOutRequired(blend)
    if let value = makeMembers(of: blend, isMinimal: false),
      isPlain || admits(value, blend.tops)
    {
      return value
    }
    if isPlain { return nil }
    guard let value = makeMembers(of: blend, isMinimal: true), admits(value, blend.tops) else {
      return nil
    }
    return value
  }

  /// Whether a member that must be there stays out of this direction, which JSON Schema knows nothing of.
  private func leavesOutRequired(_ blend: SchemaBlend) -> Bool {
    guard library.dialect == .openAPI31 else { return false }
    return blend.required.contains { name in
      blend.nodes(ofProperty: name).contains { library.isLeftOut($0, for: direction) }
    }
  }

  private mutating func makeMembers(of blend: SchemaBlend, isMinimal: Bool) -> Value? {
    let rules = blend.parts.compactMap(\.rules.object)
    let required = blend.required
    let isRequired = Set(required)
    var names = blend.propertyNames
    let known = Set(names)
    names += required.filter { !known.contains($0) }
    names += blend.marks.keys.sorted().filter { !known.contains($0) && !isRequired.contains($0) }
    let most = rules.compactMap(\.maximumCount).min() ?? .max
    var left = most - required.count
    var record = Record()
    record.reserveCapacity(names.count)
    for name in names {
      if let mark = blend.marks[name] {
        record[name] = .string(mark)
        continue
      }
      let nodes = blend.nodes(ofProperty: name)
      if nodes.contains(where: { library.isLeftOut($0, for: direction) }) { continue }
      if isRequired.contains(name) {
        guard let value = make(nodes, named: name, mayBeLeftOut: false) else { return nil }
        record[name] = value
      } else if !isMinimal, showsOptionalMembers(), left > 0, isAllowed(name, rules),
        let value = make(nodes, named: name, mayBeLeftOut: true)
      {
        record[name] = value
        left -= 1
      }
    }
    addDependent(to: &record, blend, rules)
    addFurther(to: &record, blend, rules, isMinimal: isMinimal, most: most)
    return .object(record)
  }

  /// Whether no part of the blend forbids what it does not list.
  private func isAllowed(_ name: String, _ rules: [ObjectRules]) -> Bool {
    rules.allSatisfy { object in
      guard let additional = object.additional, additional.rules(in: library).isNever else {
        return true
      }
      return object.property(name) != nil
        || object.patterns.contains { $0.pattern?.matches(name) ?? false }
    }
  }

  private mutating func addDependent(
    to record: inout Record, _ blend: SchemaBlend, _ rules: [ObjectRules]
  ) {
    for _ in 0..<4 {
      let missing = rules.flatMap(\.dependentNames).filter { record[$0.name] != nil }
        .flatMap(\.others).filter { record[$0] == nil }
      if missing.isEmpty { return }
      for name in missing {
        record[name] = make(blend.nodes(ofProperty: name), named: name, mayBeLeftOut: false)
      }
    }
  }

  /// Members that no schema names: as many as are asked for, and one where an object is a map.
  private mutating func addFurther(
    to record: inout Record, _ blend: SchemaBlend, _ rules: [ObjectRules], isMinimal: Bool,
    most: Int
  ) {
    let least = min(rules.map(\.minimumCount).max() ?? 0, 200)
    let isMap = rules.contains { object in
      if !object.patterns.isEmpty { return true }
      guard let additional = object.additional else { return false }
      return additional.source.objectValue.map { !$0.isEmpty } ?? false
    }
    let showsOne = isMap && record.isEmpty && !isMinimal && showsOptionalMembers()
    let wanted = min(max(least, showsOne ? record.count + 1 : 0), most)
    guard record.count < wanted else { return }
    for name in furtherNames(blend, rules, count: wanted + 4) {
      guard record.count < wanted else { return }
      guard record[name] == nil, isAllowed(name, rules) else { continue }
      let nodes = blend.nodes(ofProperty: name)
      if let value = make(nodes, named: name, mayBeLeftOut: record.count >= least) {
        record[name] = value
      }
    }
  }

  private mutating func furtherNames(
    _ blend: SchemaBlend, _ rules: [ObjectRules], count: Int
  ) -> [String] {
    var names = blend.propertyNames
    let outer = variation
    defer { variation = outer }
    let rulesOfNames = rules.compactMap(\.names)
    if !rulesOfNames.isEmpty {
      for number in 0..<count {
        variation = number
        if let name = make(rulesOfNames, named: "key", mayBeLeftOut: true)?.stringValue {
          names.append(name)
        }
      }
    }
    for (pattern, _) in rules.flatMap(\.patterns) { names += pattern?.examples().prefix(8) ?? [] }
    return names + ["key"] + (2..<(count + 2)).map { "key\($0)" }
  }
}
