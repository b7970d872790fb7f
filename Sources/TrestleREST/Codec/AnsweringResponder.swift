package import TrestleCore

/// Answers what the description itself answers: requests that break it, and those whose client picks its answer.
struct AnsweringResponder: Responder {
  let codec: RESTCodec
  let inner: any Responder

  func respond(to call: Call) -> Answer {
    guard let context = (call.context as? CallMemo<RESTCallContext>)?.value else {
      return inner.respond(to: call)
    }
    guard let position = context.operation else {
      // RFC 9110 §9.3.7: what the path has, where the description does not say it.
      let method = call.operation.prefix { $0 != " " }
      guard method == "OPTIONS", !context.allowed.isEmpty else { return inner.respond(to: call) }
      return .now(allowed(context.allowed))
    }
    let operation = codec.operations[position]
    if codec.checksRequests, !context.issues.isEmpty {
      return .now(refusal(of: context.issues, operation))
    }
    if let preference = context.preference, let reply = preferred(preference, operation) {
      return .now(reply)
    }
    return inner.respond(to: call)
  }

  private func allowed(_ methods: [String]) -> Reply {
    let list = (methods + ["OPTIONS"]).joined(separator: ", ")
    var reply = Reply(
      .value(.null), headers: [ReplyWriter.statusKey: 204, "Allow": .string(list)])
    reply.origin = "description"
    return reply
  }

  private func refusal(of issues: [RequestIssue], _ operation: RESTOperation) -> Reply {
    let shown = issues.prefix(5).map(\.description).joined(separator: "; ")
    let rest = issues.count > 5 ? "; and \(issues.count - 5) more" : ""
    let detail = "the request breaks its description: \(shown)\(rest)"
    let status = operation.details.refusal(preferring: 422)
    var fault = Fault(
      code: String(status), message: detail,
      detail: HTTPStatus.problem(status, detail, issues: issues))
    fault.category = .invalidArgument
    var reply = Reply.fault(fault)
    reply.origin = "contract check"
    return reply
  }

  /// The answer that a client picks; nil where the description has no such.
  private func preferred(_ preference: ReplyPreference, _ operation: RESTOperation) -> Reply? {
    let details = operation.details
    let status = preference.status ?? details.success.status
    guard let response = details.response(for: status) else {
      let known = details.responses.map(\.statuses.text).joined(separator: ", ")
      return problem(
        404, "\(operation.name) has no response \(status); it has \(known)")
    }
    let content = response.contents.first { $0.type.form == .json } ?? response.contents.first
    if let example = preference.example {
      let names = content?.examples.map(\.name).filter { !$0.isEmpty } ?? []
      guard names.contains(example) else {
        return problem(
          404,
          "response \(status) of \(operation.name) has no example \"\(example)\""
            + Suggestion.clause(for: example, among: names))
      }
    }
    let value =
      content.flatMap {
        codec.samples.value(
          of: $0, in: response, of: operation.name, example: preference.example)
      } ?? .null
    var reply: Reply
    if status < 300 {
      reply = Reply(
        .value(value), headers: [ReplyWriter.statusKey: .integer(Int64(status))])
    } else {
      reply = .fault(
        Fault(
          code: String(status), message: response.summary ?? HTTPStatus.phrase(status),
          detail: value))
    }
    reply.origin = "preferred"
    return reply
  }

  private func problem(_ status: Int, _ detail: String) -> Reply {
    var reply = Reply.fault(
      Fault(
        code: String(status), message: detail, detail: HTTPStatus.problem(status, detail)))
    reply.origin = "preferred"
    return reply
  }
}

extension RESTCodec: AnsweringCodec, BodyCodec {
  /// Whether requests are held against the description by the codec itself.
  package var checksItsRequests: Bool { true }

  package func answering(_ responder: any Responder) -> any Responder {
    AnsweringResponder(codec: self, inner: responder)
  }
}
