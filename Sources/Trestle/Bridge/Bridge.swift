internal import TrestleCore
package import TrestleNet

/// Calls legacy systems, whatever protocol each of them speaks.
///
///     let bridge = try await Bridge(workspace: ".")
///     let history = try await bridge.callLegacySystem(
///       "credit-scoring", operation: "GetScoreHistory", parameters: ["applicantId": "A-1001"])
public struct Bridge: Sendable {
  /// What differs from what the adapter files say.
  public struct Options: Sendable {
    /// Where systems are, by their names, in place of their own endpoints.
    public var endpoints: [String: String]
    /// The longest a call may take, in place of the systems' own limits.
    public var timeout: Duration?
    /// Whether calls are answered by the systems' mocks in this process, without a socket.
    public var usesMocks: Bool
    /// Whether parameters are held against the contract before anything is sent.
    public var checksParameters: Bool
    /// Whether warnings about a reply are errors.
    public var isStrict: Bool
    /// Whether requests and replies are held, as bytes, against the contract's own schemas, where the
    /// protocol has such (SOAP).
    public var checksSchemas: Bool
    /// HTTP header fields for every request.
    public var headers: Headers

    /// By what clock calls are given up; tests put a `ManualClock` in. Nil for the system's.
    public var clock: (any Clock<Duration>)?

    package var credentials: HTTPCredentials?
    package var tls: TLSFiles?
    /// Told what became of calls that followed others without a reply (`on_timeout`).
    public var onCompensation: (@Sendable (Compensation) -> Void)?
    /// Told of what systems send by themselves, by the system's name (`conversation: unsolicited`).
    public var onUnsolicited: (@Sendable (String, Call) -> Void)?
    /// Told, by the system's name, what goes wrong on a connection beside calls: a greeting that is not the
    /// declared one, an answer to what the peer sent that cannot be written. Once each.
    public var onWarning: (@Sendable (String, String) -> Void)?
    /// Sees every exchange as bytes.
    package var observer: WireObserver?

    /// Options that leave everything as the adapter files say.
    public init(
      endpoints: [String: String] = [:], timeout: Duration? = nil, usesMocks: Bool = false,
      checksParameters: Bool = true, isStrict: Bool = false, checksSchemas: Bool = false,
      headers: Headers = [:]
    ) {
      self.endpoints = endpoints
      self.timeout = timeout
      self.usesMocks = usesMocks
      self.checksParameters = checksParameters
      self.isStrict = isStrict
      self.checksSchemas = checksSchemas
      self.headers = headers
    }
  }

  /// The systems it calls.
  public let workspace: Workspace
  /// What differs from what the adapter files say.
  public let options: Options
  let transports: TransportPool

  /// Calls the systems of a workspace.
  public init(_ workspace: Workspace, options: Options = Options()) {
    self.workspace = workspace
    self.options = options
    transports = TransportPool(directory: workspace.directory)
  }

  /// Calls the systems of a workspace's directory.
  ///
  /// - Throws: `LoadError` when the directory cannot be read.
  public init(
    workspace directory: String, registry: ProtocolRegistry = .standard,
    options: Options = Options()
  ) async throws(LoadError) {
    self.init(try Workspace.load(directory: directory, registry: registry), options: options)
  }

  /// Calls an operation of a legacy system and gives its result.
  ///
  /// - Throws: `BridgeError`, which says how far the call got; a fault of the peer is one too.
  public func callLegacySystem(
    _ system: String, operation: String, parameters: Value = [:]
  ) async throws(BridgeError) -> Value {
    let system = try workspace.system(named: system)
    let reply = try await call(system, operation: operation, parameters: parameters)
    switch reply.outcome {
    case .value(let value): return value
    case .fault(let fault): throw BridgeError(fault, system: system, operation: operation)
    }
  }

  /// Calls an operation of a legacy system and gives all it answers: value or fault, headers, and
  /// what a lenient reading let pass.
  ///
  /// - Throws: `BridgeError` when there is no answer; a fault of the peer is an answer.
  public func call(
    _ system: String, operation: String, parameters: Value = [:], headers: Record = [:]
  ) async throws(BridgeError) -> Reply {
    try await call(
      try workspace.system(named: system), operation: operation, parameters: parameters,
      headers: headers)
  }

  /// Calls an operation of a system that need not be of the workspace.
  ///
  /// - Throws: `BridgeError` when there is no answer; a fault of the peer is an answer.
  public func call(
    _ system: LegacySystem, operation: String, parameters: Value = [:], headers: Record = [:]
  ) async throws(BridgeError) -> Reply {
    try await BridgeCall(
      system: system, operation: operation, options: options, transports: transports
    ).run(parameters: parameters, headers: headers)
  }

  /// Sends XML that somebody wrote as an operation's request, and reads what comes back.
  ///
  /// - Throws: `BridgeError` when there is no answer; a fault of the peer is an answer.
  package func call(
    _ system: LegacySystem, operation: String, xml: [UInt8]
  ) async throws(BridgeError) -> Reply {
    let call = BridgeCall(
      system: system, operation: operation, options: options, transports: transports)
    return try call.reply(from: try await call.exchange(body: xml, isWhole: false))
  }

  /// Sends bytes as an operation's request, untouched, and gives the answer untouched.
  ///
  /// - Throws: `BridgeError` when there is no answer.
  package func exchange(
    _ system: LegacySystem, operation: String, raw: [UInt8]
  ) async throws(BridgeError) -> WireResponse {
    try await BridgeCall(
      system: system, operation: operation, options: options, transports: transports
    ).exchange(body: raw, isWhole: true)
  }

  /// Closes every connection; calls under way fail.
  public func shutdown() async { await transports.shutdown() }
}

/// Gives a bridge to a body, and closes its connections after it.
///
/// - Throws: what the body throws.
public func withBridge<Result, Failure: Error>(
  _ workspace: Workspace, options: Bridge.Options = Bridge.Options(),
  _ body: (Bridge) async throws(Failure) -> Result
) async throws(Failure) -> Result {
  let bridge = Bridge(workspace, options: options)
  do throws(Failure) {
    let result = try await body(bridge)
    await bridge.shutdown()
    return result
  } catch {
    await bridge.shutdown()
    throw error
  }
}
