package import TrestleCore

/// Reads OpenAPI 3.0 and 3.1, and Swagger 2.0.
package enum DescriptionReader {
  /// The methods that a path has operations under.
  static let methods = ["get", "put", "post", "delete", "options", "head", "patch", "trace"]

  /// Whether a document says that it is such a description.
  package static func describes(_ value: Value) -> Bool {
    value["openapi"] != nil || value["swagger"] != nil
  }

  /// Reads a description; what is wrong with it is in its diagnostics. Nil for a document that is none.
  package static func read(_ documents: APIDocuments, named name: String) -> APIDescription? {
    let root = documents.root
    let swagger = root["swagger"]?.scalarText
    let openAPI = root["openapi"]?.scalarText
    guard let version = openAPI ?? swagger else { return nil }
    let dialect: SchemaLibrary.Dialect =
      swagger != nil ? .swagger2 : version.hasPrefix("3.0") ? .openAPI30 : .openAPI31
    let schemas = SchemaLibrary(documents, dialect: dialect)
    var description = APIDescription(
      title: root["info"]?["title"]?.scalarText ?? name, summary: summary(of: root["info"]),
      servers: [], operations: [], diagnostics: [], documents: documents, schemas: schemas)
    if swagger != nil ? version != "2.0" : !version.hasPrefix("3.") {
      description.diagnostics.append(
        Diagnostic(
          .error,
          "version \(version) of \(swagger != nil ? "Swagger" : "OpenAPI") is not read here",
          hint: "Swagger 2.0, OpenAPI 3.0 and OpenAPI 3.1 are."))
    }
    if root["info"]?.objectValue == nil {
      description.diagnostics.append(
        Diagnostic(.error, "the description has no info", hint: "Add info: { title, version }."))
    }
    description.servers =
      swagger != nil
      ? SwaggerReader.servers(root) : OpenAPIReader.servers(root["servers"]) ?? []
    readPaths(into: &description, isSwagger: swagger != nil)
    description.diagnostics += ReferenceCheck.diagnostics(of: description)
    return description
  }

  private static func readPaths(into description: inout APIDescription, isSwagger: Bool) {
    let documents = description.documents
    guard let paths = documents.root["paths"]?.objectValue else {
      if documents.root["paths"] != nil || documents.root["webhooks"] == nil {
        description.diagnostics.append(
          Diagnostic(.error, "the description has no paths", hint: "Add paths: { /x: { get: … } }.")
        )
      }
      return
    }
    var names: Set<String> = []
    let place = DocumentPlace(pointer: JSONPointer(["paths"]))
    for member in paths where !member.name.hasPrefix("x-") {
      let itemPlace = place.appending(member.name)
      guard case .success(let item) = documents.resolved(member.value, at: itemPlace) else {
        continue
      }
      let template = PathTemplate(member.name)
      for method in methods {
        guard let operation = item.value[method], operation.objectValue != nil else { continue }
        let site = OperationSite(
          documents: documents, schemas: description.schemas, item: item.value,
          itemPlace: item.place,
          operation: operation, place: item.place.appending(method), template: template)
        var name = operation["operationId"]?.scalarText ?? ""
        if name.isEmpty || names.contains(name) {
          let made = madeName(method, member.name, besides: names)
          if !name.isEmpty {
            description.diagnostics.append(
              Diagnostic(
                .warning, "two operations have the operationId \(name)",
                hint: "\(method.uppercased()) \(member.name) is called \(made) here."))
          }
          name = made
        }
        names.insert(name)
        description.operations.append(
          RESTOperation(
            name: name, method: method.uppercased(), path: template,
            summary: summary(of: operation),
            isDeprecated: operation["deprecated"]?.boolValue == true, place: site.place,
            servers: isSwagger
              ? [] : OpenAPIReader.servers(operation["servers"] ?? item.value["servers"]) ?? [],
            lazyDetails: Lazy {
              isSwagger ? SwaggerReader.details(of: site) : OpenAPIReader.details(of: site)
            }))
      }
    }
  }

  /// `get_pets_petId`: a name for an operation that has none.
  private static func madeName(
    _ method: String, _ path: String, besides names: Set<String>
  ) -> String {
    let words = path.split { !($0.isASCII && ($0.isLetter || $0.isNumber)) && $0 != "-" }
    let name = ([method] + words.map(String.init)).joined(separator: "_")
    guard names.contains(name) else { return name }
    var number = 2
    while names.contains("\(name)_\(number)") { number += 1 }
    return "\(name)_\(number)"
  }

  /// The summary, or the first line of the description.
  static func summary(of value: Value?) -> String? {
    let text = value?["summary"]?.scalarText ?? value?["description"]?.scalarText ?? ""
    let line = text.split(whereSeparator: \.isNewline).first.map { String($0.trimmingBlanks) } ?? ""
    return line.isEmpty ? nil : line
  }
}

/// An operation where it stands.
struct OperationSite: Sendable {
  let documents: APIDocuments
  let schemas: SchemaLibrary
  /// The path item around it.
  let item: Value
  let itemPlace: DocumentPlace
  let operation: Value
  let place: DocumentPlace
  let template: PathTemplate

  /// The parameters, references followed, those of the operation in place of the path's of the same name and location.
  func parameters(problems: inout [Diagnostic]) -> [APIDocuments.Target] {
    var found: [APIDocuments.Target] = []
    let lists = [
      (item["parameters"], itemPlace.appending("parameters")),
      (operation["parameters"], place.appending("parameters")),
    ]
    for (list, listPlace) in lists {
      for (position, value) in (list?.arrayValue ?? []).enumerated() {
        switch documents.resolved(value, at: listPlace.appending(position)) {
        case .failure(let failure):
          problems.append(Diagnostic(.error, failure.message, hint: failure.hint))
        case .success(let target):
          guard target.value["name"]?.scalarText != nil, target.value["in"]?.scalarText != nil
          else {
            problems.append(
              Diagnostic(
                .error, "a parameter has no name, or says not where it is: \(target.place)"))
            continue
          }
          found.removeAll {
            $0.value["name"] == target.value["name"] && $0.value["in"] == target.value["in"]
          }
          found.append(target)
        }
      }
    }
    return found
  }

  /// Gives parameters of the same name in several places keys of their own.
  static func settleKeys(_ parameters: inout [RESTParameter], besides taken: Set<String>) {
    var taken = taken
    for index in parameters.indices {
      let name = parameters[index].name
      var key = name
      if taken.contains(key) { key = "\(name)_\(parameters[index].location.rawValue)" }
      while taken.contains(key) { key += "_" }
      taken.insert(key)
      parameters[index].key = key
    }
  }

  /// Parameters that the path has and the operation does not describe.
  func undescribed(besides known: [RESTParameter]) -> [RESTParameter] {
    let names = Set(known.filter { $0.location == .path }.map(\.name))
    return template.parameters.filter { !names.contains($0) }.map { name in
      RESTParameter(
        name: name, key: name, location: .path, isRequired: true, style: ParameterStyle(.simple),
        schema: schemas.schema(["type": "string"], at: place))
    }
  }
}
