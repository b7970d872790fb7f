internal import TrestleCore
internal import TrestleNet

/// The time of a run: when things happened, and how long it waits.
public struct RunClock: Sendable {
  /// Nil for the system's.
  let virtual: VirtualClock?
  private let epoch: Int64
  private let stopwatch: Stopwatch

  /// The system's time.
  public init() {
    virtual = nil
    epoch = WallTime.now.milliseconds * 1000
    stopwatch = Stopwatch()
  }

  /// A time of its own, which goes on when everybody waits.
  init(virtual: VirtualClock, epoch: Int64 = RunClock.virtualEpoch) {
    self.virtual = virtual
    self.epoch = epoch
    stopwatch = Stopwatch(virtual)
  }

  /// When runs on a clock of their own begin: 2030-01-01T00:00:00Z, in microseconds since 1970.
  static let virtualEpoch: Int64 = 1_893_456_000_000_000

  /// Microseconds since 1970.
  var now: Int64 {
    let (seconds, attoseconds) = stopwatch.elapsed.components
    return epoch + seconds * 1_000_000 + attoseconds / 1_000_000_000_000
  }

  /// The time in UTC, to the millisecond.
  var wallTime: WallTime { WallTime(milliseconds: now / 1000) }

  /// Seconds since 1970, as the first description of these workflows has its timestamps.
  static func seconds(_ microseconds: Int64) -> Value {
    .double(Double(microseconds) / 1_000_000)
  }

  /// Waits.
  ///
  /// - Throws: `WorkflowError` of kind `cancelled`.
  func sleep(for duration: Duration) async throws(WorkflowError) {
    do {
      if let virtual {
        try await virtual.pause(for: duration)
      } else {
        try await Task.sleep(for: duration)
      }
    } catch {
      throw WorkflowError(.cancelled, "the run was cancelled")
    }
  }

  /// The limit that the network keeps: by a clock of one's own, the clock does.
  func realLimit(_ limit: Duration) -> Duration { virtual == nil ? limit : .seconds(600) }

  /// What a call comes to within a time limit. `keepsLimit` says that the call itself ends when real time runs out.
  func within<Success: Sendable>(
    _ limit: Duration, calling peer: String, keepsLimit: Bool,
    _ body: @escaping @Sendable () async -> Result<Success, TransportError>
  ) async -> Result<Success, TransportError> {
    let outcome: Result<Success, TransportError>?
    if let virtual {
      outcome = await virtual.call(within: limit, body)
    } else if keepsLimit {
      return await body()
    } else {
      outcome = await withTaskGroup(of: Result<Success, TransportError>?.self) { group in
        group.addTask { await body() }
        group.addTask {
          try? await Task.sleep(for: limit)
          return nil
        }
        let outcome = await group.next() ?? nil
        group.cancelAll()
        return outcome
      }
    }
    return outcome
      ?? .failure(
        TransportError(
          kind: .timeout, reason: "no answer from \(peer) within \(limit.written)",
          mayHaveBeenSent: true))
  }

  /// A branch takes part from now on: said before it begins, so that no time passes meanwhile.
  func enter() { virtual?.enter() }

  /// A branch takes part no more.
  func leave() { virtual?.leave() }

  /// Waits for branches of its own.
  func waitingForBranches<Result>(_ body: () async throws -> Result) async rethrows -> Result {
    guard let virtual else { return try await body() }
    return try await virtual.waitingForBranches(body)
  }
}
