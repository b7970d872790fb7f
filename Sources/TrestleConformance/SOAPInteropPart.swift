internal import TrestleCore
internal import TrestleSOAP
internal import TrestleXML

/// Runs recorded conversations of other toolkits: their requests and replies are read, and written again
/// as the toolkit wrote them.
func runSOAPInteropPart(directory: String) -> PartResult {
  guard let bytes = CorpusFiles.bytes("\(directory)/cases.jsonl") else {
    return PartResult(remarks: ["cases.jsonl cannot be read"])
  }
  var result = PartResult()
  var groups: [String: (passed: Int, all: Int)] = [:]
  var contracts: [String: WSDLDefinitions] = [:]
  var verified = (passed: 0, all: 0)
  for line in bytes.split(separator: 0x0A) {
    guard case .object(let record)? = try? JSONParser.parse(Array(line)) else { continue }
    let interop = InteropCase(record, directory: directory)
    var outcome = CaseResult.Outcome.passed
    let time = ContinuousClock().measure { outcome = interop.outcome(&contracts) }
    if time > .seconds(10) { outcome = .failed("took \(time)") }
    groups[interop.group, default: (0, 0)].all += 1
    if interop.isVerified { verified.all += 1 }
    if case .passed = outcome {
      groups[interop.group, default: (0, 0)].passed += 1
      if interop.isVerified { verified.passed += 1 }
    }
    if case .skipped(let why) = outcome {
      result.remarks.append("explained \(interop.name): \(why)")
    }
    result.cases.append(CaseResult(part: "soap_interop", name: interop.name, outcome: outcome))
  }
  for (group, count) in groups.sorted(by: { $0.key < $1.key }) {
    result.remarks.append("\(group): \(count.passed) of \(count.all)")
  }
  result.remarks.append("verified: \(verified.passed) of \(verified.all)")
  return result
}

/// One recorded conversation.
struct InteropCase {
  let record: Record
  let directory: String

  init(_ record: Record, directory: String) {
    self.record = record
    self.directory = directory
  }

  func text(_ key: String) -> String? { record[key]?.stringValue }

  var name: String {
    (record["n"]?.scalarText ?? "?") + " " + (text("id") ?? "")
  }
  var group: String { text("group") ?? "-" }
  var isVerified: Bool { record["verified"]?.boolValue == true }
  private var isPattern: Bool { record["expect_is_pattern"]?.boolValue == true }
  private var request: [UInt8]? { text("request").map { Array($0.utf8) } }
  private var response: [UInt8]? { text("response").map { Array($0.utf8) } }

  func outcome(_ contracts: inout [String: WSDLDefinitions]) -> CaseResult.Outcome {
    let outcome = attempt(&contracts)
    guard case .failed(let reason) = outcome else { return outcome }
    let definitions = text("wsdl_text").map(Self.definitions) ?? contract(&contracts)
    return explanation(definitions).map { .skipped("\($0); \(reason.prefix(160))") } ?? outcome
  }

  private func attempt(_ contracts: inout [String: WSDLDefinitions]) -> CaseResult.Outcome {
    do throws(CodecError) {
      switch text("kind") {
      case "json-roundtrip": return try literalRoundTrip(contract(&contracts))
      case "encode": return try schemaFeature()
      case "roundtrip", "server-roundtrip":
        if text("wsdl") != nil { return try conversation(contract(&contracts)) }
        return try openConversation()
      default: return .skipped("unscored: unknown kind")
      }
    } catch {
      return .failed(error.description)
    }
  }

  private func contract(_ contracts: inout [String: WSDLDefinitions]) -> WSDLDefinitions? {
    guard let path = text("wsdl") else { return nil }
    if let known = contracts[path] { return known }
    let loaded = WSDLLoader.load(file: "\(directory)/\(path)")
    contracts[path] = loaded
    return loaded
  }

  // MARK: - With a contract

