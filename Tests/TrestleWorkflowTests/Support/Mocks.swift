import Synchronization
import TrestleCore
import TrestleWorkflow

/// Sentences that somebody was told, in order.
final class Notes: Sendable {
  private let said = Mutex<[String]>([])

  var all: [String] { said.withLock { $0 } }

  func add(_ text: String) { said.withLock { $0.append(text) } }
}

/// Runs a body with mocks on free ports, which are stopped behind it.
func withMocks<Result>(
  isStrict: Bool = false, notes: Notes = Notes(),
  _ body: (MockLoopClient) async throws -> Result
) async throws -> Result {
  var options = MockLoopClient.Options(
    directory: ExampleWorkflows.directory, usesFreePorts: true, isStrict: isStrict)
  options.onWarning = { notes.add($0) }
  let mocks = MockLoopClient(options: options)
  do {
    let result = try await body(mocks)
    await mocks.stop()
    return result
  } catch {
    await mocks.stop()
    throw error
  }
}

extension MockLoopClient {
  /// The port of the mock of a name; 0 where there is none.
  func port(of id: String) -> Int { mocks.first { $0.id == id }?.port ?? 0 }
}

/// The failure that a body throws; nil where it throws none.
func workflowError(_ body: () async throws -> Void) async throws -> WorkflowError? {
  do {
    try await body()
    return nil
  } catch let error as WorkflowError {
    return error
  }
}
