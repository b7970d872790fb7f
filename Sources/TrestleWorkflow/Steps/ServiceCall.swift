internal import TrestleCore

/// A request to an HTTP service of the workflow.
struct ServiceCall: Sendable {
  /// The service's name; nil where `url` says where it goes.
  var service: String?
  var url: ContextTemplate?
  /// Path and query: `/train`, `/items/${id}?full=true`.
  var endpoint: ContextTemplate
  /// Upper case.
  var method: String
  /// Nil where no data is said.
  var data: ContextTemplate?
  var query: ContextTemplate?
  var headers: ContextTemplate

  /// The methods that are sent.
  static let methods = ["GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS"]

  var templates: [ContextTemplate] {
    [endpoint, headers] + [url, data, query].compactMap { $0 }
  }

  init(_ record: Record, at path: ValuePath, problems: inout [ValueProblem]) {
    func template(_ key: String) -> ContextTemplate? {
      record[key].map { ContextTemplate($0, at: path.member(key)) }
    }
    service = record["service"]?.scalarText
    url = template("url")
    endpoint = template("endpoint") ?? ContextTemplate("", at: path)
    method = (record["method"]?.scalarText ?? "GET").uppercased()
    data = template("data")
    query = template("query")
    headers = template("headers") ?? ContextTemplate(.emptyObject)
    if service == nil, url == nil {
      problems.append(
        ValueProblem(
          .error, "\(path) lacks \"service\"", at: path,
          hint: "name a service of the workflow, or give a url"))
    }
    if !Self.methods.contains(method) {
      let error = WorkflowError.unsupportedMethod(method)
      problems.append(
        ValueProblem(.error, error.message, at: path.member("method"), hint: error.hint))
    }
  }
}

/// A call of a legacy system.
struct SystemCall: Sendable {
  var system: String
  var operation: ContextTemplate
  var parameters: ContextTemplate

  init(_ record: Record, at path: ValuePath, problems: inout [ValueProblem]) {
    system = record["system"]?.scalarText ?? ""
    operation = ContextTemplate(record["operation"] ?? "", at: path.member("operation"))
    let key = record["parameters"] == nil && record["data"] != nil ? "data" : "parameters"
    parameters = ContextTemplate(record[key] ?? .emptyObject, at: path.member(key))
    for name in ["system", "operation"] where (record[name]?.scalarText ?? "").isEmpty {
      problems.append(ValueProblem(.error, "\(path) lacks \"\(name)\"", at: path))
    }
  }
}
