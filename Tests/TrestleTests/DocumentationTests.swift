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

  @Test("docs/soap.md names tests that there are, and all of their suite")
  func pains() throws {
    let suite = try page("Tests/TrestleSOAPTests/PainTests.swift")
    let table = try #require(try page("docs/soap.md").split(separator: "\n## ").last)
    let named = table.matches(of: #/\| "([^"]+)" \|/#).map { String($0.1) }
    #expect(named.count > 10)
    let tests = suite.matches(of: #/@Test\(\s*"([^"]+)"/#).map { String($0.1) }
    #expect(Set(tests) == Set(named))
  }
}
