package import TrestleCore
internal import TrestleNet

/// One call on its way: look up, check, write, exchange, read.
struct BridgeCall {
  let system: LegacySystem
  let operation: String
  let options: Bridge.Options
  let transports: TransportPool
  private let callID: String
  /// Fields of its HTTP requests beside the protocol's own.
  private let fields: Headers
  /// Runs from the first attempt's beginning.
  private let stopwatch: Stopwatch
  let delivery: Operation.Delivery
  /// The longest that one attempt may take.
  private let attemptTime: Duration
  /// What stands before the system.
  let guardian: SystemGuard

  init(
    system: LegacySystem, operation: String, options: Bridge.Options, transports: TransportPool,
    callID: String? = nil, fields: Headers = Headers()
  ) {
    self.system = system
    self.operation = operation
    self.options = options
    self.transports = transports
    self.callID = callID ?? Self.newID()
    self.fields = fields
    let delivery = system.operation(named: operation)?.delivery ?? Operation.Delivery()
    self.delivery = delivery
    attemptTime = options.timeout ?? delivery.timeout ?? system.timeout
    stopwatch = Stopwatch(options.clock ?? ContinuousClock())
    guardian = transports.guardian(of: system, options)
  }

  /// An identity that no other call has.
  static func newID() -> String {
    String(UInt64.random(in: .min ... .max), radix: 36)
  }

  /// When an attempt that begins now must be done, counted from the call's beginning: an operation's
  /// own limit is for each, that of the bridge's options for the call.
  var deadlineOfRetry: Duration {
    options.timeout == nil ? stopwatch.elapsed + attemptTime : attemptTime
  }

  /// How long it is until a deadline, that of the first attempt where none is given.
  func timeLeft(until deadline: Duration?) -> Duration {
    (deadline ?? attemptTime) - stopwatch.elapsed
  }

  /// Sends a body that somebody wrote, wrapped where the protocol needs it or as it is, and gives the
  /// answer as it came.
  func exchange(body: [UInt8], isWhole: Bool) async throws(BridgeError) -> WireResponse {
    let codec = try lookUp()
    var request: WireRequest
    do throws(CodecError) {
      request = try codec.request(withBody: body, for: Call(operation: operation))
    } catch {
      guard isWhole else { throw failure(.encoding, error) }
      // What cannot even be read is sent all the same: that is what sending it untouched is for.
      request = WireRequest(headers: ["Content-Type": "text/xml; charset=utf-8"], body: body)
    }
    if isWhole { request.body = body }
    return try await exchange(request, codec: codec)
  }

  /// Reads an answer to a body that somebody wrote.
  func reply(from response: WireResponse) throws(BridgeError) -> Reply {
    try reply(from: response, by: lookUp(), answering: Call(operation: operation))
  }

  func run(parameters: Value, headers: Record) async throws(BridgeError) -> Reply {
    let codec = try lookUp()
    let (parameters, own) = system.contract.withoutHeaders(parameters, of: operation)
    let blocks = Record(own.members + headers.members)
    guard system.contract.hasHeaders || blocks.isEmpty else {
      throw failure(
        .validation, "messages of \(system.protocolName) have no headers",
        hint: "leave _headers out")
    }
    guard let session = system.session, session.concerns(operation) else {
      return try await send(parameters, blocks, by: codec)
    }
    return try await run(parameters, blocks, in: session, by: codec)
  }

  /// Writes the call, exchanges it and reads the answer.
  func send(
    _ parameters: Value, _ blocks: Record, by codec: any Codec, path: String? = nil,
    in session: CarriedSession? = nil
  ) async throws(BridgeError) -> Reply {
    let call = Call(
      operation: operation, parameters: try checked(named(parameters, by: codec)), headers: blocks)
    let response = try await deliver(call, by: codec) { request in
      if let path { request.target = path }
      for field in fields.fields { request.headers[field.name] = field.value }
      session?.put(into: &request)
    }
    session?.take(from: response)
    if session != nil, [401, 403].contains(response.status) {
      // Said below the protocol, as no fault can.
      let note = "\(system.name) answered with HTTP \(response.status)"
      guard let reply = try? await read(response, by: codec, answering: call) else {
        throw failure(
          .transport, note,
          cause: TransportError(
            kind: .configuration, reason: note, hint: nil, mayHaveBeenSent: true,
            isAccessRefused: true))
      }
      return reply
    }
    return try await read(response, by: codec, answering: call)
  }

