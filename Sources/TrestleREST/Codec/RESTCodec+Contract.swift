internal import TrestleCore

/// A description's operations in no protocol's words.
extension RESTCodec {
  static func operation(_ operation: RESTOperation) -> Operation {
    var notes = ["\(operation.method) \(operation.path)"]
    if operation.isDeprecated { notes.append("deprecated") }
    let isRead = ["GET", "HEAD", "OPTIONS", "TRACE"].contains(operation.method)
    return Operation(
      name: operation.name, summary: operation.summary, effects: isRead ? .read : .write,
      notes: notes
    ) { schemas(of: operation) }
  }

  private static func schemas(of operation: RESTOperation) -> Operation.Schemas {
    let details = operation.details
    var members = details.parameters.map { parameter in
      var schema = parameter.schema.neutral(for: .request)
      schema.summary = parameter.summary ?? schema.summary
      if let example = parameter.example, parameter.schema.admits(example, for: .request) {
        schema.example = example
      }
      return ObjectSchema.Member(
        name: parameter.key, schema: schema, isRequired: parameter.isRequired)
    }
    if let body = details.body {
      members.append(
        ObjectSchema.Member(
          name: bodyKey, schema: schema(of: body), isRequired: body.isRequired))
    }
    let success = details.success
    let faults = details.responses.filter { response in
      switch response.statuses {
      case .exactly(let status): status >= 400
      case .hundred(let first): first >= 400
      case .others: success.response?.statuses != .others
      }
    }
    return Operation.Schemas(
      input: Schema(.object(ObjectSchema(members: members))),
      output: output(success.response, named: operation.name),
      faults: faults.map { response in
        Operation.FaultSchema(
          name: response.statuses.text, detail: output(response, named: operation.name))
      },
      headers: (
        [],
        (success.response?.headers ?? []).map {
          Operation.HeaderSchema(name: $0.name, schema: $0.schema.neutral(for: .response))
        }
      ))
  }

  private static func schema(of body: RESTBody) -> Schema {
    guard let content = body.contents.first(where: { $0.type.form == .json }) ?? body.contents.first
    else { return .any }
    var schema = content.schema?.neutral(for: .request) ?? .any
    schema.summary = body.summary ?? schema.summary
    let shown = content.examples.first { content.schema?.admits($0.value, for: .request) ?? true }
    if let shown {
      schema.example = shown.value
    } else if let own = content.schema, schema.example == nil {
      schema.example = own.sample(for: .request, named: bodyKey)
    }
    return schema
  }

  private static func output(_ response: RESTResponse?, named name: String) -> Schema {
    guard let response,
      let content = response.contents.first(where: { $0.type.form == .json })
        ?? response.contents.first
    else { return .nothing }
    var schema = content.schema?.neutral(for: .response) ?? .any
    schema.summary = response.summary ?? schema.summary
    if let sample = ReplySamples.make(content, named: name) { schema.example = sample }
    return schema
  }
}
