internal import TrestleCore

/// Holds the exchanges of another transport to their time limits by a clock that is not the system's.
struct ClockedTransport: Transport {
  let transport: any Transport
  let clock: any Clock<Duration>
  /// Who is called, as messages name it.
  let peer: String

  func exchange(
    _ request: WireRequest, timeout: Duration
  ) async throws(TransportError) -> WireResponse {
    let outcome = await withTaskGroup(
      of: Result<WireResponse, TransportError>?.self
    ) { [transport, clock] group in
      group.addTask {
        do throws(TransportError) {
          return .success(try await transport.exchange(request, timeout: Self.noLimit))
        } catch {
          return .failure(error)
        }
      }
      group.addTask {
        // Cancelled once there is an answer.
        try? await clock.sleep(for: timeout)
        return nil
      }
      let outcome = await group.next() ?? nil
      group.cancelAll()
      return outcome
    }
    guard let outcome else {
      throw TransportError(
        kind: .timeout, reason: "no answer from \(peer) within \(timeout)",
        hint: "allow more with timeout", mayHaveBeenSent: true)
    }
    return try outcome.get()
  }

  func shutdown() async { await transport.shutdown() }

  /// Longer than any test runs: the clock decides, not the system's.
  private static let noLimit = Duration.seconds(3600)
}
