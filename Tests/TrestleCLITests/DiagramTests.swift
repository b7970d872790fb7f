import Testing
import TrestleCore
import TrestleStore

@testable import TrestleCLI

@Suite("trestle diagram")
struct DiagramTests {
  private static let workflow = """
    workflow: lamp
    initial: "off"
    states:
      "off": { actions: [{ name: press, type: set, transition_on_success: "on" }] }
      "on": { actions: [] }
    """

  private func workspace() throws -> TemporaryDirectory {
    try TemporaryDirectory(["workflows/lamp.yaml": Self.workflow])
  }

  private func keep(_ ids: String..., of workflow: String, in directory: TemporaryDirectory)
    async throws
  {
    let store = try RunStore(path: directory.path + "/.trestle/runs.sqlite")
    for id in ids {
      try await store.keep(
        RunSummary(id: id, workflow: workflow, file: "workflows/\(workflow).yaml", began: 1))
      try await store.keep(
        RunStep(
          key: "transition#1", name: "", kind: "transition", owner: "off", began: 1, target: "on"),
        number: 1, of: id)
    }
  }

  @Test("a workflow is known by its name, and its picture goes to standard output")
  func standardOutput() async throws {
    let ran = try await workspace().run(["diagram", "lamp", "--format", "mermaid"])
    #expect(ran.status == 0)
    #expect(
      ran.out == """
        ---
        title: "lamp"
        ---
        stateDiagram-v2
          direction TB
          state "off" as s1
          s1 : press
          state "on" as s2
          [*] --> s1
          s1 --> s2 : success
          s2 --> [*]

        """)
    #expect(try await workspace().run(["diagram", "lamp"]).out.hasPrefix("<svg xmlns="))
  }

  @Test("--out writes a file, whose name may say the format")
  func file() async throws {
    let directory = try workspace()
    for (name, start) in [("lamp.svg", "<svg"), ("lamp.mmd", "---\ntitle")] {
      let path = directory.path + "/" + name
      let ran = await directory.run(["diagram", "lamp", "--out", path])
      #expect(ran == Ran(status: 0, out: "", err: "lamp is drawn in DIR/\(name)\n"))
      #expect(directory.text(of: name)?.hasPrefix(start) == true)
    }
  }

  @Test("--run marks the way of a run")
  func run() async throws {
    let directory = try workspace()
    try await keep("k3v9xw2a", of: "lamp", in: directory)
    let ran = await directory.run(["diagram", "lamp", "--run", "k3v9xw2a", "--format", "mermaid"])
    #expect(ran.out.contains("s1 --> s2 : success ×1\n"))
    #expect(ran.out.contains("class s1,s2 visited\n"))
  }

  @Test("a run that is not there is told with the nearest one")
  func wrongRun() async throws {
    let directory = try workspace()
    let none = await directory.run(["diagram", "lamp", "--run", "k3v9xw2a"])
    #expect(none.status == 2)
    #expect(none.err.contains("there is no run \"k3v9xw2a\": no runs are kept here"))
    #expect(!directory.exists(".trestle/runs.sqlite"))
    try await keep("k3v9xw2a", "zzzzzzzz", of: "lamp", in: directory)
    try await keep("otherone", of: "pump", in: directory)
    let wrong = await directory.run(["diagram", "lamp", "--run", "k3v9xw2b"])
    #expect(
      wrong
        == Ran(
          status: 2, out: "",
          err: """
            error: there is no run "k3v9xw2b"; did you mean "k3v9xw2a"?
              the latest of lamp: zzzzzzzz, k3v9xw2a

            """))
    let other = await directory.run(["diagram", "lamp", "--run", "otherone"])
    #expect(other.err.hasPrefix("error: the run otherone is of pump, not of lamp\n"))
  }

  @Test("a workflow that is not there is told with the nearest one")
  func wrongWorkflow() async throws {
    let ran = try await workspace().run(["diagram", "lmap"])
    #expect(
      ran
        == Ran(
          status: 2, out: "",
          err: """
            error: there is no workflow "lmap"; did you mean "lamp"?
              workflows here: lamp

            """))
  }

  @Test("mistakes in a workflow's file are told with their places")
  func mistakes() async throws {
    let directory = try workspace()
    try directory.write(
      Self.workflow.replacing("transition_on_success: \"on\"", with: "transition_on_success: onn"),
      to: "workflows/lamp.yaml")
    let ran = await directory.run(["diagram", "lamp"])
    #expect(ran.status == 3)
    #expect(ran.err.contains("workflows/lamp.yaml:4:"))
    #expect(ran.err.contains("Unknown state: onn; did you mean \"on\"?"))
  }
}