  /// Reads an answer where it was received; a long one on Swift's own threads, since others may wait for the one that it
  /// came on.
  private func read(
    _ response: WireResponse, by codec: any Codec, answering call: Call
  ) async throws(BridgeError) -> Reply {
    guard response.body.count > Self.longBody else {
      return try reply(from: response, by: codec, answering: call)
    }
    let result = try? await awayFromEventLoop { () -> Result<Reply, BridgeError> in
      do throws(BridgeError) {
        return .success(try reply(from: response, by: codec, answering: call))
      } catch {
        return .failure(error)
      }
    }
    guard let result else { return try reply(from: response, by: codec, answering: call) }
    return try result.get()
  }

  /// More bytes than this take a millisecond and more to read.
  private static let longBody = 64 << 10

  private func reply(
    from response: WireResponse, by codec: any Codec, answering call: Call
  ) throws(BridgeError) -> Reply {
    var reply: Reply
    do throws(CodecError) {
      reply = try codec.decode(response, answering: call)
    } catch {
      guard let unmatched = response.unmatched else { throw failure(.decoding, error) }
      reply = .fault(unmatched)
    }
    if let unmatched = response.unmatched, reply.fault?.recognizingUnmatched.isUnmatched != true {
      reply = .fault(unmatched)
    } else if let unmatched = response.unmatched, var fault = reply.fault {
      // In this process nothing is lost that the protocol had no place for.
      fault.detail = unmatched.detail
      reply.outcome = .fault(fault)
    }
    if let fault = reply.fault {
      reply.outcome = .fault(system.faults.classified(fault.recognizingUnmatched))
    }
    if options.isStrict || system.definition.isStrict, let warning = reply.warnings.first {
      throw failure(
        .decoding, warning, hint: "without strict this is a warning, and the reply is taken")
    }
    return reply
  }

  func lookUp() throws(BridgeError) -> any Codec {
    let codec: any Codec
    do throws(LoadError) {
      codec = try system.codec(checkingSchemas: options.checksSchemas)
    } catch {
      let isUnsupported = error.message.hasPrefix("Unsupported protocol")
      throw failure(
        .lookup,
        isUnsupported ? error.message : "\(system.name) cannot be called: \(error.message)",
        hint: error.hint, cause: error)
    }
    let contract = system.contract
    if contract.isOpen || system.operation(named: operation) != nil { return codec }
    let names = contract.operations.map(\.name)
    let broken = system.diagnostics.first { $0.operations.contains(operation) }
    if let broken {
      throw failure(
        .lookup, "\(system.name) cannot offer \(operation): \(broken.message)", hint: broken.hint,
        cause: LoadError(broken.message))
    }
    let listed = names.prefix(6).joined(separator: ", ")
    throw failure(
      .lookup,
      "\(system.name) has no operation \"\(operation)\""
        + Suggestion.clause(for: operation, among: names),
      hint: names.isEmpty
        ? "its contract has none"
        : "operations: \(listed)\(names.count > 6 ? " and \(names.count - 6) more" : "")")
  }

  private func named(_ parameters: Value, by codec: any Codec) -> Value {
    if let codec = codec as? any BodyCodec {
      switch parameters {
      case .object, .null: return parameters
      default: return .object([type(of: codec).bodyKey: parameters])
      }
    }
    guard let codec = codec as? any PositionalCodec else { return parameters }
    switch parameters {
    case .object(let record): return .object(codec.named(record, of: operation))
    // A list alone is all of them by position.
    case .array:
      return .object(codec.named([type(of: codec).positionalKey: parameters], of: operation))
    default: return parameters
    }
  }

