internal import TrestleCore

/// Takes an object's members in the plan's order, and knows which were never asked for.
struct MemberCursor {
  let record: Record
  private var position = 0
  /// How many members have been taken, or are known for other reasons.
  var matched = 0
  /// How many items of an array the places before this one took, by field.
  private(set) var taken: [Int: Int] = [:]

  /// The members that choices decide by; made when the first choice asks.
  private var present: MemberSet?

  init(_ record: Record) { self.record = record }

  /// The members of a scope that are given and not all written yet.
  mutating func present(in scope: ObjectPlan.Scope) -> MemberSet {
    if let present { return present }
    var set = MemberSet()
    var next = 0
    for member in record {
      guard let number = scope.number(of: member.name, next: &next) else { continue }
      let count = member.value.arrayValue?.count ?? 1
      let written = taken[number == scope.anyNumber ? -1 : number]
      if written.map({ $0 < count }) ?? true { set.insert(number) }
    }
    present = set
    return set
  }

  func has(_ name: String) -> Bool { record.members.contains { $0.name == name } }

  /// Notes how many items of a member's array are written.
  mutating func note(_ count: Int, of total: Int, field: Int, number: Int) {
    taken[field] = count
    if count >= total { present?.remove(number) }
  }

  /// The member of a name, nil when absent; counts it as matched.
  mutating func take(_ name: String) -> Value? {
    let members = record.members
    // Callers and decoders mostly give members in the contract's order.
    if position < members.count, members[position].name == name {
      matched += 1
      position += 1
      return members[position - 1].value
    }
    guard let found = members.firstIndex(where: { $0.name == name }) else { return nil }
    matched += 1
    position = found + 1
    return members[found].value
  }

  /// - Throws: `CodecError` for a list of which the places taken left items over.
  func requireAllWritten(_ plan: ObjectPlan, scope: Int) throws(CodecError) {
    guard plan.hasSharedFields else { return }
    let fields = plan.scopes[scope].fields
    for (index, count) in taken where index >= 0 && fields[index].hasSeveralPlaces {
      let total = record[fields[index].key]?.arrayValue?.count ?? 0
      if count < total {
        throw CodecError(
          path: fields[index].key, reason: "allows at most \(count) items here, found \(total)")
      }
    }
  }

  /// - Throws: `CodecError` naming the first member that the plan has no place for.
  func requireAllMatched(_ plan: ObjectPlan) throws(CodecError) {
    try requireAllWritten(plan, scope: 0)
    guard matched < record.count else { return }
    let known =
      plan.scopes[0].fields.map(\.key) + plan.attributes.map(\.key)
      + plan.scopes.dropFirst().map(\.key) + (plan.text == nil ? [] : ["_text"])
      + (plan.wildcards.isEmpty ? [] : ["_any"])
    var special: Set<String> = ["_type", "_nil", "_xml"]
    if plan.anyAttribute != nil { special.insert("_anyAttributes") }
    for member in record.members where !known.contains(member.name) {
      if special.contains(member.name) { continue }
      let list =
        known.isEmpty ? "it has none" : "known: " + known.prefix(12).joined(separator: ", ")
      throw CodecError(
        path: member.name,
        reason: "is not a member the contract knows"
          + Suggestion.clause(for: member.name, among: known), hint: list)
    }
    // Every name is known, so two of them exclude each other.
    let names = record.names.filter { known.contains($0) }
    throw CodecError(
      reason: "has members of more than one alternative of a choice: "
        + names.joined(separator: ", "), hint: "give one alternative only")
  }
}
