internal import TrestleCore

/// One message being read by a copybook.
struct CopybookReading {
  private(set) var reader: FieldReader
  /// Every field with its bytes, where they are wanted.
  var spans: [FieldSpan] = []
  private let isListing: Bool
  private let layout: CopybookLayout
  private var noted: [Value?]
  private var warnings: [String] = []
  private var moreWarnings = 0
  /// The keys and positions down to the field being read.
  private var path: [Step] = []
  /// How many readings around this one may turn out to be the wrong one.
  private var tries = 0
  /// How many fields the message ended before.
  private var missing = 0

  private enum Step {
    case key(String)
    case item(Int)
  }

  private static let maximumWarnings = 12

  init(_ bytes: [UInt8], layout: CopybookLayout, listing: Bool = false) {
    reader = FieldReader(bytes)
    self.layout = layout
    isListing = listing
    noted = [Value?](repeating: nil, count: layout.slots)
  }

  /// Everything odd that was let pass.
  var allWarnings: [String] {
    moreWarnings == 0 ? warnings : warnings + ["\(moreWarnings) more fields are odd like these"]
  }

  mutating func record() throws(CodecError) -> Record {
    var record = Record()
    guard !reader.bytes.isEmpty else {
      throw CodecError(path: layout.title, reason: "expects \(layout.size) bytes, found none")
    }
    try read(layout.group, into: &record)
    if reader.remaining > 0 {
      warn("\(reader.remaining) bytes follow the last field, from byte \(reader.position)")
    }
    if missing > 0, layout.options.mayEndEarly {
      warn("the record ends at byte \(reader.bytes.count), before \(missing) of its fields")
    }
    return record
  }

  private mutating func warn(_ text: String) {
    if warnings.count < Self.maximumWarnings { warnings.append(text) } else { moreWarnings += 1 }
  }

  private var place: String {
    path.reduce("") { place, step in
      switch step {
      case .key(let key): place.isEmpty ? key : "\(place).\(key)"
      case .item(let position): "\(place)[\(position)]"
      }
    }
  }

  // MARK: Items

  private mutating func read(
    _ group: CopybookGroup, into record: inout Record
  ) throws(CodecError) {
    for step in group.steps {
      switch step {
      case .slack(let count): reader.move(to: reader.position + count)
      case .node(let node): try read(node, into: &record)
      case .area(let area): try read(area, into: &record)
      }
    }
  }

  private mutating func read(
    _ node: CopybookNode, into record: inout Record
  ) throws(CodecError) {
    if node.isAnonymous, case .group(let group) = node.content {
      return try read(group, into: &record)
    }
    path.append(.key(node.isFiller ? node.title : node.key))
    let value: Value?
    if let occurs = node.occurs {
      value = .array(try items(of: node, occurs))
    } else {
      value = try content(of: node)
    }
    path.removeLast()
    if let slot = node.slot { noted[slot] = value }
    guard !node.isFiller, let value, !value.isNull else { return }
    record.append(unique: node.key, value)
  }

  private mutating func content(of node: CopybookNode) throws(CodecError) -> Value? {
    switch node.content {
    case .field(let field): return try read(field, of: node)
    case .group(let group):
      var record = Record()
      let before = missing
      let start = reader.position
      try read(group, into: &record)
      // Nothing of a group is no group.
      if missing > before, reader.position == start, record.isEmpty { return nil }
      return .object(record)
    }
  }

  private mutating func read(
    _ field: any CobolField, of node: CopybookNode
  ) throws(CodecError) -> Value? {
    let start = reader.position
    guard reader.remaining >= field.size else {
      return try readEnd(field, of: node)
    }
    var value: Value?
    do throws(CodecError) {
      value = try field.read(&reader)
    } catch {
      guard !layout.options.isStrict || tries > 0 || node.isFiller else {
        throw error.inside(place)
      }
      reader.move(to: start + field.size)
      if !node.isFiller { warn("\(error.inside(place)); it is left out") }
    }
    note(start, node, value ?? .null)
    return value
  }

  /// A field that the message ends before, or within.
  private mutating func readEnd(
    _ field: any CobolField, of node: CopybookNode
  ) throws(CodecError) -> Value? {
    let start = reader.position
    guard tries > 0 || layout.options.mayEndEarly else {
      throw CodecError(
        path: place,
        reason:
          "expects \(field.size) byte\(field.size == 1 ? "" : "s"), found \(reader.remaining)",
        hint: "the record has \(layout.size) bytes: does the message have another layout?",
        in: reader.bytes[...], wrong: start..<reader.bytes.count)
    }
    missing += 1
    guard reader.remaining > 0 else { return nil }
    reader.move(to: reader.bytes.count)
    guard let text = field as? CobolTextField else { return nil }
    let value = try? text.read(reader.bytes[start...])
    note(start, node, value ?? .null)
    return value
  }

