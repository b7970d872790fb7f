/// Makes a value that a schema allows, the same one every time.
///
/// Used by mocks without a stub, `sample`, `describe --template` and tests. Optional members are
/// filled in too, so that a sample shows what is there to be filled; recursion is cut where a type
/// comes back to itself, and deep or huge types show their upper levels only.
package struct SampleMaker {
  /// How many values a sample may have before it shows fewer levels of optional members.
  private static let comfortableSize = 400
  /// A bound on the work for contracts whose required members alone explode.
  private static let maximumSize = 20_000
  private static let maximumDepth = 100
  /// A contract may ask for millions of items; a sample of them helps nobody.
  private static let maximumItems = 1_000

  /// Objects nested deeper than this leave their optional members out.
  private let optionalDepth: Int
  /// Whether optional members are left out once the comfortable size is reached.
  private let leavesOutWhenLarge: Bool
  private var spent = 0
  private var depth = 0
  private var objectDepth = 0
  private var identifiers = 0
  /// The names of the references being made, outermost first.
  private var path: [String] = []

  private init(optionalDepth: Int, leavesOutWhenLarge: Bool = false) {
    self.optionalDepth = optionalDepth
    self.leavesOutWhenLarge = leavesOutWhenLarge
  }

  /// A value that the schema allows; `null` where it allows none.
  ///
  /// `name` is what the value is called (`sku`), which the texts of scalars are taken from.
  package static func sample(for schema: Schema, named name: String = "") -> Value {
    // As many levels as fit: cutting by level keeps the upper levels of a large type whole.
    for optionalDepth in [8, 5, 4, 3, 2, 1] {
      var maker = SampleMaker(optionalDepth: optionalDepth)
      let value = maker.make(schema, named: name, mayBeLeftOut: false)
      if maker.spent <= comfortableSize, let value { return value }
    }
    var maker = SampleMaker(optionalDepth: 1, leavesOutWhenLarge: true)
    return maker.make(schema, named: name, mayBeLeftOut: false) ?? .null
  }

  /// The value of one place, or nil where none can be made: the type never ends, or ends only by
  /// leaving this place out.
  private mutating func make(
    _ schema: Schema, named name: String, mayBeLeftOut: Bool
  ) -> Value? {
    spent += 1
    guard spent <= limit, depth < Self.maximumDepth else { return nil }
    if let example = schema.example { return example }
    depth += 1
    defer { depth -= 1 }
    let value: Value?
    switch schema.shape {
    case .any: value = .string(ScalarSample.word(from: name))
    case .nothing: value = .null
    case .scalar(let scalar): value = makeScalar(scalar, in: schema, named: name)
    case .array(let array): value = makeArray(array, named: name, mayBeLeftOut: mayBeLeftOut)
    case .object(let object): value = makeObject(object)
    case .reference(let reference):
      // A place that may be left out, or be null, is where recursion ends.
      if path.contains(reference.name) {
        if mayBeLeftOut { return nil }
        if schema.isNullable { return .some(.null) }
      }
      path.append(reference.name)
      value = make(schema.oneStepResolved, named: name, mayBeLeftOut: mayBeLeftOut)
      path.removeLast()
    }
    if value == nil, schema.isNullable, !mayBeLeftOut { return .some(.null) }
    return value
  }

  private mutating func makeScalar(
    _ scalar: ScalarSchema, in schema: Schema, named name: String
  ) -> Value {
    guard scalar.typeName == "xs:ID", schema.fixedText == nil else {
      return ScalarSample.value(for: scalar, in: schema, named: name)
    }
    // An ID is unique in its document (XSD 1.0 part 2 §3.3.8).
    identifiers += 1
    return .string(identifiers == 1 ? name.isEmpty ? "id" : name : "\(name)-\(identifiers)")
  }

  private var limit: Int { leavesOutWhenLarge ? Self.maximumSize : Self.comfortableSize }

  private mutating func makeArray(
    _ array: ArraySchema, named name: String, mayBeLeftOut: Bool
  ) -> Value? {
    let count = min(max(array.minimumCount, 1), array.maximumCount ?? .max, Self.maximumItems)
    guard count > 0 else { return .array([]) }
    if let item = make(array.item, named: name, mayBeLeftOut: array.minimumCount == 0) {
      return .array([Value](repeating: item, count: count))
    }
    if array.minimumCount == 0, !mayBeLeftOut { return .array([]) }
    return nil
  }

  private mutating func makeObject(_ object: ObjectSchema) -> Value? {
    guard object.isAbstract else { return makeMembers(of: object, typeName: nil) }
    for variant in object.variants {
      guard case .object(let concrete) = variant.schema.resolved.shape, !concrete.isAbstract
      else { continue }
      // The variant's own name goes on the path: a variant that holds its base must end.
      let isRepeated = path.contains(variant.name)
      path.append(variant.name)
      defer { path.removeLast() }
      let value = makeMembers(of: concrete, typeName: variant.name, isMinimal: isRepeated)
      if let value { return value }
    }
    return nil
  }

  private mutating func makeMembers(
    of object: ObjectSchema, typeName: String?, isMinimal: Bool = false
  ) -> Value? {
    objectDepth += 1
    defer { objectDepth -= 1 }
    var made: [String: Value] = [:]
    guard let excluded = settleChoices(of: object, made: &made, isMinimal: isMinimal) else {
      return nil
    }
    var record = Record()
    record.reserveCapacity(object.members.count + 1)
    if let typeName { record.append(unique: "_type", .string(typeName)) }
    for member in object.members where !excluded.contains(member.name) {
      if let value = made[member.name] {
        record[member.name] = value
      } else if member.isRequired {
        guard let value = make(member.schema, named: member.name, mayBeLeftOut: false) else {
          return nil
        }
        record[member.name] = value
      } else if !isMinimal, member.isSampled, showsOptionalMembers,
        let value = make(member.schema, named: member.name, mayBeLeftOut: true)
      {
        record[member.name] = value
      }
    }
    return .object(record)
  }

  private var showsOptionalMembers: Bool {
    objectDepth <= optionalDepth && !(leavesOutWhenLarge && spent > Self.comfortableSize)
  }

  /// Makes the members of one alternative of each choice, and names those of all others.
  ///
  /// Nil when a required choice has no alternative that ends.
  private mutating func settleChoices(
    of object: ObjectSchema, made: inout [String: Value], isMinimal: Bool
  ) -> Set<String>? {
    var excluded: Set<String> = []
    // Required choices decide first: a choice inside an alternative of theirs is not required itself.
    let choices = object.choices.filter(\.isRequired) + object.choices.filter { !$0.isRequired }
    for choice in choices {
      let open = choice.alternatives.filter { !$0.isEmpty && excluded.isDisjoint(with: $0) }
      let begun = open.filter { $0.contains { made[$0] != nil } }
      var kept: [String]?
      if choice.isRequired || !begun.isEmpty || (!isMinimal && showsOptionalMembers) {
        for names in begun + open where kept == nil {
          if makeAlternative(names, of: object, mayBeLeftOut: true, made: &made) { kept = names }
        }
      }
      if kept == nil, choice.isRequired, !open.isEmpty,
        !choice.alternatives.contains(where: \.isEmpty)
      {
        for names in open where kept == nil {
          if makeAlternative(names, of: object, mayBeLeftOut: false, made: &made) { kept = names }
        }
        guard kept != nil else { return nil }
      }
      for names in choice.alternatives {
        excluded.formUnion(names.filter { !(kept ?? []).contains($0) })
      }
    }
    return excluded
  }

  private mutating func makeAlternative(
    _ names: [String], of object: ObjectSchema, mayBeLeftOut: Bool, made: inout [String: Value]
  ) -> Bool {
    var values: [String: Value] = [:]
    for name in names where made[name] == nil {
      guard let member = object.member(named: name) else { continue }
      guard let value = make(member.schema, named: name, mayBeLeftOut: mayBeLeftOut) else {
        return false
      }
      values[name] = value
    }
    made.merge(values) { $1 }
    return true
  }
}

extension Schema {
  /// The target of a reference, with what the reference says about its own place.
  var oneStepResolved: Schema {
    guard case .reference(let reference) = shape else { return self }
    var target = reference.schema
    target.isNullable = target.isNullable || isNullable
    target.summary = summary ?? target.summary
    target.defaultText = defaultText ?? target.defaultText
    target.fixedText = fixedText ?? target.fixedText
    return target
  }
}
