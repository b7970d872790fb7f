import Foundation
import Synchronization
import Trestle

@testable import TrestleGateway

/// A workspace on disk for the length of a body.
enum MCPWorkspace {
  static func run<Result>(
    _ files: [String: String] = LosslessSystems.files,
    _ body: (String) async throws -> Result
  ) async throws -> Result {
    let directory = FileManager.default.temporaryDirectory
      .appendingPathComponent("trestle-mcp-\(UUID().uuidString)")
    defer { try? FileManager.default.removeItem(at: directory) }
    for (name, text) in files { try write(text, to: name, in: directory.path) }
    return try await body(directory.path)
  }

  static func write(_ text: String, to name: String, in directory: String) throws {
    let url = URL(fileURLWithPath: directory).appendingPathComponent(name)
    try FileManager.default.createDirectory(
      at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
    try text.write(to: url, atomically: true, encoding: .utf8)
  }

  /// A client of the workspace with mocks in this process.
  static func client<Result>(
    _ files: [String: String] = LosslessSystems.files,
    options: MCPServer.Options = MCPServer.Options(), mode: WorkspaceHost.Mode? = nil,
    _ body: (LineClient, WorkspaceHost, String) async throws -> Result
  ) async throws -> Result {
    try await run(files) { directory in
      var settings = WorkspaceHost.Options(directory: directory)
      settings.mode = mode
      let host = WorkspaceHost(settings)
      let client = LineClient(MCPServer(host, options: options))
      do {
        let result = try await body(client, host, directory)
        await client.connection.end()
        await host.shutdown()
        return result
      } catch {
        await client.connection.end()
        await host.shutdown()
        throw error
      }
    }
  }
}

/// A host whose calls wait until they are let go, and tell when they are cancelled.
final class WaitingHost: MCPHost {
  let directory: String
  private let workspace: Workspace
  private let opening: AsyncStream<Void>
  private let gate: AsyncStream<Void>.Continuation
  /// One for each call that began, and one for each that was cancelled.
  let begun: AsyncStream<Void>
  let cancelled: AsyncStream<Void>
  private let began: AsyncStream<Void>.Continuation
  private let cancels: AsyncStream<Void>.Continuation

  init(_ directory: String) throws {
    self.directory = directory
    workspace = try Workspace.load(directory: directory)
    (opening, gate) = AsyncStream.makeStream()
    (begun, began) = AsyncStream.makeStream()
    (cancelled, cancels) = AsyncStream.makeStream()
  }

  var time: CallTime { .standard }

  func letGo() { gate.finish() }

  func snapshot() -> WorkspaceSnapshot { WorkspaceSnapshot(revision: 1, workspace: workspace) }

  func call(
    _ system: LegacySystem, operation: String, parameters: Value, timeout: Duration?
  ) async throws(BridgeError) -> Reply {
    began.yield()
    await withTaskCancellationHandler {
      for await _ in opening {}
    } onCancel: {
      cancels.yield()
    }
    return .value("done")
  }

  var steering: (any MockSteering)? { nil }
  var destination: String { "" }
  func isLive(_ system: LegacySystem) -> Bool { true }
}