  /// A request and its reply: ours, written from the values read, mean what the recorded ones mean.
  private func conversation(_ definitions: WSDLDefinitions?) throws(CodecError)
    -> CaseResult.Outcome
  {
    guard let definitions else { return .failed("no contract") }
    let codec = SOAPCodec(definitions)
    guard let request else { return .failed("no request") }
    let comparison = InteropComparison(isPattern: isPattern, comparesArrayTypes: true)
    guard let response else {
      _ = try codec.decode(wire(request))
      return .passed
    }
    let call: Call
    do throws(CodecError) {
      call = try codec.decode(wire(request))
    } catch {
      return refusal(error, of: request, by: codec, response, comparison)
    }
    let reply = try codec.decode(wire(answer: response), answering: call)
    let answer = try codec.encode(reply, answering: call)
    if let problem = comparison.difference(answer.body, expected: response) {
      return .failed("reply \(problem)")
    }
    let again = try client(codec, like: request).encode(call)
    // A client that speaks a version its contract has no binding for is on its own.
    if Self.version(again.body) != Self.version(request) { return .passed }
    if let problem = comparison.difference(again.body, expected: request) {
      return .failed("request \(problem)")
    }
    return .passed
  }

  private static func version(_ bytes: [UInt8]) -> SOAPVersion {
    String(decoding: bytes, as: UTF8.self).contains(SOAPVersion.soap12.namespace)
      ? .soap12 : .soap11
  }

  /// The codec of a client that was set to the version a request is in.
  private func client(_ codec: SOAPCodec, like request: [UInt8]) -> SOAPCodec {
    var codec = codec
    codec.preferredVersion = Self.version(request)
    return codec
  }

  private func refusal(
    _ error: CodecError, of request: [UInt8], by codec: SOAPCodec, _ response: [UInt8],
    _ comparison: InteropComparison
  ) -> CaseResult.Outcome {
    guard Self.isFault(response) else { return .failed("refused: \(error)") }
    guard let answer = codec.refuse(wire(request), because: error) else {
      return .failed("no answer to a refused request: \(error)")
    }
    return comparison.difference(answer.body, expected: response)
      .map { .failed("refusal \($0) (\(error))") } ?? .passed
  }

  private func literalRoundTrip(_ definitions: WSDLDefinitions?) throws(CodecError)
    -> CaseResult.Outcome
  {
    guard let definitions else { return .failed("no contract") }
    let codec = SOAPCodec(definitions)
    let comparison = InteropComparison(isPattern: isPattern, comparesArrayTypes: true)
    guard !codec.contract.operations.isEmpty else {
      let told = codec.contract.diagnostics.contains { $0.severity == .error }
      return told ? .passed : .failed("no operation, and no diagnostic says why")
    }
    var call = Call(operation: operation(in: codec))
    if let request, let problem = try Self.wellFormed(request) {
      // What is no XML must be refused as such.
      if (try? codec.decode(wire(request))) != nil { return .failed("accepted: \(problem)") }
    } else if let request {
      call = try codec.decode(wire(request))
      let again = try client(codec, like: request).encode(call)
      if Self.version(again.body) == Self.version(request),
        let problem = comparison.difference(again.body, expected: request)
      {
        return .failed("request \(problem)")
      }
    }
    guard let response, !response.isEmpty else { return .passed }
    if try Self.wellFormed(response) != nil {
      return (try? codec.decode(wire(answer: response), answering: call)) == nil
        ? .passed : .failed("accepted a reply that is no XML")
    }
    let reply = try codec.decode(wire(answer: response), answering: call)
    let answer = try codec.encode(reply, answering: call)
    return comparison.difference(answer.body, expected: response).map { .failed("reply \($0)") }
      ?? .passed
  }

  private func operation(in codec: SOAPCodec) -> String {
    let names = codec.contract.operations.map(\.name)
    if let own = text("operation"), names.contains(own) { return own }
    return names.first ?? ""
  }

  /// What keeps bytes from being XML; nil when they are.
  private static func wellFormed(_ bytes: [UInt8]) throws(CodecError) -> String? {
    do throws(XMLFailure) {
      _ = try XMLDocument(bytes, limits: .contract)
      return nil
    } catch {
      return error.codecError.reason
    }
  }

  // MARK: - A contract in the case itself

