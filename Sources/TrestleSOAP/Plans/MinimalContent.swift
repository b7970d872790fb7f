internal import TrestleCore
internal import TrestleXML

/// The least that a content model allows, with sample texts: what mixed content shows as an example.
///
/// Mixed content is one text of XML in Trestle JSON, so its samples cannot be made from a schema.
struct MinimalContent {
  let context: PlanContext

  /// Deeper than any contract requires; a required recursion would be a broken one.
  private static let maximumDepth = 24

  /// The content of a mixed type as XML text; nil when the model cannot be met.
  func xml(of plan: ObjectPlan) -> String? {
    guard let root = plan.root else { return "" }
    var record: Record = [:]
    fill(&record, root, plan, scope: 0, depth: 0)
    var writer = ElementWriter(context: context)
    do throws(CodecError) {
      return try writer.innerXML(of: plan, record)
    } catch {
      return nil
    }
  }

  private func value(of element: ElementPlan, depth: Int) -> Value {
    if element.isAbstract, let substitute = element.substitutes.first {
      var record: Record = ["_type": .string(substitute.name.local)]
      switch value(of: substitute, depth: depth) {
      case .object(let members): for member in members { record[member.name] = member.value }
      case let scalar: record["_text"] = scalar
      }
      return .object(record)
    }
    if let fixed = element.fixedText ?? element.defaultText { return .string(fixed) }
    switch element.content.kind {
    case .array, .untyped: return ""
    case .scalar(let scalar): return sample(of: scalar, named: element.name.local)
    case .object(let plan): return object(plan, depth: depth + 1)
    }
  }

  private func sample(of scalar: ScalarPlan, named name: String) -> Value {
    if case .list(let item) = scalar.variety { return [sample(of: item, named: name)] }
    return SampleMaker.sample(for: Schema(.scalar(scalar.schema)), named: name)
  }

  private func object(_ plan: ObjectPlan, depth: Int) -> Value {
    var record: Record = [:]
    guard depth < Self.maximumDepth else { return .object(record) }
    var chosen = plan
    if plan.isAbstract, let derived = concrete(plan) {
      record["_type"] = .string("{\(derived.name.namespace)}\(derived.name.local)")
      chosen = derived.plan
    }
    for attribute in chosen.attributes where attribute.isRequired {
      record[attribute.key] =
        attribute.fixedText.map { .string($0) }
        ?? sample(of: attribute.scalar, named: attribute.key)
    }
    if let text = chosen.text { record["_text"] = sample(of: text, named: "_text") }
    if let root = chosen.root { fill(&record, root, chosen, scope: 0, depth: depth) }
    return .object(record)
  }

  private func concrete(_ plan: ObjectPlan) -> (name: QualifiedName, plan: ObjectPlan)? {
    guard let name = plan.typeName else { return nil }
    for derived in context.components.derivedTypes(of: name) {
      if case .object(let plan)? = context.content(ofTypeNamed: derived)?.kind, !plan.isAbstract {
        return (derived, plan)
      }
    }
    return nil
  }

  private func fill(
    _ record: inout Record, _ node: ObjectPlan.Node, _ plan: ObjectPlan, scope: Int, depth: Int
  ) {
    switch node {
    case .element(let index, let minimum, _, _):
      guard minimum > 0 else { return }
      let field = plan.scopes[scope].fields[index]
      let item = value(of: field.element, depth: depth)
      guard field.isArray else { return record[field.key] = item }
      let earlier = record[field.key]?.arrayValue ?? []
      record[field.key] = .array(earlier + Array(repeating: item, count: min(minimum, 16)))
    case .sequence(let nodes, let minimum, _):
      guard minimum > 0 else { return }
      for child in nodes { fill(&record, child, plan, scope: scope, depth: depth) }
    case .choice(let nodes, let minimum, _, _):
      guard minimum > 0, let first = nodes.first else { return }
      fill(&record, first, plan, scope: scope, depth: depth)
    case .group(let inner, let child, let minimum, _):
      guard minimum > 0 else { return }
      var item: Record = [:]
      fill(&item, child, plan, scope: inner, depth: depth)
      record[plan.scopes[inner].key] = .array(
        Array(repeating: .object(item), count: min(minimum, 16)))
    case .any(let wildcard, let minimum, _, _):
      guard minimum > 0 else { return }
      let earlier = record["_any"]?.arrayValue ?? []
      record["_any"] = .array(
        earlier + Array(repeating: .string(anyElement(for: wildcard)), count: min(minimum, 16)))
    }
  }

  /// An element that a wildcard takes, as XML text: one the contract declares where the wildcard
  /// demands a declaration (XSD 1.0 part 1 §3.10.1, strict), else one of nobody's namespace.
  func anyElement(for wildcard: XSDWildcard) -> String {
    let strange = strangeElement(for: wildcard)
    do throws(CodecError) {
      guard wildcard.processing == .strict,
        let declared = context.components.simplestElement(allowedBy: wildcard)
      else { return try asDecoded(Array(strange.utf8)) }
      let element = context.element(declared)
      var writer = ElementWriter(context: context)
      try writer.writeRoot(element, value(of: element, depth: 0))
      return try asDecoded(writer.output.bytes)
    } catch {
      return strange
    }
  }

  /// An element that nobody declares, in a namespace the wildcard takes.
  ///
  /// Where a declaration is demanded and there is none, a type by name will do as well
  /// (XSD 1.0 part 1 §3.10.1, strict).
  private func strangeElement(for wildcard: XSDWildcard) -> String {
    let namespace =
      switch wildcard.namespaces {
      case .any, .other: "urn:example:any"
      case .oneOf(let names): names.min() ?? ""
      }
    let name = "any xmlns=\"\(SchemaBundle.escaped(namespace))\""
    guard wildcard.processing == .strict else { return "<\(name)/>" }
    return "<\(name) xmlns:xsi=\"\(XMLNamespaces.instance)\" xmlns:xsd=\"\(XMLNamespaces.schema)\""
      + " xsi:type=\"xsd:string\">any</any>"
  }

  /// XML as a decoder would keep it, so that the sample is what a peer's echo gives.
  private func asDecoded(_ bytes: [UInt8]) throws(CodecError) -> String {
    let document = Array("<x>".utf8) + bytes + Array("</x>".utf8)
    return try context.readers.withReader { reader throws(CodecError) in
      let capture = XMLInnerCapture(reader: reader)
      try reader.read(document, into: capture)
      return capture.content
    }
  }
}
