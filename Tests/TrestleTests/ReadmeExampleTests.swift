import Foundation
import Testing
import Trestle

/// The Swift example of README.md: its statements stand between the marks below, word for word.
@Suite("The example of README.md")
struct ReadmeExampleTests {
  private func example() async throws {
    // example
    let bridge = try await Bridge(workspace: ".")
    let history = try await bridge.callLegacySystem(
      "credit-scoring", operation: "GetScoreHistory", parameters: ["applicantId": "A-1001"])
    print(history)
    // end
  }

  @Test("is the code that this file compiles")
  func compiles() throws {
    let file = URL(fileURLWithPath: #filePath)
    let readme = file.deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent().appendingPathComponent("README.md")
    let here = try statements(of: file, from: "    // example", to: "    // end")
      .map { String($0.dropFirst(4)) }
    let there = try statements(of: readme, from: "```swift", to: "```")
    #expect(there == ["import Trestle", ""] + here)
  }

  /// The lines between the first two that read as given.
  private func statements(of file: URL, from start: String, to end: String) throws -> [String] {
    let lines = try String(contentsOf: file, encoding: .utf8)
      .split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
    let first = try #require(lines.firstIndex(of: start))
    let last = try #require(lines[first...].dropFirst().firstIndex(of: end))
    return Array(lines[(first + 1)..<last])
  }
}
