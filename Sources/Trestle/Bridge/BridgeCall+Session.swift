internal import TrestleCore
internal import TrestleNet

/// Calls of systems that want a login first.
extension BridgeCall {
  /// Makes the call with the session's token, and once more after a new login where the old one is
  /// over.
  func run(
    _ parameters: Value, _ blocks: Record, in session: SessionDefinition, by codec: any Codec
  ) async throws(BridgeError) -> Reply {
    let keeper = transports.session(
      "\(system.name) \(options.usesMocks ? "mock" : options.endpoints[system.name] ?? "")")
    var isSecond = false
    while true {
      let (token, login) = try await keeper.token {
        [self] () async throws(BridgeError) -> Value in
        try await logIn(session, keeper)
      }
      do throws(BridgeError) {
        let reply = try await send(
          placed(token, in: parameters, session), blocks, by: codec,
          in: CarriedSession(session, keeper, token: token, login: login))
        // Once: a session that is over as soon as it begins is not mended by another.
        guard !isSecond, session.login != nil, let fault = reply.fault, session.isOver(fault)
        else { return reply }
      } catch {
        guard !isSecond, session.login != nil,
          (error.cause as? TransportError)?.isAccessRefused == true
        else { throw error }
      }
      keeper.end(login)
      isSecond = true
    }
  }

  private func placed(
    _ token: Value, in parameters: Value, _ session: SessionDefinition
  ) throws(BridgeError) -> Value {
    guard let record = parameters.isNull ? [:] : parameters.objectValue else { return parameters }
    do throws(ExpressionError) {
      let operation = system.contract.operation(named: operation)
      return .object(try session.placing(token, in: record, of: operation))
    } catch {
      throw failure(.validation, "the session's values cannot be made: \(error.reason)")
    }
  }

  /// Logs in, and gives the token.
  private func logIn(
    _ session: SessionDefinition, _ keeper: SessionKeeper
  ) async throws(BridgeError) -> Value {
    guard let login = session.login else { return .null }
    let call = BridgeCall(
      system: system, operation: login.operation, options: options, transports: transports)
    let reply = try await call.send(
      login.parameters, [:], by: call.lookUp(), path: login.path,
      in: CarriedSession(session, keeper))
    if let fault = reply.fault {
      var error = BridgeError(fault, system: system, operation: login.operation)
      error.hint = "it is the session's login: see session: in \(system.file)"
      throw error
    }
    let token = (reply.value ?? .null)[at: session.token] ?? .null
    if case .cookie = session.place {
      // What a login answers beside its cookies is nothing, or what it thinks of the credentials. A mock
      // in this process sets none, and asks for none.
      guard reply.value != .bool(false), session.token.isEmpty || Optional(token).isTrue else {
        throw noToken(from: reply, to: call)
      }
      guard keeper.cookieField != nil || options.usesMocks else {
        throw call.failure(.decoding, "the login set no cookie, which session: send says it does")
      }
    } else if !Optional(token).isTrue {
      throw noToken(from: reply, to: call)
    }
    if let logout = session.logout {
      let (system, options) = (system, options)
      keeper.atEnd { [weak transports] token in
        guard let transports else { return }
        let call = BridgeCall(
          system: system, operation: logout, options: options, transports: transports)
        _ = try? await call.leave(session, token, keeper)
      }
    }
    return token
  }

  /// Says what was answered without showing it: a token may stand in another place than the file says.
  private func noToken(from reply: Reply, to call: BridgeCall) -> BridgeError {
    let answer =
      switch reply.value ?? .null {
      case .object(let record): "an object with \(record.names.prefix(6).joined(separator: ", "))"
      case .array(let items): "a list of \(items.count)"
      case .bool(let flag): "\(flag)"
      case .null: "null"
      case let value: value.kindName
      }
    return call.failure(
      .decoding, "the login gave no token: it answered \(answer)",
      hint: "the credentials may be wrong, or token: in session: names another place")
  }

  private func leave(
    _ session: SessionDefinition, _ token: Value, _ keeper: SessionKeeper
  ) async throws(BridgeError) -> Reply {
    try await send(
      placed(token, in: .emptyObject, session), [:], by: lookUp(),
      in: CarriedSession(session, keeper, token: token))
  }
}

/// What a request carries of a session beside its parameters.
struct CarriedSession {
  private let keeper: SessionKeeper
  private let field: Headers.Field?
  private let carriesCookies: Bool
  /// The login that the request is of; nil for the login itself.
  private let login: SessionKeeper.Login?

  init(
    _ session: SessionDefinition, _ keeper: SessionKeeper, token: Value? = nil,
    login: SessionKeeper.Login? = nil
  ) {
    self.keeper = keeper
    self.login = login
    field = token.flatMap { session.field($0) }
    if case .cookie = session.place { carriesCookies = true } else { carriesCookies = false }
  }

  func put(into request: inout WireRequest) {
    if let field { request.headers[field.name] = field.value }
    if carriesCookies, let cookies = keeper.cookieField { request.headers["Cookie"] = cookies }
  }

  /// Takes up what a response sets. An answer of a session that is over must not spoil the next one.
  func take(from response: WireResponse) {
    if carriesCookies { keeper.keepCookies(of: response.headers, during: login) }
  }
}
