import Foundation
import Trestle

/// A workspace directory that goes away with its last reference.
final class TemporaryWorkspace {
  let directory: String

  /// Writes files by their paths relative to the workspace.
  init(_ files: [String: String] = [:]) throws {
    directory =
      FileManager.default.temporaryDirectory
      .appendingPathComponent("trestle-\(UUID().uuidString)").path
    try FileManager.default.createDirectory(
      atPath: directory + "/adapters", withIntermediateDirectories: true)
    for (path, text) in files { try write(text, to: path) }
  }

  deinit { try? FileManager.default.removeItem(atPath: directory) }

  func write(_ text: String, to path: String) throws {
    let url = URL(fileURLWithPath: directory + "/" + path)
    try FileManager.default.createDirectory(
      at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
    try text.write(to: url, atomically: true, encoding: .utf8)
  }

  func exists(_ path: String) -> Bool {
    FileManager.default.fileExists(atPath: directory + "/" + path)
  }

  func load(_ registry: ProtocolRegistry = .toy) throws -> Workspace {
    try Workspace.load(directory: directory, registry: registry)
  }
}
