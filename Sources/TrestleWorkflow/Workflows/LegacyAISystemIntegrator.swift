internal import TrestleCore

/// Registers legacy systems with an adapter and a mock each, and calls them all the same way.
///
///     let integrator = LegacyAISystemIntegrator()
///     try await integrator.registerLegacySystem(
///       "scoring", config: ["protocol_adapter": ["type": "soap", "port": 8101, "responses": […]]])
///     let score = try await integrator.callLegacySystem(
///       "scoring", operation: "Score", parameters: ["id": 7])
public actor LegacyAISystemIntegrator {
  /// An adapter: the protocol, where its mock is, and what it was made of.
  public struct ProtocolAdapter: Sendable {
    /// `soap`, `xml_rpc`, `custom_tcp` or `rest`.
    public let type: String
    /// Where its mock is: `http://localhost:8101`.
    public let url: String
    /// What it was made of.
    public let config: Value
    /// The system, its codec and contract.
    public let system: LegacySystem
    let endpoint: String
  }

  /// The mocks of the systems.
  public nonisolated let mockLoop: MockLoopClient
  /// By the system's name.
  public private(set) var protocolAdapters: [String: ProtocolAdapter] = [:]
  /// What each system was registered with.
  public private(set) var legacySystems: [String: Value] = [:]
  private var bridge = Bridge(Workspace.of([]))

  /// An integrator without systems.
  public init(mocks: MockLoopClient = MockLoopClient()) {
    mockLoop = mocks
  }

  /// Registers a system: `{protocol_adapter: {type, port, responses}}`, with whatever else an adapter file may have. Its
  /// mock listens when this returns.
  ///
  /// - Throws: `WorkflowError`, "Unsupported protocol: X" among others.
  public func registerLegacySystem(_ name: String, config: Value) async throws(WorkflowError) {
    legacySystems[name] = config
    guard let adapter = config["protocol_adapter"] else {
      throw WorkflowError(
        .invalid, "\(name) lacks \"protocol_adapter\"",
        hint: "like {protocol_adapter: {type: soap, port: 8101}}")
    }
    try await createProtocolAdapter(name, config: adapter)
  }

  /// Makes a system's adapter and starts its mock, named `SYSTEM_soap_adapter` and the like.
  ///
  /// - Throws: `WorkflowError`, "Unsupported protocol: X" among others.
  public func createProtocolAdapter(_ name: String, config: Value) async throws(WorkflowError) {
    let type = config["type"]?.scalarText ?? ""
    let known = mockLoop.options.registry.names
    guard known.contains(type) else {
      throw WorkflowError(
        .unsupported, "Unsupported protocol: \(type)" + Suggestion.clause(for: type, among: known),
        hint: "known protocols: \(known.joined(separator: ", "))")
    }
    let directory = FilePaths.absolute(mockLoop.options.directory)
    let systems = LegacySystem.described(
      in: [name: ["protocol_adapter": config]], at: ValuePath(),
      of: DataFile(.emptyObject, directory: directory), root: directory,
      registry: mockLoop.options.registry)
    guard let system = systems.first else { return }
    let errors = system.diagnostics.filter { $0.severity == .error }
    guard errors.isEmpty else {
      throw WorkflowError(.invalid, "\(name) cannot be used", diagnostics: errors)
    }
    let kind = type.filter { $0 != "_" }
    let mock = try await mockLoop.host(
      system, id: "\(name)_\(kind)_adapter",
      port: config["port"]?.integerValue.flatMap { Int(exactly: $0) })
    protocolAdapters[name] = ProtocolAdapter(
      type: type, url: mock.url, config: config, system: system, endpoint: mock.endpoint)
    let before = bridge
    let adapters = protocolAdapters
    bridge = Bridge(
      Workspace.of(adapters.values.map(\.system).sorted { $0.name < $1.name }),
      options: Bridge.Options(endpoints: adapters.mapValues(\.endpoint)))
    await before.shutdown()
  }

  /// Calls an operation of a system and gives its result, whatever protocol it speaks.
  ///
  /// - Throws: `WorkflowError`: "No adapter for system: X"; "SOAP call failed: …" and the like for a fault, with the
  ///   fault's code and words, and for a call without an answer.
  public func callLegacySystem(
    _ system: String, operation: String, parameters: Value = [:]
  ) async throws(WorkflowError) -> Value {
    guard let adapter = protocolAdapters[system] else {
      throw WorkflowHost.noAdapter(for: system, among: protocolAdapters.values.map(\.system))
    }
    do throws(BridgeError) {
      return try await bridge.callLegacySystem(system, operation: operation, parameters: parameters)
    } catch {
      throw Self.failure(error, of: adapter)
    }
  }

  private static func failure(_ error: BridgeError, of adapter: ProtocolAdapter) -> WorkflowError {
    let words = ["soap": "SOAP", "xml_rpc": "XML-RPC", "custom_tcp": "TCP", "rest": "REST"]
    let word = words[adapter.type] ?? adapter.type
    var reason = error.reason
    if let fault = error.fault { reason = "\(fault.code): \(fault.message)" }
    let kind: WorkflowError.Kind =
      switch error.stage {
      case .lookup: .notFound
      case .validation, .encoding: .invalid
      case .transport, .timeout: .unreachable
      case .decoding, .fault: .failed
      }
    return WorkflowError(kind, "\(word) call failed: \(reason)", hint: error.hint)
  }

  /// Stops the mocks and closes all connections.
  public func stop() async {
    await bridge.shutdown()
    await mockLoop.stop()
  }
}
