internal import TrestleCore
internal import TrestleXML

// Structs and arrays.
extension GraphDecoder {
  /// A struct: its accessors by name, in any order (SOAP 1.1 §5.4).
  mutating func object(
    _ node: EncodedNode, _ plan: ObjectPlan, shown: String?
  ) throws(CodecError) -> Value {
    var frame = EnvelopeDecoder.Frame(kind: .object, textStart: 0)
    frame.plan = Unmanaged.passUnretained(plan)
    if let shown { frame.members.append(Record.Member(name: "_type", value: .string(shown))) }
    try readAttributes(of: node, plan, into: &frame)
    if node.isNil {
      let isBare = frame.members.allSatisfy { $0.name == "_type" }
      if isBare { return .null }
      frame.members.append(Record.Member(name: "_nil", value: .bool(true)))
      return .object(Record(uniqueMembers: frame.members))
    }
    if let scalar = plan.text {
      do throws(CodecError) {
        let text = String(decoding: node.text, as: UTF8.self)
        if !text.isEmpty || !scalar.acceptsEmpty {
          frame.members.append(
            Record.Member(name: "_text", value: try scalar.value(of: text)))
        }
      } catch {
        throw error.inside("_text")
      }
    }
    if plan.isMixed {
      let content = node.innerXML
      if !content.isEmpty {
        frame.members.append(Record.Member(name: "_xml", value: .string(content)))
      }
      return .object(Record(uniqueMembers: frame.members))
    }
    let leaves = places(of: node.children, in: plan)
    var counts: [Int: Int] = [:]
    for (child, index) in zip(node.children, leaves) {
      // SOAP 1.2 part 2 §4.2.1: it says which accessor is the result, and is none itself.
      if EncodingNamespaces.isResult(child.name) { continue }
      guard let index else {
        try keepStranger(child, of: node, plan, in: &frame)
        continue
      }
      let leaf = plan.leaves[index]
      let position = counts[leaf.field, default: 0]
      counts[leaf.field] = position + 1
      do throws(CodecError) {
        frame.add(
          try value(of: child, content: leaf.element.content, element: leaf.element), at: leaf)
      } catch {
        throw error.inside(leaf.isArray ? "\(leaf.key)[\(position)]" : leaf.key)
      }
    }
    frame.closeGroups(plan)
    if !plan.alwaysArrays.isEmpty { frame.addEmptyArrays(plan) }
    return .object(Record(uniqueMembers: frame.members))
  }

  /// The place of each child in the plan, nil where it has none.
  private mutating func places(of children: [EncodedNode], in plan: ObjectPlan) -> [Int?] {
    let known = placesByName[ObjectIdentifier(plan)]
    let byName =
      known
      ?? Dictionary(
        plan.leaves.enumerated().map { ($0.element.element.name.local, $0.offset) },
        uniquingKeysWith: { first, _ in first })
    if known == nil { placesByName[ObjectIdentifier(plan)] = byName }
    return children.map { byName[$0.name.local] }
  }

  private mutating func readAttributes(
    of node: EncodedNode, _ plan: ObjectPlan, into frame: inout EnvelopeDecoder.Frame
  ) throws(CodecError) {
    var others: Record = [:]
    for (name, text) in node.attributes {
      if let attribute = plan.attributes.first(where: { $0.name == name }) {
        do throws(CodecError) {
          frame.members.append(
            Record.Member(name: attribute.key, value: try attribute.scalar.value(of: text)))
        } catch {
          throw error.inside(attribute.key)
        }
      } else if name != QualifiedName("", "id") {
        if plan.anyAttribute == nil {
          if isStrict {
            throw CodecError(
              reason: "has the attribute \(name), which the contract does not know",
              line: node.line)
          }
          warn("the attribute \(name) of \(node.name.local) is not in the contract; it was kept")
        }
        others[name.description] = .string(text)
      }
    }
    if !others.isEmpty {
      frame.members.append(Record.Member(name: "_anyAttributes", value: .object(others)))
    }
  }

  private mutating func keepStranger(
    _ child: EncodedNode, of node: EncodedNode, _ plan: ObjectPlan,
    in frame: inout EnvelopeDecoder.Frame
  ) throws(CodecError) {
    if !plan.wildcards.contains(where: { $0.allows(namespace: child.name.namespace) }) {
      if isStrict {
        throw CodecError(
          reason: "holds the element \(child.name.local), which the contract does not know",
          line: child.line)
      }
      warn(
        "the element \(child.name.local) of \(node.name.local) is not in the contract; "
          + "it was kept in _any")
    }
    frame.append(.string(child.xml), toArray: "_any")
  }

  // MARK: - Arrays

