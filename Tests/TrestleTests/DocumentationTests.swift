import Foundation
import Testing

@testable import Trestle

/// What the pages say is what the code does.
@Suite("Documentation")
struct DocumentationTests {
  private func page(_ path: String) throws -> String {
    let root = URL(fileURLWithPath: #filePath)
      .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
    return try String(contentsOf: root.appendingPathComponent(path), encoding: .utf8)
  }

  @Test("docs/adapters.md has every key of an adapter file")
  func keys() throws {
    let text = try page("docs/adapters.md")
    func expect(_ keys: [AdapterKey]) {
      for key in keys {
        let isNamed = ["`\(key.name)`", ".\(key.name)`", "\n\(key.name):"].contains(
          where: text.contains)
        #expect(isNamed, "\(key.name)")
        if case .object(let inner) = key.kind { expect(inner) }
        if case .map(.object(let inner)) = key.kind { expect(inner) }
      }
    }
    expect(AdapterSchema.common + AdapterSchema.protocols.flatMap(\.keys) + AdapterSchema.stub)
  }

  @Test(
    "the pages of protocols name tests that there are, and all of their suite",
    arguments: [
      ("docs/soap.md", "Tests/TrestleSOAPTests/PainTests.swift"),
      ("docs/xml-rpc.md", "Tests/TrestleTests/XMLRPCPainTests.swift"),
    ])
  func pains(_ name: String, _ tests: String) throws {
    let suite = try page(tests)
    let table = try #require(try page(name).split(separator: "\n## ").last)
    let named = table.matches(of: #/\| "([^"]+)" \|/#).map { String($0.1) }
    #expect(named.count > 8)
    let tests = suite.matches(of: #/@Test\(\s*"([^"]+)"/#).map { String($0.1) }
    #expect(Set(tests) == Set(named))
  }
}
