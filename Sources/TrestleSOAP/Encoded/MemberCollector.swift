internal import TrestleCore

/// Collects members by name; a name that comes again makes an array.
struct MemberCollector {
  private var members: [Record.Member] = []
  private var positions: [String: Int] = [:]
  private var repeated: Set<Int> = []

  var isEmpty: Bool { members.isEmpty }
  var record: Record { Record(uniqueMembers: members) }

  /// Adds a member, or replaces the one of the name.
  mutating func add(_ name: String, _ value: Value) {
    if let position = positions[name] {
      members[position].value = value
    } else {
      positions[name] = members.count
      members.append(Record.Member(name: name, value: value))
    }
  }

  /// Adds a value beside those of the same name.
  mutating func collect(_ name: String, _ value: Value) {
    guard let position = positions[name] else { return add(name, value) }
    guard !repeated.insert(position).inserted, case .array(var items) = members[position].value
    else {
      members[position].value = .array([members[position].value, value])
      return
    }
    // Taken out first, so that appending copies nothing.
    members[position].value = .null
    items.append(value)
    members[position].value = .array(items)
  }
}
