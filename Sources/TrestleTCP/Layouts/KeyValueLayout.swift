internal import TrestleCore

/// Pairs of key and value: `CMD=STAT;ID=7`. A key that comes several times is an array.
struct KeyValueLayout: MessageLayout {
  var separator: [UInt8]
  var assign: [UInt8]
  /// Stands before a byte of the others that is meant as it is; nil where nothing can be escaped.
  var escape: UInt8?
  /// Keys that are written first, in this order.
  var order: [String]
  var encoding: TextEncoding
  var check: Check?

  /// A pair whose value is a checksum over what stands before it.
  struct Check: Sendable {
    var field: String
    var checksum: Checksum
    /// Whether the separator before the pair is covered too.
    var coversSeparator: Bool
  }

  // MARK: Writing

  func encode(_ message: Value) throws(CodecError) -> [UInt8] {
    guard case .object(let record) = message else {
      throw CodecError(
        path: "layout.kv", reason: "writes keys with values, found \(message.kindName)")
    }
    var output: [UInt8] = []
    for member in ordered(record) {
      guard member.name != check?.field else { continue }
      for value in member.value.arrayValue ?? [member.value] {
        if !output.isEmpty { output += separator }
        try append(member.name, value, to: &output)
      }
    }
    if let check {
      let bare = output
      if !output.isEmpty { output += separator }
      let covered = check.coversSeparator ? output : bare
      output += try written(check.field, path: check.field, isKey: true) + assign
      output += check.checksum.written(over: covered)
    }
    return output
  }

  private func ordered(_ record: Record) -> [Record.Member] {
    guard !order.isEmpty else { return record.members }
    let first = order.compactMap { name in
      record[name].map { Record.Member(name: name, value: $0) }
    }
    return first + record.members.filter { !order.contains($0.name) }
  }

  private func append(
    _ name: String, _ value: Value, to output: inout [UInt8]
  ) throws(CodecError) {
    guard let text = value.scalarText else {
      throw CodecError(path: name, reason: "expects a text or number, found \(value.kindName)")
    }
    output += try written(name, path: name, isKey: true) + assign
    output += try written(text, path: name, isKey: false)
  }

  private func written(
    _ text: String, path: String, isKey: Bool
  ) throws(CodecError) -> [UInt8] {
    let bytes = try encoding.bytes(of: text, path: path)
    if isKey, bytes.isEmpty { throw CodecError(path: path, reason: "a key may not be empty") }
    let marks = isKey ? [separator, assign] : [separator]
    guard let escape else {
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

  // MARK: Reading

  func decode(_ bytes: [UInt8]) throws(CodecError) -> DecodedMessage {
    let pairs = try pairs(in: bytes)
    var record = Record()
    var positions: [String: Int] = [:]
    var members: [(name: String, values: [Value])] = []
    var checked: Pair?
    for pair in pairs {
      if pair.name == check?.field {
        checked = pair
        continue
      }
      let value = Value.string(
        try encoding.text(of: pair.value[...], path: pair.name, at: pair.start))
      if let position = positions[pair.name] {
        members[position].values.append(value)
      } else {
        positions[pair.name] = members.count
        members.append((pair.name, [value]))
      }
    }
    try verify(checked, in: bytes)
    record.reserveCapacity(members.count)
    for member in members {
      record.append(
        unique: member.name, member.values.count == 1 ? member.values[0] : .array(member.values))
    }
    return DecodedMessage(value: .object(record))
  }

  func list(_ bytes: [UInt8], into fields: inout [FieldSpan]) throws(CodecError) {
    for pair in try pairs(in: bytes) {
      let text = try encoding.text(of: pair.value[...], path: pair.name, at: pair.start)
      fields.append(
        FieldSpan(path: pair.name, range: pair.start..<pair.end, value: .string(text)))
    }
  }

  private struct Pair {
    var name: String
    var value: [UInt8]
    /// From the key's first byte to the value's last.
    var start: Int
    var end: Int
  }

  private func pairs(in bytes: [UInt8]) throws(CodecError) -> [Pair] {
    var pairs: [Pair] = []
    var position = 0
    // A separator at the very end is common and means nothing.
    while position < bytes.count {
      pairs.append(try pair(in: bytes, from: &position))
    }
    return pairs
  }

  /// Reads one pair and passes the separator after it.
  private func pair(in bytes: [UInt8], from position: inout Int) throws(CodecError) -> Pair {
    let start = position
    var key: [UInt8]?
    var text: [UInt8] = []
    var end = bytes.count
    while position < bytes.count {
      let byte = bytes[position]
      if byte == escape {
        guard position + 1 < bytes.count else {
          throw wrong(bytes, position..<bytes.count, "ends with an escape that escapes nothing")
        }
        text.append(bytes[position + 1])
        position += 2
      } else if byte == separator[0], bytes[position...].starts(with: separator) {
        end = position
        position += separator.count
        break
      } else if key == nil, byte == assign[0], bytes[position...].starts(with: assign) {
        key = text
        text = []
        position += assign.count
      } else {
        text.append(byte)
        position += 1
      }
    }
    guard let key, !key.isEmpty else {
      let sign = String(decoding: assign, as: UTF8.self)
      throw wrong(bytes, start..<end, key == nil ? "expects key\(sign)value" : "has an empty key")
    }
    let name = try encoding.text(of: key[...], path: "layout.kv", at: start)
    return Pair(name: name, value: text, start: start, end: end)
  }

  private func verify(_ pair: Pair?, in bytes: [UInt8]) throws(CodecError) {
    guard let check else { return }
    guard let pair else {
      throw CodecError(
        path: check.field, reason: "is missing: the check of the message",
        hint: "the peer should end its message with it")
    }
    let before = bytes[..<pair.start]
    let covered = check.coversSeparator ? before : before.dropLast(separator.count)
    guard !check.checksum.isRight(pair.value[...], over: covered) else { return }
    let right = String(decoding: check.checksum.written(over: covered), as: UTF8.self)
    throw CodecError(
      path: check.field,
      reason: "is wrong: \(check.checksum.algorithm.rawValue) of what stands before it is \(right)",
      in: bytes[...], wrong: pair.start..<pair.end)
  }

  private func wrong(_ bytes: [UInt8], _ range: Range<Int>, _ reason: String) -> CodecError {
    CodecError(path: "layout.kv", reason: reason, in: bytes[...], wrong: range)
  }
}
