import TrestleCore

/// What a stub or response answers, ready to be filled in.
enum CompiledAnswer: Sendable {
  /// The same for every call.
  case constant(Reply)
  case value(Template, origin: String)
  case fault(FaultTemplate, origin: String)
  case raw(RawTemplate, origin: String)

  struct FaultTemplate: Sendable {
    let code: Template
    let message: Template
    let detail: Template
    /// The object of what else it says: actor, subcodes, language, translations.
    let further: Template
  }

  func reply(to call: Call, in context: AnswerContext) -> Reply {
    if case .constant(let reply) = self { return reply }
    let environment = CallEnvironment(call: call, context: context)
    do throws(ExpressionError) {
      switch self {
      case .constant(let reply): return reply
      case .value(let template, let origin):
        return Reply(value: try template.render(in: environment), origin: origin)
      case .fault(let template, let origin):
        return Reply(fault: try template.render(in: environment), origin: origin)
      case .raw(let template, let origin):
        return Reply(raw: try template.render(in: environment), origin: origin)
      }
    } catch {
      let fault = Fault(
        code: "Server", message: "the mock cannot fill in its \(origin): \(error.description)")
      return Reply(fault: fault, origin: origin)
    }
  }

  private var origin: String {
    switch self {
    case .constant(let reply): reply.origin ?? ""
    case .value(_, let origin), .fault(_, let origin), .raw(_, let origin): origin
    }
  }
}

extension CompiledAnswer.FaultTemplate {
  func render(in environment: some ExpressionEnvironment) throws(ExpressionError) -> Fault {
    Self.fault(
      code: try code.render(in: environment), message: try message.render(in: environment),
      detail: try detail.render(in: environment), further: try further.render(in: environment))
  }

  private static func fault(
    code: Value, message: Value, detail: Value, further: Value
  ) -> Fault {
    var fault = Fault(
      code: code.scalarText ?? code.description,
      message: message.scalarText ?? message.description,
      subcodes: further["subcodes"]?.arrayValue?.compactMap(\.scalarText) ?? [],
      actor: further["actor"]?.scalarText, detail: detail)
    fault.language = further["language"]?.scalarText
    fault.translations = further["translations"]?.objectValue ?? [:]
    return fault
  }

  /// The fault, when it holds no placeholder.
  var constant: Fault? {
    guard let code = code.constant, let message = message.constant, let detail = detail.constant,
      let further = further.constant
    else { return nil }
    return Self.fault(code: code, message: message, detail: detail, further: further)
  }
}

extension Reply {
  init(value: Value, origin: String) {
    self = .value(value)
    self.origin = origin
  }

  init(fault: Fault, origin: String) {
    self = .fault(fault)
    self.origin = origin
  }

  /// The reply, the same for every call, with room for its bytes.
  var kept: Reply {
    var reply = self
    reply.rendered = RenderedReply(value)
    return reply
  }

  /// The reply with header blocks, or a fault that says why they cannot be filled in.
  func adding(_ headers: Template, for call: Call, in context: AnswerContext) -> Reply {
    do throws(ExpressionError) {
      let environment = CallEnvironment(call: call, context: context)
      var reply = self
      reply.rendered = nil
      reply.headers = try headers.render(in: environment).objectValue ?? [:]
      return reply
    } catch {
      let fault = Fault(
        code: "Server",
        message: "the mock cannot fill in the headers of its \(origin ?? ""): \(error.description)")
      return Reply(fault: fault, origin: origin ?? "")
    }
  }
}
