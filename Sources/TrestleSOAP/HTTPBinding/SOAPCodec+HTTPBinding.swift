internal import TrestleCore
internal import TrestleXML

// Operations of http bindings (WSDL 1.1 §4): no envelope, the operation is where the URL leads.
extension SOAPCodec {
  func httpOperation(named name: String) -> HTTPOperation? {
    httpPositions[name].map { httpOperations[$0] }
  }

  // MARK: - Client

  func encode(_ call: Call, as operation: HTTPOperation) throws(CodecError) -> WireRequest {
    var request = WireRequest(method: operation.verb)
    var query = ""
    var places: [String: String] = [:]
    switch operation.inputCarrier {
    case .query(let form): query = URLText.query(try form.pairs(of: call.parameters))
    case .places(let form):
      for pair in try form.pairs(of: call.parameters) { places[pair.name] = pair.value }
    default:
      let content = try body(
        of: .object(call.parameters), operation.input, operation.inputCarrier)
      if let type = content.type { request.headers.append(name: "Content-Type", value: type) }
      request.body = content.bytes
    }
    for part in operation.location.parts where places[part] == nil {
      throw CodecError(path: part, reason: "is required: it is a part of the URL")
    }
    // Relative: the address is the endpoint's.
    request.target = operation.location.filled { places[$0] }
    if !query.isEmpty { request.target += "?" + query }
    return request
  }

  func decode(
    _ response: WireResponse, answering operation: HTTPOperation
  ) throws(CodecError) -> Reply {
    let type = ContentType(response.headers["Content-Type"])
    guard response.status < 400 else {
      let text = String(decoding: response.body.prefix(4_000), as: UTF8.self)
      let isHTML = type.essence == "text/html"
      return .fault(
        Fault(
          code: response.status < 500 ? "Client" : "Server",
          message: text.isEmpty || isHTML ? "HTTP \(response.status)" : text.trimmingXMLSpace()))
    }
    guard let output = operation.output else { return .value(.null) }
    let (value, warnings) = try value(
      of: response.body, type, output, operation.outputCarrier, isCallerAtFault: false)
    return Reply(.value(value), warnings: warnings)
  }

  // MARK: - Service

  /// The operation that a request outside SOAP means; nil for one that is SOAP's, or nobody's.
  func httpCall(_ request: WireRequest) throws(CodecError) -> Call? {
    guard !httpOperations.isEmpty, request.headers["SOAPAction"] == nil else { return nil }
    let type = ContentType(request.headers["Content-Type"])
    guard type.essence != "application/soap+xml" else { return nil }
    let path = request.target.prefix { $0 != "?" && $0 != "#" }
    let query = request.target.dropFirst(path.count).dropFirst().prefix { $0 != "#" }
    let root = request.body.isEmpty ? nil : rootName(of: request.body)
    if let root, SOAPVersion(namespace: root.namespace) != nil { return nil }
    let verb = request.method == "HEAD" ? "GET" : request.method
    for operation in httpOperations where operation.verb == verb {
      guard let places = operation.location.match(path) else { continue }
      // Operations at one address are told apart by their element.
      if case .xml = operation.inputCarrier, operation.input.roots[0].name != root { continue }
      return try call(operation, request, type, query: query, places: places)
    }
    return nil
  }

  private func call(
    _ operation: HTTPOperation, _ request: WireRequest, _ type: ContentType, query: Substring,
    places: [String: String]
  ) throws(CodecError) -> Call {
    var call = Call(operation: operation.name)
    func take(_ form: HTTPForm, _ pairs: [(name: String, value: String)]) throws(CodecError) {
      let (record, strangers) = try form.value(of: pairs)
      if isStrict, let first = strangers.first {
        throw CodecError(path: first, reason: "is not a parameter of \(operation.name)")
      }
      call.parameters = record
      call.warnings = strangers.prefix(32).map { "the parameter \($0) is not in the contract" }
    }
    switch operation.inputCarrier {
    case .query(let form): try take(form, URLText.pairs(query.utf8))
    case .form(let form): try take(form, URLText.pairs(request.body))
    case .places(let form): try take(form, places.map { ($0.key, $0.value) })
    default:
      let (value, warnings) = try value(
        of: request.body, type, operation.input, operation.inputCarrier, isCallerAtFault: true)
      if case .object(let record) = value { call.parameters = record }
      call.warnings = warnings
    }
    return call
  }

  func encode(
    _ reply: Reply, answering operation: HTTPOperation
  ) throws(CodecError) -> WireResponse {
    switch reply.outcome {
    case .fault(let fault): return Self.refusal(fault)
    case .value(let value):
      guard let output = operation.output else { return WireResponse(status: 202) }
      let content = try body(of: value, output, operation.outputCarrier)
      var response = WireResponse(body: content.bytes)
      if let type = content.type { response.headers.append(name: "Content-Type", value: type) }
      return response
    }
  }

