import Foundation
import Testing
import Trestle
import TrestleCore

@testable import TrestleCLI

@Suite("Showing calls of the journal")
struct CallsTests {
  private func workspace() async throws -> TemporaryDirectory {
    let directory = try TemporaryDirectory()
    try directory.write(
      """
      protocol: xml_rpc
      methods: { add: { params: [a, b], returns: int } }
      mock:
        responses: { add: 3 }
        stubs: [{ name: no sevens, operation: add, when: { a: 7 }, fault: { code: 7, message: no } }]
      """, to: "adapters/sums.yaml")
    let workspace = try Workspace.load(directory: directory.path)
    let options = MockRunner.Options(usesFreePorts: true, journal: .asFilesSay)
    try await withMocks(workspace, options: options) { mocks in
      await withBridge(workspace, options: .init(endpoints: mocks.endpoints)) { bridge in
        for number in [1, 2, 7] {
          _ = try? await bridge.call(
            "sums", operation: "add", parameters: ["a": .integer(Int64(number)), "b": 2])
        }
      }
    }
    return directory
  }

  @Test("lists, filters, single calls, analysis and archive")
  func all() async throws {
    let directory = try await workspace()
    func run(_ words: String) async -> Ran {
      await directory.run(
        ["calls"] + words.split(separator: " ").map(String.init), registry: .standard)
    }
    let list = await run("")
    #expect(list.status == 0)
    #expect(list.out.split(separator: "\n").count == 4)
    #expect(list.out.contains("a=7 b=2") && list.out.contains("fault"))
    let found = await run("--where a=2 -o json").out
    let call = try JSONParser.parse(found)
    #expect(call["id"] == 2)
    #expect(call["request"]?["text"]?.stringValue?.contains("<methodName>add</methodName>") == true)
    let one = await run("3").out
    #expect(one.contains("sums add → fault (stub 'no sevens')"))
    #expect(one.contains("> POST ") && one.contains("< HTTP/1.1 200"))
    #expect(await run("--outcome fault").out.split(separator: "\n").count == 2)
    #expect(await run("--system nobody").out == "")
    let analysis = try JSONParser.parse(await run("--analyze -o json").out)
    #expect(analysis["outcomes"] == ["ok": 2, "fault": 1])
    #expect(await run("--analyze").out.hasPrefix("1 of 3 calls (33 %) did not get a value."))
    let archive = try JSONParser.parse(await run("--har -").out)
    #expect(archive["log"]?["entries"]?.arrayValue?.count == 3)
  }

  @Test(
    "what cannot be shown is told",
    arguments: [
      ("99", Int32(3), "there is no call 99"), ("--since soon", 2, "is no duration"),
      ("--where a", 2, "is no condition"), ("--outcome odd", 2, "odd"),
      ("1 --analyze", 2, "exclude each other"),
    ])
  func mistakes(words: String, status: Int32, text: String) async throws {
    let ran = await (try await workspace()).run(
      ["calls"] + words.split(separator: " ").map(String.init), registry: .standard)
    #expect(ran.status == status)
    #expect(ran.err.contains(text))
  }

  @Test("a workspace without a journal is told how one comes about")
  func none() async throws {
    let ran = await (try TemporaryDirectory()).run(["calls"], registry: .standard)
    #expect(ran.status == 3)
    #expect(ran.err.contains("there is no journal here"))
    #expect(ran.err.contains("trestle mock"))
  }
}
