internal import TrestleCore

/// Takes a message apart into pairs.
struct KeyValueReader {
  let layout: KeyValueLayout
  let bytes: [UInt8]
  private var position = 0
  /// The key that must come next, and the size of its value.
  private var announced: (name: String, count: Int)?

  init(layout: KeyValueLayout, bytes: [UInt8]) {
    self.layout = layout
    self.bytes = bytes
  }

  func pairs() throws(CodecError) -> [KeyPair] {
    var reader = self
    var pairs: [KeyPair] = []
    while let pair = try reader.next() { pairs.append(pair) }
    return pairs
  }

  /// Reads one pair and passes the separator after it; nil at the end.
  ///
  /// A separator at the very end is common and means nothing.
  mutating func next() throws(CodecError) -> KeyPair? {
    guard position < bytes.count else {
      if let announced {
        throw CodecError(
          path: announced.name, reason: "is missing after its length", offset: bytes.count)
      }
      return nil
    }
    let pair = try announced == nil ? ordinary() : data()
    if let name = layout.data[pair.name] {
      guard
        let count = (layout.encoding.isEBCDIC ? NumberCoding.ebcdic : .ascii)
          .number(in: pair.value[...]).flatMap({ Int(exactly: $0) }),
        count <= bytes.count - position
      else {
        throw CodecError(
          path: pair.name, reason: "is no length of a value that the message can hold",
          in: bytes[...], wrong: pair.range)
      }
      announced = (name, count)
    }
    return pair
  }

  private mutating func ordinary() throws(CodecError) -> KeyPair {
    let start = position
    let separator = layout.separator, assign = layout.assign
    var key: [UInt8]?
    var text: [UInt8] = []
    var end = bytes.count
    while position < bytes.count {
      let byte = bytes[position]
      if byte == layout.escape {
        guard position + 1 < bytes.count else {
          throw wrong(position..<bytes.count, "ends with an escape that escapes nothing")
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
      throw wrong(start..<end, key == nil ? "expects key\(sign)value" : "has an empty key")
    }
    return KeyPair(name: try name(key, at: start), value: text, range: start..<end)
  }

  /// Reads a value of the size that the pair before it said.
  private mutating func data() throws(CodecError) -> KeyPair {
    guard let (expected, count) = announced else { return try ordinary() }
    announced = nil
    let start = position
    let written = layout.names.key(of: expected)
    let head = try layout.encoding.bytes(of: written, path: expected) + layout.assign
    guard bytes[start...].starts(with: head) else {
      throw CodecError(
        path: expected, reason: "is expected after its length", in: bytes[...],
        wrong: start..<min(start + head.count, bytes.count))
    }
    let first = start + head.count
    guard count <= bytes.count - first else {
      throw CodecError(
        path: expected, reason: "has \(bytes.count - first) bytes, its length says \(count)",
        in: bytes[...], wrong: first..<bytes.count)
    }
    let end = first + count
    position = end
    if end < bytes.count {
      guard bytes[end...].starts(with: layout.separator) else {
        throw CodecError(
          path: expected, reason: "does not end where its length says", in: bytes[...],
          wrong: end..<end + 1)
      }
      position += layout.separator.count
    }
    return KeyPair(name: expected, value: Array(bytes[first..<end]), range: start..<end)
  }

  private func name(_ key: [UInt8], at start: Int) throws(CodecError) -> String {
    layout.names.name(of: try layout.encoding.text(of: key[...], path: "layout.kv", at: start))
  }

  /// A pair's value: a text; bytes where data is none.
  func value(of pair: KeyPair) throws(CodecError) -> Value {
    do throws(CodecError) {
      return .string(
        try layout.encoding.text(of: pair.value[...], path: pair.name, at: pair.range.lowerBound))
    } catch {
      guard layout.data.values.contains(pair.name) else { throw error }
      return .bytes(pair.value)
    }
  }

  private func wrong(_ range: Range<Int>, _ reason: String) -> CodecError {
    CodecError(path: "layout.kv", reason: reason, in: bytes[...], wrong: range)
  }
}
