internal import TrestleCore
internal import TrestleXML

/// An operation of an http binding, compiled (WSDL 1.1 §4).
struct HTTPOperation: Sendable {
  /// How a message travels.
  enum Carrier: Sendable {
    /// Pairs in the query of the URL.
    case query(HTTPForm)
    /// Texts in the places of the location.
    case places(HTTPForm)
    /// Pairs in the body.
    case form(HTTPForm)
    /// One element as the body.
    case xml
    /// One part as the body: text, or bytes as base64.
    case text(part: String, type: String)
    case bytes(part: String, type: String)
    case nothing
  }

  let name: String
  let documentation: String?
  let verb: String
  let location: HTTPLocation
  let input: MessagePlan
  let inputCarrier: Carrier
  /// Nil for a one-way operation.
  let output: MessagePlan?
  let outputCarrier: Carrier

  /// Compiles an operation.
  ///
  /// - Throws: `HTTPForm.Refusal` for messages that the binding has no form for.
  init(
    _ operation: WSDLOperation, name: String, verb: String, context: PlanContext,
    builder: SchemaBuilder
  ) throws(HTTPForm.Refusal) {
    self.name = name
    documentation = operation.documentation
    self.verb = verb
    // WSDL 1.1 §4.5: parts in the query, unless something else is said.
    let inputForm = operation.input?.form ?? .urlEncoded
    input = try Self.plan(operation.input, form: inputForm, context)
    inputCarrier = try Self.carrier(
      inputForm, operation.input, input, isRequest: verb == "GET", builder)
    if let message = operation.output {
      let form = message.form ?? .content(type: "text/xml", part: nil)
      let plan = try Self.plan(message, form: form, context)
      output = plan
      outputCarrier = try Self.carrier(form, message, plan, isRequest: false, builder)
    } else {
      output = nil
      outputCarrier = .nothing
    }
    var names: [String] = []
    if case .places(let form) = inputCarrier { names = form.fields.map(\.name) }
    location = HTTPLocation(operation.location ?? "", parts: names)
  }

  var isOneWay: Bool { output == nil }

  /// The member that the body of a text or bytes is.
  private static func part(of message: WSDLMessage, named name: String?) -> WSDLPart? {
    if let name { return message.body.first { $0.name == name } }
    return message.body.count == 1 ? message.body[0] : nil
  }

  private static func plan(
    _ message: WSDLMessage?, form: WSDLMessage.Form, _ context: PlanContext
  ) throws(HTTPForm.Refusal) -> MessagePlan {
    var parts = message?.body ?? []
    if case .content(let type, let name) = form, !isForm(type) {
      guard let message, let part = part(of: message, named: name) else {
        if parts.isEmpty { return MessagePlan(roots: [], headers: [], isRPC: false) }
        throw HTTPForm.Refusal(
          reason: name.map {
            "its content names the part \"\($0)\", which its message does not have"
          }
            ?? "its content of \(type) does not say which of \(parts.count) parts it is")
      }
      parts = [part]
    }
    let roots = parts.map { part in
      switch part.definition {
      case .element(let element): context.element(element)
      case .type(let type, _):
        ElementPlan(name: QualifiedName("", part.name), context: context) {
          context.content(of: type)
        }
      }
    }
    return MessagePlan(roots: roots, headers: [], isRPC: false)
  }

  private static func carrier(
    _ form: WSDLMessage.Form, _ message: WSDLMessage?, _ plan: MessagePlan, isRequest: Bool,
    _ builder: SchemaBuilder
  ) throws(HTTPForm.Refusal) -> Carrier {
    if plan.roots.isEmpty { return .nothing }
    func pairs() throws(HTTPForm.Refusal) -> HTTPForm {
      var required: Set<String> = []
      if case .object(let object) = builder.schema(of: plan).resolved.shape {
        required = Set(object.members.filter(\.isRequired).map(\.name))
      }
      return try HTTPForm(plan) { required.contains($0) }
    }
    switch form {
    case .urlEncoded: return .query(try pairs())
    case .urlReplacement: return .places(try pairs())
    case .content(let type, _):
      if isForm(type) { return isRequest ? .query(try pairs()) : .form(try pairs()) }
      if isXML(type) { return .xml }
      let name = plan.roots[0].name.local
      let isText = type.lowercased().hasPrefix("text/") || type.hasSuffix("json")
      return isText ? .text(part: name, type: type) : .bytes(part: name, type: type)
    }
  }

  private static func isForm(_ type: String) -> Bool {
    type.lowercased() == "application/x-www-form-urlencoded"
  }

  private static func isXML(_ type: String) -> Bool {
    let type = type.lowercased()
    return type == "text/xml" || type == "application/xml" || type.hasSuffix("+xml")
  }
}

extension HTTPOperation {
  /// What `describe` shows about it.
  var notes: [String] {
    var note = "HTTP \(verb)"
    switch inputCarrier {
    case .query: note += ", parameters in the query"
    case .places: note += ", parameters in the path"
    case .form: note += ", parameters as a form"
    case .xml: note += ", XML body"
    case .text(_, let type), .bytes(_, let type): note += ", \(type) body"
    case .nothing: break
    }
    var notes = [note]
    switch inputCarrier {
    case .query(let form), .places(let form), .form(let form):
      notes += form.leftOut.map { "\($0) has no form as text and cannot be sent" }
    default: break
    }
    return notes
  }

  /// The shapes of its messages.
  func schemas(_ builder: SchemaBuilder) -> TrestleCore.Operation.Schemas {
    TrestleCore.Operation.Schemas(
      input: schema(of: input, inputCarrier, builder),
      output: output.map { schema(of: $0, outputCarrier, builder) } ?? .nothing)
  }

  private func schema(
    of message: MessagePlan, _ carrier: Carrier, _ builder: SchemaBuilder
  ) -> Schema {
    switch carrier {
    case .xml: return builder.schema(of: message)
    case .nothing: return Schema(.object(ObjectSchema(members: [])))
    case .text(let part, let type), .bytes(let part, let type):
      var isText = false
      if case .text = carrier { isText = true }
      let scalar = ScalarSchema(
        kind: isText ? .string : .base64, form: .string, typeName: type)
      return Schema(
        .object(
          ObjectSchema(members: [ObjectSchema.Member(name: part, schema: Schema(.scalar(scalar)))]))
      )
    case .query(let form), .places(let form), .form(let form):
      let schema = builder.schema(of: message).resolved
      guard case .object(var object) = schema.shape else { return schema }
      let kept = Set(form.fields.map { $0.path[0] })
      object.members.removeAll { !kept.contains($0.name) }
      object.choices = object.choices.map { choice in
        var choice = choice
        choice.alternatives = choice.alternatives.map { $0.filter(kept.contains) }
        return choice
      }
      return Schema(.object(object), summary: schema.summary)
    }
  }
}
