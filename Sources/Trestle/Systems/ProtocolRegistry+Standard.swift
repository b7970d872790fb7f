internal import TrestleCore
internal import TrestleNet
internal import TrestleREST
internal import TrestleSOAP
internal import TrestleTCP
internal import TrestleXML
internal import TrestleXMLRPC

extension ProtocolRegistry {
  /// SOAP, XML-RPC, custom TCP and REST.
  public static let standard = ProtocolRegistry()
    .registering("soap", keys: AdapterSchema.ownKeys(of: "soap"), makeSOAP)
    .registering("xml_rpc", keys: AdapterSchema.ownKeys(of: "xml_rpc"), makeXMLRPC)
    .registering("custom_tcp", keys: AdapterSchema.ownKeys(of: "custom_tcp"), makeTCP)
    .registering("rest", keys: AdapterSchema.ownKeys(of: "rest"), makeREST)

  private static func makeSOAP(
    _ definition: AdapterDefinition, _ context: LoadContext
  ) throws -> any Codec {
    if let wsdl = definition["wsdl"]?.scalarText {
      return try makeSOAP(from: wsdl, definition, context)
    }
    let open = OpenSOAP(
      version: version(definition) ?? .soap11,
      namespace: definition["namespace"]?.scalarText ?? "",
      isFlat: definition["reply"] == "flat",
      use: definition["use"] == "encoded" ? .encoded : .literal,
      isQualified: definition["form"] == "qualified")
    var codec = SOAPCodec(open: open, name: definition.system, isStrict: definition.isStrict)
    codec.processing = headerProcessing(definition)
    codec.limits = limits(definition)
    return codec
  }

  private static func limits(_ definition: AdapterDefinition) -> XMLLimits {
    definition.messageMegabytes.map { .message(megabytes: $0) } ?? .message
  }

  private static func version(_ definition: AdapterDefinition) -> SOAPVersion? {
    definition["soap_version"]?.scalarText.flatMap { SOAPVersion(rawValue: $0) }
  }

  private static func headerProcessing(_ definition: AdapterDefinition) -> HeaderProcessing {
    func texts(_ key: String) -> [String] {
      definition[key]?.arrayValue?.compactMap(\.scalarText) ?? []
    }
    return HeaderProcessing(
      roles: Set(texts("roles")),
      understood: Set(texts("understands").map { QualifiedName(parsing: $0) }))
  }

  private static func makeSOAP(
    from wsdl: String, _ definition: AdapterDefinition, _ context: LoadContext
  ) throws(LoadError) -> any Codec {
    let path = try context.resolve(wsdl)
    context.takes(path)
    try FilePaths.check(path)
    let definitions = WSDLLoader.load(
      file: path, root: context.root,
      catalog: ContractLock(folder: FilePaths.parent(path))?.catalog)
    let folder = FilePaths.parent(path)
    for document in definitions.documents {
      context.takes(FilePaths.absolute(document.path, base: folder))
    }
    var codec = SOAPCodec(
      definitions, service: definition["service"]?.scalarText, port: definition["port"]?.scalarText,
      isStrict: definition.isStrict)
    codec.processing = headerProcessing(definition)
    codec.limits = limits(definition)
    if let version = version(definition) { codec.preferredVersion = version }
    if codec.contract.operations.isEmpty {
      let errors = (definitions.diagnostics + codec.contract.diagnostics)
        .filter { $0.severity == .error }
      guard let first = errors.first else {
        throw LoadError("the contract has no SOAP operation", hint: "check service and port")
      }
      for error in errors { context.report(error) }
      throw LoadError(first.message, hint: first.hint)
    }
    context.contractEndpoint = definitions.services.lazy.flatMap(\.ports)
      .compactMap(\.address).first { $0.hasPrefix("http") }
    return codec
  }

  private static func makeTCP(
    _ definition: AdapterDefinition, _ context: LoadContext
  ) throws -> any Codec {
    var problems: [ValueProblem] = []
    let files = DefinitionFiles { path in
      do throws(LoadError) {
        context.takes(try context.resolve(path))
        return .success(try context.read(path))
      } catch {
        return .failure(DefinitionFiles.Failure(message: error.message, hint: error.hint))
      }
    }
    let document = try TCPProfile.complete(definition.document)
    TCPProfile.checkTaken(by: definition.document, problems: &problems)
    let codec = TCPCodec.make(
      definition: .object(document), name: definition.system, files: files,
      problems: &problems)
    for problem in problems where !isLeftOver(problem, in: definition) { context.report(problem) }
    if let codec { return codec }
    let first = problems.first { $0.severity == .error }
    throw LoadError(
      first.map { $0.path.isEmpty ? $0.message : "\($0.path): \($0.message)" }
        ?? "the protocol cannot be made of frame, layout and operations", hint: first?.hint)
  }

  /// Whether a warning is of a profile's parameter that the file has put a constant in place of.
  private static func isLeftOver(
    _ problem: ValueProblem, in definition: AdapterDefinition
  ) -> Bool {
    problem.severity == .warning && definition["profile"] != nil
      && problem.path.steps.contains(.member("params"))
      && Value.object(definition.document)[at: problem.path] == nil
  }

  private static func makeREST(
    _ definition: AdapterDefinition, _ context: LoadContext
  ) throws -> any Codec {
    let path = definition.endpoint.flatMap { try? Endpoint(http: $0) }?.target
    guard let file = definition["openapi"]?.scalarText else {
      return RESTCodec(openNamed: definition.system, path: path)
    }
    let description = try OpenAPIFile(context: context).description(file)
    var codec = RESTCodec(description, path: path, isStrict: definition.isStrict)
    codec.checksRequests = definition["validate"]?.boolValue ?? true
    context.contractEndpoint = codec.address
    return codec
  }

  private static func makeXMLRPC(
    _ definition: AdapterDefinition, _ context: LoadContext
  ) -> any Codec {
    if definition["introspect"]?.boolValue == true {
      context.report(
        .error, "a service is asked for its methods once, not at every start", at: "introspect",
        hint: "trestle import \(definition.endpoint ?? "URL") --name NAME"
          + " writes them under methods:")
    }
    var problems: [ValueProblem] = []
    var codec = XMLRPCCodec.make(
      definition: .object(definition.document), name: definition.system, problems: &problems)
    for problem in problems { context.report(problem) }
    if let megabytes = definition.messageMegabytes { codec.maximumMegabytes = megabytes }
    return codec
  }
}
