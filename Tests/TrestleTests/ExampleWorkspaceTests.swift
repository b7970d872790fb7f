import Foundation
import Testing
import Trestle

/// The workspace at the repository's root: one system of each kind.
@Suite("The example workspace")
struct ExampleWorkspaceTests {
  private static let root = URL(fileURLWithPath: #filePath)
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent().path

  /// A call of each system, and a part of what its file says it answers.
  static let calls: [(system: String, operation: String, parameters: Value, reply: Value)] = [
    (
      "document-classifier", "classifier.listLabels", [:],
      [
        ["label": "invoice", "trained_on": 48210, "retired": false],
        ["label": "credit_note", "trained_on": 3120, "retired": false, "parent": "invoice"],
        ["label": "telex", "trained_on": 17, "retired": true],
      ]
    )
  ]

  /// The stubs that answer with faults.
  static let faults: [(system: String, operation: String, parameters: Value, code: String)] = [
    (
      "document-classifier", "classifier.submitFeedback",
      ["document_id": "1", "label": "unicorn", "weight": 0.5], "404"
    )
  ]

  private func workspace() throws -> Workspace { try Workspace.load(directory: Self.root) }

  @Test("its files and contracts are without a mistake")
  func diagnostics() throws {
    let workspace = try workspace()
    #expect(
      workspace.systems.map(\.name) == ["credit-scoring", "document-classifier", "fraud-switch"])
    #expect(workspace.diagnostics == [])
    for system in workspace.systems where Self.calls.contains(where: { $0.system == system.name }) {
      #expect(system.diagnostics == [], "\(system.name)")
      #expect(system.isUsable, "\(system.name)")
    }
  }

  @Test("each system is called in process and over a socket", arguments: [true, false])
  func calls(usesMocks: Bool) async throws {
    let workspace = try workspace()
    let names = Set(Self.calls.map(\.system)).sorted()
    try await withMocks(workspace, systems: names) { mocks in
      let options = Bridge.Options(endpoints: mocks.endpoints, usesMocks: usesMocks)
      try await withBridge(workspace, options: options) { bridge in
        for call in Self.calls {
          let reply = try await bridge.callLegacySystem(
            call.system, operation: call.operation, parameters: call.parameters)
          #expect(reply == call.reply)
        }
        for call in Self.faults {
          let reply = try await bridge.call(
            call.system, operation: call.operation, parameters: call.parameters)
          #expect(reply.fault?.code == call.code)
        }
      }
    }
  }
}
