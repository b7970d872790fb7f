public import TrestleCore

/// XML-RPC over HTTP, in both roles.
///
/// Made from declared methods, whose parameters then have names and types, or open: any method may be
/// called, and its parameters are the array `params`.
public struct XMLRPCCodec: Codec {
  /// The declared methods; open where there are none.
  public internal(set) var contract: Contract

  /// HTTP: calls are posted.
  public var wire: Wire { .http }

  let methods: [String: XMLRPCMethod]
  /// The declared methods, in no particular order.
  package var declaredMethods: [XMLRPCMethod] { Array(methods.values) }
  /// Reads responses: what a server logs and returns may hold any byte, and is worth having.
  private(set) var reader: XMLRPCReader
  /// Reads requests: a service need not take what no correct client sends.
  private(set) var requestReader: XMLRPCReader
  let writer: XMLRPCWriter
  let isStrict: Bool
  /// The largest message that is taken, in megabytes (2^20 bytes).
  package var maximumMegabytes: Int {
    get { reader.options.maximumMegabytes }
    set {
      reader.options.maximumMegabytes = newValue
      requestReader.options.maximumMegabytes = newValue
    }
  }

  /// What the service says inside of its results; nil where they are what they are.
  var shapes: ResultShapes?

  /// Makes a codec of declared methods, or an open one of none.
  package init(
    name: String, methods: [XMLRPCMethod]?, isStrict: Bool = false,
    writing: XMLRPCWritingOptions = XMLRPCWritingOptions(),
    invalidCharacters: InvalidCharacterPolicy? = nil
  ) {
    contract = Contract(
      name: name, operations: (methods ?? []).map(\.operation), isOpen: methods == nil)
    self.methods = Dictionary((methods ?? []).map { ($0.name, $0) }, uniquingKeysWith: { $1 })
    self.isStrict = isStrict
    func reader(_ otherwise: InvalidCharacterPolicy) -> XMLRPCReader {
      XMLRPCReader(
        XMLRPCReadingOptions(
          isStrict: isStrict, dialect: writing.dialect, wideIntegers: .number,
          invalidCharacters: invalidCharacters ?? otherwise))
    }
    self.reader = reader(.replace)
    requestReader = reader(.error)
    writer = XMLRPCWriter(writing)
  }

  // MARK: - The calling side

  /// Writes a call, its parameters in declared order; see `Codec`.
  public func encode(_ call: Call) throws(CodecError) -> WireRequest {
    let parameters = try wireParameters(of: call)
    let body = try writer.call(method: call.operation, parameters: parameters)
    return WireRequest(headers: ["Content-Type": contentType], body: body)
  }

  /// Reads a response, its value held against the declared type; see `Codec`.
  public func decode(
    _ response: WireResponse, answering call: Call
  ) throws(CodecError) -> Reply {
    let charset = ContentType.charset(of: response.headers["Content-Type"])
    let document: XMLRPCDocument
    do throws(CodecError) {
      document = try reader.read(response.body, charset: charset)
    } catch {
      throw Self.unreadable(response, error)
    }
    var warnings = document.warnings
    if response.status != 200 {
      // "Unless there's a lower-level error, always return 200 OK."
      let note = "the response has HTTP status \(response.status), where the spec asks for 200"
      // Whoever takes a refusal's value for the answer believes that the work is done.
      if response.status >= 400, case .response = document.message {
        throw CodecError(
          reason: "expects a fault with HTTP status \(response.status), found a value",
          hint: Self.hint(for: response.status))
      }
      guard !isStrict else { throw CodecError(reason: note) }
      warnings.append(note)
    }
    switch document.message {
    case .fault(var fault):
      fault.detail = XMLRPCTyping.shown(fault.detail)
      fault.category = XMLRPCFaultCode.category(of: fault.code)
      return Reply(.fault(fault), warnings: warnings)
    case .call: throw CodecError(reason: "expects a response, found <methodCall>")
    case .response(var value):
      if let shapes, !XMLRPCIntrospection.isSystemMethod(call.operation) {
        switch shapes.outcome(of: value) {
        case .fault(let fault): return Reply(.fault(fault), warnings: warnings)
        case .value(let inner): value = inner
        }
      }
      var typing = XMLRPCTyping(isStrict: isStrict, isReply: true)
      let type = methods[call.operation]?.returns ?? .any
      let typed = try typing.typed(value, as: type)
      return Reply(.value(typed), warnings: warnings + typing.allWarnings)
    }
  }

  // MARK: - The answering side

  /// Reads a call, its parameters named and typed as declared; see `Codec`.
  public func decode(_ request: WireRequest) throws(CodecError) -> Call {
    guard request.method == "POST" else {
      throw CodecError(
        reason: "expects POST, found \(request.method)", hint: "XML-RPC calls are posted",
        code: XMLRPCFaultCode.notConforming)
    }
    let header = request.headers["Content-Type"]
    let document = try requestReader.read(request.body, charset: ContentType.charset(of: header))
    guard case .call(let method, let values) = document.message else {
      throw CodecError(
        reason: "expects a call, found <methodResponse>", code: XMLRPCFaultCode.notConforming)
    }
    var warnings = document.warnings
    if !ContentType.isXML(header) {
      let note = "expects Content-Type: text/xml, found \(header.map { "\"\($0)\"" } ?? "none")"
      guard !isStrict else {
        throw CodecError(reason: note, code: XMLRPCFaultCode.notConforming)
      }
      warnings.append(note)
    }
    var call = try self.call(method, values)
    call.warnings = warnings + call.warnings
    return call
  }

  /// Writes a response or a fault, which is a 200 too; see `Codec`.
  public func encode(
    _ reply: Reply, answering call: Call
  ) throws(CodecError) -> WireResponse {
    // What a multicall wraps is told by its context.
    if let rendered = reply.rendered, call.context == nil {
      return try rendered.response(for: 0) { () throws(CodecError) in
        try written(reply, answering: call)
      }
    }
    return try written(reply, answering: call)
  }

  private func written(
    _ reply: Reply, answering call: Call
  ) throws(CodecError) -> WireResponse {
    switch reply.outcome {
    case .fault(let fault):
      if let shapes, shapes.tells(fault), !XMLRPCIntrospection.isSystemMethod(call.operation) {
        return response(try writer.response(shapes.value(of: fault)))
      }
      return response(self.fault(fault, answering: call))
    case .value(let value):
      if let results = call.context as? MulticallResults {
        return response(try writer.multicallResponse(value, results.types))
      }
      let type = methods[call.operation]?.returns ?? .any
      if let success = shapes?.success, !XMLRPCIntrospection.isSystemMethod(call.operation) {
        return response(try writer.response(value, as: type, in: success))
      }
      return response(try writer.response(value, as: type))
    }
  }

  /// A fault with a number of the interop set; a request that posts nothing gets a 405.
  public func refuse(_ request: WireRequest, because error: CodecError) -> WireResponse? {
    guard request.method == "POST" else {
      return WireResponse(
        status: 405, headers: ["Allow": "POST", "Content-Type": "text/plain; charset=utf-8"],
        body: Array("XML-RPC calls are posted.\n".utf8))
    }
    let code =
      error.isCallerAtFault
      ? error.code ?? XMLRPCFaultCode.notConforming : XMLRPCFaultCode.internalError
    return response(
      writer.fault(
        code: XMLRPCFaultCode.number(of: code) ?? -32600, message: error.description))
  }

  func response(_ body: [UInt8]) -> WireResponse {
    WireResponse(headers: ["Content-Type": contentType], body: body)
  }

  private var contentType: String { "text/xml; charset=\(writer.options.encoding.rawValue)" }
}
