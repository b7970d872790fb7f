internal import TrestleCore
internal import TrestleXML

// Content models: what is written in which order comes from the schema, never from the caller.
extension ElementWriter {
  mutating func write(
    _ node: ObjectPlan.Node, _ plan: ObjectPlan, scope: Int, _ members: inout MemberCursor
  ) throws(CodecError) {
    switch node {
    case .element(let index, let minimum, let maximum, let later):
      let field = plan.scopes[scope].fields[index]
      if field.isArray {
        try writeItems(
          of: field, index: index, minimum: minimum, maximum: maximum, later: later, &members)
      } else {
        try writeOne(field, minimum: minimum, &members)
      }
    case .sequence(let nodes, let minimum, let contents):
      if minimum == 0,
        !members.present(in: plan.scopes[scope]).intersects(contents.members)
      {
        return
      }
      for node in nodes { try write(node, plan, scope: scope, &members) }
    case .choice(let nodes, _, let contents, let table):
      let present = members.present(in: plan.scopes[scope])
      if let alternative = table.alternative(for: present) {
        return try write(nodes[alternative], plan, scope: scope, &members)
      }
      if contents.isEmptiable { return }
      let names = nodes.flatMap { keys(of: $0, plan, scope) }
      throw CodecError(
        reason: "needs one of " + names.prefix(12).joined(separator: ", "),
        hint: "give exactly one alternative")
    case .group(let inner, let node, let minimum, let maximum):
      try writeGroup(
        inner, node, minimum: minimum, maximum: maximum, plan, &members)
    case .any(let wildcard, let minimum, let maximum, let later):
      try writeWildcard(
        wildcard, minimum: minimum, maximum: maximum, later: later, plan, plan.scopes[scope],
        &members)
    }
  }

  private mutating func writeOne(
    _ field: ObjectPlan.Field, minimum: Int, _ members: inout MemberCursor
  ) throws(CodecError) {
    do throws(CodecError) {
      guard let value = members.take(field.key) else {
        guard minimum > 0 else { return }
        if let fixed = field.element.fixedText { return try write(field.element, .string(fixed)) }
        throw CodecError(
          reason: "is required",
          hint: field.element.isNillable ? "null is allowed and sends xsi:nil" : nil)
      }
      // A key that may be left out and holds null without xsi:nil being allowed is left out.
      if value.isNull, minimum == 0, !field.element.isNillable { return }
      try write(field.element, value)
    } catch {
      throw error.inside(field.key)
    }
  }

  private mutating func writeItems(
    of field: ObjectPlan.Field, index: Int, minimum: Int, maximum: Int?, later: Int,
    _ members: inout MemberCursor
  ) throws(CodecError) {
    let already = members.taken[index]
    let value = already == nil ? members.take(field.key) : members.record[field.key]
    guard let value, !(value.isNull && minimum == 0) else {
      if minimum == 0 { return }
      throw CodecError(path: field.key, reason: "is required")
    }
    guard case .array(let items) = value else {
      let shown = value.description.prefix(32)
      throw CodecError(
        path: field.key, reason: "is a list in the contract, found \(value.kindName)",
        hint: "write [\(shown)]")
    }
    let start = already ?? 0
    var count = max(0, items.count - start - later)
    if let maximum { count = min(count, maximum) }
    if count < minimum {
      throw CodecError(
        path: field.key, reason: "needs at least \(minimum + later) items, found \(items.count)")
    }
    if later == 0, start + count < items.count, !field.hasSeveralPlaces {
      throw CodecError(
        path: field.key, reason: "allows at most \(start + count) items, found \(items.count)")
    }
    members.note(start + count, of: items.count, field: index, number: index)
    for position in start..<(start + count) {
      do throws(CodecError) {
        try write(field.element, items[position])
      } catch {
        throw error.inside("[\(position)]").inside(field.key)
      }
    }
  }

