public import TrestleCore
package import TrestleXML

/// SOAP 1.1 and 1.2 over HTTP, by a WSDL contract or without one, in both roles.
public struct SOAPCodec: Codec {
  /// What the service offers.
  public let contract: Contract
  /// SOAP travels over HTTP.
  public var wire: Wire { .http }

  let context: PlanContext
  let operations: [SOAPOperation]
  /// Operations of http bindings.
  let httpOperations: [HTTPOperation]
  let httpPositions: [String: Int]
  /// Where each operation stands, by name.
  let positions: [String: Int]
  /// The operations whose request begins with an element, by its symbol.
  let requestRoots: [XMLSymbol: [Int]]
  /// Whether some requests of different operations begin with one element.
  let hasOverloads: Bool
  /// The plan of every element that may stand in a request's Body, by its symbol.
  let requestElements: [XMLSymbol: ElementPlan]
  /// The same by local name, where that leaves no choice: for clients that get namespaces wrong.
  let requestElementsByLocalName: [String: ElementPlan]
  /// The operations that an action belongs to.
  let actions: [String: [Int]]
  let definitions: WSDLDefinitions?
  /// The version that calls are written in where their operation has it.
  package var preferredVersion: SOAPVersion
  /// Set for a system without a contract.
  let open: OpenSOAP?
  let isStrict: Bool
  /// How much of a message is taken.
  package var limits = XMLLimits.message
  /// Which header blocks the service acts on.
  package var processing = HeaderProcessing()
  /// Set where messages are held against the contract's schemas.
  var validator: ContractValidator?
  private let segments: [SOAPVersion: EnvelopeSegments]
  /// The header blocks and detail entries that parts declare by type, and all encoded ones.
  private let entries: [QualifiedName: ElementPlan]
  /// Whether messages may be encoded.
  private let mayBeEncoded: Bool

  /// Compiles the SOAP operations of a contract.
  ///
  /// - Parameters:
  ///   - definitions: the loaded contract.
  ///   - service: the service to take, by name; all when nil.
  ///   - port: the port to take, by name; all SOAP ports when nil.
  ///   - isStrict: whether what the contract does not know is refused on reading.
  package init(
    _ definitions: WSDLDefinitions, service: String? = nil, port: String? = nil,
    isStrict: Bool = false
  ) {
    let compiled = SOAPContract(definitions, service: service, port: port)
    context = compiled.context
    operations = compiled.operations
    httpOperations = compiled.httpOperations
    httpPositions = Dictionary(
      compiled.httpOperations.enumerated().map { ($0.element.name, $0.offset) },
      uniquingKeysWith: { first, _ in first })
    preferredVersion = compiled.preferredVersion
    contract = compiled.contract
    self.definitions = definitions
    self.isStrict = isStrict
    open = nil
    var positions: [String: Int] = [:]
    var roots: [XMLSymbol: [Int]] = [:]
    var elements: [XMLSymbol: ElementPlan] = [:]
    var actions: [String: [Int]] = [:]
    for (index, operation) in operations.enumerated() {
      positions[operation.name] = index
      // What the service sends by itself is no request.
      guard operation.isCallable else { continue }
      for action in Set(operation.actions.values) { actions[action, default: []].append(index) }
      if let first = operation.input.roots.first { roots[first.symbol, default: []].append(index) }
      for root in operation.input.roots where elements[root.symbol] == nil {
        elements[root.symbol] = root
      }
    }
    self.positions = positions
    requestRoots = roots
    hasOverloads = roots.contains { $0.value.count > 1 }
    requestElements = elements
    requestElementsByLocalName = Dictionary(
      grouping: elements.values, by: \.name.local
    ).compactMapValues { $0.count == 1 ? $0[0] : nil }
    self.actions = actions
    segments = EnvelopeSegments.all()
    entries = Self.entries(of: operations, context)
    mayBeEncoded =
      operations.contains(where: \.isEncoded) || entries.values.contains(where: \.isEncoded)
  }

