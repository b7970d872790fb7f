package import TrestleCore
internal import TrestleMock
internal import TrestleNet
internal import TrestleStore

/// Starts the mocks of legacy systems on sockets.
public struct MockRunner: Sendable {
  /// How mocks are started.
  public struct Options: Sendable {
    /// The address to listen on, in place of the systems' own (127.0.0.1 where they say nothing).
    public var host: String?
    /// The port to listen on, in place of the system's own; for one system.
    public var port: Int?
    /// Whether every mock takes any free port.
    public var usesFreePorts: Bool
    /// Whether a request that breaks the contract is answered with a fault that says where.
    public var checksRequests: Bool
    /// Whether `.trestle/run.json` in the workspace tells where the mocks are while they run.
    public var writesRunFile: Bool
    /// Whether that file is written by `RunningMocks.tell(adminAt:token:)`, once it is known where mocks are
    /// steered, and not before.
    package var writesRunFileLater = false
    /// How calls are kept in `.trestle/journal.sqlite` of the workspace.
    public var journal: JournalChoice
    /// How many of the latest calls are kept in memory, for `RunningMocks.calls` and `verify` where no journal
    /// keeps them.
    public var keepsCalls = 0
    /// By what clock late replies are sent; tests put a `ManualClock` in. Nil for the system's.
    public var clock: (any Clock<Duration>)?
    /// Where templates get time and chance, in place of the system's clock and what the files' seeds fix.
    package var generators: Generators?
    /// Told of every call; must return quickly.
    public var observe: (@Sendable (MockEvent) -> Void)?
    /// Told, by the system's name, what a mock had to forget for want of room: a scope, a key of a store.
    public var onNotice: (@Sendable (String, String) -> Void)?

    /// Options that leave everything as the adapter files say.
    public init(
      host: String? = nil, port: Int? = nil, usesFreePorts: Bool = false,
      checksRequests: Bool = false, writesRunFile: Bool = false, journal: JournalChoice = .none,
      observe: (@Sendable (MockEvent) -> Void)? = nil
    ) {
      self.host = host
      self.port = port
      self.usesFreePorts = usesFreePorts
      self.checksRequests = checksRequests
      self.writesRunFile = writesRunFile
      self.journal = journal
      self.observe = observe
    }
  }

  /// The systems to mock.
  public let systems: [LegacySystem]
  /// How to start them.
  public let options: Options
  let directory: String?
  /// Whether the systems were asked for by name, so that a broken one is an error.
  private let areNamed: Bool

  /// Mocks the systems of a workspace: all, or the named ones.
  ///
  /// - Throws: `BridgeError` at stage `lookup` for a name the workspace does not have.
  public init(
    _ workspace: Workspace, systems names: [String] = [], options: Options = Options()
  ) throws(BridgeError) {
    var systems: [LegacySystem] = []
    for name in names { systems.append(try workspace.system(named: name)) }
    self.systems = names.isEmpty ? workspace.systems : systems
    directory = workspace.directory
    self.options = options
    areNamed = !names.isEmpty
  }

  /// Mocks systems that need not be of one workspace. The run file goes into `directory`.
  public init(_ systems: [LegacySystem], directory: String? = nil, options: Options = Options()) {
    self.systems = systems
    self.directory = directory
    self.options = options
    areNamed = true
  }

