extension Value {
  /// The value at a path; nil when the path leads nowhere.
  package subscript(at path: ValuePath) -> Value? {
    path.steps.withUnsafeBufferPointer { Self.find($0, from: 0, in: self) }
  }

  /// Goes down by recursion: what is passed on the way is looked at where it lies, not copied.
  private static func find(
    _ steps: UnsafeBufferPointer<ValuePath.Step>, from position: Int, in value: Value
  ) -> Value? {
    guard position < steps.count else { return value }
    switch steps[position] {
    case .member(let name):
      guard case .object(let record) = value else { return nil }
      for index in record.members.indices where record.members[index].name == name {
        return find(steps, from: position + 1, in: record.members[index].value)
      }
      return nil
    case .item(let index):
      guard case .array(let items) = value, items.indices.contains(index) else { return nil }
      return find(steps, from: position + 1, in: items[index])
    }
  }

  /// Puts a value at a path, making the objects on the way.
  ///
  /// A text that gets members beside it becomes their `_text`; a text put where there are attributes
  /// (`_name`) becomes the `_text` beside them. Items are put into arrays at their end or in place.
  package mutating func set(_ value: Value, at path: ValuePath) { set(value, path.steps[...]) }

  private mutating func set(_ value: Value, _ steps: ArraySlice<ValuePath.Step>) {
    guard let step = steps.first else {
      if case .object(var record) = self, value.objectValue == nil, value.arrayValue == nil,
        record.members.contains(where: { $0.name.hasPrefix("_") })
      {
        record["_text"] = value
        self = .object(record)
      } else {
        self = value
      }
      return
    }
    let rest = steps.dropFirst()
    switch step {
    case .member(let name):
      var record: Record
      switch self {
      case .object(let known): record = known
      case .null, .array, .string(""): record = [:]
      default: record = ["_text": self]
      }
      self = .null
      var member = record[name] ?? .null
      member.set(value, rest)
      record[name] = member
      self = .object(record)
    case .item(let position):
      var items = arrayValue ?? (isNull ? [] : [self])
      self = .null
      if items.indices.contains(position) {
        items[position].set(value, rest)
      } else {
        var item = Value.null
        item.set(value, rest)
        items.append(item)
      }
      self = .array(items)
    }
  }
}