  private func schemaFeature() throws(CodecError) -> CaseResult.Outcome {
    guard let request else { return .failed("no request") }
    guard let wsdl = text("wsdl_text") else {
      _ = try? SOAPCodec(open: OpenSOAP(use: .encoded), name: "test").decode(wire(request))
      return .passed
    }
    let codec = SOAPCodec(Self.definitions(wsdl))
    guard !codec.contract.operations.isEmpty else {
      return .failed(
        "no operation: " + (codec.contract.diagnostics.first?.description ?? "no diagnostic"))
    }
    let call = try codec.decode(wire(request))
    let comparison = InteropComparison(isPattern: isPattern, comparesArrayTypes: true)
    let again = try client(codec, like: request).encode(call)
    if let problem = comparison.difference(again.body, expected: request) {
      return .failed("request \(problem)")
    }
    guard let dump = text("expect_decoded"), let expected = VariableDump.parse(dump) else {
      return .passed
    }
    let found = call.parameters["testParam"] ?? .object(call.parameters)
    return expected.difference(from: found, at: "testParam").map { .failed("value \($0)") }
      ?? .passed
  }

  private static func definitions(_ wsdl: String) -> WSDLDefinitions {
    WSDLLoader.load(mainPath: "case.wsdl") { path in
      guard path == "case.wsdl" else { throw CodecError(reason: "is not there") }
      return Array(wsdl.utf8)
    }
  }

  // MARK: - Without a contract

  private static let ours = "http://example.org/ts-tests"

  private func openConversation() throws(CodecError) -> CaseResult.Outcome {
    guard let request else { return .failed("no request") }
    let isTyped = text("response")?.contains("XMLSchema-instance") == true
    var codec = SOAPCodec(
      open: OpenSOAP(use: isTyped ? .encoded : .literal), name: "interop")
    // The rules of the W3C's collection: the header echoOk is understood, the role C is played.
    codec.processing = HeaderProcessing(
      roles: [Self.ours + "/C"],
      understood: [
        QualifiedName(Self.ours, "echoOk"), QualifiedName(Self.ours, "echoResolvedRef"),
        QualifiedName(Self.ours, "requiredHeader"),
        QualifiedName(Self.ours, "validateCountryCode"),
      ])
    let comparison = InteropComparison(isPattern: isPattern, comparesArrayTypes: false)
    guard let response else {
      _ = try? codec.decode(wire(request))
      return .passed
    }
    let call: Call
    do throws(CodecError) {
      call = try codec.decode(wire(request))
    } catch {
      return refusal(error, of: request, by: codec, response, comparison)
    }
    var reply = try codec.decode(wire(answer: response), answering: call)
    if let fault = reply.fault {
      let mustBeOurs = ["VersionMismatch", "MustUnderstand", "DataEncodingUnknown"]
      if mustBeOurs.contains(fault.code) { return .failed("accepted, expected \(fault.code)") }
    } else if let problem = echo(of: call, in: reply) {
      return .failed(problem)
    }
    let headers = echoedHeaders(of: call)
    if !headers.isEmpty { reply.headers = headers }
    if String(decoding: response, as: UTF8.self).contains(","), isGrid(response) {
      // Without a contract several dimensions are arrays of arrays: the values are what counts.
      let written = try codec.encode(reply, answering: call)
      let again = try codec.decode(wire(answer: written.body), answering: call)
      return again.value == reply.value ? .passed : .failed("reply changed")
    }
    // The element that holds the reply is named by the operation; some services name it otherwise.
    let answer = try codec.encode(reply, answering: call)
    let isRenamed = Self.bodyNames(response) != Self.bodyNames(answer.body)
    let body = isRenamed ? Self.renamed(answer.body, like: response) : answer.body
    return comparison.difference(body, expected: response).map { .failed("reply \($0)") } ?? .passed
  }

  /// Whether a message holds an array of several dimensions.
  private func isGrid(_ bytes: [UInt8]) -> Bool {
    let text = String(decoding: bytes, as: UTF8.self)
    return text.split(separator: "arrayType=\"").dropFirst().contains {
      $0.prefix { $0 != "\"" }.contains(",")
    }
  }

