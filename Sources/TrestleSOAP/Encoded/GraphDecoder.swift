internal import TrestleCore
internal import TrestleXML

/// Turns the nodes of an encoded message into values: references are followed, types are what the
/// elements say of themselves where the contract leaves them open.
struct GraphDecoder {
  let context: PlanContext
  let isStrict: Bool
  let ids: [String: EncodedNode]
  private(set) var warnings: [String] = []
  /// The namespace of the elements whose members are named by their local name alone.
  var defaultNamespace = ""
  /// The nodes being read that others can refer to: one that comes again contains itself.
  private var open: Set<ObjectIdentifier> = []
  private var depth = 0
  /// The places of the plans met so far by local name: arrays hold many structs of one type.
  var placesByName: [ObjectIdentifier: [String: Int]] = [:]
  /// How many more elements and array places may be read. References can be nested so that few
  /// elements stand for very many; what they stand for counts.
  private var budget: Int
  /// The names that nodes are referred to by.
  private let referenced: Set<String>

  /// Deeper than elements may be nested: lists whose links are references chain further.
  private static let maximumDepth = 256

  init(
    context: PlanContext, isStrict: Bool, roots: [EncodedNode],
    budget: Int
  ) {
    self.context = context
    self.isStrict = isStrict
    self.budget = budget
    var ids: [String: EncodedNode] = [:]
    var referenced: Set<String> = []
    var waiting = roots
    while let node = waiting.popLast() {
      if let id = node.id, ids[id] == nil { ids[id] = node }
      if let reference = node.reference { referenced.insert(reference) }
      waiting += node.children
    }
    self.ids = ids
    self.referenced = referenced
  }

  /// The value of an element by its plan; nil for an element that nothing is known of.
  ///
  /// - Throws: `CodecError` for references to nothing or in a ring, and for what is outside its type.
  mutating func value(
    of node: EncodedNode, by element: ElementPlan?
  ) throws(CodecError) -> Value {
    try value(of: node, content: element?.content, element: element)
  }

  mutating func value(
    of node: EncodedNode, content: ContentPlan?, element: ElementPlan?
  ) throws(CodecError) -> Value {
    try spend(1, node)
    let node = try target(of: node, isOpen: content == nil)
    guard depth < Self.maximumDepth else {
      throw CodecError(
        reason: "is nested deeper than \(Self.maximumDepth) elements", line: node.line)
    }
    let isReferable = node.id != nil
    if isReferable, !open.insert(ObjectIdentifier(node)).inserted {
      throw CodecError(
        reason: "contains itself by way of the reference \"\(node.id ?? "")\"",
        hint: "Trestle JSON has no form for rings", line: node.line)
    }
    depth += 1
    let value = try typedValue(of: node, content: content, element: element)
    depth -= 1
    if isReferable { open.remove(ObjectIdentifier(node)) }
    return value
  }

  /// The element that is meant: an element that refers to another, which may do so again, stands for it.
  ///
  /// Where nothing is known of an element, `href` may just as well be a link of its own.
  private mutating func target(
    of node: EncodedNode, isOpen: Bool
  ) throws(CodecError) -> EncodedNode {
    var target = node
    var steps = 0
    while let reference = target.reference {
      guard let next = ids[reference] else {
        if isOpen, !isStrict {
          warn("\(target.name.local) refers to \"\(reference.prefix(100))\", which is not there")
          target.reference = nil
          target.attributes.append((QualifiedName("", "href"), "#" + reference))
          return target
        }
        throw CodecError(
          reason:
            "refers to \"\(reference.prefix(100))\", which no element of the message is called",
          line: target.line)
      }
      try spend(1, target)
      steps += 1
      guard steps <= Self.maximumDepth else {
        throw CodecError(
          reason: "leads in a ring by way of the reference \"\(reference.prefix(100))\"",
          line: target.line)
      }
      target = next
    }
    return target
  }

  private mutating func typedValue(
    of node: EncodedNode, content: ContentPlan?, element: ElementPlan?
  ) throws(CodecError) -> Value {
    let (actual, shown) = try type(of: node, declared: content)
    switch actual?.kind {
    case .scalar(let scalar):
      let value = try self.value(of: node, scalar: scalar, element: element)
      guard let shown, !value.isNull else { return value }
      return ["_type": .string(shown), "_text": value]
    case .object(let plan): return try object(node, plan, shown: shown)
    case .array(let plan): return try array(node, plan)
    case .untyped, nil: return try untyped(node, shown: shown)
    }
  }

  private mutating func spend(_ count: Int, _ node: EncodedNode) throws(CodecError) {
    budget -= count
    guard budget >= 0 else {
      throw CodecError(
        reason: "stands for more elements than a message may have",
        hint: "references and array sizes count as what they stand for", line: node.line)
    }
  }

  /// Counts places of an array that are not sent but read as null.
  mutating func spend(places count: Int, _ node: EncodedNode) throws(CodecError) {
    try spend(count, node)
  }

  // MARK: - Types

  /// Types whose values JSON tells apart by itself: they need no `_type` where anything may stand.
  private static let natural: Set<String> = ["string", "int", "boolean", "double"]

