internal import Trestle
internal import TrestleCore

/// The calls of one `trestle call`, and what is shown of them.
struct CallRun {
  let system: LegacySystem
  let operation: Operation
  let bridge: Bridge
  let session: Session
  let validatesReply: Bool

  /// What is sent.
  enum Request {
    case parameters(Value)
    /// XML that somebody wrote, in whatever the protocol puts around it.
    case xml([UInt8])
    /// Bytes that are neither read nor changed.
    case raw([UInt8])
  }

  func run(_ request: Request, times: Int, atOnce: Int = 1) async throws(CommandFailure) {
    guard times > 1 else { return try await call(request) }
    var durations: [Duration] = []
    var failures: [CommandFailure] = []
    await withTaskGroup(of: (Duration, CommandFailure?).self) { group in
      var left = times
      func begin() {
        left -= 1
        group.addTask { await timed(request) }
      }
      for _ in 0..<min(atOnce, times) { begin() }
      while let (duration, failure) = await group.next() {
        durations.append(duration)
        if let failure {
          if failures.isEmpty, failure.isAnswer { session.show(failure) }
          failures.append(failure)
          // A refused connection stays refused; a fault is an answer, and the next may differ.
          if !failure.isAnswer { left = 0 }
        }
        if left > 0 { begin() }
      }
    }
    if let failure = failures.first(where: { !$0.isAnswer }) { throw failure }
    session.note(Self.summary(durations, failures: failures.count))
    if let failure = failures.first { throw .silent(failure.code) }
  }

  /// Makes one call; says how long it took, and how it failed.
  private func timed(_ request: Request) async -> (Duration, CommandFailure?) {
    let clock = ContinuousClock()
    let start = clock.now
    var failure: CommandFailure?
    do throws(CommandFailure) {
      try await call(request)
    } catch {
      failure = error
    }
    return (start.duration(to: clock.now), failure)
  }

  private func call(_ request: Request) async throws(CommandFailure) {
    if case .raw(let raw) = request { return try await exchange(raw) }
    let reply: Reply
    do throws(BridgeError) {
      switch request {
      case .parameters(let parameters):
        reply = try await bridge.call(system, operation: operation.name, parameters: parameters)
      case .xml(let xml), .raw(let xml):
        reply = try await bridge.call(system, operation: operation.name, xml: xml)
      }
    } catch {
      throw failure(error)
    }
    for warning in reply.warnings { session.warn(warning) }
    if !reply.headers.isEmpty {
      session.note("headers: " + JSONWriter.text(.object(reply.headers)))
    }
    switch reply.outcome {
    case .fault(let fault):
      throw CommandFailure(fault, of: system, operation: operation.name)
    case .value(let value):
      if validatesReply { try check(value) }
      if operation.isOneWay {
        session.note("sent; \(operation.name) has no reply")
      } else {
        session.print(value)
      }
    }
  }

  private func exchange(_ raw: [UInt8]) async throws(CommandFailure) {
    let response: WireResponse
    do throws(BridgeError) {
      response = try await bridge.exchange(system, operation: operation.name, raw: raw)
    } catch {
      throw failure(error)
    }
    session.print(bytes: response.body)
    if response.status >= 400 {
      throw CommandFailure(.fault, "\(system.name) answered with HTTP \(response.status)")
    }
  }

  /// What is told of a call that failed: where nobody answers but a mock of the system runs elsewhere, that too.
  private func failure(_ error: BridgeError) -> CommandFailure {
    var failure = CommandFailure(error)
    guard error.stage == .transport,
      let mock = RunningList.all(in: session.directory).flatMap(\.mocks)
        .first(where: { $0.system == system.name })
    else { return failure }
    // The one that was called is no other place.
    let authority = mock.endpoint.split(separator: "/").dropFirst().first.map(String.init) ?? ""
    if !authority.isEmpty, !failure.message.contains(authority) {
      failure.hints.append("its mock runs at another place: --endpoint \(mock.endpoint)")
    }
    return failure
  }

  private func check(_ value: Value) throws(CommandFailure) {
    let issues = SchemaValidator.issues(in: value, against: operation.output)
    guard let first = issues.first else { return }
    session.print(value)
    var failure = CommandFailure(
      .reply, "\(system.name) \(operation.name): the reply breaks the contract: \(Self.text(first))"
    )
    failure.hints = issues.dropFirst().prefix(8).map(Self.text)
    if issues.count > 9 { failure.hints.append("and \(issues.count - 9) more") }
    throw failure
  }

  private static func text(_ issue: ValidationIssue) -> String {
    issue.path.isEmpty ? issue.reason : "\(issue.path) \(issue.reason)"
  }

  static func summary(_ durations: [Duration], failures: Int) -> String {
    let sorted = durations.sorted()
    func share(_ percent: Int) -> String {
      sorted[min(sorted.count - 1, sorted.count * percent / 100)].milliseconds
    }
    let mean = sorted.reduce(.zero, +) / sorted.count
    return "\(durations.count) calls, \(failures) faults: mean \(mean.milliseconds),"
      + " median \(share(50)), 95% \(share(95)), longest \(share(100))"
  }
}

extension CommandFailure {
  /// Whether the system answered, if with a fault.
  fileprivate var isAnswer: Bool { code == .fault || code == .unmatched }
}
