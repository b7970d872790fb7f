internal import TrestleCore

/// Reads the operations of Swagger 2.0.
struct SwaggerReader {
  private let site: OperationSite
  private var problems: [Diagnostic] = []

  private init(_ site: OperationSite) { self.site = site }

  static func details(of site: OperationSite) -> RESTOperation.Details {
    var reader = Self(site)
    return reader.details()
  }

  /// Host, base path and schemes as addresses.
  static func servers(_ root: Value) -> [String] {
    var path = root["basePath"]?.scalarText ?? "/"
    if !path.hasPrefix("/") { path = "/" + path }
    guard let host = root["host"]?.scalarText, !host.isEmpty else {
      return path == "/" ? [] : [path]
    }
    let schemes = root["schemes"]?.arrayValue?.compactMap(\.scalarText) ?? ["http"]
    return schemes.filter { $0.hasPrefix("http") }.map {
      "\($0)://\(host)\(path == "/" ? "" : path)"
    }
  }

  private mutating func details() -> RESTOperation.Details {
    let targets = site.parameters(problems: &problems)
    var parameters = targets.compactMap { parameter($0) }
    parameters += site.undescribed(besides: parameters)
    OperationSite.settleKeys(&parameters, besides: ["body"])
    return RESTOperation.Details(
      parameters: parameters, body: body(targets), responses: responses(), problems: problems)
  }

  private var isForm: (Value) -> Bool { { $0["in"]?.scalarText == "formData" } }

  private mutating func parameter(_ target: APIDocuments.Target) -> RESTParameter? {
    let value = target.value
    guard let name = value["name"]?.scalarText, let word = value["in"]?.scalarText,
      word != "body", word != "formData"
    else { return nil }
    guard let location = RESTParameter.Location(rawValue: word), location != .cookie else {
      problems.append(
        Diagnostic(
          .error, "the parameter \(name) is in \(word)",
          hint: "Parameters are in path, query, header, formData or body."))
      return nil
    }
    return RESTParameter(
      name: name, key: name, location: location,
      isRequired: location == .path || value["required"]?.boolValue == true,
      summary: DescriptionReader.summary(of: value), style: Self.style(value, in: location),
      schema: site.schemas.schema(value, at: target.place),
      example: value["x-example"] ?? value["example"])
  }

  private static func style(_ value: Value, in location: RESTParameter.Location?) -> ParameterStyle
  {
    switch value["collectionFormat"]?.scalarText {
    case "multi": ParameterStyle(.form, explodes: true)
    case "ssv": ParameterStyle(.spaceDelimited, explodes: false)
    case "tsv": ParameterStyle(.tabDelimited, explodes: false)
    case "pipes": ParameterStyle(.pipeDelimited, explodes: false)
    default:
      ParameterStyle(location == .path || location == .header ? .simple : .form, explodes: false)
    }
  }

  // MARK: Bodies

  private func types(_ key: String) -> [MediaType] {
    let list = site.operation[key] ?? site.documents.root[key]
    return list?.arrayValue?.compactMap { $0.scalarText.flatMap { MediaType($0) } } ?? []
  }

  private func body(_ targets: [APIDocuments.Target]) -> RESTBody? {
    if let body = targets.first(where: { $0.value["in"]?.scalarText == "body" }) {
      let schema = site.schemas.schema(
        body.value["schema"] ?? .bool(true), at: body.place.appending("schema"))
      let types = types("consumes").filter { $0.form != .urlEncoded && $0.form != .multipart }
      return RESTBody(
        isRequired: body.value["required"]?.boolValue == true,
        summary: DescriptionReader.summary(of: body.value),
        contents: (types.isEmpty ? [.json] : types).map {
          MediaContent(type: $0, schema: schema, examples: [], encodings: [:])
        })
    }
    let fields = targets.filter { isForm($0.value) }
    guard !fields.isEmpty else { return nil }
    return form(of: fields)
  }

  /// The form as one object.
  private func form(of fields: [APIDocuments.Target]) -> RESTBody {
    var properties = Record()
    var required: [Value] = []
    var encodings: [String: PartEncoding] = [:]
    for field in fields {
      guard let name = field.value["name"]?.scalarText else { continue }
      properties[name] = .object(
        Record(
          (field.value.objectValue ?? [:]).members.filter {
            !["name", "in", "required", "collectionFormat", "allowEmptyValue"].contains($0.name)
          }))
      if field.value["required"]?.boolValue == true { required.append(.string(name)) }
      if field.value["type"] == "array" {
        encodings[name] = PartEncoding(style: Self.style(field.value, in: nil))
      }
    }
    var schema: Record = ["type": "object", "properties": .object(properties)]
    if !required.isEmpty { schema["required"] = .array(required) }
    let place = site.place.appending("parameters")
    let compiled = site.schemas.schema(.object(schema), at: place)
    let hasFile = fields.contains { $0.value["type"] == "file" }
    let usual = MediaType(hasFile ? "multipart/form-data" : "application/x-www-form-urlencoded")
    let types = types("consumes").filter {
      $0.form == .multipart || ($0.form == .urlEncoded && !hasFile)
    }
    return RESTBody(
      isRequired: !required.isEmpty,
      contents: (types.isEmpty ? [usual].compactMap { $0 } : types).map {
        MediaContent(type: $0, schema: compiled, examples: [], encodings: encodings)
      })
  }

  // MARK: Responses

  private mutating func responses() -> [RESTResponse] {
    let place = site.place.appending("responses")
    let produced = types("produces")
    return (site.operation["responses"]?.objectValue ?? [:]).members.compactMap { member in
      guard !member.name.hasPrefix("x-") else { return nil }
      guard let statuses = RESTResponse.Statuses(member.name) else {
        problems.append(
          Diagnostic(
            .warning, "\"\(member.name)\" is no status: \(place)", hint: "Write 200 or default."))
        return nil
      }
      guard
        case .success(let target) = site.documents.resolved(
          member.value, at: place.appending(member.name))
      else { return RESTResponse(statuses: statuses, headers: [], contents: []) }
      return RESTResponse(
        statuses: statuses, summary: DescriptionReader.summary(of: target.value),
        headers: headers(target), contents: contents(target, produced))
    }
  }

  private func contents(
    _ target: APIDocuments.Target, _ produced: [MediaType]
  ) -> [MediaContent] {
    let shown = target.value["examples"]?.objectValue ?? [:]
    guard target.value["schema"] != nil || !shown.isEmpty else { return [] }
    let schema = target.value["schema"].map {
      site.schemas.schema($0, at: target.place.appending("schema"))
    }
    var types = produced.isEmpty ? [.json] : produced
    for type in shown.names.compactMap({ MediaType($0) }) where !types.contains(type) {
      types.append(type)
    }
    let place = target.place.appending("examples")
    return types.map { type in
      MediaContent(
        type: type, schema: schema,
        examples: shown.members.filter { MediaType($0.name)?.covers(type) == true }.map {
          NamedExample(name: "", value: $0.value, place: place.appending($0.name))
        }, encodings: [:])
    }
  }

  private func headers(_ target: APIDocuments.Target) -> [RESTParameter] {
    let place = target.place.appending("headers")
    return (target.value["headers"]?.objectValue ?? [:]).members.map { member in
      RESTParameter(
        name: member.name, key: member.name, location: .header, isRequired: false,
        summary: DescriptionReader.summary(of: member.value),
        style: Self.style(member.value, in: .header),
        schema: site.schemas.schema(member.value, at: place.appending(member.name)))
    }
  }
}
