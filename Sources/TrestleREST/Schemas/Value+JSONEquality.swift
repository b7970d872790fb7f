import TrestleCore

extension Value {
  /// Whether two values are the same JSON: numbers by what they are, not by how they are written.
  func isSameJSON(as other: Value) -> Bool {
    switch (self, other) {
    case (.integer(let left), .integer(let right)): return left == right
    case (.null, .null): return true
    case (.bool(let left), .bool(let right)): return left == right
    case (.array(let left), .array(let right)):
      return left.count == right.count && zip(left, right).allSatisfy { $0.isSameJSON(as: $1) }
    case (.object(let left), .object(let right)):
      guard left.count == right.count else { return false }
      return left.members.allSatisfy { member in
        right[member.name].map { member.value.isSameJSON(as: $0) } ?? false
      }
    default: break
    }
    if isNumber, other.isNumber {
      guard let left = decimalText, let right = other.decimalText else { return self == other }
      return left.order(against: right) == 0
    }
    if SchemaKinds(of: self) == .string, SchemaKinds(of: other) == .string {
      return scalarText == other.scalarText
    }
    return false
  }

  /// The value in the one form that all values which are the same JSON share.
  var canonicalJSON: Value {
    switch self {
    case .null, .bool, .integer, .string: return self
    case .number, .double:
      guard let decimal = decimalText else { return self }
      if let integer = decimal.integer { return .integer(integer) }
      return .number(NumberText(decimal.canonicalText) ?? NumberText(verified: "0"))
    case .bytes, .dateTime: return .string(scalarText ?? "")
    case .array(let items): return .array(items.map(\.canonicalJSON))
    case .object(let record):
      return .object(
        Record(
          uniqueMembers: record.members.map {
            Record.Member(name: $0.name, value: $0.value.canonicalJSON)
          }))
    }
  }
}