  private mutating func note(_ start: Int, _ node: CopybookNode, _ value: Value) {
    guard isListing else { return }
    spans.append(
      FieldSpan(path: place, range: start..<reader.position, type: node.type, value: value))
  }

  // MARK: Tables

  private mutating func items(
    of node: CopybookNode, _ occurs: CopybookNode.Occurs
  ) throws(CodecError) -> [Value] {
    let count = try count(of: node, occurs)
    let start = reader.position
    var items: [Value] = []
    for position in 0..<count {
      // Nothing more comes: the rest is missing, item by item.
      if reader.remaining == 0, tries > 0 || layout.options.mayEndEarly {
        missing += 1
        break
      }
      path.append(.item(position))
      items.append(try content(of: node) ?? .null)
      path.removeLast()
    }
    if occurs.slot != nil, layout.options.isVariable == false {
      reader.move(to: start + node.fullSize)
    }
    return items
  }

  private func count(
    of node: CopybookNode, _ occurs: CopybookNode.Occurs
  ) throws(CodecError) -> Int {
    guard let slot = occurs.slot else { return occurs.maximum }
    let text = noted[slot]?.scalarText ?? ""
    let count: Int?
    if occurs.counts.isEmpty {
      count = Int(text)
    } else {
      count = occurs.counts.first { $0.text == text }?.count
    }
    guard let count, count >= 0 else {
      throw CodecError(
        path: place, reason: "has no count: \"\(text)\" is none", offset: reader.position)
    }
    guard count <= occurs.maximum else {
      throw CodecError(
        path: place, reason: "would have \(count) items, more than \(occurs.maximum)",
        offset: reader.position)
    }
    return count
  }

  // MARK: Areas

  private mutating func read(
    _ area: CopybookArea, into record: inout Record
  ) throws(CodecError) {
    let start = reader.position
    var end = start
    var isComplete = false
    let alternatives = alternatives(of: area)
    for alternative in alternatives {
      let node = area.alternatives[alternative]
      reader.move(to: start)
      let isTry = alternatives.count > 1
      if isTry { tries += 1 }
      defer { if isTry { tries -= 1 } }
      let before = (missing: missing, depth: path.count)
      do throws(CodecError) {
        var members = Record()
        try read(node, into: &members)
        for member in members { record.append(unique: member.name, member.value) }
        // What follows stands behind the longest of the alternatives.
        end = max(end, node.isVariable ? reader.position : start + node.fullSize)
        if missing == before.missing { isComplete = true }
      } catch {
        guard isTry else { throw error }
        path.removeLast(path.count - before.depth)
        warn("\(error); \(node.title) is left out")
      }
      // Another alternative may be the one that is whole.
      if isTry, !layout.options.mayEndEarly { missing = before.missing }
    }
    let isSettled = alternatives.count == 1 && area.isVariable
    if !isSettled, area.alternatives.allSatisfy({ !$0.isVariable }) { end = start + area.size }
    guard isComplete || alternatives.isEmpty || tries > 0 || layout.options.mayEndEarly else {
      throw CodecError(
        path: place,
        reason: "expects the bytes of \(area.alternatives.map(\.title).joined(separator: " or ")),"
          + " found \(reader.bytes.count - start)",
        in: reader.bytes[...], wrong: start..<reader.bytes.count)
    }
    reader.move(to: end)
  }

  /// The alternatives to read: the one that is meant, where that is known.
  private func alternatives(of area: CopybookArea) -> [Int] {
    switch area.choice {
    case .always(let alternative): return [alternative]
    case .by(let slot, let cases):
      guard let value = noted[slot] else { return [] }
      return cases.first { CopybookSegment.isAlike(value, $0.value) }.map { [$0.alternative] }
        ?? []
    case nil: return Array(area.alternatives.indices)
    }
  }
}

/// Compares the value of a field with the text that a definition gives for it.
enum CopybookSegment {
  static func isAlike(_ value: Value, _ text: String) -> Bool {
    guard let found = value.scalarText else { return false }
    if found == text { return true }
    // `01` and 1 are one number.
    guard let left = Int64(found), let right = Int64(text) else { return false }
    return left == right
  }
}