  /// Starts the mocks. Of systems that were not asked for by name, those that are broken are left
  /// out (`RunningMocks.skipped`); when one cannot listen, none does.
  ///
  /// - Throws: `MockError` that names the system, and the port where one is to blame.
  public func start() async throws(MockError) -> RunningMocks {
    guard !systems.isEmpty else {
      throw MockError(
        system: "", reason: "there is no system to mock",
        hint: "trestle init makes a workspace with one of each kind", isConfiguration: true)
    }
    if options.port != nil, systems.count > 1 {
      throw MockError(
        system: "", reason: "one port cannot serve \(systems.count) systems",
        hint: "name one system, or take free ports with --ports auto", isConfiguration: true)
    }
    let journal = try MockJournal(options.journal, of: systems, in: directory)
    let ring = options.keepsCalls > 0 ? CallRing(capacity: options.keepsCalls) : nil
    var started: [MockControl] = []
    var skipped: [RunningMocks.Skipped] = []
    for system in systems {
      do throws(MockError) {
        started.append(try await start(system, journal, ring))
      } catch {
        if error.isConfiguration, !areNamed, systems.count > 1 {
          skipped.append(RunningMocks.Skipped(system: system, reason: error))
          continue
        }
        for other in started { await other.server.shutdown(grace: .zero) }
        await journal.close()
        throw error
      }
    }
    guard !started.isEmpty else {
      await journal.close()
      throw MockError(
        system: "", reason: "none of the \(systems.count) systems can be mocked",
        hint: skipped.first?.reason.description, isConfiguration: true)
    }
    let controls = started
    let servers = controls.map(\.server)
    let runFile = try await writeRunFile(controls.map(\.mock), stopping: servers)
    return RunningMocks(
      controls, skipped: skipped, journal: journal, ring: ring, runFile: runFile
    ) {
      runFile?.remove()
      await withDiscardingTaskGroup { group in
        for server in servers { group.addTask { await server.shutdown(grace: .seconds(2)) } }
      }
      await journal.close()
    }
  }

  private func writeRunFile(
    _ mocks: [RunningMocks.Mock], stopping servers: [RunningServer]
  ) async throws(MockError) -> RunFile? {
    guard options.writesRunFile, let directory else { return nil }
    let file = RunFile(directory: directory)
    do throws(LoadError) {
      if !options.writesRunFileLater { try file.write(mocks) }
      return file
    } catch {
      for server in servers { await server.shutdown(grace: .zero) }
      throw MockError(system: "", reason: error.message, hint: error.hint, isConfiguration: true)
    }
  }

  private func start(
    _ system: LegacySystem, _ journal: MockJournal, _ ring: CallRing?
  ) async throws(MockError) -> MockControl {
    var service: Service
    let engine: StubEngine
    do throws(LoadError) {
      (service, engine) = try system.mock(
        checksRequests: options.checksRequests, clock: options.clock,
        generators: options.generators,
        onNotice: noticing(system), observe: nil)
    } catch {
      throw MockError(
        system: system.name, reason: error.message, hint: error.hint, isConfiguration: true)
    }
    let insight = CallInsight(
      scope: { engine.scopeName(of: $0) }, nearMiss: { engine.missText(of: $0) })
    service.observe = observer(of: system, engine)
    service.recorder =
      journal.lane(for: system, over: service.codec.wire, insight: insight)
      ?? ring?.recorder(for: system.name, insight: insight)
    let policy = ConnectionPolicy(clock: options.clock) { engine.acceptance() }
    let settings = system.definition.mock
    let host = options.host ?? settings.host
    let port = options.port ?? (options.usesFreePorts ? 0 : settings.port ?? 0)
    // What is asked for on the command line goes over the file.
    let asksForPort = options.port != nil || options.usesFreePorts || options.host != nil
    let place: ListeningPlace =
      asksForPort
      ? .port(port, host: host)
      : settings.socket.map { .socket(FilePaths.absolute($0, base: directory ?? ".")) }
        ?? .port(port, host: host)
    do throws(ListenError) {
      let server: RunningServer
      switch service.codec.wire {
      case .http:
        var limits = HTTPServerLimits()
        if let megabytes = system.definition.messageMegabytes {
          limits.bodyBytes = (megabytes << 20) + (64 << 10)
        }
        server =
          system.speaksSCGI
          ? try await SCGIServer(service, limits: limits, policy: policy).start(at: place)
          : try await HTTPServer(service, limits: limits, tls: settings.tls, policy: policy)
            .start(at: place)
      case .framed(let framing, _):
        server = try await FramedServer(
          service, framing: framing, tls: settings.tls, messages: system.scheduledMessages,
          policy: policy
        ).start(host: host, port: port)
      }
      if engine.refusesConnections { await server.refuseConnections() }
      let mock = RunningMocks.Mock(
        system: system, endpoint: endpoint(of: system, service.codec.wire, server),
        host: server.host, port: server.port)
      return MockControl(mock, engine: engine, server: server)
    } catch {
      throw MockError(
        system: system.name, port: port, reason: error.reason,
        hint: error.kind == .portInUse
          ? "stop what listens there, or take free ports with --ports auto" : error.hint)
    }
  }

