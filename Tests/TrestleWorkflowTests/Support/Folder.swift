import Foundation

/// A directory of its own, which goes away with its last reference.
final class Folder {
  private let directory: URL

  var path: String { directory.path }

  init(_ files: [String: String] = [:]) throws {
    directory = FileManager.default.temporaryDirectory
      .appendingPathComponent("trestle-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
    for (name, text) in files { try write(text, to: name) }
  }

  deinit { try? FileManager.default.removeItem(at: directory) }

  func path(_ name: String) -> String { directory.appendingPathComponent(name).path }

  func write(_ text: String, to name: String) throws {
    try text.write(
      to: directory.appendingPathComponent(name), atomically: true, encoding: .utf8)
  }

  func text(_ name: String) throws -> String {
    try String(contentsOf: directory.appendingPathComponent(name), encoding: .utf8)
  }
}

/// A specification with two paths, for workflows of tests.
let smallSpecification = """
  openapi: 3.1.0
  info: { title: Small, version: "1" }
  paths:
    /read: { get: { operationId: read, responses: { "200": { description: ok } } } }
    /write:
      post:
        operationId: write
        requestBody: { content: { application/json: { schema: { type: object } } } }
        responses: { "200": { description: ok } }
  """
