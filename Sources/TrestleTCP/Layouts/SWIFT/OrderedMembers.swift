internal import TrestleCore

/// An object whose members have an order on the wire, and may come several times.
///
/// What comes several times is an array. The order is said by `_order` where it is not that of the keys.
enum OrderedMembers {
  static let orderKey = "_order"

  static func value(of members: [(name: String, value: Value)]) -> Value {
    var names: [String] = []
    var values: [String: [Value]] = [:]
    for member in members {
      if values[member.name] == nil { names.append(member.name) }
      values[member.name, default: []].append(member.value)
    }
    var record = Record()
    var natural: [String] = []
    for name in names {
      let all = values[name] ?? []
      natural += [String](repeating: name, count: all.count)
      record.append(unique: name, all.count == 1 ? all[0] : .array(all))
    }
    let order = members.map(\.name)
    if order != natural {
      record.append(unique: orderKey, .array(order.map { .string($0) }))
    }
    return .object(record)
  }

  static func members(of record: Record) -> [(name: String, value: Value)] {
    var natural: [(name: String, value: Value)] = []
    for member in record where member.name != orderKey {
      for value in member.value.arrayValue ?? [member.value] {
        natural.append((member.name, value))
      }
    }
    guard let order = record[orderKey]?.arrayValue?.compactMap(\.stringValue) else {
      return natural
    }
    // Reversed, so that the first one is taken from the end.
    var left = Dictionary(grouping: natural.reversed(), by: \.name)
    var members: [(name: String, value: Value)] = []
    for name in order {
      if let member = left[name]?.popLast() { members.append(member) }
    }
    for member in natural where left[member.name]?.isEmpty == false {
      if let member = left[member.name]?.popLast() { members.append(member) }
    }
    return members
  }
}
