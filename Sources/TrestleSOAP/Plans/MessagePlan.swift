package import TrestleCore
package import TrestleXML

/// What a message puts into the Body and the Header, and how that looks as parameters or a result.
package struct MessagePlan: Sendable {
  /// The Body's children in order: one for a wrapped or rpc message, one a part for others.
  package let roots: [ElementPlan]
  package let headers: [ElementPlan]
  package let isRPC: Bool
  /// Whether the Body follows the rules of the encoding.
  package let isEncoded: Bool
  /// The accessor that an encoded SOAP 1.2 reply must name as its result (SOAP 1.2 part 2 §4.2.1): its
  /// only part.
  let resultAccessor: String?
  /// Parts that travel beside the envelope (WSDL 1.1 §5): known by name, not sent or read yet.
  package let attachments: [Attachment]

  package struct Attachment: Sendable {
    package let name: String
  }

  package init(
    roots: [ElementPlan], headers: [ElementPlan], isRPC: Bool, attachments: [Attachment] = []
  ) {
    self.attachments = attachments
    self.roots = roots
    self.headers = headers
    self.isRPC = isRPC
    isEncoded = false
    resultAccessor = nil
  }

  /// Compiles a message of a binding.
  init(
    _ message: WSDLMessage, style: WSDLOperation.Style, wrapper: String, isReply: Bool,
    context: PlanContext
  ) {
    isEncoded = message.isEncoded
    let own = message.isEncoded ? context.encoded : context
    switch style {
    case .document:
      roots = message.body.map { part in
        // A part by type in document style is the Body's content itself (WSDL 1.1 §3.5); toolkits give
        // it an element of the part's name, unqualified as an rpc accessor is.
        context.element(of: part, namespace: "", isEncoded: message.isEncoded)
      }
      isRPC = false
      resultAccessor = nil
    case .rpc:
      let accessors = message.body.map { part in
        ElementPlan(name: QualifiedName("", part.name), context: own) {
          switch part.definition {
          case .element(let element):
            message.isEncoded ? own.content(of: element.type) : own.element(element).content
          case .type(let type, _): own.content(of: type)
          }
        }
      }
      let content = ObjectPlanBuilder.content(of: accessors, context: own)
      roots = [
        ElementPlan(name: QualifiedName(message.namespace, wrapper), context: own) { content }
      ]
      isRPC = true
      resultAccessor =
        isReply && message.isEncoded && accessors.count == 1 ? message.body[0].name : nil
    }
    attachments = message.attachments.map { Attachment(name: $0.name) }
    headers = message.headers.map { part in
      context.element(of: part, namespace: part.namespace, isEncoded: part.isEncoded)
    }
  }

  /// Whether the one root's own content is the value: the members of its complex type. Otherwise the
  /// value is an object with a member for each root.
  package var isUnwrapped: Bool {
    guard roots.count == 1 else { return false }
    switch roots[0].content.kind {
    case .object: return true
    case .scalar, .array, .untyped: return false
    }
  }

  /// Whether the Body itself has a member of a name.
  private func hasMember(_ name: String) -> Bool {
    if isUnwrapped, case .object(let plan) = roots[0].content.kind {
      return plan.scopes[0].fields.contains { $0.key == name }
    }
    return roots.contains { $0.name.local == name }
  }

  /// The value that a decoded Body stands for.
  package func value(of body: [(name: QualifiedName, value: Value)]) -> Value {
    if isUnwrapped, let only = body.first { return only.value }
    var record: Record = [:]
    for (position, child) in body.enumerated() {
      let name = position < roots.count ? roots[position].name.local : child.name.local
      record[name] = child.value
    }
    return .object(record)
  }

  /// The roots with the values they take from a message's value.
  ///
  /// - Throws: `CodecError` when the value has no member for a root.
  package func rootValues(of value: Value) throws(CodecError) -> [(ElementPlan, Value)] {
    for attachment in attachments where value[attachment.name].map({ !$0.isNull }) ?? false {
      guard !hasMember(attachment.name) else { continue }
      throw CodecError(
        path: attachment.name,
        reason: "is an attachment: SOAP with attachments and MTOM are not available yet",
        hint: "leave it out: the Body is sent without it")
    }
    if isUnwrapped { return [(roots[0], value)] }
    if roots.isEmpty { return [] }
    guard case .object(let record) = value else {
      if roots.count == 1 { return [(roots[0], value)] }
      throw CodecError(
        reason: "expects an object with \(roots.map(\.name.local).joined(separator: ", ")), "
          + "found \(value.kindName)")
    }
    var pairs: [(ElementPlan, Value)] = []
    for root in roots {
      guard let member = record[root.name.local] else {
        if case .untyped = root.content.kind, roots.count == 1 { return [(root, value)] }
        throw CodecError(path: root.name.local, reason: "is required")
      }
      pairs.append((root, member))
    }
    let known = roots.map(\.name.local)
    for member in record where !known.contains(member.name) {
      throw CodecError(
        path: member.name,
        reason: "is not a parameter"
          + Suggestion.clause(for: member.name, among: known),
        hint: "known: " + known.joined(separator: ", "))
    }
    return pairs
  }
}
