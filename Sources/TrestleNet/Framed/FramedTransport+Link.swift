internal import NIOCore
internal import TrestleCore

/// Calls without a reply over a link, whose end is that the peer has acknowledged them.
extension FramedTransport {
  func sendAcknowledged(_ id: FramedSession.ID, _ bytes: [UInt8]) {
    let written = eventLoop.makePromise(of: Void.self)
    let endpoint = endpoint
    written.futureResult.assumeIsolated().whenComplete { [weak self] result in
      self?.assumeIsolated { transport in
        switch result {
        case .success: transport.end(id, .success(WireResponse()))
        case .failure(let failure as LinkFailure):
          transport.end(id, .failure(TransportError(failure, calling: endpoint)))
        case .failure:
          transport.end(
            id, .failure(.connectionClosed(endpoint.authority, mayHaveBeenSent: true)))
        }
      }
    }
    guard let connection else { return written.fail(ChannelError.ioOnClosedChannel) }
    connection.send(bytes, promise: written)
  }

  func timedOut(_ id: FramedSession.ID, timeout: Duration) {
    perform(session.timedOut(id))
    // One that waits for its acknowledgements alone is none of the session's any more.
    end(
      id,
      .failure(
        TransportError(
          kind: .timeout,
          reason: "\(endpoint.authority) had not acknowledged the call after \(timeout.inWords)",
          mayHaveBeenSent: true)))
  }

  func cancelled(_ id: FramedSession.ID) {
    perform(session.cancelled(id))
    var error = TransportError.cancelled(endpoint.authority)
    error.mayHaveBeenSent = true
    end(id, .failure(error))
  }
}
