internal import TrestleCore
internal import TrestleXML

extension EnvelopeReader {
  /// One open element that has members.
  struct Frame {
    enum Kind {
      case envelope, header, body, object, mixed, untyped, fault, detail
    }

    var kind: Kind
    /// The element's own name, for members of untyped parents and for paths.
    var key: String
    /// The element's place in its parent's plan; -1 when the parent has none.
    var leaf: Int
    /// Where the element's text begins in the shared buffer.
    var textStart: Int
    var plan: ObjectPlan?
    var members: [Record.Member] = []
    var lastLeaf = -1
    var isNil = false
    var hasChildren = false
    var holdsScalar = false
    var mixed = ""
    var untypedType: QualifiedName?
    /// The repetition of each repeating group that is being read.
    fileprivate var groups: [Group] = []

    fileprivate struct Group {
      let scope: Int
      var items: [Value] = []
      var current: [Record.Member] = []
      var last: ObjectPlan.Leaf?
    }

    init(kind: Kind, key: String, leaf: Int, textStart: Int) {
      self.kind = kind
      self.key = key
      self.leaf = leaf
      self.textStart = textStart
    }

    /// Adds the value of a field of the object itself.
    mutating func add(_ value: Value, field: ObjectPlan.Field) {
      Self.add(value, key: field.key, isArray: field.isArray, to: &members)
    }

    private static func add(
      _ value: Value, key: String, isArray: Bool, to members: inout [Record.Member]
    ) {
      // Items of a list follow each other, so the last member is nearly always the one.
      var found: Int?
      if let last = members.last, last.name == key {
        found = members.count - 1
      } else if !members.isEmpty {
        found = members.firstIndex { $0.name == key }
      }
      guard let found else {
        members.append(Record.Member(name: key, value: isArray ? .array([value]) : value))
        return
      }
      append(value, toMember: found, of: &members)
    }

    /// Appends to a member, which becomes an array if it was none: a second element where the contract
    /// allows one is kept rather than lost.
    private static func append(
      _ value: Value, toMember index: Int, of members: inout [Record.Member]
    ) {
      guard case .array(var items) = members[index].value else {
        members[index].value = .array([members[index].value, value])
        return
      }
      // The array is taken out of the member first, so that appending to it copies nothing.
      members[index].value = .null
      items.append(value)
      members[index].value = .array(items)
    }

    mutating func append(_ value: Value, toArray key: String) {
      Self.add(value, key: key, isArray: true, to: &members)
    }

    /// Adds a member by name alone; a name that comes again makes an array.
    mutating func collect(_ value: Value, key: String) {
      Self.add(value, key: key, isArray: false, to: &members)
    }

    /// Adds the value of an element in a repeating group, beginning a new repetition where its place in
    /// the model says that the last one is over.
    mutating func add(_ value: Value, leaf: ObjectPlan.Leaf, _ plan: ObjectPlan) {
      var index = groups.count
      if let known = groups.firstIndex(where: { $0.scope == leaf.scope }) {
        index = known
      } else {
        groups.append(Group(scope: leaf.scope))
      }
      if let last = groups[index].last {
        let isNext =
          leaf.branch == last.branch
          && (leaf.order > last.order || (leaf.order == last.order && leaf.repeats))
        if !isNext { groups[index].flush() }
      }
      let field = plan.scopes[leaf.scope].fields[leaf.field]
      Self.add(value, key: field.key, isArray: field.isArray, to: &groups[index].current)
      groups[index].last = leaf
    }

    /// Turns the repeating groups into members.
    mutating func closeGroups(_ plan: ObjectPlan) {
      for index in groups.indices {
        groups[index].flush()
        members.append(
          Record.Member(
            name: plan.scopes[groups[index].scope].key, value: .array(groups[index].items)))
      }
      groups = []
    }

    /// Adds `[]` for every list of which no item came, at its place in schema order.
    mutating func addEmptyArrays(_ plan: ObjectPlan) {
      let fields = plan.scopes[0].fields
      for index in plan.alwaysArrays {
        let key = fields[index].key
        if members.contains(where: { $0.name == key }) { continue }
        let later = Set(fields[(index + 1)...].map(\.key))
        let place = members.firstIndex { later.contains($0.name) } ?? members.count
        members.insert(Record.Member(name: key, value: .array([])), at: place)
      }
    }
  }
}

extension EnvelopeReader.Frame.Group {
  fileprivate mutating func flush() {
    guard !current.isEmpty else { return }
    items.append(.object(Record(uniqueMembers: current)))
    current = []
    last = nil
  }
}
