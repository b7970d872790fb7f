/// The members of an object, in the order they were given.
///
/// Names are unique. Order is kept for output; two records with the same members in another order
/// are equal, since wire order comes from the contract and never from the caller.
public struct Record: Sendable {
  /// One name and its value.
  public struct Member: Sendable, Hashable {
    /// The member's name, unique in its record.
    public var name: String
    /// The member's value; `null` is a value, not an absence.
    public var value: Value

    /// Makes a member.
    public init(name: String, value: Value) {
      self.name = name
      self.value = value
    }
  }

  /// The members in order. Names are unique.
  public private(set) var members: [Member]

  /// Makes an empty record.
  public init() { members = [] }

  /// Makes a record of members; of members with the same name, the last value stands at the first place.
  public init(_ members: some Sequence<Member>) {
    self.members = []
    self.members.reserveCapacity(members.underestimatedCount)
    for member in members { self[member.name] = member.value }
  }

  /// Makes a record of members whose names the caller knows to be unique, without checking.
  package init(uniqueMembers members: [Member]) { self.members = members }

  /// How many members there are.
  public var count: Int { members.count }
  /// Whether there are no members.
  public var isEmpty: Bool { members.isEmpty }
  /// The names in order.
  public var names: [String] { members.map(\.name) }

  /// The value under a name. Setting a new name appends; setting nil removes.
  public subscript(name: String) -> Value? {
    get {
      for member in members where member.name == name { return member.value }
      return nil
    }
    set {
      let position = members.firstIndex { $0.name == name }
      switch (position, newValue) {
      case (let position?, let value?): members[position].value = value
      case (let position?, nil): members.remove(at: position)
      case (nil, let value?): members.append(Member(name: name, value: value))
      case (nil, nil): break
      }
    }
  }

  /// Appends a member whose name the caller knows to be new.
  package mutating func append(unique name: consuming String, _ value: consuming Value) {
    members.append(Member(name: name, value: value))
  }

  package mutating func reserveCapacity(_ capacity: Int) { members.reserveCapacity(capacity) }
}

extension Record: Hashable {
  /// Whether both have the same members, in any order.
  public static func == (left: Record, right: Record) -> Bool {
    if left.members == right.members { return true }
    guard left.count == right.count else { return false }
    if left.count <= 16 {
      return left.members.allSatisfy { right[$0.name] == $0.value }
    }
    let byName = Dictionary(right.members.lazy.map { ($0.name, $0.value) }) { $1 }
    return left.members.allSatisfy { byName[$0.name] == $0.value }
  }

  /// Feeds in the members, so that order does not matter.
  public func hash(into hasher: inout Hasher) {
    var combined = 0
    for member in members { combined ^= member.hashValue }
    hasher.combine(combined)
  }
}

extension Record: ExpressibleByDictionaryLiteral {
  /// Makes a record in the order written; of the same name, the last value stands.
  public init(dictionaryLiteral members: (String, Value)...) {
    self.init(members.map { Member(name: $0.0, value: $0.1) })
  }
}

extension Record: Sequence {
  /// Goes through the members in order.
  public func makeIterator() -> IndexingIterator<[Member]> { members.makeIterator() }
}
