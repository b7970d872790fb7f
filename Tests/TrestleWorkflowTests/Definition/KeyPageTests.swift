import Foundation
import Testing
import Trestle
import TrestleWorkflow

/// What docs/workflows.md says is what files may have.
@Suite("docs/workflows.md")
struct KeyPageTests {
  private static func names(of keys: [AdapterKey]) -> Set<String> {
    keys.reduce(into: []) { names, key in
      names.insert(key.name)
      names.formUnion(self.names(of: key.kind))
    }
  }

  private static func names(of kind: AdapterKey.Kind) -> Set<String> {
    switch kind {
    case .object(let keys): names(of: keys)
    case .list(let item), .map(let item): names(of: item)
    case .either(let kinds): kinds.reduce(into: []) { $0.formUnion(names(of: $1)) }
    default: []
    }
  }

  private static func page() throws -> String {
    let root = URL(fileURLWithPath: #filePath)
      .deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent().deletingLastPathComponent()
    return try String(
      contentsOf: root.appendingPathComponent("docs/workflows.md"), encoding: .utf8)
  }

  @Test("has every key of workflow files", arguments: names(of: WorkflowSchema.keys).sorted())
  func workflow(key: String) throws {
    #expect(try Self.page().contains("`\(key)`"))
  }

  @Test("has every key of test files", arguments: names(of: TestSchema.keys).sorted())
  func test(key: String) throws {
    #expect(try Self.page().contains("`\(key)`"))
  }
}