  private static func entries(
    of operations: [SOAPOperation], _ context: PlanContext
  ) -> [QualifiedName: ElementPlan] {
    var entries: [QualifiedName: ElementPlan] = [:]
    for operation in operations {
      let headers = operation.input.headers + (operation.output?.headers ?? [])
      for element in headers + operation.faults.map(\.element)
      where element.isEncoded || context.components.element(element.name) == nil {
        entries[element.name] = entries[element.name] ?? element
      }
    }
    return entries
  }

  /// A system without a contract: any operation, parameters as they come.
  package init(open: OpenSOAP, name: String, isStrict: Bool = false) {
    context = PlanContext(components: NoComponents())
    operations = []
    httpOperations = []
    httpPositions = [:]
    positions = [:]
    requestRoots = [:]
    hasOverloads = false
    requestElements = [:]
    requestElementsByLocalName = [:]
    actions = [:]
    definitions = nil
    preferredVersion = open.version
    contract = Contract(name: name, operations: [], isOpen: true, hasHeaders: true)
    self.open = open
    self.isStrict = isStrict
    segments = EnvelopeSegments.all()
    entries = [:]
    mayBeEncoded = true
  }

  // MARK: - Client

  /// Writes a call as an envelope of the preferred version.
  ///
  /// - Throws: `CodecError` with the path of the parameter that cannot be written.
  public func encode(_ call: Call) throws(CodecError) -> WireRequest {
    if let open { return try open.encode(call, self) }
    if let http = httpOperation(named: call.operation) { return try encode(call, as: http) }
    let operation = try operation(named: call.operation)
    guard operation.isCallable else {
      throw CodecError(
        reason: "the service sends \(operation.name) by itself: it cannot be called",
        hint: "WSDL 1.1 §2.4.3 and §2.4.4: solicit-response and notification")
    }
    let version =
      operation.actions[preferredVersion] == nil
      ? operation.versions.first ?? preferredVersion : preferredVersion
    var writer = ElementWriter(context: context, version: version)
    try write(
      operation.input, .object(call.parameters), headers: call.headers, version: version, &writer)
    try requireValid(writer.output.bytes)
    return request(writer.output.bytes, version: version, action: operation.actions[version] ?? "")
  }

  func request(_ body: [UInt8], version: SOAPVersion, action: String) -> WireRequest {
    var headers: Headers = [:]
    switch version {
    case .soap11:
      // SOAP 1.1 §6.1.1: the header must be there, its value in quotes.
      headers.append(name: "Content-Type", value: version.contentType)
      headers.append(name: "SOAPAction", value: "\"\(action)\"")
    case .soap12:
      // SOAP 1.2 part 2 §6.5.3: the action is a parameter of the media type.
      let parameter = action.isEmpty ? "" : "; action=\"\(action)\""
      headers.append(name: "Content-Type", value: version.contentType + parameter)
    }
    return WireRequest(headers: headers, body: body)
  }

  /// Reads the answer to a call.
  ///
  /// - Throws: `CodecError` for whatever is no SOAP answer to it.
  public func decode(
    _ response: WireResponse, answering call: Call
  ) throws(CodecError) -> Reply {
    if let http = httpOperation(named: call.operation) {
      return try decode(response, answering: http)
    }
    if let reply = try replyWithoutEnvelope(response, call) { return reply }
    if let open { return try open.decode(response, call, self) }
    let operation = try operation(named: call.operation)
    let output = operation.output
    let charset = ContentType(response.headers["Content-Type"]).charset
    let envelope = try read(response.body, charset: charset, faults: operation.faults) {
      symbol, element in
      guard let roots = output?.roots else { return nil }
      if let exact = roots.first(where: { $0.symbol == symbol }) { return exact }
      // An rpc reply's wrapper is named by convention only (WSDL 1.1 §3.5).
      if output?.isRPC == true { return roots.first }
      return roots.first { $0.name.local == element.localName }
    }
    try requireValid(response.body, isCallerAtFault: false)
    var reply = Reply(.value(.null), warnings: envelope.warnings)
    reply.headers = record(of: envelope.headers, declared: output?.headers ?? [])
    if let fault = envelope.fault {
      reply.outcome = .fault(fault)
    } else if let output {
      try requireRoots(output, envelope)
      if let first = envelope.body.first, let root = output.roots.first, first.name != root.name {
        reply.warnings.append(
          "the reply's element is \(first.name), the contract says \(root.name)")
      }
      reply.outcome = .value(output.value(of: envelope.body))
    }
    return reply
  }

