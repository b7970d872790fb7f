internal import TrestleCore

/// Makes the value of a message of its pairs: what repeats is an array, counted groups are arrays of
/// objects.
struct KeyGrouping {
  let layout: KeyValueLayout
  let pairs: [KeyPair]
  private let reader: KeyValueReader
  private let bytes: [UInt8]
  private var index = 0

  /// Groups within groups deeper than this are refused.
  private static let deepest = 16

  init(layout: KeyValueLayout, bytes: [UInt8], pairs: [KeyPair]) {
    self.layout = layout
    self.pairs = pairs
    self.bytes = bytes
    reader = KeyValueReader(layout: layout, bytes: bytes)
  }

  mutating func message() throws(CodecError) -> Record {
    try members(depth: 0) { _ in true }
  }

  /// Reads members as long as their names belong here.
  private mutating func members(
    depth: Int, belongs: (String) -> Bool
  ) throws(CodecError) -> Record {
    var names: [String] = []
    var values: [String: [Value]] = [:]
    while index < pairs.count, belongs(pairs[index].name) {
      let pair = pairs[index]
      // The entry's first key begins the next entry.
      if depth > 0, values[pair.name] != nil { break }
      index += 1
      if layout.isComputed(pair.name) { continue }
      let value: Value
      if let group = layout.groups[pair.name] {
        value = try entries(of: group, counted: pair, depth: depth + 1)
      } else {
        value = try reader.value(of: pair)
      }
      if values[pair.name] == nil { names.append(pair.name) }
      values[pair.name, default: []].append(value)
    }
    var record = Record()
    record.reserveCapacity(names.count)
    for name in names {
      let all = values[name] ?? []
      record.append(unique: name, all.count == 1 ? all[0] : .array(all))
    }
    return record
  }

  private mutating func entries(
    of group: KeyGroup, counted pair: KeyPair, depth: Int
  ) throws(CodecError) -> Value {
    guard depth <= Self.deepest else {
      throw CodecError(path: pair.name, reason: "is nested deeper than \(Self.deepest)")
    }
    guard let count = NumberCoding.ascii.number(in: pair.value[...]) else {
      throw wrong(pair, "expects how many entries follow")
    }
    let known = Set(group.members)
    var entries: [Value] = []
    while index < pairs.count, pairs[index].name == group.members[0] {
      entries.append(.object(try members(depth: depth) { known.contains($0) }))
    }
    guard entries.count == count else {
      throw wrong(
        pair, "says \(count) entries follow, found \(entries.count)",
        hint: "an entry begins with \(group.members[0])")
    }
    return .array(entries)
  }

  private func wrong(_ pair: KeyPair, _ reason: String, hint: String? = nil) -> CodecError {
    CodecError(path: pair.name, reason: reason, hint: hint, in: bytes[...], wrong: pair.range)
  }
}
