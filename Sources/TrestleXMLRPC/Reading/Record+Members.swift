internal import TrestleCore

extension Record {
  /// The record of a struct's members as they came, and the names that came more than once: the last
  /// value of each stands, at the first place.
  ///
  /// Names are told apart by their bytes: a letter written as one code point is another name than the
  /// same letter with a combining mark, though Swift takes the two for equal.
  static func read(_ members: ArraySlice<Member>) -> (record: Record, repeated: [String]) {
    guard holdsEqualNames(members) else { return (Record(uniqueMembers: Array(members)), []) }
    var places: [[UInt8]: Int] = [:]
    var kept: [Member] = []
    var repeated: [String] = []
    var told: Set<Int> = []
    for member in members {
      let key = Array(member.name.utf8)
      if let place = places[key] {
        kept[place].value = member.value
        if told.insert(place).inserted { repeated.append(member.name) }
      } else {
        places[key] = kept.count
        kept.append(member)
      }
    }
    return (Record(uniqueMembers: kept), repeated)
  }

  private static func holdsEqualNames(_ members: ArraySlice<Member>) -> Bool {
    // Most structs are short: comparing beats hashing.
    if members.count <= 12 {
      return members.enumerated().contains { index, member in
        members.prefix(index).contains { $0.name == member.name }
      }
    }
    var seen: Set<String> = []
    seen.reserveCapacity(members.count)
    return members.contains { !seen.insert($0.name).inserted }
  }
}
