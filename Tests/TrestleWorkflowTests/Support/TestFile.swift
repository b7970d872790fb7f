import Foundation
import TrestleWorkflow

/// A test file in a directory of its own, which goes away with its last reference.
final class TestFile {
  let path: String
  private let directory: URL

  init(_ text: String) throws {
    directory = FileManager.default.temporaryDirectory
      .appendingPathComponent("trestle-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
    let url = directory.appendingPathComponent("example.test.yaml")
    path = url.path
    try text.write(to: url, atomically: true, encoding: .utf8)
  }

  deinit { try? FileManager.default.removeItem(at: directory) }

  /// What its tests come to.
  func outcomes() async throws -> [TestOutcome] {
    await TestRunner([try TestDefinition.load(path)]).run()
  }
}