  private func requireRoots(
    _ output: MessagePlan, _ envelope: DecodedEnvelope
  ) throws(CodecError) {
    guard envelope.body.count >= output.roots.count else {
      let missing = output.roots[envelope.body.count].name
      throw CodecError(reason: "the Body lacks the element \(missing)", isCallerAtFault: false)
    }
    for (child, root) in zip(envelope.body, output.roots)
    where !output.isRPC && child.name.local != root.name.local {
      throw CodecError(
        reason: "the Body holds \(child.name) where the contract says \(root.name)",
        isCallerAtFault: false)
    }
  }

  /// The reply to a response that holds no envelope.
  private func replyWithoutEnvelope(
    _ response: WireResponse, _ call: Call
  ) throws(CodecError) -> Reply? {
    let type = ContentType(response.headers["Content-Type"])
    let isEmpty = response.body.allSatisfy(\.isXMLSpace)
    if isEmpty, (200..<300).contains(response.status) {
      let isOneWay = positions[call.operation].map { operations[$0].isOneWay } ?? false
      if isOneWay || response.status == 202 || open != nil { return .value(.null) }
      throw CodecError(
        reason: "the answer (HTTP \(response.status)) is empty", isCallerAtFault: false)
    }
    if type.essence.hasPrefix("multipart/") {
      throw CodecError(
        reason: "the answer is \(type.essence): attachments and MTOM are not available yet",
        isCallerAtFault: false)
    }
    let start = response.body.first { !$0.isXMLSpace }
    let looksLikeXML = start == UInt8(ascii: "<") || (start ?? 0) >= 0x80
    if isEmpty || !looksLikeXML || type.essence == "text/html" {
      let shown = String(decoding: response.body.prefix(200), as: UTF8.self)
      throw CodecError(
        reason: "SOAP call failed: the answer is no SOAP: HTTP \(response.status)"
          + (type.essence.isEmpty ? "" : ", \(type.essence)")
          + (shown.isEmpty ? ", empty" : ": \(shown)"), isCallerAtFault: false)
    }
    return nil
  }

  // MARK: - Service

  /// Reads a call: the operation is what the Body's own child says, never an element elsewhere.
  ///
  /// - Throws: `CodecError` for whatever is no call of the contract.
  public func decode(_ request: WireRequest) throws(CodecError) -> Call {
    if let call = try httpCall(request) { return call }
    let type = ContentType(request.headers["Content-Type"])
    if type.essence.hasPrefix("multipart/") { throw Self.unsupported(type) }
    let action = Self.action(of: request, type: type)
    let overload = try overload(of: request, charset: type.charset, action: action)
    let root = overload.flatMap { operations[$0].input.roots.first }
    // What is kept is named: the closure would keep all of the codec otherwise, a reference each.
    var envelope = try read(request.body, charset: type.charset) {
      [root, requestElements, requestElementsByLocalName, isStrict] symbol, element in
      if root?.symbol == symbol { return root }
      if let exact = requestElements[symbol] { return exact }
      return isStrict ? nil : requestElementsByLocalName[element.localName]
    }
    if envelope.fault != nil {
      throw CodecError(reason: "the request is a Fault; a Fault is no call")
    }
    if let part = envelope.misplacedEncodingStyle {
      throw CodecError(
        reason: "the \(part) says an encodingStyle, which only what it holds may say",
        hint: "SOAP 1.2 part 1 §5.1.1")
    }
    if let open {
      try requireUnderstood(envelope, declared: [])
      return try open.call(from: envelope, self)
    }
    let operation = try operation(for: &envelope, action: action, overload: overload)
    try requireUnderstood(envelope, declared: operation.input.headers)
    try requireValid(request.body)
    let value = operation.input.value(of: envelope.body)
    var call = Call(operation: operation.name)
    if case .object(let record) = value { call.parameters = record }
    call.headers = record(of: envelope.headers, declared: operation.input.headers)
    call.warnings = envelope.warnings
    call.context = RequestContext.known(envelope.version)
    return call
  }

