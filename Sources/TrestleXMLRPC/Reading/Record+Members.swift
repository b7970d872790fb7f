internal import TrestleCore

extension Record {
  /// The record of a struct's members as they came, and a name that came more than once: its last
  /// value stands, at the first place.
  static func read(_ members: ArraySlice<Member>) -> (record: Record, repeated: String?) {
    guard let repeated = repeatedName(in: members) else {
      return (Record(uniqueMembers: Array(members)), nil)
    }
    var places: [String: Int] = [:]
    var kept: [Member] = []
    for member in members {
      if let place = places[member.name] {
        kept[place].value = member.value
      } else {
        places[member.name] = kept.count
        kept.append(member)
      }
    }
    return (Record(uniqueMembers: kept), repeated)
  }

  private static func repeatedName(in members: ArraySlice<Member>) -> String? {
    // Most structs are short: comparing beats hashing.
    if members.count <= 12 {
      for (index, member) in members.enumerated()
      where members.prefix(index).contains(where: { $0.name == member.name }) {
        return member.name
      }
      return nil
    }
    var seen: Set<String> = []
    seen.reserveCapacity(members.count)
    return members.first { !seen.insert($0.name).inserted }?.name
  }
}
