/// Which alternative of a choice the members of a record mean: a look-up by member, made once.
package final class ChoiceTable: Sendable {
  /// The members of all alternatives.
  let members: MemberSet
  /// The members of each alternative.
  let alternatives: [MemberSet]
  /// Members that stand nowhere but in this choice: where one of these is given, it decides.
  private let own: MemberSet
  /// The alternative of each member from `first` on; `shared` for one that several have.
  private let owners: [Int32]
  private let first: Int

  private static let nobody: Int32 = -1
  private static let shared: Int32 = -2

  init() {
    members = MemberSet()
    alternatives = []
    own = MemberSet()
    owners = []
    first = 0
  }

  /// - Parameters:
  ///   - alternatives: the members of each alternative.
  ///   - numbers: the same, a number for each place.
  ///   - own: the members that have all their places in this choice.
  init(alternatives: [MemberSet], numbers: [[Int]], own: MemberSet) {
    self.alternatives = alternatives
    self.own = own
    var members = MemberSet()
    for set in alternatives { members.formUnion(set) }
    self.members = members
    let all = numbers.joined()
    let first = all.min() ?? 0
    var owners = [Int32](repeating: Self.nobody, count: (all.max() ?? first - 1) - first + 1)
    for (alternative, numbers) in numbers.enumerated() {
      for number in numbers {
        let known = owners[number - first]
        owners[number - first] =
          known == Self.nobody || known == alternative ? Int32(alternative) : Self.shared
      }
    }
    self.first = first
    self.owners = owners
  }

  /// The alternative that the members present belong to; nil when none of them is of this choice.
  ///
  /// Where members of several alternatives are present, the one with most of them: the others then
  /// have no place, which the writer tells.
  func alternative(for present: MemberSet) -> Int? {
    guard let number = present.firstCommon(own) ?? present.firstCommon(members) else { return nil }
    let owner = owners[number - first]
    if owner >= 0,
      alternatives[Int(owner)].commonCount(present) == members.commonCount(present)
    {
      return Int(owner)
    }
    var best: (alternative: Int, own: Int, all: Int)?
    for (alternative, set) in alternatives.enumerated() {
      let all = set.commonCount(present)
      guard all > 0 else { continue }
      let decisive = set.commonCount(present, within: own)
      if let best, (best.own, best.all) >= (decisive, all) { continue }
      best = (alternative, decisive, all)
    }
    return best?.alternative
  }
}
