extension Value {
  /// Whether it holds more than so many values, and bytes of text: whether writing it takes its time. Looks no further than
  /// that.
  package func weighs(moreThan limit: Int) -> Bool {
    var left = limit
    return !takeWeight(from: &left)
  }

  /// Takes its weight from what is left; false once nothing is.
  private func takeWeight(from left: inout Int) -> Bool {
    left -= 1
    switch self {
    case .string(let text), .dateTime(let text): left -= text.utf8.count
    case .bytes(let bytes): left -= bytes.count
    case .array(let items):
      for item in items where !item.takeWeight(from: &left) { return false }
    case .object(let record):
      for member in record.members {
        left -= member.name.utf8.count
        if !member.value.takeWeight(from: &left) { return false }
      }
    case .null, .bool, .integer, .number, .double: break
    }
    return left >= 0
  }
}
