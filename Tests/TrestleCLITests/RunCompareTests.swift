import Testing
import TrestleCore
import TrestleStore

@testable import TrestleCLI

@Suite("trestle run --compare")
struct RunCompareTests {
  private func workspace() async throws -> TemporaryDirectory {
    let directory = try TemporaryDirectory([:])
    let store = try RunStore(path: directory.path + "/.trestle/runs.sqlite")
    for (id, workflow, limit) in [("aaaa", "lamp", 1), ("bbbb", "other", 1), ("cccc", "lamp", 2)] {
      try await store.keep(
        RunSummary(
          id: id, workflow: workflow, file: "\(workflow).yaml", status: .completed, began: 0,
          ended: 12_000, input: ["limit": .integer(Int64(limit))],
          result: ["run": .string(id), "output": .integer(Int64(limit))]))
      try await store.keep(
        RunStep(
          key: "look", name: "look", kind: "api_call", began: 0, duration: 3_000,
          reply: ["n": .integer(Int64(limit))]), number: 1, of: id)
    }
    return directory
  }

  private static let text = """
    first   aaaa  lamp  completed  1970-01-01T00:00:00.000Z  12 ms
    second  cccc  lamp  completed  1970-01-01T00:00:00.000Z  12 ms
    input   /limit  1 → 2
      ≠ look  3.0 ms  3.0 ms
          /reply/n  1 → 2
    result  /output  1 → 2

    """

  @Test("one run is compared with the run of its workflow before it, two with each other")
  func text() async throws {
    let directory = try await workspace()
    let alone = await directory.run(["run", "--compare", "cccc"])
    #expect(alone == Ran(status: 0, out: Self.text, err: ""))
    let both = await directory.run(["run", "--compare", "aaaa", "cccc"])
    #expect(both.out == Self.text)
    let same = await directory.run(["run", "--compare", "aaaa", "bbbb"])
    #expect(same.out.hasSuffix("both went the same way, to the same result\n"))
    let json = await directory.run(["run", "--compare", "cccc", "-o", "json"])
    #expect(json.out.hasPrefix(#"{"same":false,"first":{"run":"aaaa","workflow":"lamp""#))
  }

  @Test("what cannot be compared is told")
  func mistakes() async throws {
    let directory = try await workspace()
    let unknown = await directory.run(["run", "--compare", "cccd"])
    #expect(unknown.status == 2)
    #expect(unknown.err.hasPrefix("error: there is no run cccd; did you mean \"cccc\"?\n"))
    let first = await directory.run(["run", "--compare", "aaaa"])
    #expect(
      first.err == """
        error: aaaa: lamp has no run before it
          name the run to compare it with too

        """)
    let many = await directory.run(["run", "--compare", "a", "b", "c"])
    #expect(many.status == 2)
  }
}