  /// A fault without an envelope: its message as text.
  static func refusal(_ fault: Fault) -> WireResponse {
    var response = WireResponse(
      status: ["Client", "Sender"].contains(fault.code) ? 400 : 500,
      headers: ["Content-Type": "text/plain; charset=utf-8"], body: Array(fault.message.utf8))
    if fault.isUnmatched { response.headers.append(name: "X-Trestle-Unmatched", value: "1") }
    return response
  }

  // MARK: - Bodies

  private func body(
    of value: Value, _ message: MessagePlan, _ carrier: HTTPOperation.Carrier
  ) throws(CodecError) -> (bytes: [UInt8], type: String?) {
    switch carrier {
    case .nothing: return ([], nil)
    case .query(let form), .places(let form), .form(let form):
      guard case .object(let record) = value else {
        throw CodecError(reason: "expects an object, found \(value.kindName)")
      }
      return (
        Array(URLText.query(try form.pairs(of: record)).utf8), "application/x-www-form-urlencoded"
      )
    case .xml:
      var writer = ElementWriter(context: context)
      writer.append(XMLWriter(declaration: true)?.bytes ?? [])
      for (root, content) in try message.rootValues(of: value) {
        do throws(CodecError) {
          try writer.writeRoot(root, content)
        } catch {
          throw message.isUnwrapped ? error : error.inside(root.name.local)
        }
      }
      return (writer.output.bytes, "text/xml; charset=utf-8")
    case .text(let part, let type):
      return (Array(try text(of: value, part).utf8), type + "; charset=utf-8")
    case .bytes(let part, let type):
      guard let bytes = Base64.decode(try text(of: value, part).utf8) else {
        throw CodecError(path: part, reason: "is no base64")
      }
      return (bytes, type)
    }
  }

  private func text(of value: Value, _ part: String) throws(CodecError) -> String {
    guard let member = value[part], let text = member.scalarText, !member.isNull else {
      throw CodecError(path: part, reason: "is required, as text")
    }
    return text
  }

  private func value(
    of bytes: [UInt8], _ type: ContentType, _ message: MessagePlan,
    _ carrier: HTTPOperation.Carrier, isCallerAtFault: Bool
  ) throws(CodecError) -> (value: Value, warnings: [String]) {
    switch carrier {
    case .nothing: return ([:], [])
    case .query(let form), .places(let form), .form(let form):
      let (record, strangers) = try form.value(of: URLText.pairs(bytes))
      return (.object(record), strangers.map { "the member \($0) is not in the contract" })
    case .text(let part, _): return ([part: .string(String(decoding: bytes, as: UTF8.self))], [])
    case .bytes(let part, _): return ([part: .string(Base64.encode(bytes))], [])
    case .xml:
      do throws(CodecError) {
        let envelope = try read(try Self.enveloped(bytes, charset: type.charset), charset: nil) {
          symbol, _ in message.roots.first { $0.symbol == symbol }
        }
        guard envelope.body.count == 1, let only = envelope.body.first,
          only.name == message.roots[0].name
        else {
          throw CodecError(
            reason: "the body is \(envelope.body.first.map { "\($0.name)" } ?? "no element") where "
              + "the contract says \(message.roots[0].name)")
        }
        return (message.value(of: envelope.body), envelope.warnings)
      } catch {
        var error = error
        error.isCallerAtFault = isCallerAtFault
        throw error
      }
    }
  }

  /// A document as the one child of a Body, so that the one reader reads it.
  private static func enveloped(
    _ bytes: [UInt8], charset: String?
  ) throws(CodecError) -> [UInt8] {
    var document = bytes
    do throws(XMLFailure) {
      let converted: Result<[UInt8]?, XMLFailure> = bytes.withUnsafeBufferPointer { buffer in
        do throws(XMLFailure) {
          return .success(try XMLEncoding.transcoded(buffer, charset: charset))
        } catch {
          return .failure(error)
        }
      }
      if let utf8 = try converted.get() { document = utf8 }
    } catch {
      throw error.codecError
    }
    var content = document[...]
    if content.starts(with: [0xEF, 0xBB, 0xBF]) { content = content.dropFirst(3) }
    if content.starts(with: Array("<?xml".utf8)),
      let end = content.firstIndex(of: UInt8(ascii: ">"))
    {
      content = content[(end + 1)...]
    }
    let head =
      "<s:Envelope xmlns:s=\"\(SOAPVersion.soap11.namespace)\"><s:Body>"
    return Array(head.utf8) + content + Array("</s:Body></s:Envelope>".utf8)
  }

  /// The name of a document's root; nil for what is no XML.
  private func rootName(of bytes: [UInt8]) -> QualifiedName? {
    guard bytes.first(where: { !$0.isXMLSpace && $0 < 0x80 }) == UInt8(ascii: "<") else {
      return nil
    }
    let root = RootName()
    do throws(CodecError) {
      try context.readers.withReader { reader throws(CodecError) in
        try reader.read(bytes, into: root)
      }
    } catch {
      // Found out before whatever is wrong, or not: reading it in earnest will tell.
    }
    return root.name
  }
}

extension WireRequest {
  /// Whether the body is pairs of a form, which SOAP never is.
  var isForm: Bool {
    ContentType(headers["Content-Type"]).essence == "application/x-www-form-urlencoded"
  }
}
