/// Does what takes its time on Swift's own threads, while the event loop is for others.
///
/// A task of its own: a preference alone moves nothing before the body is next suspended.
package func awayFromEventLoop<Result: Sendable>(
  _ body: @escaping @Sendable () async throws -> Result
) async throws -> Result {
  try await withThrowingTaskGroup(of: Result.self) { group in
    group.addTask(executorPreference: globalConcurrentExecutor) { try await body() }
    guard let result = try await group.next() else { throw CancellationError() }
    return result
  }
}
