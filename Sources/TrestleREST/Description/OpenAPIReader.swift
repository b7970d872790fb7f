internal import TrestleCore

/// Reads the operations of OpenAPI 3.
struct OpenAPIReader {
  private let site: OperationSite
  private var problems: [Diagnostic] = []

  private init(_ site: OperationSite) { self.site = site }

  static func details(of site: OperationSite) -> RESTOperation.Details {
    var reader = Self(site)
    return reader.details()
  }

  /// Addresses with the defaults of their variables; nil where there are none.
  static func servers(_ value: Value?) -> [String]? {
    guard let list = value?.arrayValue, !list.isEmpty else { return nil }
    return list.compactMap { server in
      guard var url = server["url"]?.scalarText else { return nil }
      for variable in server["variables"]?.objectValue ?? [:] {
        let text = variable.value["default"]?.scalarText ?? ""
        url = url.replacing("{\(variable.name)}", with: text)
      }
      return url
    }
  }

  private mutating func details() -> RESTOperation.Details {
    var parameters = site.parameters(problems: &problems).compactMap { parameter($0) }
    parameters += site.undescribed(besides: parameters)
    OperationSite.settleKeys(&parameters, besides: ["body"])
    let body = body()
    let responses = responses()
    return RESTOperation.Details(
      parameters: parameters, body: body, responses: responses, problems: problems)
  }

  private mutating func resolved(_ value: Value, at place: DocumentPlace) -> APIDocuments.Target? {
    switch site.documents.resolved(value, at: place) {
    case .success(let target): return target
    case .failure(let failure):
      problems.append(Diagnostic(.error, failure.message, hint: failure.hint))
      return nil
    }
  }

  // MARK: Parameters

  private mutating func parameter(_ target: APIDocuments.Target) -> RESTParameter? {
    let value = target.value
    guard let name = value["name"]?.scalarText, let word = value["in"]?.scalarText else {
      return nil
    }
    guard let location = RESTParameter.Location(rawValue: word) else {
      problems.append(
        Diagnostic(
          .error,
          "the parameter \(name) is in \(word)"
            + Suggestion.clause(for: word, among: RESTParameter.Location.allCases.map(\.rawValue)),
          hint: "Parameters are in path, query, header or cookie."))
      return nil
    }
    // OpenAPI 3.1 §4.8.12.2.1: these say nothing as parameters.
    if location == .header,
      ["accept", "content-type", "authorization"].contains(name.lowercased())
    {
      return nil
    }
    return parameter(
      value, named: name, in: location, at: target.place,
      isRequired: location == .path || value["required"]?.boolValue == true)
  }

  private mutating func parameter(
    _ value: Value, named name: String, in location: RESTParameter.Location,
    at place: DocumentPlace, isRequired: Bool
  ) -> RESTParameter {
    let usual: ParameterStyle.Kind =
      location == .query || location == .cookie ? .form : .simple
    var style = ParameterStyle(
      value["style"]?.scalarText.flatMap(ParameterStyle.Kind.init) ?? usual,
      explodes: value["explode"]?.boolValue)
    style.allowsReserved = value["allowReserved"]?.boolValue == true
    var schema = site.schemas.schema(value["schema"] ?? .bool(true), at: place.appending("schema"))
    var content: MediaType?
    if let member = value["content"]?.objectValue?.members.first,
      case let mediaPlace = place.appending("content").appending(member.name),
      let media = resolved(member.value, at: mediaPlace)
    {
      content = MediaType(member.name)
      schema = site.schemas.schema(
        media.value["schema"] ?? .bool(true), at: media.place.appending("schema"))
    }
    let examples = examples(value, at: place)
    return RESTParameter(
      name: name, key: name, location: location, isRequired: isRequired,
      summary: DescriptionReader.summary(of: value), style: style, schema: schema, content: content,
      example: examples.first?.value)
  }

  // MARK: Bodies

