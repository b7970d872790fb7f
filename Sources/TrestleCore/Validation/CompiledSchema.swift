internal import Synchronization

/// A schema made ready for many values: says quickly which ones have nothing wrong with them.
///
/// What it does not admit need not be wrong; `issues` then goes through it part by part. Made of the
/// schema once, and of what the schema names when a value first reaches it.
package final class CompiledSchema: Sendable {
  private let schema: Schema
  private let node: Node

  package init(_ schema: Schema) {
    self.schema = schema
    node = Node(schema, Names())
  }

  /// What is wrong with a value, as `SchemaValidator` finds it; empty when nothing is.
  package func issues(in value: Value) -> [ValidationIssue] {
    if node.admits(value, depth: 0) { return [] }
    return SchemaValidator.issues(in: value, against: schema)
  }

  /// Whether a value has certainly nothing wrong with it.
  func admits(_ value: Value) -> Bool { node.admits(value, depth: 0) }
}

extension CompiledSchema {
  /// The types that schemas name, each compiled once however often and from wherever it is named:
  /// what a recursive type's values make us keep does not grow with them.
  fileprivate final class Names: Sendable {
    private let nodes = Mutex<[String: Node]>([:])

    func node(of reference: SchemaReference) -> Node {
      if let known = nodes.withLock({ $0[reference.name] }) { return known }
      // Outside the lock: what the name stands for may name others.
      let node = Node(reference.schema, self)
      return nodes.withLock { nodes in
        if let earlier = nodes[reference.name] { return earlier }
        nodes[reference.name] = node
        return node
      }
    }
  }

  /// One schema, ready. Every rule is `SchemaValidator`'s; what is rare is left to it.
  fileprivate final class Node: Sendable {
    private enum Rule: Sendable {
      case anything
      case nothing
      /// A text without rules, or a number without bounds.
      case text, integer
      case integers(ClosedRange<Int64>)
      case scalar(ScalarSchema, ScalarRules)
      case array(Node, minimum: Int, maximum: Int)
      case object(Members)
      case reference(SchemaReference, Names)
      /// For `SchemaValidator` to judge.
      case left
    }

    private let rule: Rule
    private let allowsNull: Bool
    private let fixedText: String?

    init(_ schema: Schema, _ names: Names) {
      fixedText = schema.fixedText
      switch schema.shape {
      case .any:
        allowsNull = true
        rule = .anything
      case .nothing:
        allowsNull = true
        rule = .nothing
      case .scalar(let scalar):
        allowsNull = schema.isNullable
        rule = Self.rule(for: scalar, isFixed: schema.fixedText != nil)
      case .array(let array):
        allowsNull = schema.isNullable
        rule = .array(
          Node(array.item, names), minimum: array.minimumCount, maximum: array.maximumCount ?? .max)
      case .object(let object):
        allowsNull = schema.isNullable
        rule = .object(Members(object, names))
      case .reference(let reference):
        allowsNull = schema.isNullable
        rule = schema.fixedText == nil ? .reference(reference, names) : .left
      }
    }

    private static func rule(for scalar: ScalarSchema, isFixed: Bool) -> Rule {
      if !isFixed, scalar.alternatives.isEmpty, scalar.facets == Facets() {
        if scalar.kind == .string || scalar.kind == .uri { return .text }
        if scalar.kind == .integer { return .integer }
      }
      if !isFixed, let range = range(of: scalar) { return .integers(range) }
      return .scalar(scalar, ScalarRules(scalar))
    }

    /// The integers that a type takes, where nothing but two bounds limits them.
    private static func range(of scalar: ScalarSchema) -> ClosedRange<Int64>? {
      guard scalar.kind == .integer, scalar.alternatives.isEmpty,
        let minimum = scalar.facets.minimum.flatMap({ Int64($0) }),
        let maximum = scalar.facets.maximum.flatMap({ Int64($0) }), minimum <= maximum
      else { return nil }
      var bounds = Facets()
      bounds.minimum = scalar.facets.minimum
      bounds.maximum = scalar.facets.maximum
      return scalar.facets == bounds ? minimum...maximum : nil
    }

    func admits(_ value: Value, depth: Int) -> Bool {
      guard depth < CompiledSchema.maximumDepth else { return false }
      if case .null = value, allowsNull { return true }
      if case .reference(let reference, let names) = rule {
        return names.node(of: reference).admits(value, depth: depth + 1)
      }
      if case .null = value { return false }
      switch rule {
      case .anything: return true
      case .left, .reference: return false
      case .nothing:
        if case .object(let record) = value { return record.isEmpty }
        return false
      case .text:
        if case .string = value { return true }
        return false
      case .integer:
        if case .integer = value { return true }
        if case .string(let text) = value { return Self.isInteger(text) }
        return false
      case .integers(let range):
        if case .integer(let number) = value { return range.contains(number) }
        if case .string(let text) = value, let number = Int64(text) {
          return range.contains(number)
        }
        return false
      case .scalar(let scalar, let rules):
        guard let text = scalar.text(of: value), rules.refusal(of: text) == nil else {
          return false
        }
        return fixedText.map { scalar.isSame(text, $0) } ?? true
      case .array(let item, let minimum, let maximum):
        guard case .array(let items) = value, items.count >= minimum, items.count <= maximum else {
          return false
        }
        return items.allSatisfy { item.admits($0, depth: depth + 1) }
      case .object(let members):
        guard case .object(let record) = value else { return false }
        return members.admit(record, depth: depth + 1)
      }
    }

    private static func isInteger(_ text: String) -> Bool {
      var text = text
      return text.withUTF8 { LexicalForm.isInteger(LexicalForm.trimmed($0)) }
    }
  }

