internal import TrestleCore

/// One message being written by a copybook.
struct CopybookWriting {
  var output: [UInt8] = []
  /// Which bytes hold what the caller gave; kept only where several readings share bytes.
  var given: [Bool] = []
  var keepsGiven = false
  var noted: [Value?]
  /// The values around the field being written, outermost first.
  private(set) var scopes: [Record] = []
  let options: CopybookOptions

  init(slots: Int, options: CopybookOptions) {
    noted = [Value?](repeating: nil, count: slots)
    self.options = options
  }

  /// Writes a value of its own: the record, or a group within.
  mutating func write(_ group: CopybookGroup, _ record: Record) throws(CodecError) {
    if !record.isEmpty {
      let known = Set(group.keys)
      for name in record.names where !known.contains(name) {
        throw CodecError(
          path: name,
          reason: "is no field of the record" + Suggestion.clause(for: name, among: group.keys),
          hint: "fields: \(group.keys.joined(separator: ", "))")
      }
    }
    scopes.append(record)
    try write(steps: group, record)
    scopes.removeLast()
  }

  private mutating func write(steps group: CopybookGroup, _ record: Record) throws(CodecError) {
    let members = Members(record)
    for step in group.steps {
      switch step {
      case .slack(let count): append([UInt8](repeating: 0, count: count), nil)
      case .node(let node): try write(node, members)
      case .area(let area): try write(area, members)
      }
    }
  }

  /// The members of a value by name, without looking through many of them each time.
  struct Members {
    let record: Record
    private let positions: [String: Int]

    init(_ record: Record) {
      self.record = record
      positions =
        record.count < 16
        ? [:]
        : Dictionary(record.members.enumerated().map { ($0.element.name, $0.offset) }) { $1 }
    }

    subscript(key: String) -> Value? {
      let value =
        record.count < 16 ? record[key] : positions[key].map { record.members[$0].value }
      return value?.isNull ?? true ? nil : value
    }
  }

  private mutating func append(_ bytes: [UInt8], _ content: Range<Int>?) {
    if keepsGiven {
      given += bytes.indices.map { content?.contains($0) ?? false }
    }
    output += bytes
  }

  // MARK: Items

  mutating func write(
    _ node: CopybookNode, _ members: Members
  ) throws(CodecError) {
    if node.isAnonymous, case .group(let group) = node.content {
      return try write(steps: group, members.record)
    }
    do throws(CodecError) {
      var value = node.isFiller ? nil : members[node.key]
      if !node.tables.isEmpty { value = try count(node, given: value) }
      if let choice = node.choice { value = value ?? segment(choice) }
      if let slot = node.slot { noted[slot] = value ?? self.initial(node) }
      if let occurs = node.occurs {
        try write(table: node, occurs, value)
      } else {
        try write(content: node, value)
      }
    } catch {
      throw error.inside(node.isFiller ? node.title : node.key)
    }
  }

  private func initial(_ node: CopybookNode) -> Value? {
    guard case .field(let field) = node.content else { return nil }
    var reader = FieldReader(node.initial)
    return try? field.read(&reader)
  }

  private mutating func write(
    content node: CopybookNode, _ value: Value?
  ) throws(CodecError) {
    switch node.content {
    case .group(let group):
      guard let value else { return try write(group, Record()) }
      guard let record = value.objectValue else { throw .unwritable(value, "an object") }
      try write(group, record)
    case .field(let field):
      guard let value else { return append(node.initial, nil) }
      var bytes: [UInt8] = []
      bytes.reserveCapacity(field.size)
      try field.write(value, to: &bytes)
      append(bytes, keepsGiven ? field.contentRange(of: bytes[...]) : nil)
    }
  }

  private mutating func write(
    table node: CopybookNode, _ occurs: CopybookNode.Occurs, _ value: Value?
  ) throws(CodecError) {
    guard let items = value == nil ? [] : value?.arrayValue else {
      throw .unwritable(value ?? .null, "a list")
    }
    guard items.count <= occurs.maximum else {
      throw CodecError(reason: "has \(items.count) items, more than \(occurs.maximum)")
    }
    var count = occurs.maximum
    if let slot = occurs.slot {
      let text = noted[slot]?.scalarText ?? "0"
      let wanted =
        occurs.counts.isEmpty ? Int(text) : occurs.counts.first { $0.text == text }?.count
      guard let wanted, (0...occurs.maximum).contains(wanted) else {
        throw CodecError(reason: "has no count: \"\(text)\" is none")
      }
      guard value == nil || items.count == wanted else {
        throw CodecError(
          reason: "has \(items.count) items, but the field that counts them says \(wanted)")
      }
      count = options.isVariable == false ? occurs.maximum : wanted
    }
    for position in 0..<count {
      // A null is an item that is left out; a bare nil would be a null here.
      var item: Value?
      if position < items.count, !items[position].isNull { item = items[position] }
      do throws(CodecError) {
        try write(content: node, item)
      } catch {
        throw error.inside("[\(position)]")
      }
    }
  }

  // MARK: Counts

  /// The value of a field that counts tables: how many items they have.
  private func count(_ node: CopybookNode, given: Value?) throws(CodecError) -> Value? {
    var found: [(table: TableReference, count: Int)] = []
    for table in node.tables {
      guard table.levels < scopes.count else { continue }
      var counts: Set<Int> = []
      Self.collect(
        .object(scopes[scopes.count - 1 - table.levels]), table.path[...], into: &counts)
      for count in counts.sorted() { found.append((table, count)) }
    }
    guard let first = found.first else { return given }
    guard first.table.counts.isEmpty else { return try letter(node, found, given: given) }
    for (table, count) in found where count != first.count {
      throw CodecError(
        reason: "counts \(first.table.title) and \(table.title), which have \(first.count) and"
          + " \(count) items")
    }
    if let given, Int(given.scalarText ?? "") != first.count {
      throw CodecError(
        reason: "is \(given.scalarText ?? ""), but \(first.table.title) has \(first.count) items",
        hint: "leave it out: it writes itself")
    }
    return .integer(Int64(first.count))
  }

  /// The text that stands for the counts of all tables.
  private func letter(
    _ node: CopybookNode, _ found: [(table: TableReference, count: Int)], given: Value?
  ) throws(CodecError) -> Value? {
    let texts = found[0].table.counts.map(\.text).filter { text in
      found.allSatisfy { table, count in
        table.counts.contains { $0.text == text && $0.count == count }
      }
    }
    if let given, texts.contains(given.scalarText ?? "") { return given }
    let counts = found.map { "\($0.count) of \($0.table.title)" }.joined(separator: ", ")
    if let given {
      throw CodecError(
        reason: "is \"\(given.scalarText ?? "")\", which does not stand for \(counts)")
    }
    guard let text = texts.first else {
      throw CodecError(reason: "has no text that stands for \(counts)")
    }
    return .string(text)
  }

  private static func collect(
    _ value: Value, _ path: ArraySlice<String>, into counts: inout Set<Int>
  ) {
    if case .array(let items) = value {
      if path.isEmpty {
        counts.insert(items.count)
      } else {
        for item in items { collect(item, path, into: &counts) }
      }
    } else if let key = path.first, let inner = value[key] {
      collect(inner, path.dropFirst(), into: &counts)
    }
  }
}