  private mutating func body() -> RESTBody? {
    guard let value = site.operation["requestBody"],
      let target = resolved(value, at: site.place.appending("requestBody"))
    else { return nil }
    return RESTBody(
      isRequired: target.value["required"]?.boolValue == true,
      summary: DescriptionReader.summary(of: target.value), contents: contents(target))
  }

  private mutating func contents(_ target: APIDocuments.Target) -> [MediaContent] {
    let place = target.place.appending("content")
    return (target.value["content"]?.objectValue ?? [:]).members.compactMap { member in
      guard let type = MediaType(member.name) else {
        problems.append(Diagnostic(.warning, "\"\(member.name)\" is no media type: \(place)"))
        return nil
      }
      guard let media = resolved(member.value, at: place.appending(member.name)) else { return nil }
      return MediaContent(
        type: type,
        schema: media.value["schema"].map {
          site.schemas.schema($0, at: media.place.appending("schema"))
        },
        examples: examples(media.value, at: media.place), encodings: encodings(media.value))
    }
  }

  private func encodings(_ media: Value) -> [String: PartEncoding] {
    var encodings: [String: PartEncoding] = [:]
    for member in media["encoding"]?.objectValue ?? [:] {
      let value = member.value
      // OpenAPI 3.1.1 §4.8.15.1: one of these given, the media type does not count.
      let saysStyle =
        value["style"] != nil || value["explode"] != nil || value["allowReserved"] != nil
      let style = ParameterStyle(
        value["style"]?.scalarText.flatMap(ParameterStyle.Kind.init) ?? .form,
        explodes: value["explode"]?.boolValue,
        allowsReserved: value["allowReserved"]?.boolValue == true)
      encodings[member.name] = PartEncoding(
        contentType: value["contentType"]?.scalarText, style: saysStyle ? style : nil)
    }
    return encodings
  }

  /// `example`, and the entries of `examples` that hold their value.
  private mutating func examples(_ value: Value, at place: DocumentPlace) -> [NamedExample] {
    var found: [NamedExample] = []
    if let example = value["example"] {
      found.append(NamedExample(name: "", value: example, place: place.appending("example")))
    }
    let examplesPlace = place.appending("examples")
    for member in value["examples"]?.objectValue ?? [:] {
      guard let target = resolved(member.value, at: examplesPlace.appending(member.name)),
        let example = target.value["value"]
      else { continue }
      found.append(
        NamedExample(name: member.name, value: example, place: target.place.appending("value")))
    }
    return found
  }

  // MARK: Responses

  private mutating func responses() -> [RESTResponse] {
    let place = site.place.appending("responses")
    return (site.operation["responses"]?.objectValue ?? [:]).members.compactMap { member in
      guard !member.name.hasPrefix("x-") else { return nil }
      guard let statuses = RESTResponse.Statuses(member.name) else {
        problems.append(
          Diagnostic(
            .warning, "\"\(member.name)\" is no status: \(place)",
            hint: "Write 200, 2XX or default."))
        return nil
      }
      guard let target = resolved(member.value, at: place.appending(member.name)) else {
        return RESTResponse(statuses: statuses, headers: [], contents: [])
      }
      return RESTResponse(
        statuses: statuses, summary: DescriptionReader.summary(of: target.value),
        headers: headers(target), contents: contents(target))
    }
  }

  private mutating func headers(_ target: APIDocuments.Target) -> [RESTParameter] {
    let place = target.place.appending("headers")
    return (target.value["headers"]?.objectValue ?? [:]).members.compactMap { member in
      // OpenAPI 3.1 §4.8.17: the media type is said by content.
      guard member.name.lowercased() != "content-type",
        let header = resolved(member.value, at: place.appending(member.name))
      else { return nil }
      return parameter(
        header.value, named: member.name, in: .header, at: header.place,
        isRequired: header.value["required"]?.boolValue == true)
    }
  }
}