  /// An array by what it says of itself, and by its plan where it says nothing.
  mutating func array(_ node: EncodedNode, _ plan: ArrayPlan?) throws(CodecError) -> Value {
    if node.isNil { return .null }
    let note = node.array ?? ArrayNote()
    var sizes = note.sizes
    if sizes.isEmpty { sizes = Array(repeating: nil, count: plan?.rank ?? 1) }
    let places = try places(of: node, sizes: sizes, offset: note.offset)
    let content = itemContent(plan)
    var items: [Int: Value] = [:]
    for (child, place) in zip(node.children, places) {
      if content == nil, child.type == nil, child.array == nil, !note.hasArrays,
        note.itemType?.local != "anyType"
      {
        child.type = note.itemType
      }
      do throws(CodecError) {
        items[place] = try value(of: child, content: content, element: plan?.item)
      } catch {
        throw error.inside("[\(place)]")
      }
    }
    let sent = (places.max() ?? -1) + 1
    if sizes.count == 1 {
      let size = sizes[0] ?? sent
      if sent > size {
        if isStrict {
          throw CodecError(
            reason: "holds \(sent) items, but says it has \(size)", line: node.line)
        }
        warn("\(node.name.local) holds \(sent) items, but says it has \(size); all were read")
      }
      return .array(try line(of: items, from: 0, count: max(size, sent), node))
    }
    let extents = try extents(sizes, sent: sent, node)
    var position = 0
    return try nested(items, extents[...], &position, node)
  }

  /// What the items are by where the plan knows; nil where their own words decide.
  private func itemContent(_ plan: ArrayPlan?) -> ContentPlan? {
    guard let content = plan?.item.content else { return nil }
    switch content.kind {
    case .untyped: return nil
    case .scalar, .object, .array: return content
    }
  }

  /// The flat place of each child: where it says it stands, else after the one before.
  private func places(
    of node: EncodedNode, sizes: [Int?], offset: [Int]?
  ) throws(CodecError) -> [Int] {
    var next = 0
    if let offset { next = try flat(offset, sizes, node) }
    var places: [Int] = []
    places.reserveCapacity(node.children.count)
    var taken: Set<Int> = []
    for child in node.children {
      if let position = child.position { next = try flat(position, sizes, child) }
      guard taken.insert(next).inserted else {
        throw CodecError(reason: "has two items at the place \(next)", line: child.line)
      }
      places.append(next)
      next += 1
    }
    return places
  }

  private func flat(
    _ coordinates: [Int], _ sizes: [Int?], _ node: EncodedNode
  ) throws(CodecError) -> Int {
    // A flat place is taken in arrays of several dimensions too: some toolkits count that way.
    if coordinates.count == 1 { return coordinates[0] }
    guard coordinates.count == sizes.count else {
      throw CodecError(
        reason:
          "has a place of \(coordinates.count) numbers in an array of \(sizes.count) dimensions",
        line: node.line)
    }
    var place = 0
    for (index, coordinate) in coordinates.enumerated() {
      let size = index == 0 ? (sizes[0] ?? Int.max) : (sizes[index] ?? 0)
      let (scaled, overflow) = place.multipliedReportingOverflow(by: index == 0 ? 1 : size)
      let (sum, carry) = scaled.addingReportingOverflow(coordinate)
      guard coordinate < size, !overflow, !carry else {
        throw CodecError(
          reason: "has the place \(coordinates), which is outside of the array", line: node.line)
      }
      place = sum
    }
    return place
  }

  /// The sizes with the first one computed where it is left open.
  private func extents(
    _ sizes: [Int?], sent: Int, _ node: EncodedNode
  ) throws(CodecError) -> [Int] {
    var rest = 1
    for size in sizes.dropFirst() {
      guard let size else {
        // What says nothing of its sizes and holds nothing is empty.
        if sent == 0 { return Array(repeating: 0, count: sizes.count) }
        throw CodecError(
          reason: "has several dimensions, but does not say how large they are", line: node.line)
      }
      let (product, overflow) = rest.multipliedReportingOverflow(by: size)
      guard !overflow else {
        throw CodecError(reason: "says it has more places than can be", line: node.line)
      }
      rest = product
    }
    let first = sizes[0] ?? (rest == 0 ? 0 : (sent + rest - 1) / rest)
    let (total, overflow) = first.multipliedReportingOverflow(by: rest)
    guard !overflow, sent <= total else {
      throw CodecError(
        reason: "holds \(sent) items, more than its sizes allow", line: node.line)
    }
    return [first] + sizes.dropFirst().map { $0 ?? 0 }
  }

  private mutating func nested(
    _ items: [Int: Value], _ extents: ArraySlice<Int>, _ position: inout Int, _ node: EncodedNode
  ) throws(CodecError) -> Value {
    guard let count = extents.first else { return .null }
    if extents.count == 1 {
      let line = try line(of: items, from: position, count: count, node)
      position += count
      return .array(line)
    }
    try spend(places: count, node)
    var rows: [Value] = []
    for _ in 0..<count {
      rows.append(try nested(items, extents.dropFirst(), &position, node))
    }
    return .array(rows)
  }

  /// Items in order, null for those not sent (SOAP 1.1 §5.4.2.1 leaves their meaning to the application).
  private mutating func line(
    of items: [Int: Value], from start: Int, count: Int, _ node: EncodedNode
  ) throws(CodecError) -> [Value] {
    if count > items.count { try spend(places: count - items.count, node) }
    return (0..<count).map { items[start + $0] ?? .null }
  }
}
