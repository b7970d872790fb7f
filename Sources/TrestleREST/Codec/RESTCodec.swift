public import TrestleCore

/// JSON over HTTP as an OpenAPI or Swagger description says it, in both roles.
///
/// Parameters of a call are those of the operation by name, and `body`. A reply's value is the body; a
/// status of 300 or more is a fault, whose code is the status and whose detail is the body. Without a
/// description any path may be answered, and none is checked.
public struct RESTCodec: Codec {
  /// The operations of the description; open where there is none.
  public internal(set) var contract: Contract

  /// HTTP, with the method of each operation.
  public var wire: Wire { .http }

  let operations: [RESTOperation]
  private let positions: NameTable<Int>
  private let routes: RouteTable
  /// Paths before those of the description, the longest first.
  private let prefixes: [String]
  let isStrict: Bool
  /// Whether requests that break the description are refused.
  package var checksRequests = true
  let samples = ReplySamples()

  /// The path before those of the description, as clients of the first address have it.
  package let basePath: String
  /// The first address of the description that says a machine.
  package let address: String?

  /// The name of the member of a call's parameters that is the body.
  package static let bodyKey = "body"

  /// Makes a codec of a description. `path` is that of the endpoint, where the system has one.
  package init(_ description: APIDescription, path: String? = nil, isStrict: Bool = false) {
    operations = description.operations
    positions = NameTable(operations.enumerated().map { ($0.element.name, $0.offset) })
    var routes = RouteTable()
    for (position, operation) in operations.enumerated() {
      routes.add(operation.method, operation.path, operation: position)
    }
    self.routes = routes
    let servers = description.servers + operations.flatMap(\.servers)
    let paths = servers.compactMap(Self.path) + [path].compactMap { $0.map(Self.withoutSlash) }
    prefixes = Set(paths).filter { !$0.isEmpty }
      .sorted { ($1.utf8.count, $0) < ($0.utf8.count, $1) }
    address = description.servers.first { $0.hasPrefix("http://") || $0.hasPrefix("https://") }
    basePath = description.servers.lazy.compactMap(Self.path).first ?? ""
    self.isStrict = isStrict
    let operations = operations
    contract = Contract(
      name: description.title, documentation: description.summary,
      operations: operations.map { Self.operation($0) }, hasHeaders: true,
      diagnostics: description.diagnostics)
    contract.endpoints = RESTEndpoints(operations: operations, routes: routes, prefixes: prefixes)
  }

  /// Makes a codec of nothing: any path may be answered.
  package init(openNamed name: String, path: String? = nil) {
    operations = []
    positions = NameTable()
    routes = RouteTable()
    prefixes = [path].compactMap { $0.map(Self.withoutSlash) }.filter { !$0.isEmpty }
    isStrict = false
    address = nil
    basePath = ""
    contract = Contract(name: name, operations: [], isOpen: true, hasHeaders: true)
    contract.endpoints = RESTEndpoints(operations: [], routes: routes, prefixes: prefixes)
  }

  /// The path of an address, without a slash at its end.
  private static func path(_ address: String) -> String? {
    guard let mark = address.range(ofSubstring: "://") else {
      return address.hasPrefix("/") ? withoutSlash(address) : nil
    }
    let rest = address[mark...]
    return rest.firstIndex(of: "/").map { withoutSlash(String(rest[$0...])) } ?? ""
  }

  private static func withoutSlash(_ path: String) -> String {
    var path = path.prefix { $0 != "?" && $0 != "#" }
    while path.last == "/" { path.removeLast() }
    return String(path)
  }

  func operation(of call: Call) -> RESTOperation? {
    positions[call.operation].map { operations[$0] }
  }

  /// Every method has calls.
  public func isCall(_ request: WireRequest) -> Bool { true }

  // MARK: - The calling side

  /// Writes a call, its parameters where the description has them; see `Codec`.
  public func encode(_ call: Call) throws(CodecError) -> WireRequest {
    guard let operation = operation(of: call) else { return try openRequest(call) }
    return try RequestWriter(operation: operation, details: operation.details).request(call)
  }

  /// A call of a system without a description: the operation is `GET /path`, or a path that is posted to.
  private func openRequest(_ call: Call) throws(CodecError) -> WireRequest {
    let endpoint = EndpointText(call.operation)
    guard let endpoint else {
      throw CodecError(
        reason: "expects METHOD /path, found \"\(call.operation)\"",
        hint: "Without a description an operation is named by its method and path: GET /status.")
    }
    let body = call.parameters[Self.bodyKey]
    let method = endpoint.method ?? (body == nil ? "GET" : "POST")
    let pairs = call.parameters.members.filter { $0.name != Self.bodyKey }.flatMap {
      ParameterWriter.pairs(named: $0.name, $0.value, ParameterStyle(.form))
    }
    var target = String(endpoint.path.dropFirst())
    if !pairs.isEmpty { target += "?" + pairs.joined(separator: "&") }
    var request = WireRequest(
      method: method, target: target, headers: ["Accept": "application/json, */*;q=0.5"])
    if let body {
      request.headers["Content-Type"] = "application/json"
      request.body = JSONWriter.bytes(body)
    }
    for header in call.headers {
      request.headers[header.name] = ParameterWriter.header(header.value, explodes: false)
    }
    return request
  }

