internal import Synchronization
package import TrestleCore
internal import TrestleXML

/// Turns plans into schemas: the shape of Trestle JSON that the plans read and write.
package final class SchemaBuilder: Sendable {
  private struct Cache {
    var references: [ObjectIdentifier: SchemaReference] = [:]
    /// Those of named types, which may be referred to before they are compiled.
    var named: [QualifiedName: SchemaReference] = [:]
    var names: Set<String> = []

    mutating func unique(_ name: String) -> String {
      var unique = name
      var number = 2
      while !names.insert(unique).inserted {
        unique = "\(name)_\(number)"
        number += 1
      }
      return unique
    }
  }

  private let context: PlanContext
  private let cache = Mutex(Cache())

  package init(context: PlanContext) { self.context = context }

  /// The shape of a message's value.
  package func schema(of message: MessagePlan) -> Schema {
    let schema = bodySchema(of: message)
    guard !message.attachments.isEmpty, case .object(var object) = schema.shape else {
      return schema
    }
    for attachment in message.attachments where object.member(named: attachment.name) == nil {
      let bytes = ScalarSchema(kind: .base64, form: .string, typeName: "attachment")
      object.members.append(
        ObjectSchema.Member(
          name: attachment.name,
          schema: Schema(.scalar(bytes), summary: "an attachment, not available yet"),
          isRequired: false, isSampled: false))
    }
    return Schema(.object(object), summary: schema.summary, isNullable: schema.isNullable)
  }

  private func bodySchema(of message: MessagePlan) -> Schema {
    if message.isUnwrapped {
      var schema = content(of: message.roots[0]).resolved
      schema.summary = message.roots[0].documentation ?? schema.summary
      schema.isNullable = message.roots[0].isNillable
      return schema
    }
    let members = message.roots.map { root in
      ObjectSchema.Member(name: root.name.local, schema: schema(of: root))
    }
    return Schema(.object(ObjectSchema(members: members)))
  }

  /// The shape of a fault's detail: an object with the one element.
  package func detail(of fault: SOAPOperation.FaultPlan) -> Schema {
    let member = ObjectSchema.Member(
      name: fault.key, schema: schema(of: fault.element))
    return Schema(.object(ObjectSchema(members: [member])))
  }

  /// The shapes of header blocks.
  func headers(_ elements: [ElementPlan]) -> [TrestleCore.Operation.HeaderSchema] {
    elements.map {
      TrestleCore.Operation.HeaderSchema(name: $0.name.local, schema: schema(of: $0))
    }
  }

  /// The shape of one element's value.
  func schema(of element: ElementPlan) -> Schema {
    var schema = content(of: element)
    schema.isNullable = element.isNillable
    schema.summary = element.documentation
    schema.defaultText = element.defaultText
    schema.fixedText = element.fixedText
    guard !element.substitutes.isEmpty else { return schema }
    return withSubstitutes(schema, element)
  }

  private func content(of element: ElementPlan) -> Schema {
    content(element.content, fallbackName: element.name.local)
  }

  private func content(_ content: ContentPlan, fallbackName: String) -> Schema {
    switch content.kind {
    case .untyped: return .any
    case .scalar(let scalar): return Self.schema(of: scalar)
    case .array(let plan): return array(plan)
    case .object(let plan):
      return Schema(
        .reference(reference(content, plan, name: plan.typeName?.local ?? fallbackName)))
    }
  }

  /// An array of the encoding, in an array for each further dimension.
  private func array(_ plan: ArrayPlan) -> Schema {
    var item = content(of: plan.item)
    item.isNullable = true
    var schema = Schema(.array(ArraySchema(item: item)))
    for _ in 1..<max(plan.rank, 1) { schema = Schema(.array(ArraySchema(item: schema))) }
    return schema
  }

  private func reference(
    _ content: ContentPlan, _ plan: ObjectPlan, name: String
  ) -> SchemaReference {
    let key = ObjectIdentifier(content)
    if let known = cache.withLock({ $0.references[key] }) { return known }
    // The encoding has plans of its own for a type.
    let typeName = plan.typeName.flatMap {
      context.content(ofTypeNamed: $0) === content ? $0 : nil
    }
    return cache.withLock { cache in
      if let known = cache.references[key] { return known }
      let reference =
        typeName.flatMap { cache.named[$0] }
        ?? SchemaReference(name: cache.unique(name)) { [self] in
          Schema(.object(object(plan)), summary: plan.documentation)
        }
      cache.references[key] = reference
      if let typeName { cache.named[typeName] = reference }
      return reference
    }
  }

  /// The named schema of a head and all that stands for it.
  func reference(
    toHead head: ElementPlan, _ schema: @escaping @Sendable () -> Schema
  ) -> SchemaReference {
    let key = ObjectIdentifier(head)
    return cache.withLock { cache in
      if let known = cache.references[key] { return known }
      let reference = SchemaReference(name: cache.unique(head.name.local), schema)
      cache.references[key] = reference
      return reference
    }
  }

  /// A named complex type, compiled when somebody looks into it: a base may have hundreds of derived
  /// types, of which a call takes one.
  private func reference(toTypeNamed name: QualifiedName) -> SchemaReference {
    cache.withLock { cache in
      if let known = cache.named[name] { return known }
      let reference = SchemaReference(name: cache.unique(name.local)) { [self] in
        switch context.content(ofTypeNamed: name)?.kind {
        case .object(let plan): Schema(.object(object(plan)), summary: plan.documentation)
        case .scalar(let scalar):
          // Written with its type, text is a member beside it.
          Schema(
            .object(
              ObjectSchema(
                members: [ObjectSchema.Member(name: "_text", schema: Self.schema(of: scalar))],
                typeName: name.local)))
        case .array, .untyped, nil: Schema.any
        }
      }
      cache.named[name] = reference
      return reference
    }
  }

  private static func schema(of scalar: ScalarPlan) -> Schema {
    switch scalar.variety {
    case .list(let item) where scalar.isEnumeratedByWord:
      // Each allowed list is one word: which ones is the item's matter.
      Schema(
        .array(
          ArraySchema(
            item: schema(of: item, allowing: scalar.schema.facets.enumeration), minimumCount: 1,
            maximumCount: 1)))
    case .list(let item):
      Schema(
        .array(
          ArraySchema(
            item: schema(of: item),
            minimumCount: scalar.schema.facets.minimumLength ?? scalar.schema.facets.length ?? 0,
            maximumCount: scalar.schema.facets.maximumLength ?? scalar.schema.facets.length)))
    case .union(let members):
      Schema(.scalar(union(scalar.schema, of: members.map(\.schema))))
    case .atomic: Schema(.scalar(scalar.schema))
    }
  }

  private static func schema(of item: ScalarPlan, allowing texts: [String]) -> Schema {
    guard case .scalar(var scalar) = schema(of: item).shape else { return schema(of: item) }
    scalar.facets.enumeration = texts
    return Schema(.scalar(scalar))
  }

  /// Text that any of the members takes.
  private static func union(_ schema: ScalarSchema, of members: [ScalarSchema]) -> ScalarSchema {
    var union = schema
    union.alternatives = members
    return union
  }

  // MARK: - Objects

  private func object(_ plan: ObjectPlan) -> ObjectSchema {
    var object = ObjectSchema(members: [], typeName: plan.typeName?.local)
    for attribute in plan.attributes {
      var schema = Self.schema(of: attribute.scalar)
      schema.summary = attribute.documentation
      schema.defaultText = attribute.defaultText
      schema.fixedText = attribute.fixedText
      object.members.append(
        ObjectSchema.Member(
          name: attribute.key, schema: schema, isRequired: attribute.isRequired))
    }
    if let text = plan.text {
      object.members.append(
        ObjectSchema.Member(
          name: "_text", schema: Self.schema(of: text), isRequired: !text.mayBeEmpty))
    }
    if plan.isMixed {
      object.members.append(mixed(plan))
    } else if let root = plan.root {
      var draft = Draft(plan: plan, scope: 0)
      collect(root, isOptional: false, into: &draft)
      object.members += draft.members(self)
      object.choices = draft.choices
    }
    object.isOpen = !plan.wildcards.isEmpty || plan.anyAttribute != nil || plan.isMixed
    object.isAbstract = plan.isAbstract
    if let name = plan.typeName {
      // The types of a local name are told apart by their namespaces, abstract ones counted.
      let derived = context.components.derivedTypes(of: name)
      object.variants = zip(ElementPlan.labels(of: derived, after: [name.local]), derived)
        .filter { context.components.isConcreteComplexType($0.1) }
        .map { label, derived in
          ObjectSchema.Variant(
            name: label, schema: Schema(.reference(reference(toTypeNamed: derived))))
        }
    }
    return object
  }

  /// Mixed content: one text of XML, with the least the model asks for as its sample.
  private func mixed(_ plan: ObjectPlan) -> ObjectSchema.Member {
    let sample = MinimalContent(context: context).xml(of: plan) ?? ""
    let schema = Schema(
      .scalar(ScalarSchema(kind: .string, form: .string, typeName: "XML text")),
      summary: "text and XML elements, each with its namespaces declared",
      defaultText: sample.isEmpty ? nil : sample)
    return ObjectSchema.Member(
      name: "_xml", schema: schema, isRequired: !sample.isEmpty, isSampled: !sample.isEmpty)
  }

  fileprivate func anyElement(for wildcard: XSDWildcard) -> String {
    MinimalContent(context: context).anyElement(for: wildcard)
  }

  /// The members of one scope while they are collected from its content model.
  fileprivate struct Draft {
    enum Entry {
      case field(Int, minimum: Int, maximum: Int?)
      case group(Int, ObjectPlan.Node, minimum: Int, maximum: Int?)
      case any(XSDWildcard, minimum: Int)
    }

    let plan: ObjectPlan
    let scope: Int
    var entries: [Entry] = []
    var choices: [ObjectSchema.Choice] = []

    init(plan: ObjectPlan, scope: Int) {
      self.plan = plan
      self.scope = scope
    }

    mutating func add(field: Int, minimum: Int, maximum: Int?) {
      for index in entries.indices {
        if case .field(field, let earlier, let limit) = entries[index] {
          let both = limit.flatMap { first in maximum.map { first + $0 } }
          entries[index] = .field(field, minimum: earlier + minimum, maximum: both)
          return
        }
      }
      entries.append(.field(field, minimum: minimum, maximum: maximum))
    }

    /// All wildcards of a scope share one array; the first that asks for an element is its example.
    mutating func add(_ wildcard: XSDWildcard, minimum: Int) {
      for index in entries.indices {
        if case .any(let first, let earlier) = entries[index] {
          entries[index] = .any(earlier == 0 ? wildcard : first, minimum: earlier + minimum)
          return
        }
      }
      entries.append(.any(wildcard, minimum: minimum))
    }
  }

  fileprivate func collect(_ node: ObjectPlan.Node, isOptional: Bool, into draft: inout Draft) {
    switch node {
    case .element(let field, let minimum, let maximum, _):
      draft.add(field: field, minimum: isOptional ? 0 : minimum, maximum: maximum)
    case .sequence(let nodes, let minimum, _):
      for child in nodes {
        collect(child, isOptional: isOptional || minimum == 0, into: &draft)
      }
    case .choice(let nodes, let minimum, _, _):
      for child in nodes { collect(child, isOptional: true, into: &draft) }
      var alternatives: [[String]] = []
      var canBeEmpty = false
      for child in nodes {
        for alternative in self.alternatives(of: child, draft) {
          if alternative.isEmpty {
            canBeEmpty = true
          } else if !alternatives.contains(alternative) {
            alternatives.append(alternative)
          }
        }
      }
      if alternatives.count > 1 || !canBeEmpty {
        draft.choices.append(
          ObjectSchema.Choice(
            alternatives: Array(alternatives.prefix(256)),
            isRequired: minimum > 0 && !isOptional && !canBeEmpty))
      }
    case .group(let scope, let inner, let minimum, let maximum):
      draft.entries.append(
        .group(scope, inner, minimum: isOptional ? 0 : minimum, maximum: maximum))
    case .any(let wildcard, let minimum, _, _):
      draft.add(wildcard, minimum: isOptional ? 0 : minimum)
    }
  }

  /// The sets of members that may be present together, nested choices multiplied out.
  private func alternatives(of node: ObjectPlan.Node, _ draft: Draft) -> [[String]] {
    switch node {
    case .element(let field, let minimum, _, _):
      let key = draft.plan.scopes[draft.scope].fields[field].key
      return minimum == 0 ? [[key], []] : [[key]]
    case .sequence(let nodes, let minimum, _):
      var products: [[String]] = [[]]
      for child in nodes {
        let own = alternatives(of: child, draft)
        // An optional member may be absent whenever its sequence is there; naming it is enough.
        let named = own.filter { !$0.isEmpty }
        let factors = isElement(child) && !named.isEmpty ? named : own
        var next: [[String]] = []
        for product in products {
          for factor in factors where next.count < 64 { next.append(product + factor) }
        }
        products = next
      }
      return minimum == 0 ? products + [[]] : products
    case .choice(let nodes, let minimum, _, _):
      let all = nodes.flatMap { alternatives(of: $0, draft) }
      return minimum == 0 ? all + [[]] : all
    case .group(let scope, _, let minimum, _):
      let key = draft.plan.scopes[scope].key
      return minimum == 0 ? [[key], []] : [[key]]
    case .any(_, let minimum, _, _): return minimum == 0 ? [[]] : [["_any"]]
    }
  }

  private func isElement(_ node: ObjectPlan.Node) -> Bool {
    if case .element = node { return true }
    return false
  }
}

