/// Checks values against schemas, and says of every mistake where it is and how to mend it.
///
/// As strict as the contract, and no stricter than a codec: a number may be given as a number or as
/// text whatever its JSON form, and what cannot be checked passes.
package struct SchemaValidator {
  /// More mistakes than this help nobody.
  private static let maximumIssues = 100
  /// Deeper values are refused by every parser; here they are let pass unchecked.
  private static let maximumDepth = 512

  private var issues: [ValidationIssue] = []
  private var depth = 0

  /// What is wrong with a value, in the order of its parts; empty when nothing is.
  ///
  /// `path` is where the value itself stands, for values that are part of something larger.
  package static func issues(
    in value: Value, against schema: Schema, at path: String = ""
  ) -> [ValidationIssue] {
    var validator = SchemaValidator()
    validator.check(value, against: schema, at: path)
    return validator.issues
  }

  private mutating func add(_ path: String, _ reason: String, hint: String? = nil) {
    guard issues.count < Self.maximumIssues else { return }
    issues.append(ValidationIssue(path: path, reason: reason, hint: hint))
  }

  private mutating func check(_ value: Value, against schema: Schema, at path: String) {
    guard depth < Self.maximumDepth, issues.count < Self.maximumIssues else { return }
    depth += 1
    defer { depth -= 1 }
    let schema = schema.resolved
    if value.isNull {
      if !schema.allowsNull {
        add(path, "may not be null", hint: "Leave it out, or give \(schema.expectation).")
      }
      return
    }
    switch schema.shape {
    case .any, .reference: return
    case .nothing:
      if value != .emptyObject { add(path, "expects nothing, found \(value.shown)") }
    case .scalar(let scalar): checkScalar(value, scalar, schema, at: path)
    case .array(let array): checkArray(value, array, at: path)
    case .object(let object):
      if case .object(let record) = value, record["_nil"]?.boolValue == true,
        schema.isNullable || object.variant(of: record)?.schema.isNullable == true
      {
        checkNil(record, object, at: path)
      } else {
        checkObject(value, object, at: path)
      }
    }
  }

  /// Nothing but attributes may stand beside `_nil`.
  private mutating func checkNil(_ record: Record, _ object: ObjectSchema, at path: String) {
    for member in record where member.name != "_nil" && member.name != "_type" {
      let place = Self.join(path, member.name)
      if !member.name.hasPrefix("_") || member.name == "_text" {
        add(place, "is given beside \"_nil\"", hint: "What is nil holds attributes only.")
      } else if let known = object.member(named: member.name) {
        check(member.value, against: known.schema, at: place)
      }
    }
  }

  // MARK: Scalars

  private mutating func checkScalar(
    _ value: Value, _ scalar: ScalarSchema, _ schema: Schema, at path: String
  ) {
    guard let text = scalar.text(of: value) else {
      // Text of a derived type is an object: its type beside it, and no wider than the declared one.
      if case .object(let record) = value, record.count == 2, record["_type"]?.stringValue != nil,
        let text = record["_text"]
      {
        return check(text, against: schema, at: Self.join(path, "_text"))
      }
      var hint: String?
      if case .array(let items) = value, items.count == 1 {
        hint = "It is a single value: write \(items[0].shown) without the brackets."
      }
      add(path, "expects \(scalar.typeName), found \(value.shown)", hint: hint)
      return
    }
    if let refusal = ScalarRules(scalar).refusal(of: text) {
      add(path, refusal.reason, hint: refusal.hint)
    } else if let fixed = schema.fixedText, !scalar.isSame(text, fixed) {
      add(path, "is fixed to \"\(fixed)\", found \"\(text)\"")
    }
  }

  // MARK: Arrays

  private mutating func checkArray(_ value: Value, _ array: ArraySchema, at path: String) {
    guard case .array(let items) = value else {
      add(
        path, "expects an array, found \(value.shown)",
        hint: "Write a single item as [\(value.shownInBrackets)].")
      return
    }
    if items.count < array.minimumCount {
      add(path, "expects at least \(Self.items(array.minimumCount)), found \(items.count)")
    }
    if let maximum = array.maximumCount, items.count > maximum {
      add(path, "expects at most \(Self.items(maximum)), found \(items.count)")
    }
    for (index, item) in items.enumerated() {
      check(item, against: array.item, at: "\(path)[\(index)]")
    }
  }

  private static func items(_ count: Int) -> String { count == 1 ? "1 item" : "\(count) items" }

  // MARK: Objects

  private mutating func checkObject(_ value: Value, _ object: ObjectSchema, at path: String) {
    guard case .object(let record) = value else {
      let names = object.members.prefix(3).map(\.name).joined(separator: ", ")
      let dots = object.members.count > 3 ? ", …" : ""
      var hint: String?
      if object.member(named: "_text") != nil {
        hint = "Write {\"_text\": \(value.shown)}."
      }
      add(
        path,
        "expects an object" + (names.isEmpty ? "" : " (\(names)\(dots))")
          + ", found \(value.shown)", hint: hint)
      return
    }
    guard let concrete = concreteType(of: record, object, at: path) else { return }
    checkMembers(of: record, concrete, at: path)
    for choice in concrete.choices { check(choice, in: record, at: path) }
  }

  /// The type that `_type` picks, or the declared one; nil when the value names none that it may.
  private mutating func concreteType(
    of record: Record, _ object: ObjectSchema, at path: String
  ) -> ObjectSchema? {
    guard object.member(named: "_type") == nil else { return object }
    let names = object.variants.map(\.name)
    guard let given = record["_type"] else {
      guard object.isAbstract, !names.isEmpty else { return object }
      add(
        Self.join(path, "_type"), "is missing",
        hint: "\(object.typeName ?? "The type") is abstract: name one of \(Self.list(names)).")
      return nil
    }
    guard let name = given.stringValue else {
      add(Self.join(path, "_type"), "expects a type's name, found \(given.shown)")
      return nil
    }
    let local = name.split(separator: ":").last.map(String.init) ?? name
    if let variant = object.variants.first(where: { $0.name == name || $0.name == local }) {
      guard case .object(let concrete) = variant.schema.resolved.shape else {
        // A stand-in without members of its own: nothing more to hold it against.
        return ObjectSchema(members: [], isOpen: true)
      }
      return concrete
    }
    if object.typeName.map({ $0 == name || $0 == local }) ?? names.isEmpty, !object.isAbstract {
      return object
    }
    add(
      Self.join(path, "_type"), "names no type that may stand here, found \"\(name)\"",
      hint: Suggestion.nearest(to: name, among: names).map { "Did you mean \"\($0)\"?" }
        ?? (names.isEmpty ? nil : "It may be \(Self.list(names))."))
    return nil
  }

  private mutating func checkMembers(of record: Record, _ object: ObjectSchema, at path: String) {
    var known: [String: Int] = [:]
    for (index, member) in object.members.enumerated() { known[member.name] = index }
    for member in record {
      let place = Self.join(path, member.name)
      if let index = known[member.name] {
        check(member.value, against: object.members[index].schema, at: place)
      } else if !object.isOpen, member.name != "_type" {
        add(place, "is not known", hint: Self.hint(forUnknown: member.name, in: object))
      }
    }
    for member in object.members where member.isRequired && record[member.name] == nil {
      let schema = member.schema.resolved
      // A list that may be empty may be absent too: on the wire the two are the same.
      if case .array(let array) = schema.shape, array.minimumCount == 0 { continue }
      // Whoever writes the message knows the one value that it may have.
      if member.schema.fixedText != nil { continue }
      add(
        Self.join(path, member.name), "is missing", hint: "It is required: \(schema.expectation).")
    }
  }

  private static func hint(forUnknown name: String, in object: ObjectSchema) -> String? {
    let names = object.members.map(\.name)
    let nearest = Suggestion.nearest(to: name, among: names).map { "Did you mean \"\($0)\"?" }
    let owner = object.typeName ?? "It"
    if names.isEmpty { return "\(owner) has no members." }
    guard names.count <= 12 else { return nearest }
    let all = "Known: \(names.joined(separator: ", "))."
    return nearest.map { "\($0) \(all)" } ?? all
  }

  private mutating func check(
    _ choice: ObjectSchema.Choice, in record: Record, at path: String
  ) {
    // Contracts multiply nested choices out and cut the list where it explodes.
    guard choice.alternatives.count < 64 else { return }
    let governed = Set(choice.alternatives.joined())
    let present = governed.filter { record[$0] != nil }
    let wording = Self.wording(of: choice)
    if present.isEmpty {
      let mayBeEmpty = !choice.isRequired || choice.alternatives.contains(where: \.isEmpty)
      if !mayBeEmpty {
        add(
          path,
          "needs \(choice.alternatives.count == 1 ? Self.list(choice.alternatives[0]) : wording)")
      }
    } else if !choice.alternatives.contains(where: { present.isSubset(of: $0) }) {
      let found = record.names.filter(present.contains).joined(separator: ", ")
      add(path, "allows \(wording), found \(found)")
    }
  }

  private static func wording(of choice: ObjectSchema.Choice) -> String {
    let alternatives = choice.alternatives.filter { !$0.isEmpty }
      .map { $0.joined(separator: " with ") }
    let list = list(alternatives)
    return alternatives.count == 1 ? "only \(list)" : "exactly one of \(list)"
  }

  private static func list(_ names: [String]) -> String {
    names.count <= 8
      ? names.joined(separator: ", ") : names.prefix(8).joined(separator: ", ") + ", …"
  }

  private static func join(_ path: String, _ name: String) -> String {
    path.isEmpty ? name : path + "." + name
  }
}

extension ObjectSchema {
  /// The variant that a value names.
  fileprivate func variant(of record: Record) -> Variant? {
    record["_type"]?.stringValue.flatMap { name in variants.first { $0.name == name } }
  }
}

extension Schema {
  fileprivate var allowsNull: Bool {
    if isNullable { return true }
    switch shape {
    case .any, .nothing: return true
    default: return false
    }
  }

  /// What a value of the schema is, in a few words: `xs:int`, `an array of Line`.
  package var expectation: String {
    switch shape {
    case .any: "any value"
    case .nothing: "nothing"
    case .scalar(let scalar): scalar.typeName
    case .array(let array): "an array of \(array.item.resolved.expectation)"
    case .object(let object): object.typeName ?? "an object"
    case .reference(let reference): reference.name
    }
  }
}

extension Value {
  /// The value as an error shows it, cut where it is long.
  fileprivate var shown: String {
    switch self {
    case .array: return "an array"
    case .object: return "an object"
    case .bytes: return "bytes"
    default:
      let text = description
      return text.count > 60 ? "\(text.prefix(57))…" : text
    }
  }

  fileprivate var shownInBrackets: String {
    if case .object = self { return "{…}" }
    return shown
  }
}
