internal import Synchronization
internal import TrestleCore

/// The session of one system: logged in once for all calls that wait for it, and again when it is over.
final class SessionKeeper: Sendable {
  /// A login that is under way or done.
  struct Login: Sendable {
    fileprivate let number: Int
    fileprivate let task: Task<Value, any Error>
  }

  private struct State: Sendable {
    var login: Login?
    var count = 0
    var cookies = Cookies()
    var logOut: (@Sendable (Value) async -> Void)?
  }

  private let state = Mutex(State())

  /// The token, and the login it is of. The first to ask logs in, and all others wait for it.
  func token(
    logIn: @escaping @Sendable () async throws(BridgeError) -> Value
  ) async throws(BridgeError) -> (Value, Login) {
    let login = state.withLock { state in
      if let login = state.login { return login }
      state.count += 1
      let login = Login(number: state.count, task: Task { try await logIn() })
      state.login = login
      return login
    }
    do {
      return (try await login.task.value, login)
    } catch {
      // The next call tries again.
      end(login)
      throw error as? BridgeError
        ?? BridgeError(stage: .transport, system: "", reason: "the login was cancelled")
    }
  }

  /// Says that a login's token is no longer good; a newer one stays.
  func end(_ login: Login) {
    state.withLock { state in
      guard state.login?.number == login.number else { return }
      state.login = nil
      state.cookies = Cookies()
    }
  }

  /// What ends the session at the peer, when the bridge closes.
  func atEnd(_ logOut: @escaping @Sendable (Value) async -> Void) {
    state.withLock { $0.logOut = logOut }
  }

  /// Ends the session at the peer, if there is one.
  func close() async {
    let (login, logOut) = state.withLock { state in
      defer { (state.login, state.logOut) = (nil, nil) }
      return (state.login, state.logOut)
    }
    guard let login else { return }
    guard let logOut else { return login.task.cancel() }
    if let token = try? await login.task.value { await logOut(token) }
  }

  // MARK: - Cookies

  /// The `Cookie` field for the next request; nil without cookies.
  var cookieField: String? { state.withLock { $0.cookies.field } }

  /// Takes up what a response sets that is of a login; nil is the one under way.
  func keepCookies(of headers: Headers, during login: Login?) {
    state.withLock { state in
      if let login, state.login?.number != login.number { return }
      state.cookies.keep(headers)
    }
  }
}