  /// Items of a repeating group, in the order of its array.
  private mutating func writeGroup(
    _ scope: Int, _ node: ObjectPlan.Node, minimum: Int, maximum: Int?, _ plan: ObjectPlan,
    _ members: inout MemberCursor
  ) throws(CodecError) {
    let key = plan.scopes[scope].key
    guard let value = members.take(key) else {
      if minimum == 0 || node.isEmptiable { return }
      throw CodecError(
        path: key, reason: "is required",
        hint: "an array of objects, one for each repetition, in order")
    }
    guard case .array(let items) = value else {
      throw CodecError(path: key, reason: "expects an array of objects, found \(value.kindName)")
    }
    if items.count < minimum {
      throw CodecError(path: key, reason: "needs at least \(minimum) items, found \(items.count)")
    }
    if let maximum, items.count > maximum {
      throw CodecError(path: key, reason: "allows at most \(maximum) items, found \(items.count)")
    }
    for (position, item) in items.enumerated() {
      do throws(CodecError) {
        guard case .object(let record) = item else {
          throw CodecError(reason: "expects an object, found \(item.kindName)")
        }
        var inner = MemberCursor(record)
        try write(node, plan, scope: scope, &inner)
        try inner.requireAllWritten(plan, scope: scope)
        guard inner.matched >= record.count else {
          let known = plan.keys(ofScope: scope)
          guard let stranger = record.names.first(where: { !known.contains($0) }) else {
            throw CodecError(
              reason: "has members of more than one repetition: "
                + record.names.joined(separator: ", "), hint: "give each an item of its own")
          }
          throw CodecError(
            path: stranger,
            reason: "has no place here" + Suggestion.clause(for: stranger, among: known))
        }
      } catch {
        throw error.inside("[\(position)]").inside(key)
      }
    }
  }

  private mutating func writeWildcard(
    _ wildcard: XSDWildcard, minimum: Int, maximum: Int?, later: Int, _ plan: ObjectPlan,
    _ scope: ObjectPlan.Scope, _ members: inout MemberCursor
  ) throws(CodecError) {
    // All wildcards of a type share one array; -1 is no field's index.
    let already = members.taken[-1]
    let value = already == nil ? members.take("_any") : members.record["_any"]
    let items = value?.arrayValue ?? []
    let start = already ?? 0
    var count = max(0, min(maximum ?? .max, items.count - start - later))
    if plan.wildcards.count > 1 {
      // Where there are several, an item goes to the first that takes its namespace.
      let allowed = items[start..<(start + count)].prefix { item in
        item.stringValue.flatMap { namespace(ofFragment: $0) }.map {
          wildcard.allows(namespace: $0)
        } ?? true
      }
      count = allowed.count
    }
    if count < minimum {
      throw CodecError(
        path: "_any", reason: "needs at least \(minimum) items, found \(count)",
        hint: "an array of XML texts")
    }
    members.note(start + count, of: items.count, field: -1, number: scope.anyNumber)
    for position in start..<(start + count) {
      try appendFragment(items[position], key: "_any[\(position)]", isWhole: true)
    }
  }

  /// The namespace of the element that a fragment is; nil for what is no XML.
  private func namespace(ofFragment text: String) -> String? {
    let root = RootName()
    do throws(CodecError) {
      try context.readers.withReader { reader throws(CodecError) in
        try reader.read(Array(text.utf8), into: root)
      }
      return root.name?.namespace
    } catch {
      return nil
    }
  }

  private func keys(of node: ObjectPlan.Node, _ plan: ObjectPlan, _ scope: Int) -> [String] {
    switch node {
    case .element(let field, _, _, _): [plan.scopes[scope].fields[field].key]
    case .sequence(let nodes, _, _): nodes.first.map { keys(of: $0, plan, scope) } ?? []
    case .choice(let nodes, _, _, _): nodes.flatMap { keys(of: $0, plan, scope) }
    case .group(let inner, _, _, _): [plan.scopes[inner].key]
    case .any: ["_any"]
    }
  }
}
