internal import TrestleCore

extension ObjectPlan {
  /// Where the members of a group live: scope 0 is the object itself; each repeating group of several
  /// terms is an array of objects under a key of its own (`_seq`), where order is data.
  package struct Scope: Sendable {
    /// Empty for scope 0.
    package let key: String
    package let fields: [Field]
    package let isChoice: Bool
    /// The scope that the group's array is a member of; -1 for scope 0.
    package let parent: Int
    /// The numbers of the scope's members: its fields in order, then the groups by their own scopes,
    /// then `_any`.
    private let numbers: Lazy<[String: Int]>
    private let scopeCount: Int

    init(
      key: String, fields: [Field], isChoice: Bool, parent: Int,
      groups: [(scope: Int, key: String)],
      scopeCount: Int
    ) {
      self.key = key
      self.fields = fields
      self.isChoice = isChoice
      self.parent = parent
      self.scopeCount = scopeCount
      // Only what has choices asks for them.
      numbers = Lazy {
        var numbers: [String: Int] = ["_any": fields.count + scopeCount]
        for group in groups { numbers[group.key] = fields.count + group.scope }
        for (position, field) in fields.enumerated() { numbers[field.key] = position }
        return numbers
      }
    }

    func number(ofGroup scope: Int) -> Int { fields.count + scope }

    var anyNumber: Int { fields.count + scopeCount }

    /// The number of a member by its key; `next` is where it stands when members come in order.
    func number(of key: String, next: inout Int) -> Int? {
      if next < fields.count, fields[next].key == key {
        next += 1
        return next - 1
      }
      guard let number = numbers.value[key] else { return nil }
      next = number + 1
      return number
    }
  }
}

extension ObjectPlan {
  /// What the members of a scope are called.
  func keys(ofScope scope: Int) -> [String] {
    scopes[scope].fields.map(\.key) + scopes.filter { $0.parent == scope }.map(\.key)
      + (wildcards.isEmpty ? [] : ["_any"])
  }

  /// The repeating scopes around a scope and itself, outermost first; none for the object itself.
  func chain(ofScope scope: Int) -> [Int] {
    var chain: [Int] = []
    var current = scope
    while current > 0 {
      chain.insert(current, at: 0)
      current = scopes[current].parent
    }
    return chain
  }
}
