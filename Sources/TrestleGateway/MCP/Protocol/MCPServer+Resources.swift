internal import Trestle

extension MCPServer {
  private static let json = "application/json"
  private static let wsdl = "text/xml"

  func listResources(
    _ parameters: Record, _ exchange: MCPExchange
  ) throws(MCPError) -> Record {
    var resources: [Record] = []
    for system in catalog(for: exchange.grant).snapshot.workspace.systems {
      resources.append([
        "uri": .string(ResourceAddress.system(system.name).uri), "name": .string(system.name),
        "description":
          "What the \(system.protocolName) system \(system.name) offers: its operations.",
        "mimeType": .string(Self.json),
      ])
      if Self.contract(of: system) != nil {
        resources.append([
          "uri": .string(ResourceAddress.contract(system.name).uri),
          "name": .string(system.name + ".wsdl"),
          "description": "The contract of \(system.name).", "mimeType": .string(Self.wsdl),
        ])
      }
    }
    let page = try Page(resources, after: parameters["cursor"]) { $0["uri"]?.stringValue ?? "" }
    return cacheable(page.record("resources") { .object($0) }, for: .seconds(5))
  }

  func listTemplates(
    _ parameters: Record, _ exchange: MCPExchange
  ) throws(MCPError) -> Record {
    var templates: [Record] = [
      [
        "uriTemplate": "trestle://systems/{system}", "name": "system",
        "description": "What a system offers.", "mimeType": .string(Self.json),
      ],
      [
        "uriTemplate": "trestle://systems/{system}/operations/{operation}", "name": "operation",
        "description": "All of an operation: schemas, faults, an example.",
        "mimeType": .string(Self.json),
      ],
      [
        "uriTemplate": "trestle://systems/{system}/wsdl", "name": "contract",
        "description": "The WSDL of a SOAP system.", "mimeType": .string(Self.wsdl),
      ],
    ]
    if host.steering != nil, exchange.grant.allows(.ofOwnSystems([.admin])) {
      templates.append([
        "uriTemplate": "trestle://calls/{id}", "name": "call",
        "description": "A call that a mock got, with the messages of both sides.",
        "mimeType": .string(Self.json),
      ])
    }
    let page = try Page(templates, after: parameters["cursor"]) { $0["name"]?.stringValue ?? "" }
    return cacheable(page.record("resourceTemplates") { .object($0) }, for: .seconds(60))
  }

  func readResource(
    _ parameters: Record, _ exchange: MCPExchange
  ) async throws(MCPError) -> Record {
    guard case .string(let uri)? = parameters["uri"] else {
      throw .wrongParameters("resources/read names a uri")
    }
    guard let address = ResourceAddress(uri),
      let content = await content(of: address, exchange)
    else { throw .unknownResource(uri, era: exchange.era) }
    var record: Record = ["uri": .string(uri)]
    switch content {
    case .json(let value):
      record["mimeType"] = .string(Self.json)
      record["text"] = .string(JSONWriter.text(value, style: .pretty))
    case .wsdl(let text):
      record["mimeType"] = .string(Self.wsdl)
      record["text"] = .string(text)
    case .bytes(let bytes):
      record["mimeType"] = "application/octet-stream"
      record["blob"] = .string(Base64.encode(bytes))
    }
    return cacheable(["contents": [.object(record)]], for: .zero)
  }

  private enum Content {
    case json(Value)
    case wsdl(String)
    case bytes([UInt8])
  }

  /// What a resource holds; nil where there is none.
  private func content(of address: ResourceAddress, _ exchange: MCPExchange) async -> Content? {
    let catalog = catalog(for: exchange.grant)
    let system = address.system.flatMap { name in
      catalog.snapshot.workspace.systems.first { $0.name == name }
    }
    switch address {
    case .system:
      guard let system else { return nil }
      var record = description(of: system)
      record["operations"] = .array(
        system.contract.operations.map { operation in
          var entry: Record = [
            "operation": .string(operation.name), "effects": .string(operation.effects.rawValue),
          ]
          if let summary = operation.summary { entry["summary"] = .string(summary) }
          return .object(entry)
        })
      return .json(.object(record))
    case .operation(_, let name):
      guard let system, let operation = system.operation(named: name) else { return nil }
      return .json(
        .object(description(of: OperationTool(operation, of: system), in: catalog)))
    case .contract: return system.flatMap(Self.contract(of:)).map { .wsdl($0) }
    case .call(let id):
      guard Int64(id) != nil, host.steering != nil,
        let entry = try? await journalEntry(id, exchange)
      else { return nil }
      return .json(entry)
    case .blob(let uri): return blobs.bytes(at: uri, of: exchange.grant.name).map { .bytes($0) }
    }
  }

  /// The WSDL of a system, as its service hands it out; nil where it has none.
  private static func contract(of system: LegacySystem) -> String? {
    guard let codec = try? system.codec(),
      let document = codec.document(
        for: WireRequest(method: "GET", target: "/?wsdl"),
        at: system.endpoint ?? system.contractEndpoint ?? ""), document.status == 200
    else { return nil }
    return String(validating: document.body, as: UTF8.self)
  }
}
