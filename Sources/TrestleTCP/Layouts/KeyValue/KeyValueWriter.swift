internal import TrestleCore

/// Puts a message together of pairs.
struct KeyValueWriter {
  let layout: KeyValueLayout
  private var output: [UInt8] = []
  /// Where the value of the length stands, which is written at the end.
  private var lengthPlace: Int?

  /// Groups within groups deeper than this are refused.
  private static let deepest = 16

  init(layout: KeyValueLayout) { self.layout = layout }

  mutating func message(_ message: Value) throws(CodecError) -> [UInt8] {
    switch message {
    case .object(let record):
      try members(named(record))
    case .array(let items): try pairs(items)
    default:
      throw CodecError(
        path: "layout.kv", reason: "writes keys with values, found \(message.kindName)")
    }
    let body =
      output.count + (layout.endsWithSeparator || layout.check != nil ? layout.separator.count : 0)
    try writeLength(upTo: output.isEmpty ? 0 : body)
    if let check = layout.check {
      let bare = output.count
      if !output.isEmpty { output += layout.separator }
      let covered = check.coversSeparator ? output[...] : output[..<bare]
      let value = check.checksum.written(over: covered)
      output += try key(check.field) + layout.assign + value
    }
    if layout.endsWithSeparator, !output.isEmpty { output += layout.separator }
    return output
  }

  /// The members by their names, with the length where it belongs.
  private func named(_ record: Record) -> [Record.Member] {
    var members = record.members.map {
      Record.Member(name: layout.names.name(of: $0.name), value: $0.value)
    }
    if let length = layout.length {
      members.removeAll { $0.name == length.field }
      members.insert(Record.Member(name: length.field, value: ""), at: 0)
    }
    guard !layout.order.isEmpty else { return members }
    var first: [Record.Member] = []
    for name in layout.order {
      first += members.filter { $0.name == name }
    }
    let known = Set(layout.order)
    return first + members.filter { !known.contains($0.name) }
  }

  private mutating func members(
    _ members: [Record.Member], depth: Int = 0
  ) throws(CodecError) {
    for member in members {
      do throws(CodecError) {
        try self.member(member.name, member.value, depth: depth)
      } catch {
        throw error.path.hasPrefix(member.name) ? error : error.inside(member.name)
      }
    }
  }

  private mutating func member(
    _ name: String, _ value: Value, depth: Int
  ) throws(CodecError) {
    if name == layout.length?.field {
      try pair(name, "")
      lengthPlace = output.count
    } else if layout.isComputed(name) {
      // Written by itself.
    } else if let group = layout.groups[name] {
      try entries(of: group, named: name, value, depth: depth + 1)
    } else {
      for item in value.arrayValue ?? [value] where !item.isNull {
        if let (length, _) = layout.data.first(where: { $0.value == name }) {
          let bytes = try data(item)
          try pair(length, String(bytes.count))
          separate()
          output += try key(name) + layout.assign + bytes
        } else {
          guard let text = item.scalarText else {
            throw CodecError(path: name, reason: "expects a text or number, found \(item.kindName)")
          }
          try pair(name, text)
        }
      }
    }
  }

  private mutating func entries(
    of group: KeyGroup, named name: String, _ value: Value, depth: Int
  ) throws(CodecError) {
    guard case .array(let entries) = value, depth <= Self.deepest else {
      throw CodecError(reason: "expects a list of entries, found \(value.kindName)")
    }
    try pair(name, String(entries.count))
    for (position, entry) in entries.enumerated() {
      do throws(CodecError) {
        guard case .object(let record) = entry else {
          throw CodecError(reason: "expects an object, found \(entry.kindName)")
        }
        try self.members(try ordered(record, group), depth: depth)
      } catch {
        throw error.inside("[\(position)]")
      }
    }
  }

