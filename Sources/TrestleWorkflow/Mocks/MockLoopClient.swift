internal import Synchronization
internal import TrestleCore
internal import TrestleNet

/// Mocks that workflows generate, change and ask about while they run.
///
///     let mocks = MockLoopClient()
///     let mock = try await mocks.generateMockAPI(specURLOrPath: "./data-api.yaml", port: 8001)
///     try await mocks.manageMockData(
///       serverURL: mock.url, endpointPath: "/status", responseData: ["status": "ready"])
///
/// A mock listens when `generateMockAPI` returns, on the loopback interface, until `stop()`.
public actor MockLoopClient {
  /// What holds for all mocks of a client.
  public struct Options: Sendable {
    /// The directory that specifications are found in, where their paths are relative.
    public var directory: String
    /// Whether every mock takes any free port, whatever port is asked for.
    public var usesFreePorts: Bool
    /// Whether a path that a specification lacks is an error rather than a warning.
    public var isStrict: Bool
    /// The protocols that systems may speak.
    public var registry: ProtocolRegistry
    /// By what clock late replies are sent; nil for the system's.
    public var clock: (any Clock<Duration>)?
    /// Where templates get time and chance; nil for the system's.
    var generators: (@Sendable (_ mock: String) -> Generators)?
    /// How many of the latest calls of each mock are kept.
    public var keepsCalls: Int
    /// Told of every call.
    public var observe: (@Sendable (MockEvent) -> Void)?
    /// Told what is odd, a sentence each.
    public var onWarning: (@Sendable (String) -> Void)?

    /// Options for mocks on the ports that are asked for.
    public init(
      directory: String = ".", usesFreePorts: Bool = false, isStrict: Bool = false,
      registry: ProtocolRegistry = .standard, clock: (any Clock<Duration>)? = nil,
      keepsCalls: Int = 10_000
    ) {
      self.directory = directory
      self.usesFreePorts = usesFreePorts
      self.isStrict = isStrict
      self.registry = registry
      self.clock = clock
      self.keepsCalls = keepsCalls
    }
  }

  /// A mock that listens.
  public struct Mock: Sendable {
    /// The name it was generated under.
    public let id: String
    /// What clients call: `http://localhost:8001`, `tcp://127.0.0.1:8103`.
    public let url: String
    /// What a client of its system's protocol calls, its path included.
    public let endpoint: String
    /// The port it listens on.
    public let port: Int
    /// What it stands in for.
    public let system: LegacySystem
  }

  struct Hosted {
    var mock: Mock
    var running: RunningMocks
    /// What the mock is called among the systems.
    var name: String
  }

  /// What holds for all its mocks.
  public nonisolated let options: Options
  private var hosted: [Hosted] = []
  private let observers = Observers()

  private final class Observers: Sendable {
    private let all = Mutex<[@Sendable (MockEvent) -> Void]>([])

    func add(_ observer: @escaping @Sendable (MockEvent) -> Void) {
      all.withLock { $0.append(observer) }
    }

    func tell(_ event: MockEvent) {
      for observer in all.withLock({ $0 }) { observer(event) }
    }
  }

  /// A client without any mocks yet. It needs no network and reads no file.
  public init(options: Options = Options()) {
    self.options = options
  }

  /// The mocks that listen, in the order in which they were generated.
  public var mocks: [Mock] { hosted.map(\.mock) }

  /// Generates a mock of a specification (OpenAPI, Swagger or WSDL) and starts it; one of the same name is stopped
  /// first.
  ///
  /// The specification is a file, relative to the client's directory. The mock's name is the file's without its extension
  /// where none is given, and it listens on any free port where none is.
  ///
  /// - Throws: `WorkflowError` for a file that is not there or is no specification, and a port that is taken.
  @discardableResult
  public func generateMockAPI(
    specURLOrPath: String, outputDirName: String? = nil, port: Int? = nil
  ) async throws(WorkflowError) -> Mock {
    if specURLOrPath.contains("://") {
      throw WorkflowError(
        .notFound, "\(specURLOrPath) is not fetched: specifications are files",
        hint: "save it beside the workflow, and name the file")
    }
    let path = FilePaths.absolute(specURLOrPath, base: FilePaths.absolute(options.directory))
    guard FilePaths.isFile(path) else {
      let names = FilePaths.list(FilePaths.parent(path)) ?? []
      throw WorkflowError(
        .notFound,
        "no such file: \(specURLOrPath)"
          + Suggestion.clause(for: FilePaths.name(path), among: names),
        hint: "paths are relative to \(FilePaths.display(FilePaths.absolute(options.directory)))")
    }
    let id =
      outputDirName ?? FilePaths.name(path).split(separator: ".").first.map(String.init) ?? "api"
    let system = LegacySystem.described(byContract: path, named: id, registry: options.registry)
    return try await host(system, id: id, port: port)
  }

  /// Starts a mock of a system, whatever protocol it speaks; one of the same name is stopped first.
  ///
  /// - Throws: `WorkflowError` for a system that is broken, and a port that is taken.
  @discardableResult
  public func host(
    _ system: LegacySystem, id: String? = nil, port: Int? = nil
  ) async throws(WorkflowError) -> Mock {
    let id = id ?? system.name
    if let place = hosted.firstIndex(where: { $0.mock.id == id }) {
      await hosted.remove(at: place).running.stop()
    }
    var runner = MockRunner.Options()
    runner.usesFreePorts =
      options.usesFreePorts || port == nil && system.definition.mock.port == nil
    if !options.usesFreePorts { runner.port = port }
    runner.keepsCalls = options.keepsCalls
    runner.clock = options.clock
    runner.generators = options.generators?(id)
    runner.observe = { [observers, observe = options.observe] event in
      observe?(event)
      observers.tell(event)
    }
    let running: RunningMocks
    do throws(MockError) {
      running = try await MockRunner([system], directory: nil, options: runner).start()
    } catch {
      throw WorkflowError(
        error.isConfiguration ? .invalid : .conflict, "\(id): \(error.reason)", hint: error.hint)
    }
    let listening = running.mocks[0]
    let scheme = listening.endpoint.prefix { $0 != ":" }
    let isHTTP = scheme.hasPrefix("http")
    let mock = Mock(
      id: id, url: "\(scheme)://\(isHTTP ? "localhost" : listening.host):\(listening.port)",
      endpoint: listening.endpoint, port: listening.port, system: system)
    hosted.append(Hosted(mock: mock, running: running, name: system.name))
    return mock
  }

  /// Has somebody told of every call from now on.
  nonisolated func observe(_ observer: @escaping @Sendable (MockEvent) -> Void) {
    observers.add(observer)
  }

  /// Says what is odd.
  nonisolated func warn(_ text: String) { options.onWarning?(text) }

  /// The mock at an address, or of a name.
  ///
  /// - Throws: `WorkflowError` of kind `notFound`.
  func mock(at serverURL: String) throws(WorkflowError) -> Hosted {
    if let hosted = hosted.first(where: { $0.mock.id == serverURL }) { return hosted }
    let authority = serverURL.split(separator: "/").dropFirst().first ?? Substring(serverURL)
    let parts = authority.split(separator: ":")
    if let port = parts.last.flatMap({ Int($0) }), parts.count > 1,
      ["localhost", "127.0.0.1", "[::1]"].contains(String(parts[0])),
      let hosted = hosted.first(where: { $0.mock.port == port })
    {
      return hosted
    }
    let known = hosted.map { "\($0.mock.id) at \($0.mock.url)" }
    throw WorkflowError(
      .notFound, "no mock listens at \(serverURL)",
      hint: known.isEmpty ? "generate it first" : "mocks: \(known.joined(separator: ", "))")
  }

  /// Stops all mocks, lets the answers under way finish.
  public func stop() async {
    let all = hosted
    hosted = []
    await withDiscardingTaskGroup { group in
      for mock in all { group.addTask { await mock.running.stop() } }
    }
  }
}
