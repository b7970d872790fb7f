internal import TrestleCore
internal import TrestleNet

/// Attempts, and what follows when they all failed.
extension BridgeCall {
  /// Writes a call and exchanges it, as often as its operation allows; `complete` adds what the call
  /// itself does not hold.
  func deliver(
    _ call: Call, by codec: any Codec, completing complete: (inout WireRequest) -> Void
  ) async throws(BridgeError) -> WireResponse {
    var attempts = 1
    var deadline: Duration?
    let isRead = system.operation(named: operation)?.effects == .read
    let retry = guardian.settings.retry
    let retries = max(delivery.retries, isRead ? retry.times : 0)
    guardian.noteCall()
    while true {
      var request: WireRequest
      try await openFirst(codec, until: deadline)
      do throws(CodecError) {
        // Anew each time: what tells one attempt's reply from another's is in it.
        request = try codec.encode(call)
      } catch {
        throw failure(.encoding, error)
      }
      request.isRepeatable = isRead
      complete(&request)
      do throws(BridgeError) {
        return try await exchange(request, codec: codec, until: deadline)
      } catch {
        guard let cause = error.cause as? TransportError, cause.mayPass else { throw error }
        let pause = retry.pause * (1 << min(attempts - 1, 10))
        if attempts <= retries, !Task.isCancelled, hasTime(for: pause), guardian.takeRetry() {
          attempts += 1
          try? await (options.clock ?? ContinuousClock()).sleep(for: pause)
          deadline = deadlineOfRetry
          continue
        }
        var error = error
        if attempts > 1 { error.reason += "; it was tried \(attempts) times" }
        guard cause.mayHaveBeenSent,
          let next = (codec as? any ConnectionPlanning)?.compensation(of: request, by: call)
        else { throw error }
        compensate(by: next)
        let note = "\(next.operation) follows, as on_timeout says"
        error.hint = error.hint.map { "\($0); \(note)" } ?? note
        throw error
      }
    }
  }

  /// Whether another attempt could still be answered after a pause.
  private func hasTime(for pause: Duration) -> Bool {
    timeLeft(until: deadlineOfRetry) > pause
  }

  /// Makes the call that undoes this one; the caller is not kept waiting for it.
  private func compensate(by call: Call) {
    var options = options
    options.timeout = nil
    let next = BridgeCall(
      system: system, operation: call.operation, options: options, transports: transports)
    let (system, operation, tell) = (system.name, operation, options.onCompensation)
    transports.runToEnd {
      var outcome = Compensation(
        system: system, operation: call.operation, undone: operation, failure: nil)
      do throws(BridgeError) {
        let reply = try await next.run(parameters: .object(call.parameters), headers: [:])
        if let fault = reply.fault {
          outcome.failure = "\(fault.code) \(fault.message)"
        }
      } catch {
        outcome.failure = error.reason
      }
      tell?(outcome)
    }
  }
}

/// What became of the call that followed one without a reply.
public struct Compensation: Sendable, Hashable {
  /// The system that was called.
  public let system: String
  /// The operation that was called.
  public let operation: String
  /// The operation whose reply had not come.
  public let undone: String
  /// Why it failed; nil when the system answered it without a fault.
  public fileprivate(set) var failure: String?
}

extension TransportError {
  /// Whether another attempt may fare better.
  fileprivate var mayPass: Bool {
    switch kind {
    case .timeout, .interrupted, .connect: true
    case .tls, .protocolViolation, .configuration, .circuitOpen, .saturated: false
    }
  }
}