  /// The members of an object, ready.
  fileprivate final class Members: Sendable {
    private let names: [String]
    private let nodes: [Node]
    private let isRequired: [Bool]
    private let required: Int
    /// Made only where scanning would be slow.
    private let positions: [String: Int]?
    private let isOpen: Bool
    /// Whether some rule is left to the validator: choices, and types that must be named.
    private let isLeft: Bool

    init(_ object: ObjectSchema, _ types: Names) {
      names = object.members.map(\.name)
      nodes = object.members.map { Node($0.schema, types) }
      isRequired = object.members.map(Self.mustBePresent)
      required = isRequired.count { $0 }
      positions =
        names.count > 8
        ? Dictionary(names.enumerated().map { ($0.element, $0.offset) }, uniquingKeysWith: { $1 })
        : nil
      isOpen = object.isOpen
      isLeft =
        !object.choices.isEmpty || object.isAbstract || Set(names).count != names.count
        || names.contains("_type") || names.contains("_nil")
    }

    private static func mustBePresent(_ member: ObjectSchema.Member) -> Bool {
      guard member.isRequired, member.schema.fixedText == nil else { return false }
      if case .array(let array) = member.schema.shape { return array.minimumCount > 0 }
      return true
    }

    func admit(_ record: Record, depth: Int) -> Bool {
      if isLeft { return false }
      var seen = 0
      var next = 0
      for member in record.members {
        guard let position = position(of: member.name, expected: next) else {
          // `_type` and `_nil` change what the others mean.
          if isOpen, member.name.utf8.first != UInt8(ascii: "_") { continue }
          return false
        }
        next = position + 1
        if isRequired[position] { seen += 1 }
        guard nodes[position].admits(member.value, depth: depth) else { return false }
      }
      return seen == required
    }

    /// Members nearly always come in the contract's order.
    private func position(of name: String, expected: Int) -> Int? {
      if expected < names.count, names[expected] == name { return expected }
      if let positions { return positions[name] }
      return names.firstIndex(of: name)
    }
  }

  fileprivate static let maximumDepth = 256
}
