internal import TrestleCore

/// How tagged values look to people: an object by tag, or a list that keeps everything.
///
/// Which of them it is follows from the definition alone, never from the message at hand.
struct TLVShape: Sendable {
  enum Form: String, Sendable, CaseIterable {
    /// A member for each tag, named by it. Tags that are declared to repeat are arrays.
    case object
    /// `{tag, value}` item by item: also repeated tags between others, padding, and lengths that
    /// are longer than they need to be.
    case list
  }

  /// One item on its way from or to bytes.
  enum Item {
    /// `lengthBytes` is said where the length takes more bytes than it needs to.
    case element(key: String, value: Value, lengthBytes: Int?)
    case padding([UInt8])
  }

  var form = Form.object
  private var names: [String: String] = [:]
  private var tags: [String: String] = [:]
  /// The keys that are arrays.
  private var repeated: Set<String> = []
  /// Whether tags are bytes, and so hexadecimal text in capitals.
  private var isHexadecimal = true

  /// The member that holds a tag's value: its name, or the tag.
  func key(of tag: String) -> String { names[tag] ?? tag }

  /// The tag of a member.
  func tag(of key: String) -> String { tags[key] ?? key }

  /// The member that holds what a definition means: a name, or a tag as people write it.
  func key(meaning field: String) -> String {
    tags[field] == nil ? key(of: isHexadecimal ? field.uppercased() : field) : field
  }

  var knownNames: [String] { tags.keys.sorted() }

  /// The tags that have names.
  var namedTags: [String] { names.keys.sorted() }

  // MARK: Reading

  func value(of items: [Item], warnings: inout [String]) -> Value {
    switch form {
    case .list: .array(items.map(Self.record))
    case .object: object(of: items, warnings: &warnings)
    }
  }

  private static func record(of item: Item) -> Value {
    switch item {
    case .padding(let bytes):
      return ["padding": .string(HexadecimalText.text(of: bytes))]
    case .element(let key, let value, let lengthBytes):
      var record: Record = ["tag": .string(key), "value": value]
      if let lengthBytes { record["length_bytes"] = .integer(Int64(lengthBytes)) }
      return .object(record)
    }
  }

  private func object(of items: [Item], warnings: inout [String]) -> Value {
    var members: [(key: String, values: [Value])] = []
    var positions: [String: Int] = [:]
    for case .element(let key, let value, _) in items {
      if let position = positions[key] {
        if position != members.count - 1 || !repeated.contains(key) {
          warnings.append(
            repeated.contains(key)
              ? "\(key) comes again after others, which an object cannot show (shape: list can)"
              : "\(key) comes several times (declare it under repeated)")
        }
        members[position].values.append(value)
      } else {
        positions[key] = members.count
        members.append((key, [value]))
      }
    }
    var record = Record()
    record.reserveCapacity(members.count)
    for (key, values) in members {
      let isList = values.count > 1 || repeated.contains(key)
      record.append(unique: key, isList ? .array(values) : values[0])
    }
    return .object(record)
  }

  // MARK: Writing

  func items(of value: Value) throws(CodecError) -> [Item] {
    switch (form, value) {
    case (.object, .object(let record)):
      var items: [Item] = []
      for member in record where !member.value.isNull {
        for value in member.value.arrayValue ?? [member.value] {
          items.append(.element(key: member.name, value: value, lengthBytes: nil))
        }
      }
      return items
    case (.list, .array(let values)):
      var items: [Item] = []
      for (position, value) in values.enumerated() {
        do throws(CodecError) {
          items.append(try Self.item(of: value))
        } catch {
          throw error.inside("[\(position)]")
        }
      }
      return items
    case (.object, _): throw .unwritable(value, "an object by tag")
    case (.list, _): throw .unwritable(value, "a list of {tag, value}")
    }
  }

  private static func item(of value: Value) throws(CodecError) -> Item {
    guard let record = value.objectValue else { throw .unwritable(value, "{tag, value}") }
    for name in record.names where !["tag", "value", "length_bytes", "padding"].contains(name) {
      throw CodecError(
        path: name,
        reason: "is no key of an item"
          + Suggestion.clause(for: name, among: ["tag", "value", "length_bytes", "padding"]))
    }
    if let padding = record["padding"] {
      guard let bytes = padding.stringValue.flatMap({ HexadecimalText.bytes(of: $0) }),
        record.count == 1
      else { throw .unwritable(value, "{padding} of hexadecimal text alone") }
      return .padding(bytes)
    }
    guard let tag = record["tag"]?.scalarText, let content = record["value"] else {
      throw .unwritable(value, "{tag, value}")
    }
    let lengthBytes = try record["length_bytes"].map { (value) throws(CodecError) -> Int in
      guard let count = WrittenNumber.integer(value), (1...5).contains(count) else {
        throw CodecError.unwritable(value, "1 to 5 bytes").inside("length_bytes")
      }
      return count
    }
    return .element(key: tag, value: content, lengthBytes: lengthBytes)
  }

  // MARK: Definition

  init() {}

  /// Reads the keys `shape`, `names` and `repeated`.
  init(
    _ keys: inout KeyReader, hasHexadecimalTags isHexadecimal: Bool,
    problems: inout [ValueProblem]
  ) {
    self.isHexadecimal = isHexadecimal
    form = keys.word("shape", as: Form.self, problems: &problems) ?? .object
    if let value = keys.value("names"),
      let reader = KeyReader(value, at: keys.place("names"), problems: &problems)
    {
      for member in reader.record {
        let place = reader.place(member.name)
        guard let name = member.value.stringValue, DataElementWords.isName(name) else {
          problems.error(
            "expects a name of letters, digits, _ and -, found \(member.value)", at: place)
          continue
        }
        let tag = isHexadecimal ? member.name.uppercased() : member.name
        guard tags.updateValue(tag, forKey: name) == nil else {
          problems.error("the name \(name) is taken", at: place)
          continue
        }
        names[tag] = name
      }
    }
    guard let value = keys.value("repeated") else { return }
    for (position, item) in (value.arrayValue ?? [value]).enumerated() {
      guard let tag = item.scalarText else {
        problems.error("expects tags", at: keys.place("repeated").item(position))
        continue
      }
      repeated.insert(key(meaning: tag))
    }
  }

  /// What messages hold, for the contract.
  func schema(_ content: Schema) -> Schema {
    guard form == .object else { return Schema(.array(ArraySchema(item: .any))) }
    let members = names.sorted { $0.key < $1.key }.map { tag, name in
      var schema = content
      schema.summary = "Tag \(tag)"
      if repeated.contains(name) { schema = Schema(.array(ArraySchema(item: schema))) }
      return ObjectSchema.Member(name: name, schema: schema, isRequired: false)
    }
    return Schema(.object(ObjectSchema(members: members, isOpen: true)))
  }
}