  /// Writes the reply to a call, in the version the call came in.
  ///
  /// - Throws: `CodecError` with the path of the value that cannot be written.
  public func encode(_ reply: Reply, answering call: Call) throws(CodecError) -> WireResponse {
    if let http = httpOperation(named: call.operation) { return try encode(reply, answering: http) }
    let context = call.context as? RequestContext
    let version = context?.version ?? preferredVersion
    // Without a contract the request's own form decides too.
    guard open == nil, let rendered = reply.rendered else {
      return try written(reply, answering: call, version)
    }
    return try rendered.response(for: version == .soap11 ? 11 : 12) { () throws(CodecError) in
      try written(reply, answering: call, version)
    }
  }

  private func written(
    _ reply: Reply, answering call: Call, _ version: SOAPVersion
  ) throws(CodecError) -> WireResponse {
    switch reply.outcome {
    case .fault(let fault):
      let operation = positions[call.operation].map { operations[$0] }
      return try response(
        to: fault, headers: reply.headers, version: version, operation: operation)
    case .value(let value):
      if let open {
        return try open.encode(reply, value, call, version, self)
      }
      let operation = try operation(named: call.operation)
      guard let output = operation.output else { return WireResponse(status: 202) }
      var writer = ElementWriter(context: self.context, version: version)
      try write(output, value, headers: reply.headers, version: version, &writer)
      return response(writer.output.bytes, status: 200, version: version)
    }
  }

  func response(_ body: [UInt8], status: Int, version: SOAPVersion) -> WireResponse {
    WireResponse(
      status: status, headers: ["Content-Type": version.contentType], body: body)
  }

  /// Answers a request that is no call with a Fault: what the caller did wrong, in its version.
  public func refuse(_ request: WireRequest, because error: CodecError) -> WireResponse? {
    if request.method != "POST" || request.isForm {
      return Self.refusal(
        Fault(code: error.isCallerAtFault ? "Client" : "Server", message: error.description))
    }
    let version = Self.version(of: request)
    let code = Self.isFaultCode(error.code) ? error.code : nil
    var fault = Fault(
      code: code ?? (error.isCallerAtFault ? version.callerCode : version.serviceCode),
      message: error.description)
    if version == .soap12, let subcode = Self.subcode(of: error) { fault.subcodes = [subcode] }
    guard
      var response = try? response(
        to: fault, version: version, operation: nil, because: error)
    else { return nil }
    // WS-I Basic Profile 1.1 R1113 and R1115: what is no XML is a bad request, another media type an
    // unsupported one. The fault says why in either case.
    if error.isMalformed { response.status = error.code == Self.unsupportedMedia ? 415 : 400 }
    return response
  }

  /// Codes of errors about an rpc call's content, for `refuse` (SOAP 1.2 part 2 §4.4).
  static let badArguments = "BadArguments"
  static let procedureNotPresent = "ProcedureNotPresent"

  private static func isFaultCode(_ code: String?) -> Bool {
    ![unsupportedMedia, badArguments, procedureNotPresent].contains(code)
  }

  private static func subcode(of error: CodecError) -> String? {
    guard let code = error.code, code == badArguments || code == procedureNotPresent else {
      return nil
    }
    return "{\(EncodingNamespaces.rpc12)}\(code)"
  }

