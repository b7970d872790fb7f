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
          in: (keeper, session.field(token)))
        // Once: a session that is over as soon as it begins is not mended by another.
        guard !isSecond, let fault = reply.fault, session.isOver(fault) else { return reply }
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
      login.parameters, [:], by: call.lookUp(), path: login.path, in: (keeper, nil))
    if let fault = reply.fault {
      var error = BridgeError(fault, system: system, operation: login.operation)
      error.hint = "it is the session's login: see session: in \(system.file)"
      throw error
    }
    let token = (reply.value ?? .null)[at: session.token] ?? .null
    if case .cookie = session.place {
      // A mock in this process sets none, and asks for none.
      guard keeper.cookieField != nil || options.usesMocks else {
        throw call.failure(.decoding, "the login set no cookie, which session: send says it does")
      }
    } else if !Optional(token).isTrue {
      throw call.failure(
        .decoding,
        "the login gave no token: it answered \(String("\(reply.value ?? .null)".prefix(60)))",
        hint: "the credentials may be wrong, or token: in session: names another place")
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

  private func leave(
    _ session: SessionDefinition, _ token: Value, _ keeper: SessionKeeper
  ) async throws(BridgeError) -> Reply {
    try await send(
      placed(token, in: .emptyObject, session), [:], by: lookUp(),
      in: (keeper, session.field(token)))
  }
}