  private func noticing(_ system: LegacySystem) -> (@Sendable (String) -> Void)? {
    guard let tell = options.onNotice else { return nil }
    let name = system.name
    return { tell(name, $0) }
  }

  private func observer(
    of system: LegacySystem, _ engine: StubEngine
  ) -> (@Sendable (Service.Exchange) -> Void)? {
    guard let observe = options.observe else { return nil }
    let name = system.name
    let mask = system.secretMask
    return { exchange in
      var miss: (@Sendable () -> String?)?
      if exchange.reply?.origin == "sample", let call = exchange.call {
        miss = { engine.missText(of: call) }
      }
      var call = exchange.call
      var reply = exchange.reply
      if let mask {
        if let said = reply { reply?.outcome = mask.masked(said, to: call) }
        call = call.map { call in
          var call = call
          call.parameters = mask.masked(.object(call.parameters)).objectValue ?? [:]
          return call
        }
      }
      observe(
        MockEvent(
          system: name, call: call, reply: reply, error: exchange.error,
          origin: exchange.reply?.origin, peer: exchange.peer, duration: exchange.duration,
          miss: miss))
    }
  }

  /// What a client calls. The mock answers on every path; the live system's is what clients know.
  private func endpoint(
    of system: LegacySystem, _ wire: Wire, _ server: RunningServer
  ) -> String {
    let isAnyAddress = ["0.0.0.0", "::"].contains(server.host)
    let host = isAnyAddress ? "127.0.0.1" : server.host
    let isSCGI = system.speaksSCGI
    if let socket = server.socket {
      let path = PercentEncoding.encoded(socket)
      let target = system.endpoint.flatMap { try? Endpoint(http: $0) }?.target ?? "/"
      return "\(isSCGI ? "scgi" : "http")+unix://\(path)\(target)"
    }
    let authority = "\(host.contains(":") ? "[\(host)]" : host):\(server.port)"
    switch wire {
    case .http:
      let target = system.endpoint.flatMap { try? Endpoint(http: $0) }?.target ?? "/"
      let scheme = isSCGI ? "scgi" : system.definition.mock.tls == nil ? "http" : "https"
      return
        "\(scheme)://\(authority)\(target == "/" ? system.mockPath : target)"
    case .framed:
      return "\(system.definition.mock.tls == nil ? "tcp" : "tls")://\(authority)"
    }
  }
}

extension SecretMask {
  /// What a reply says without the secrets in it, also those of the call that a fault may repeat.
  fileprivate func masked(_ reply: Reply, to call: Call?) -> Reply.Outcome {
    switch reply.outcome {
    case .value(let value): return .value(masked(value))
    case .fault(var fault):
      let known = [.object(call?.parameters ?? [:]), fault.detail]
      fault.message = masked(fault.message, knowing: known)
      fault.detail = masked(fault.detail)
      return .fault(fault)
    }
  }
}

extension LegacySystem {
  /// Whether the live system is spoken to by SCGI: then its mock is too.
  fileprivate var speaksSCGI: Bool {
    endpoint.flatMap { try? Endpoint(http: $0) }?.scheme.isSCGI ?? false
  }
}