  /// `echoX` returns its argument: what went in and what came out hold the same leaves.
  private func echo(of call: Call, in reply: Reply) -> String? {
    guard call.operation.hasPrefix("echo"), let value = reply.value else { return nil }
    let went = Value.object(call.parameters).leaves.sorted()
    let came = value.leaves.sorted()
    if went == came || came.isEmpty { return nil }
    // Where the types differ the service did more than echo, and where a header was meant.
    if Value.object(call.parameters).types != value.types || call.operation == "echoHeader" {
      return nil
    }
    return "echo: \(went) went in, \(came) came out"
  }

  private func echoedHeaders(of call: Call) -> Record {
    var headers: Record = [:]
    let roles = [nil, "", Self.ours + "/C"]
    for (name, value) in [("{\(Self.ours)}echoOk", "{\(Self.ours)}responseOk")].compactMap({ pair in
      call.headers[pair.0].map { (pair.1, $0) }
    }) {
      var blocks: [Value] = []
      for block in value.arrayValue ?? [value] {
        let role = block["_role"]?.stringValue
        guard
          roles.contains(role) || role?.hasSuffix("/next") == true
            || role?.hasSuffix("/ultimateReceiver") == true
        else { continue }
        blocks.append(block["_text"] ?? block)
      }
      if !blocks.isEmpty { headers[name] = .array(blocks) }
    }
    return headers
  }

  private static func bodyNames(_ bytes: [UInt8]) -> [QualifiedName] {
    guard let document = try? XMLDocument(bytes, limits: .contract) else { return [] }
    let body = document.root.children.first { $0.hasLocalName("Body") }
    return body.map { $0.children.map(\.name) } ?? []
  }

  /// Our envelope with the name that the recorded reply's element has.
  private static func renamed(_ bytes: [UInt8], like response: [UInt8]) -> [UInt8] {
    guard let document = try? XMLDocument(bytes, limits: .contract),
      let copy = XMLElementCopy(of: document.root),
      let body = copy.root.children.first(where: { $0.localName == "Body" }),
      let only = body.children.first, body.children.count == 1,
      let name = bodyNames(response).first
    else { return bytes }
    copy.declare("renamed", name.namespace)
    only.rename(name)
    return copy.serialized()
  }

  // MARK: - Wire

  private func wire(_ request: [UInt8]) -> WireRequest {
    WireRequest(headers: ["Content-Type": contentType(request)], body: request)
  }

  private func wire(answer response: [UInt8]) -> WireResponse {
    WireResponse(
      status: Self.isFault(response) ? 500 : 200,
      headers: ["Content-Type": contentType(response)], body: response)
  }

  private func contentType(_ bytes: [UInt8]) -> String {
    let isTwelve = group.contains("1.2") || text("id")?.contains("soap12") == true
    let head = String(decoding: bytes, as: UTF8.self)
    return isTwelve && !head.contains(SOAPVersion.soap11.namespace)
      ? "application/soap+xml; charset=utf-8" : "text/xml; charset=utf-8"
  }

  private static func isFault(_ bytes: [UInt8]) -> Bool {
    bodyNames(bytes).first?.local == "Fault"
  }
}

extension Value {
  /// The texts of all scalars in it, types left out.
  fileprivate var leaves: [String] {
    switch self {
    case .null: []
    case .array(let items): items.flatMap(\.leaves)
    case .object(let record):
      record.filter { $0.name != "_type" && $0.name != "_id" }.flatMap(\.value.leaves)
    default: [Self.plain(scalarText ?? "")]
    }
  }

  /// The types that scalars in it say.
  fileprivate var types: Set<String> {
    switch self {
    case .array(let items): items.reduce(into: []) { $0.formUnion($1.types) }
    case .object(let record):
      record.reduce(into: []) { types, member in
        if member.name == "_type", let type = member.value.stringValue { types.insert(type) }
        types.formUnion(member.value.types)
      }
    default: []
    }
  }

  private static func plain(_ text: String) -> String {
    let word = text.trimmingXMLSpace()
    let number = word == "true" ? "1" : word == "false" ? "0" : word
    return Double(number).map { "\(Float($0))" } ?? word
  }
}