  /// The plan that an element's own word and the contract's come to, and the type to show beside the
  /// value where it is neither declared nor natural.
  private mutating func type(
    of node: EncodedNode, declared: ContentPlan?
  ) throws(CodecError) -> (content: ContentPlan?, shown: String?) {
    guard let type = node.type else { return (declared, nil) }
    let isOpen =
      switch declared?.kind {
      case .untyped, nil: true
      case .scalar, .object, .array: false
      }
    if EncodingNamespaces.isArray(type) || EncodingNamespaces.isStruct(type) {
      return (isOpen ? nil : declared, nil)
    }
    if !isOpen, declared?.typeName == type { return (declared, nil) }
    // `soapenc:int` is `xsd:int` that may be referred to.
    let plain =
      EncodingNamespaces.has(type.namespace)
      ? QualifiedName(XMLNamespaces.schema, type.local) : type
    guard let actual = context.content(ofTypeOrBuiltIn: plain) else {
      guard isOpen else {
        if isStrict {
          throw CodecError(reason: "has the unknown type \(type)", line: node.line)
        }
        warn(
          "the type \(type) of \(node.name.local) is not in the contract; the declared one was used"
        )
        return (declared, nil)
      }
      return (nil, type.description)
    }
    if isOpen { return (actual, Self.shown(plain, of: actual)) }
    switch (declared?.kind, actual.kind) {
    case (.scalar, .scalar):
      // Toolkits without a contract guess the types of scalars from the values at hand (`1` as xsd:int
      // for a decimal): the contract knows better. A type of the contract's own is no guess.
      let isBuiltIn = plain.namespace == XMLNamespaces.schema
      return isBuiltIn ? (declared, nil) : (actual, plain.local)
    case (.object, .object): return (actual, plain.local)
    case (.array, .array): return (actual, nil)
    default:
      if isStrict {
        throw CodecError(
          reason: "has the type \(type), which is not derived from the declared one",
          line: node.line)
      }
      warn("the type \(type) of \(node.name.local) does not fit the declared one, which was used")
      return (declared, nil)
    }
  }

  private static func shown(_ type: QualifiedName, of content: ContentPlan) -> String? {
    if case .array = content.kind { return nil }
    guard type.namespace == XMLNamespaces.schema else { return type.description }
    return natural.contains(type.local) || type.local == "anyType" ? nil : "xsd:" + type.local
  }

  mutating func warn(_ warning: String) {
    // A hostile message could otherwise buy a sentence with every tag.
    if warnings.count < 32, !warnings.contains(warning) { warnings.append(warning) }
  }

  // MARK: - Scalars

  private mutating func value(
    of node: EncodedNode, scalar: ScalarPlan, element: ElementPlan?
  ) throws(CodecError) -> Value {
    if node.isNil { return .null }
    guard node.children.isEmpty else {
      throw CodecError(
        reason:
          "holds the element \(node.children[0].name.local), but is \(scalar.schema.typeName)",
        line: node.line)
    }
    if node.text.isEmpty {
      if let fallback = element?.defaultText ?? element?.fixedText {
        return try scalar.value(of: fallback)
      }
      if !scalar.acceptsEmpty, !isStrict {
        warn(
          "the empty element \(node.name.local), where \(scalar.schema.typeName) is due, was read as null"
        )
        return .null
      }
    }
    do throws(CodecError) {
      return try scalar.value(of: String(decoding: node.text, as: UTF8.self))
    } catch {
      var error = error
      error.line = error.line ?? node.line
      throw error
    }
  }

  // MARK: - What nothing is known of

  /// The member that an element is: its local name where it is in the namespace that names without
  /// one stand for, else with its namespace.
  private func key(of node: EncodedNode) -> String {
    let name = node.name
    guard name.namespace == defaultNamespace else { return "{\(name.namespace)}\(name.local)" }
    return name.local.hasPrefix("_") ? "_" + name.local : name.local
  }

  /// A value as the element's own shape says: `_name` for attributes, a member for each name of a
  /// child, text where there are no children.
  private mutating func untyped(
    _ node: EncodedNode, shown: String?
  ) throws(CodecError) -> Value {
    if node.array != nil || node.type.map(EncodingNamespaces.isArray) == true {
      return try array(node, nil)
    }
    if node.isNil { return .null }
    var members = MemberCollector()
    if let shown { members.add("_type", .string(shown)) }
    // Among typed elements `id` is what others refer to; without types it may be anything.
    let isPlumbing = node.type != nil || node.id.map { referenced.contains($0) } == true
    for attribute in node.attributes {
      if isPlumbing, attribute.name == QualifiedName("", "id") { continue }
      members.add("_" + attribute.name.description, .string(attribute.value))
    }
    let text = String(decoding: node.text, as: UTF8.self)
    if node.children.isEmpty {
      if members.isEmpty { return .string(text) }
      if !text.isEmpty { members.add("_text", .string(text)) }
      return .object(members.record)
    }
    for child in node.children where !EncodingNamespaces.isResult(child.name) {
      do throws(CodecError) {
        members.collect(key(of: child), try value(of: child, content: nil, element: nil))
      } catch {
        throw error.inside(child.name.local)
      }
    }
    if !text.utf8.allSatisfy(\.isXMLSpace) { members.add("_text", .string(text)) }
    return .object(members.record)
  }
}
