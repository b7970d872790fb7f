internal import TrestleCore

/// Pairs of key and value: `CMD=STAT;ID=7`. A key that comes several times is an array.
///
/// A message may also be a list of `[key, value]`: then its pairs are written in that order, keys as
/// the wire has them.
struct KeyValueLayout: MessageLayout {
  var separator: [UInt8]
  var assign: [UInt8]
  /// Stands before a byte of the others that is meant as it is; nil where nothing can be escaped.
  var escape: UInt8?
  /// Whether a separator follows the last pair too.
  var endsWithSeparator = false
  /// Keys that are written first, in this order.
  var order: [String]
  var encoding: TextEncoding
  var names = KeyNames()
  /// What repeats, by the key that counts it.
  var groups: [String: KeyGroup] = [:]
  /// Keys whose value is the length of the next key's value, which may hold anything.
  var data: [String: String] = [:]
  /// The key whose value says how many bytes follow.
  var length: Length?
  var check: Check?

  /// A pair whose value says how many bytes follow it, up to the check or the end.
  struct Length: Sendable {
    var field: String
    /// Digits to fill with zeros.
    var digits: Int
  }

  /// A pair whose value is a checksum over what stands before it.
  struct Check: Sendable {
    var field: String
    var checksum: Checksum
    /// Whether the separator before the pair is covered too.
    var coversSeparator: Bool
  }

  func encode(_ message: Value) throws(CodecError) -> [UInt8] {
    var writer = KeyValueWriter(layout: self)
    return try writer.message(message)
  }

  func decode(_ bytes: [UInt8]) throws(CodecError) -> DecodedMessage {
    let pairs = try KeyValueReader(layout: self, bytes: bytes).pairs()
    try verifyLength(pairs, in: bytes)
    try verifyCheck(pairs, in: bytes)
    var grouping = KeyGrouping(layout: self, bytes: bytes, pairs: pairs)
    return DecodedMessage(value: .object(try grouping.message()))
  }

  func list(_ bytes: [UInt8], into fields: inout [FieldSpan]) throws(CodecError) {
    var reader = KeyValueReader(layout: self, bytes: bytes)
    while let pair = try reader.next() {
      fields.append(
        FieldSpan(path: pair.name, range: pair.range, value: try reader.value(of: pair)))
    }
  }

  /// Keys may be called by name or as the wire has them.
  func key(of field: String) -> String { names.name(of: field) }

  /// Whether a field is written by itself.
  func isComputed(_ name: String) -> Bool {
    name == length?.field || name == check?.field || data[name] != nil
  }

  // MARK: Verifying

  private func verifyLength(_ pairs: [KeyPair], in bytes: [UInt8]) throws(CodecError) {
    guard let length else { return }
    guard let pair = pairs.first(where: { $0.name == length.field }) else {
      throw CodecError(
        path: length.field, reason: "is missing: the length of the message",
        hint: "the peer should begin its message with it")
    }
    var end = bytes.count
    if let check, let last = pairs.last(where: { $0.name == check.field }) {
      end = last.range.lowerBound
    }
    let start = min(pair.range.upperBound + separator.count, bytes.count)
    let right = max(0, end - start)
    guard NumberCoding.ascii.number(in: pair.value[...]) != UInt64(right) else { return }
    throw CodecError(
      path: length.field,
      reason:
        "is wrong: \(right) bytes follow it, found \"\(String(decoding: pair.value, as: UTF8.self))\"",
      in: bytes[...], wrong: pair.range)
  }

  private func verifyCheck(_ pairs: [KeyPair], in bytes: [UInt8]) throws(CodecError) {
    guard let check else { return }
    guard let pair = pairs.last(where: { $0.name == check.field }) else {
      throw CodecError(
        path: check.field, reason: "is missing: the check of the message",
        hint: "the peer should end its message with it")
    }
    let before = bytes[..<pair.range.lowerBound]
    let covered = check.coversSeparator ? before : before.dropLast(separator.count)
    guard check.checksum.isRight(pair.value[...], over: covered) else {
      let right = String(decoding: check.checksum.written(over: covered), as: UTF8.self)
      throw CodecError(
        path: check.field,
        reason:
          "is wrong: \(check.checksum.algorithm.rawValue) of what stands before it is \(right)",
        in: bytes[...], wrong: pair.range)
    }
    guard let last = pairs.last, last.range != pair.range else { return }
    throw CodecError(
      path: check.field, reason: "does not end the message",
      hint: "nothing may follow the check", in: bytes[...],
      wrong: pair.range.upperBound + separator.count..<last.range.upperBound)
  }
}

/// What keys are called, in both directions: `35` is `MsgType`.
struct KeyNames: Sendable {
  private var names: [String: String] = [:]
  private var keys: [String: String] = [:]

  /// Gives a key a name; false where one of them is taken.
  mutating func add(_ name: String, to key: String) -> Bool {
    guard names[key] == nil, keys[name] == nil else { return false }
    names[key] = name
    keys[name] = key
    return true
  }

  /// The name of a key; itself where it has none.
  func name(of key: String) -> String { names[key] ?? key }

  /// The key of a name.
  func key(of name: String) -> String { keys[name] ?? name }
}

/// What a counted group repeats: `NoPartyIDs=2` stands before two entries of `PartyID` and more.
struct KeyGroup: Sendable {
  /// The first key of an entry, and whatever else may stand in one, in the order of writing.
  var members: [String]
}

/// A pair of a message.
struct KeyPair: Sendable {
  var name: String
  var value: [UInt8]
  /// From the key's first byte to the value's last.
  var range: Range<Int>
}