  /// Reads a response; see `Codec`.
  public func decode(_ response: WireResponse, answering call: Call) throws(CodecError) -> Reply {
    try ResponseReader(details: operation(of: call)?.details, isStrict: isStrict).reply(response)
  }

  /// The body, as the operation's requests are made otherwise.
  public func request(withBody body: [UInt8], for call: Call) throws(CodecError) -> WireRequest {
    guard let operation = operation(of: call) else {
      var request = try openRequest(call)
      request.body = body
      return request
    }
    let details = operation.details
    var request = try RequestWriter(operation: operation, details: details)
      .request(call, isBodyless: true)
    request.body = body
    request.headers["Content-Type"] =
      details.body?.contents.first?.type.written ?? "application/json"
    return request
  }

  // MARK: - The answering side

  /// Reads a request. What breaks the description is noted, for `answering` to refuse; see `Codec`.
  public func decode(_ request: WireRequest) throws(CodecError) -> Call {
    let (path, query) = QueryText.split(request.target)
    var context = RESTCallContext()
    context.accept = request.headers.joined("accept")
    context.preference = ReplyPreference(request.headers)
    let match = match(request.method, path)
    guard case .operation(let position, let texts) = match else {
      if case .method(let allowed) = match { context.allowed = allowed }
      return openCall(request, path, query, context)
    }
    context.operation = position
    let operation = operations[position]
    var reader = RequestReader(operation: operation, details: operation.details, isStrict: isStrict)
    let parameters = try reader.parameters(request, texts: texts, query: query)
    context.issues = reader.issues
    var call = Call(operation: operation.name, parameters: parameters)
    call.warnings = reader.warnings
    call.context = CallMemo(context)
    return call
  }

  /// What a request is for, whichever of the paths before it the client knows.
  private func match(_ method: String, _ path: Substring) -> RouteTable.Match {
    var allowed: [String] = []
    // HEAD is GET without the body (RFC 9110 §9.3.2).
    let methods = method == "HEAD" ? ["HEAD", "GET"] : [method]
    for rest in prefixes.compactMap({ path.dropping(pathPrefix: $0) }) + [path] {
      for method in methods {
        switch routes.match(method, rest) {
        case .operation(let position, let texts): return .operation(position, texts)
        case .method(let methods): allowed += methods.filter { !allowed.contains($0) }
        case .nothing: break
        }
      }
    }
    return allowed.isEmpty ? .nothing : .method(allowed: allowed)
  }

  /// A call of a path that the description does not have: something may answer it all the same.
  private func openCall(
    _ request: WireRequest, _ path: Substring, _ query: Substring, _ context: RESTCallContext
  ) -> Call {
    var parameters = Record()
    for pair in QueryText.pairs(query) {
      switch parameters[pair.name] {
      case nil: parameters[pair.name] = .string(pair.value)
      case .array(let items)?: parameters[pair.name] = .array(items + [.string(pair.value)])
      case let first?: parameters[pair.name] = .array([first, .string(pair.value)])
      }
    }
    if !request.body.isEmpty {
      let type = request.headers["Content-Type"].flatMap { MediaType($0) } ?? .json
      parameters[Self.bodyKey] =
        (try? BodyReader.value(request.body, type: type, as: nil)) ?? .bytes(request.body)
    }
    let rest = prefixes.lazy.compactMap { path.dropping(pathPrefix: $0) }.first ?? path
    var call = Call(
      operation: EndpointText.written(request.method, String(rest)), parameters: parameters)
    call.context = CallMemo(context)
    return call
  }

  /// Writes a reply with the status and in the media type that fit; see `Codec`.
  public func encode(_ reply: Reply, answering call: Call) throws(CodecError) -> WireResponse {
    let context = (call.context as? CallMemo<RESTCallContext>)?.value ?? RESTCallContext()
    let writer = ReplyWriter(
      details: operation(of: call)?.details, operation: call.operation, samples: samples)
    return try writer.response(reply, in: context)
  }

  /// A problem that says what is wrong.
  public func refuse(_ request: WireRequest, because error: CodecError) -> WireResponse? {
    guard error.isCallerAtFault else { return HTTPStatus.response(500, error.description) }
    if let status = error.code.flatMap({ Int($0) }) {
      return HTTPStatus.response(status, error.description)
    }
    guard
      case .operation(let position, _) = match(request.method, QueryText.split(request.target).path)
    else { return HTTPStatus.response(400, error.description) }
    return HTTPStatus.response(
      operations[position].details.refusal(preferring: 400), error.description)
  }
}

extension Headers {
  /// All values of a name in one; nil where there is none.
  func joined(_ name: String) -> String? {
    let values = fields.filter { $0.name.isEqualIgnoringCase(name) }.map(\.value)
    return values.isEmpty ? nil : values.joined(separator: ", ")
  }
}

extension Substring {
  /// What follows a path that this one begins with; nil for any other.
  func dropping(pathPrefix prefix: String) -> Substring? {
    guard hasPrefix(prefix) else { return nil }
    let rest = dropFirst(prefix.count)
    return rest.isEmpty || rest.first == "/" ? rest : nil
  }
}

extension String {
  /// Where the text behind a part begins; nil where there is no such part.
  fileprivate func range(ofSubstring part: String) -> String.Index? {
    firstRange(of: part)?.upperBound
  }
}
