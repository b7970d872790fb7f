import Foundation
import Testing

@testable import TrestleCLI

/// What docs/cli.md says is what the tool has.
@Suite("docs/cli.md")
struct PageTests {
  @Test("has every command and every option", arguments: HelpTests.helps)
  func options(_ help: HelpTests.Help) throws {
    let root = URL(fileURLWithPath: #filePath)
      .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
    let page = try String(
      contentsOf: root.appendingPathComponent("docs/cli.md"), encoding: .utf8)
    #expect(page.contains("\n    trestle \(help.command.isEmpty ? "COMMAND" : help.command)"))
    for line in help.text.split(separator: "\n") where line.hasPrefix("  -") {
      for word in line.split(whereSeparator: { " ,:.;".contains($0) }) where word.hasPrefix("-") {
        #expect(page.contains("`\(word)") || page.contains(" \(word)"), "\(word)")
      }
    }
  }
}
