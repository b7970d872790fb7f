internal import NIOCore
internal import TrestleCore

extension FramedTransport {
  /// The channel is there: greeting and logon come before any call.
  func beginOpening() {
    options.plan.willOpen()
    opening = ConnectionOpening(greetings: options.plan.greetings)
    continueOpening()
  }

  /// Takes what a connection that is still opening received.
  func continueOpening(with response: WireResponse) {
    guard var opening else { return }
    if opening.greetingsLeft > 0 {
      if let mistake = options.plan.mistakeInGreeting?(response) {
        warn("the greeting of \(endpoint.authority) is not the declared one: \(mistake)")
      }
      opening.greeted()
      self.opening = opening
      return continueOpening()
    }
    let steps = options.plan.opening
    guard opening.awaited != nil, opening.position < steps.count,
      opening.isAnswered(by: correlation.responseKey(response))
    else { return }
    let step = steps[opening.position]
    do throws(CodecError) {
      if let fault = try step.fault(response) {
        return refuse(
          "\(endpoint.authority) refused \(step.name): \(fault.code)"
            + (fault.message.isEmpty ? "" : " \(fault.message)"), isFault: true)
      }
    } catch {
      return refuse(
        "\(endpoint.authority) answered \(step.name) with what cannot be read: \(error)")
    }
    opening.advance()
    self.opening = opening
    continueOpening()
  }

  private func continueOpening() {
    guard var opening, opening.greetingsLeft <= 0 else { return }
    let steps = options.plan.opening
    while opening.position < steps.count {
      let step = steps[opening.position]
      guard let request = write(step) else { return }
      if step.expectsReply {
        opening.awaitReply(to: step, key: correlation.requestKey(request))
        self.opening = opening
        return
      }
      opening.advance()
    }
    self.opening = nil
    openingTimer?.cancel()
    beginHeartbeat()
    perform(session.opened())
  }

  /// Writes a step's request; nil when it cannot be written, which ends the connection.
  private func write(_ step: ConnectionPlan.Step) -> WireRequest? {
    do throws(CodecError) {
      let request = try step.request()
      connection?.send(try framing.requests.frame(request.body), isLast: false)
      connection?.flush()
      return request
    } catch {
      refuse("\(step.name) cannot be written: \(error)")
      return nil
    }
  }

  private func refuse(_ reason: String, isFault: Bool = false) {
    connection?.close()
    lost(
      TransportError(
        kind: isFault ? .connect : .protocolViolation, reason: reason,
        hint: "see conversation.session.on_connect", mayHaveBeenSent: false),
      isRefusal: true)
  }

  /// Waits until the connection carries calls.
  ///
  /// - Throws: `TransportError` when none comes about in the time.
  func open(timeout: Duration) async throws(TransportError) {
    guard !session.isOpen else { return }
    // A request without bytes and without a reply waits for a connection like any other.
    var nothing = WireRequest()
    nothing.isOneWay = true
    let result = await withCheckedContinuation { continuation in
      submit(nothing, [], timeout: timeout) { continuation.resume(returning: $0) }
    }
    _ = try result.get()
  }

  // MARK: Closing in order

  private static let logOffTime = Duration.seconds(2)

  /// Makes the closing steps on an open connection, as far as the peer goes along.
  func logOff() async {
    guard session.isOpen else { return }
    for step in options.plan.closing {
      guard let request = try? step.request(),
        let bytes = try? framing.requests.frame(request.body)
      else { return }
      let isAnswered = await withCheckedContinuation { continuation in
        submit(request, bytes, timeout: Self.logOffTime) { result in
          continuation.resume(returning: (try? result.get()) != nil)
        }
      }
      guard isAnswered else { return }
    }
  }

  // MARK: What the peer sends by itself

  /// Takes a message that answers nothing; false for any other.
  func takeUnsolicited(_ response: WireResponse) -> Bool {
    guard let unsolicited = options.plan.unsolicited?(response) else { return false }
    heartbeat?.heard(at: .now())
    options.onUnsolicited?(unsolicited.call)
    options.observer?(.unsolicited(response, from: endpoint, operation: unsolicited.call.operation))
    do throws(CodecError) {
      if let failure = unsolicited.failure { throw failure }
      guard let answer = unsolicited.answer else { return true }
      connection?.send(try framing.requests.frame(answer.body), isLast: false)
      connection?.flush()
      heartbeat?.sent(at: .now())
    } catch {
      warn("the answer to \(unsolicited.call.operation) cannot be written: \(error)")
    }
    return true
  }

  /// Tells of what went wrong, once: the peer may make it happen as often as it likes.
  func warn(_ text: String) {
    guard warned.count < Self.warningsKept, warned.insert(text).inserted else { return }
    options.onWarning?(text)
  }

  private static let warningsKept = 100
}