extension SchemaBuilder.Draft {
  fileprivate func members(_ builder: SchemaBuilder) -> [ObjectSchema.Member] {
    entries.map { entry in
      switch entry {
      case .field(let index, let minimum, let maximum):
        let field = plan.scopes[scope].fields[index]
        var schema = builder.schema(of: field.element)
        if field.isArray {
          schema = Schema(
            .array(ArraySchema(item: schema, minimumCount: minimum, maximumCount: maximum)),
            summary: schema.summary)
        }
        return ObjectSchema.Member(name: field.key, schema: schema, isRequired: minimum > 0)
      case .group(let inner, let node, let minimum, let maximum):
        return ObjectSchema.Member(
          name: plan.scopes[inner].key,
          schema: builder.items(of: plan, scope: inner, node, minimum: minimum, maximum: maximum),
          isRequired: minimum > 0)
      case .any(let wildcard, let minimum):
        return ObjectSchema.Member(
          name: "_any",
          schema: Schema(
            .array(
              ArraySchema(
                item: Schema(
                  .scalar(ScalarSchema(kind: .string, form: .string, typeName: "XML text")),
                  defaultText: minimum > 0 ? builder.anyElement(for: wildcard) : nil),
                minimumCount: minimum)),
            summary: "XML elements as text, each with its namespaces declared"),
          isRequired: minimum > 0, isSampled: minimum > 0)
      }
    }
  }
}

extension SchemaBuilder {
  fileprivate func items(
    of plan: ObjectPlan, scope: Int, _ node: ObjectPlan.Node, minimum: Int, maximum: Int?
  ) -> Schema {
    var draft = Draft(plan: plan, scope: scope)
    collect(node, isOptional: false, into: &draft)
    let item = ObjectSchema(members: draft.members(self), choices: draft.choices)
    return Schema(
      .array(
        ArraySchema(
          item: Schema(.object(item)), minimumCount: minimum, maximumCount: maximum)),
      summary: "repetitions of a group, in order")
  }
}