  /// The code of errors about the media type, for `refuse`; no fault code of SOAP's.
  static let unsupportedMedia = "UnsupportedMediaType"

  private static func unsupported(_ type: ContentType) -> CodecError {
    var error = CodecError(
      reason: "the request is \(type.essence): attachments and MTOM are not available yet",
      code: unsupportedMedia)
    error.isMalformed = true
    return error
  }

  /// The contract's own files, under `?wsdl` on every path.
  public func document(for request: WireRequest, at address: String) -> WireResponse? {
    guard let definitions, request.method == "GET" || request.method == "HEAD" else { return nil }
    return WSDLPublisher(definitions: definitions).document(
      target: request.target, address: address)
  }

  /// Calls are POST, and what the contract's http bindings make of other methods.
  public func isCall(_ request: WireRequest) -> Bool {
    if request.method == "POST" { return true }
    guard !httpOperations.isEmpty, !WSDLPublisher.isAskedFor(by: request.target) else {
      return false
    }
    let path = request.target.prefix { $0 != "?" && $0 != "#" }
    return httpOperations.contains {
      $0.verb == request.method && $0.location.match(path) != nil
    }
  }

  // MARK: - Shared

  func segments(_ version: SOAPVersion) -> EnvelopeSegments {
    segments[version] ?? EnvelopeSegments(version)
  }

  func operation(named name: String) throws(CodecError) -> SOAPOperation {
    guard let position = positions[name] else {
      throw CodecError(
        reason: "the contract has no operation \"\(name)\""
          + Suggestion.clause(for: name, among: operations.map(\.name)))
    }
    return operations[position]
  }

  func read(
    _ bytes: [UInt8], charset: String?, faults: [SOAPOperation.FaultPlan] = [],
    _ lookup: @escaping EnvelopeReader.RootLookup
  ) throws(CodecError) -> DecodedEnvelope {
    try context.readers.withReader { reader throws(CodecError) in
      let handler = EnvelopeReader(
        context: context, reader: reader, isStrict: isStrict,
        mayBeEncoded: mayBeEncoded,
        entryLookup: EnvelopeReader.EntryLookup(entries: entries, faults: faults),
        rootLookup: lookup)
      try reader.read(bytes, charset: charset, limits: limits, into: handler)
      return try handler.finish(budget: limits.maximumElements)
    }
  }

  /// Writes a whole envelope with a message's value.
  func write(
    _ message: MessagePlan, _ value: Value, headers: Record, version: SOAPVersion,
    _ writer: inout ElementWriter
  ) throws(CodecError) {
    let segments = segments(version)
    writer.append(segments.start)
    if !headers.isEmpty { try write(headers, declared: message.headers, segments, &writer) }
    writer.append(segments.body.open)
    for (root, content) in try message.rootValues(of: value) {
      do throws(CodecError) {
        if root.isEncoded {
          try write(root, content, of: message, segments, &writer)
        } else {
          try writer.writeRoot(root, content)
        }
      } catch {
        throw message.isUnwrapped ? error : error.inside(root.name.local)
      }
    }
    writer.append(segments.end)
  }

  /// Writes an encoded root, which says so and names its result (SOAP 1.2 part 2 §4.2.1).
  private func write(
    _ root: ElementPlan, _ content: Value, of message: MessagePlan, _ segments: EnvelopeSegments,
    _ writer: inout ElementWriter
  ) throws(CodecError) {
    let start = writer.output.count
    try writer.writeRoot(root, content, attributes: segments.encodingStyle)
    guard writer.version == .soap12, let accessor = message.resultAccessor,
      case .object(let record) = content, record[accessor] != nil
    else { return }
    var result = XMLOutput()
    try result.append(text: accessor)
    writer.insertFirstChild(
      segments.result.open + result.bytes + segments.result.close, ofElementAt: start)
  }
}
