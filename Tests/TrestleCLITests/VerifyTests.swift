import Testing
import Trestle
import TrestleCore

@testable import TrestleCLI

@Suite("Checks on calls")
struct VerifyTests {
  private func workspace(secret: String = "") async throws -> TemporaryDirectory {
    let directory = try TemporaryDirectory()
    try directory.write(
      """
      protocol: xml_rpc
      methods: { add: { params: [a, b], returns: int }, drop: { params: [a], returns: int } }
      mock:
        responses: { add: 3, drop: 0 }
      \(secret)
      """, to: "adapters/sums.yaml")
    let workspace = try Workspace.load(directory: directory.path)
    let options = MockRunner.Options(usesFreePorts: true, journal: .asFilesSay)
    try await withMocks(workspace, options: options) { mocks in
      try await withBridge(workspace, options: .init(endpoints: mocks.endpoints)) { bridge in
        for number in [1, 2] {
          _ = try await bridge.call(
            "sums", operation: "add", parameters: ["a": .integer(Int64(number)), "b": 5])
        }
        _ = try await bridge.call("sums", operation: "drop", parameters: ["a": 2])
      }
    }
    return directory
  }

  @Test("checks hold or say what came instead, and the exit code tells")
  func checks() async throws {
    let directory = try await workspace()
    let run = { (words: [String]) in
      await directory.run(["verify"] + words, registry: .standard)
    }
    let right = await run(["sums add exactly 2", "sums add a:=2 once", "sums drop at most 1"])
    #expect(right.status == 0, "\(right)")
    #expect(right.out.contains("ok      sums add exactly 2 (2)"))
    #expect(right.out.hasSuffix("3 passed, 0 failed\n"))

    let wrong = await run(["sums add a:=7", "sums drop never"])
    #expect(wrong.status == 1)
    #expect(wrong.out.contains("FAILED  sums add a:=7: expected at least once, never called"))
    #expect(wrong.out.contains("a expects 7, found 1"), "\(wrong.out)")
    #expect(wrong.out.contains("expected never, called once"))
    #expect(wrong.out.hasSuffix("0 passed, 2 failed\n"))

    #expect(await run(["--in-order", "sums add a:=1", "sums drop"]).status == 0)
    let disorder = await run(["--in-order", "sums drop", "sums add", "-o", "json"])
    #expect(disorder.status == 1)
    let report = try JSONParser.parse(disorder.out)
    #expect(report["failed"] == 1)
    #expect(report["checks"]?[0]?["holds"] == false)
  }

  @Test("mistakes are told before anything is counted")
  func mistakes() async throws {
    let directory = try await workspace()
    let run = { (check: String) in
      await directory.run(["verify", check], registry: .standard)
    }
    let system = await run("sum add")
    #expect(system.status == 2)
    #expect(system.err.contains("there is no system \"sum\"; did you mean \"sums\"?"))
    let operation = await run("sums ad never")
    #expect(operation.status == 2)
    #expect(operation.err.contains("sums has no operation \"ad\""))
    #expect(await run("sums add exactly many").status == 2)
    for check in ["sums add aa=1 never", "sums aa=1 never"] {
      let parameter = await run(check)
      #expect(parameter.status == 2, "\(parameter)")
      #expect(parameter.err.contains("the contract has no \"aa\" here"))
      #expect(parameter.err.contains("did you mean \"a\"?"))
    }
    let never = await directory.run(
      ["verify", "--in-order", "sums add", "sums drop never"], registry: .standard)
    #expect(never.status == 2)
    #expect(never.err.contains("in order, each check expects one call, and this one never"))
    // One of both operations has it.
    #expect(await run("sums b=5 exactly 2").status == 0)
  }

  @Test("what the journal masks cannot be asked for, which is said")
  func masked() async throws {
    let directory = try await workspace(secret: "  secret: [b]")
    let run = { (check: String) in
      await directory.run(["verify", check], registry: .standard)
    }
    for check in ["sums add b=5 never", "sums b:={\"gt\":1}", "sums add or:=[{\"a\":1},{\"b\":5}]"]
    {
      let asked = await run(check)
      #expect(asked.status == 2, "\(asked)")
      #expect(asked.err.contains("b is masked in the journal of sums"))
    }
    #expect(await run("sums add b:={\"any\":true} exactly 2").status == 0)
    #expect(await run("sums add a=1 once").status == 0)
  }
}
