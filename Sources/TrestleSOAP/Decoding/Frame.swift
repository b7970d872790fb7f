internal import TrestleCore
internal import TrestleXML

extension EnvelopeDecoder {
  /// One open element that has members. Cannot be copied, so that its members have one owner and
  /// appending to them never copies.
  struct Frame: ~Copyable {
    enum Kind {
      /// Before the envelope.
      case document
      case envelope, header, body, object, mixed, untyped, fault, detail
    }

    var kind: Kind
    /// The element's own name, where no plan names it: for members of untyped parents and for paths.
    var key: String
    /// The element's place in its parent's plan; nil when the parent has none.
    ///
    /// Plans and their leaves live as long as the codec, which outlives every decode: frames refer to
    /// them without counting references.
    unowned(unsafe) var leaf: ObjectPlan.Leaf?
    /// Where the element's text begins among all text.
    var textStart: Int
    var plan: Unmanaged<ObjectPlan>?
    var members: [Record.Member] = []
    /// The leaf last met, by its position.
    var lastLeaf = -1
    /// The field last added to the object itself.
    private var lastField = -1
    var isNil = false
    var hasChildren = false
    /// What few elements have; made when first needed.
    private(set) var rare: Rare?

    /// Mixed text, an untyped element's type, and the repetitions of repeating groups. Apart, so that
    /// frames stay small.
    final class Rare {
      var mixed = ""
      var type: QualifiedName?
      /// The groups that have begun, outer ones before those inside them.
      var groups: [Group] = []
      /// The position of the last member of a group; -1 before the first.
      var lastInGroup = ContentAutomaton.start
      /// The position of the wildcard that takes the fragment being read.
      var wildcard: Int?
      /// How far strict reading has come in the content model.
      var run = ContentAutomaton.Run()
    }

    init(kind: Kind, key: String = "", leaf: ObjectPlan.Leaf? = nil, textStart: Int) {
      self.kind = kind
      self.key = key
      self.leaf = leaf
      self.textStart = textStart
    }

    /// The members, which the frame then has no more.
    mutating func takeMembers() -> [Record.Member] {
      var taken: [Record.Member] = []
      swap(&taken, &members)
      return taken
    }

    mutating func makeRare() -> Rare {
      if let rare { return rare }
      let fresh = Rare()
      rare = fresh
      return fresh
    }

    /// Adds a value at its place in the plan.
    @inline(__always)
    mutating func add(_ value: consuming Value, at leaf: ObjectPlan.Leaf) {
      if leaf.isPlain, leaf.field > lastField {
        lastField = leaf.field
        members.append(Record.Member(name: leaf.key, value: value))
      } else {
        addToPlace(leaf.isSubstitute ? Self.substitute(value, leaf) : value, leaf)
      }
    }

    /// A substitute's value, which tells which element it was.
    private static func substitute(_ value: Value, _ leaf: ObjectPlan.Leaf) -> Value {
      let name = Record.Member(name: "_type", value: .string(leaf.substituteLabel))
      if case .object(let record) = value { return .object(Record([name] + record.members)) }
      if value.isNull {
        return .object(Record(uniqueMembers: [name, .init(name: "_nil", value: .bool(true))]))
      }
      let text = Record.Member(name: "_text", value: value)
      return .object(Record(uniqueMembers: [name, text]))
    }

    private mutating func addToPlace(_ value: consuming Value, _ leaf: ObjectPlan.Leaf) {
      guard leaf.scope == 0 else { return addToGroup(value, at: leaf) }
      if leaf.field > lastField {
        // In schema order, as nearly always: the field is new.
        lastField = leaf.field
        members.append(Record.Member(name: leaf.key, value: leaf.isArray ? .array([value]) : value))
      } else if leaf.field == lastField, let last = members.indices.last {
        Self.append(value, toMember: last, of: &members)
      } else {
        Self.add(value, key: leaf.key, isArray: leaf.isArray, to: &members)
        lastField = Int.max
      }
    }

    static func add(
      _ value: Value, key: String, isArray: Bool, to members: inout [Record.Member]
    ) {
      guard let found = members.lastIndex(where: { $0.name == key }) else {
        members.append(Record.Member(name: key, value: isArray ? .array([value]) : value))
        return
      }
      append(value, toMember: found, of: &members)
    }

    /// Appends to a member, which becomes an array if it was none: a second element where the contract
    /// allows one is kept rather than lost.
    private static func append(
      _ value: consuming Value, toMember index: Int, of members: inout [Record.Member]
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
      lastField = Int.max
    }

    /// Adds a member by name alone; a name that comes again makes an array.
    mutating func collect(_ value: Value, key: String) {
      Self.add(value, key: key, isArray: false, to: &members)
    }

    /// Adds `[]` for every list of which no item came, at its place in schema order.
    mutating func addEmptyArrays(_ plan: ObjectPlan) {
      let fields = plan.scopes[0].fields
      for index in plan.alwaysArrays {
        let key = fields[index].key
        if members.contains(where: { $0.name == key }) { continue }
        let place = members.firstIndex { (plan.fieldPositions[$0.name] ?? -1) > index }
        members.insert(
          Record.Member(name: key, value: .array([])), at: place ?? members.count)
      }
    }
  }
}
