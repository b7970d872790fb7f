internal import Synchronization
internal import Trestle

/// A server of the Model Context Protocol: messages in, messages out, whatever carries them.
///
/// It remembers nothing between requests but what the workspace is; `MCPLineConnection` and `MCPEndpoint` carry
/// its messages over standard input and output and over HTTP.
package final class MCPServer: Sendable {
  /// What it offers.
  package struct Options: Sendable {
    /// Whether what changes something is hidden and refused.
    package var readsOnly = false
    /// Which tools there are.
    package var tools = ToolChoice.auto
    /// What the server says its version is.
    package var version = "0.1.0"

    package init() {}
  }

  let host: any MCPHost
  let options: Options
  let changes = ChangeHub()
  let blobs = BlobShelf()
  /// The tools by the systems that a token is for; under nil those of all.
  private let known = Mutex<[Set<String>?: ToolCatalog]>([:])
  /// How many kinds of tokens have their tools kept.
  private static let mostKnown = 64

  /// Speaks for a host. Nothing is read before a request needs it.
  package init(_ host: any MCPHost, options: Options = Options()) {
    self.host = host
    self.options = options
  }

  /// The tools of the workspace as it is now.
  var catalog: ToolCatalog { catalog(for: .whole) }

  /// The tools of the systems that a grant is for, as if there were no others.
  func catalog(for grant: Grant) -> ToolCatalog {
    var snapshot = host.snapshot()
    if let known = known.withLock({ $0[grant.systems] }),
      known.snapshot.revision == snapshot.revision
    {
      return known
    }
    if grant.systems != nil {
      let workspace = snapshot.workspace
      snapshot.workspace = workspace.with(
        systems: workspace.systems.filter { grant.covers($0.name) })
    }
    let made = ToolCatalog(
      snapshot, choice: options.tools, readsOnly: options.readsOnly,
      hasMocks: host.steering != nil, isLive: host.isLive)
    known.withLock { known in
      guard known[grant.systems].map({ $0.snapshot.revision < snapshot.revision }) ?? true
      else { return }
      if known.count >= Self.mostKnown { known = known.filter { $0.key == nil } }
      known[grant.systems] = made
    }
    return made
  }

  /// What the resources of a system are made of.
  private struct SystemVersion: Hashable {
    var document: Record
    var contractFiles: [String: FileStamp?]

    init(_ system: LegacySystem) {
      document = system.definition.document
      contractFiles = system.contractFiles
    }
  }

  /// Tells clients what a new reading of the workspace has changed.
  package func workspaceChanged() {
    guard let before = known.withLock({ $0[nil] }) else { return }
    let after = catalog
    var change = ChangeHub.Change()
    change.concernsTools = before.tools.map(\.value) != after.tools.map(\.value)
    let systems = { (catalog: ToolCatalog) in
      Dictionary(
        catalog.snapshot.workspace.systems.map { ($0.name, SystemVersion($0)) },
        uniquingKeysWith: { first, _ in first })
    }
    let (old, new) = (systems(before), systems(after))
    change.concernsResources = old.keys.sorted() != new.keys.sorted()
    change.systems = Set(new.keys.filter { old[$0] != nil && old[$0] != new[$0] })
    if change != ChangeHub.Change() { changes.tell(change) }
  }

  /// Ends what waits for changes.
  package func end() { changes.end() }

  // MARK: Requests

  /// The answer to a request: its result, or why there is none.
  func answer(_ message: RPCMessage, in exchange: MCPExchange) async -> MCPAnswer {
    do throws(MCPError) {
      var result = try await result(of: message, in: exchange)
      if exchange.era.isModern {
        result["resultType"] = "complete"
        var meta = result["_meta"]?.objectValue ?? [:]
        meta[MCPMeta.serverInfo] = serverInfo
        result["_meta"] = .object(meta)
      }
      return MCPAnswer(
        message: ["jsonrpc": "2.0", "id": exchange.id.value, "result": .object(result)])
    } catch {
      return MCPAnswer(message: error.response(to: exchange.id), status: error.status)
    }
  }

  /// - Throws: `MCPError` for a modern request that does not say of itself what it has to.
  static func checkMeta(of message: RPCMessage) throws(MCPError) {
    guard case .string(let version)? = message.version else {
      throw .incompleteMeta(
        "params._meta says the revision under \(MCPMeta.protocolVersion), as a text")
    }
    guard version == MCPVersion.modern else { throw .unsupportedVersion(version) }
    guard case .object? = message.meta[MCPMeta.clientCapabilities] else {
      throw .incompleteMeta(
        "params._meta says what the client can do under \(MCPMeta.clientCapabilities), as an object"
      )
    }
  }

  private func result(
    of message: RPCMessage, in exchange: MCPExchange
  ) async throws(MCPError) -> Record {
    let parameters = message.parameters
    switch (message.method, exchange.era.isModern) {
    case ("server/discover", true): return discover()
    case ("initialize", false): return initialize(exchange)
    case ("ping", false): return [:]
    case ("subscriptions/listen", true): return try await listen(parameters, exchange)
    case ("tools/list", _):
      let tools = catalog(for: exchange.grant).tools.filter { exchange.grant.allows($0.demand) }
      let page = try Page(tools, after: parameters["cursor"]) { $0.name }
      return cacheable(page.record("tools") { $0.value }, for: .seconds(5))
    case ("tools/call", _): return try await callTool(parameters, exchange)
    case ("resources/list", _): return try listResources(parameters, exchange)
    case ("resources/templates/list", _): return try listTemplates(parameters, exchange)
    case ("resources/read", _): return try await readResource(parameters, exchange)
    case ("prompts/list", _): return try listPrompts(parameters, exchange)
    case ("prompts/get", _): return try await getPrompt(parameters, exchange)
    case ("completion/complete", _): return try complete(parameters, exchange)
    default: throw .unknownMethod(message.method, era: exchange.era)
    }
  }

  /// A result that clients may keep for a time. Systems and their mocks are nobody else's.
  func cacheable(_ record: Record, for time: Duration) -> Record {
    var record = record
    record["ttlMs"] = .integer(time.components.seconds * 1000)
    record["cacheScope"] = "private"
    return record
  }

  // MARK: What the server is

  private var serverInfo: Value {
    ["name": "trestle", "title": "Trestle", "version": .string(options.version)]
  }

  private func discover() -> Record {
    cacheable(
      [
        "supportedVersions": .array(MCPVersion.all.map { .string($0) }),
        "capabilities": [
          "tools": ["listChanged": true],
          "resources": ["listChanged": true, "subscribe": true], "prompts": [:],
          "completions": [:],
        ], "instructions": .string(instructions),
      ], for: .seconds(60))
  }

  private func initialize(_ exchange: MCPExchange) -> Record {
    guard case .legacy(let version) = exchange.era else { return [:] }
    // Without a connection that lasts there is nothing to tell changes over.
    let changes: Value = .bool(exchange.isPersistent)
    return [
      "protocolVersion": .string(version),
      "capabilities": [
        "tools": ["listChanged": changes], "resources": ["listChanged": changes], "prompts": [:],
        "completions": [:],
      ], "serverInfo": serverInfo, "instructions": .string(instructions),
    ]
  }

  private var instructions: String {
    """
    Legacy systems (SOAP, XML-RPC, custom TCP) as tools. A tool named SYSTEM__OPERATION calls that operation; \
    without one, search_operations finds an operation, describe_operation tells its parameters and \
    call_legacy_system calls it. \(host.destination) Decimals and wide integers are texts, so that no digit is \
    lost; what repeats is an array, also with one item; null is nil, a key left out is absent. A result with \
    isError tells what is wrong, where (a JSON Pointer) and an example that is right: mend the arguments and call \
    again. A fault is the system's own answer.
    """ + (options.readsOnly ? " Operations that change something are refused here." : "")
  }
}
