import Foundation
import Testing
import TrestleCore
import TrestleWorkflow

/// The workflows of the repository, and those of the tests.
enum ExampleWorkflows {
  private static let tests = URL(fileURLWithPath: #filePath)
    .deletingLastPathComponent().deletingLastPathComponent()

  /// Where the repository keeps its workflows, with the specifications of their services.
  static let directory = tests.deletingLastPathComponent().deletingLastPathComponent()
    .appendingPathComponent("workflows").path

  static func path(_ name: String) -> String { directory + "/" + name }

  /// The data of a fixture.
  static func fixture(_ name: String) throws -> Value {
    let file = tests.appendingPathComponent("Fixtures").appendingPathComponent(name)
    return try JSONParser.parse([UInt8](Data(contentsOf: file)))
  }

  /// A workflow whose specifications are those of the repository.
  static func definition(_ data: Value, isStrict: Bool = false) throws -> WorkflowDefinition {
    try WorkflowDefinition(data, named: "example", directory: directory, isStrict: isStrict)
  }
}