  /// The parameters as an object that fits the contract.
  private func checked(_ parameters: Value) throws(BridgeError) -> Record {
    let record: Record
    switch parameters {
    case .object(let given): record = given
    case .null: record = [:]
    default:
      throw failure(
        .validation, "parameters are an object of names and values, found \(parameters.kindName)")
    }
    guard options.checksParameters, let input = system.contract.operation(named: operation)?.input
    else { return record }
    let issues = SchemaValidator.issues(in: .object(record), against: input)
    guard let first = issues.first else { return record }
    var error = failure(.validation, first.reason, hint: first.hint)
    error.path = first.path.isEmpty ? nil : first.path
    error.cause = ContractViolation(issues: issues)
    if issues.count > 1 {
      let others = issues.dropFirst().prefix(9).map(\.description)
      error.hint = ([error.hint].compactMap(\.self) + others).joined(separator: "\n  ")
    }
    throw error
  }

  /// Opens a connection before a request is written whose numbers begin anew with each.
  func openFirst(
    _ codec: any Codec, until deadline: Duration?
  ) async throws(BridgeError) {
    guard let codec = codec as? any ConnectionPlanning, codec.numbersRequests else { return }
    do throws(TransportError) {
      try await (try transport(codec).unclocked as? FramedPool)?.open(
        timeout: timeLeft(until: deadline))
    } catch {
      throw failure(
        error.kind == .timeout ? .timeout : .transport, error.reason, hint: error.hint,
        cause: error)
    }
  }

  private func transport(_ codec: any Codec) throws(TransportError) -> any Transport {
    try TransportMaker(
      system: system, codec: codec, options: options, directory: transports.directory
    ).transport(from: transports)
  }

  func exchange(
    _ request: WireRequest, codec: any Codec, until deadline: Duration? = nil
  ) async throws(BridgeError) -> WireResponse {
    do throws(TransportError) {
      let transport = try transport(codec)
      let left = timeLeft(until: deadline)
      guard left > .zero else {
        throw TransportError(
          kind: .timeout, reason: "the time was up before the call was sent",
          hint: "the login before it took all of it: allow more with timeout")
      }
      return try await guardian.pass(within: left) { waited async throws(TransportError) in
        let left = waited ? timeLeft(until: deadline) : left
        guard left > .zero else {
          throw TransportError(
            kind: .timeout, reason: "the time was up before the call's turn",
            hint: "allow more with timeout, or more at once with limits: { concurrent: N }")
        }
        return try await transport.exchange(request, timeout: left)
      }
    } catch {
      throw failure(
        error.kind == .timeout ? .timeout : .transport, error.reason, hint: error.hint,
        cause: error)
    }
  }

  func failure(
    _ stage: BridgeError.Stage, _ reason: String, hint: String? = nil, cause: (any Error)? = nil
  ) -> BridgeError {
    BridgeError(
      stage: stage, system: system.name, operation: operation, reason: reason, hint: hint,
      cause: cause, callID: callID)
  }

  func failure(_ stage: BridgeError.Stage, _ error: CodecError) -> BridgeError {
    var place = ""
    if let line = error.line {
      place = " (line \(line)\(error.column.map { ", column \($0)" } ?? ""))"
    }
    if error.line == nil, let offset = error.offset { place = " (byte \(offset))" }
    return BridgeError(
      stage: stage, system: system.name, operation: operation,
      path: error.path.isEmpty ? nil : error.path, reason: error.reason + place, hint: error.hint,
      cause: error, callID: callID)
  }
}

/// Parameters that break a contract: every place where they do.
package struct ContractViolation: Error {
  package var issues: [ValidationIssue]
}

extension Contract {
  /// The parameters without `_headers`, the member that carries header blocks where a call has only
  /// parameters to say them in, and what it carries; a contract's own member of that name stays what it is.
  package func withoutHeaders(
    _ parameters: Value, of operation: String
  ) -> (parameters: Value, headers: Record) {
    guard case .object(var record) = parameters, case .object(let headers)? = record["_headers"]
    else { return (parameters, [:]) }
    if case .object(let schema)? = self.operation(named: operation)?.input.resolved.shape,
      schema.member(named: "_headers") != nil
    {
      return (parameters, [:])
    }
    record["_headers"] = nil
    return (.object(record), headers)
  }
}

extension Transport {
  /// The transport under one that only keeps time.
  fileprivate var unclocked: any Transport { (self as? ClockedTransport)?.transport ?? self }
}
