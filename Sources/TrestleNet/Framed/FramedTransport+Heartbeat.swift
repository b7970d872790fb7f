internal import NIOCore
internal import TrestleCore

extension FramedTransport {
  /// The connection carries calls from now on, and shows that it is alive.
  func beginHeartbeat() {
    guard let plan = options.plan.heartbeat else { return }
    heartbeat = HeartbeatMonitor(plan, at: .now())
    scheduleHeartbeat(in: TimeAmount(plan.every))
  }

  private func scheduleHeartbeat(in delay: TimeAmount) {
    heartbeatTimer?.cancel()
    heartbeatTimer = eventLoop.scheduleTask(in: delay) {
      self.assumeIsolated { $0.heartbeatIsDue() }
    }
  }

  private func heartbeatIsDue() {
    guard let plan = options.plan.heartbeat else { return }
    switch heartbeat?.decide(at: .now()) {
    case .wait(let delay)?: scheduleHeartbeat(in: delay)
    case .giveUp?: giveUp(plan)
    case .send?: send(plan)
    case nil: break
    }
  }

  private func send(_ plan: ConnectionPlan.Heartbeat) {
    scheduleHeartbeat(in: TimeAmount(plan.every))
    guard let number = connection?.number else { return }
    let request: WireRequest, bytes: [UInt8]
    do throws(CodecError) {
      request = try plan.step.request()
      bytes = try framing.requests.frame(request.body)
    } catch {
      return warn("the heartbeat \(plan.step.name) cannot be written: \(error)")
    }
    submit(request, bytes, timeout: plan.timeout, isUrgent: true) { result in
      self.heartbeatEnded(result, on: number, plan)
    }
  }

  private func heartbeatEnded(
    _ result: Result<WireResponse, TransportError>, on number: Int,
    _ plan: ConnectionPlan.Heartbeat
  ) {
    guard connection?.number == number, plan.step.expectsReply else { return }
    switch result {
    case .success(let response):
      do throws(CodecError) {
        _ = try plan.step.fault(response)
        heartbeat?.answered(at: .now())
      } catch {
        warn("the answer to the heartbeat \(plan.step.name) cannot be read: \(error)")
        if heartbeat?.wasGarbled(at: .now()) ?? false { return giveUp(plan) }
      }
      scheduleHeartbeat(in: TimeAmount(plan.every))
    case .failure:
      if heartbeat?.wentUnanswered() ?? false { return giveUp(plan) }
      heartbeatIsDue()
    }
  }

  private func giveUp(_ plan: ConnectionPlan.Heartbeat) {
    connection?.close()
    lost(
      TransportError(
        kind: .interrupted,
        reason:
          "\(endpoint.authority) left \(plan.misses) of \(plan.step.name) unanswered in a row:"
          + " the connection was given up",
        mayHaveBeenSent: true))
  }
}