  /// The members of an entry in the order of the group.
  private func ordered(
    _ record: Record, _ group: KeyGroup
  ) throws(CodecError) -> [Record.Member] {
    let members = record.members.map {
      Record.Member(name: layout.names.name(of: $0.name), value: $0.value)
    }
    let known = Set(group.members)
    if let unknown = members.first(where: { !known.contains($0.name) }) {
      throw CodecError(
        path: unknown.name,
        reason: "does not belong to an entry"
          + Suggestion.clause(for: unknown.name, among: group.members))
    }
    guard members.contains(where: { $0.name == group.members[0] }) else {
      throw CodecError(path: group.members[0], reason: "is missing: every entry begins with it")
    }
    return group.members.compactMap { name in members.first { $0.name == name } }
  }

  // MARK: Pairs as they are

  /// Writes `[key, value]` pairs in their order; what is computed is computed anew.
  private mutating func pairs(_ items: [Value]) throws(CodecError) {
    for (position, item) in items.enumerated() {
      guard let pair = item.arrayValue, pair.count == 2, let key = pair[0].scalarText else {
        throw CodecError(path: "[\(position)]", reason: "expects [key, value], found \(item)")
      }
      let name = layout.names.name(of: key)
      if layout.groups[name] != nil, let text = pair[1].scalarText {
        try self.pair(name, text)
      } else {
        try member(name, pair[1], depth: 0)
      }
    }
  }

  private mutating func separate() {
    if !output.isEmpty { output += layout.separator }
  }

  private mutating func pair(_ name: String, _ text: String) throws(CodecError) {
    separate()
    output += try key(name) + layout.assign
    output += try written(text, path: name, isKey: false)
  }

  private func key(_ name: String) throws(CodecError) -> [UInt8] {
    try written(layout.names.key(of: name), path: name, isKey: true)
  }

  private func data(_ value: Value) throws(CodecError) -> [UInt8] {
    if case .bytes(let bytes) = value { return bytes }
    guard let text = value.scalarText else {
      throw CodecError(reason: "expects a text or bytes, found \(value.kindName)")
    }
    return try layout.encoding.bytes(of: text, path: "")
  }

  private mutating func writeLength(upTo end: Int) throws(CodecError) {
    guard let length = layout.length, let place = lengthPlace else { return }
    let count = max(0, end - place - layout.separator.count)
    let digits = String(count)
    let zeros = String(repeating: "0", count: max(0, length.digits - digits.utf8.count))
    let text = try layout.encoding.bytes(of: zeros + digits, path: length.field)
    output.insert(contentsOf: text, at: place)
  }

  // MARK: Texts

  private func written(
    _ text: String, path: String, isKey: Bool
  ) throws(CodecError) -> [UInt8] {
    let bytes = try layout.encoding.bytes(of: text, path: path)
    if isKey, bytes.isEmpty { throw CodecError(path: path, reason: "a key may not be empty") }
    let marks = isKey ? [layout.separator, layout.assign] : [layout.separator]
    guard let escape = layout.escape else {
      for mark in marks { try refuse(mark, in: bytes, path: path) }
      return bytes
    }
    // The first byte is escaped wherever it stands: "|" before the separator "||" would run into it.
    let special = marks.map { $0[0] } + [escape]
    var output: [UInt8] = []
    output.reserveCapacity(bytes.count)
    for byte in bytes {
      if special.contains(byte) { output.append(escape) }
      output.append(byte)
    }
    return output
  }

  /// Refuses a text in which a mark would be found before the real one after it.
  private func refuse(
    _ mark: [UInt8], in bytes: [UInt8], path: String
  ) throws(CodecError) {
    let joined = bytes + mark
    for position in bytes.indices where joined[position...].starts(with: mark) {
      throw CodecError(
        path: path, reason: "holds \(FrameCheck.text(mark)), which this layout cannot escape",
        hint: "declare an escape in layout.kv", in: joined[...],
        wrong: position..<(position + mark.count))
    }
  }
}
