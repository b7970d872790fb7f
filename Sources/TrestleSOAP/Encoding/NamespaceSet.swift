/// The namespaces a message uses, by their numbers in the prefix table.
struct NamespaceSet: Sendable {
  private var low: UInt64 = 0
  private var high: Set<Int> = []

  mutating func insert(_ index: Int) {
    if index < 0 { return }
    if index < 64 {
      low |= 1 << UInt64(index)
    } else {
      high.insert(index)
    }
  }

  /// The numbers in order.
  var indexes: [Int] {
    var result: [Int] = []
    var rest = low
    while rest != 0 {
      result.append(rest.trailingZeroBitCount)
      rest &= rest - 1
    }
    return result + high.sorted()
  }
}
