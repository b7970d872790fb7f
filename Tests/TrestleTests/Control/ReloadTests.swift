import Testing
import Trestle

/// What a changed file changes, and what it leaves alone.
@Suite("Files that are read again", .timeLimit(.minutes(1)))
struct ReloadTests {
  private func adapter(_ mock: String, endpoint: String = "http://127.0.0.1:9/x") -> String {
    """
    protocol: xml_rpc
    endpoint: \(endpoint)
    methods: { ask: { params: [], returns: string } }
    mock: { responses: { ask: hello }, \(mock) }
    """
  }

  private func run(
    _ body: (RunningMocks, TemporaryWorkspace, (String) async -> Bool) async throws -> Void
  ) async throws {
    let once = adapter("misbehave: { times: 1, close: before }")
    let files = try TemporaryWorkspace(["adapters/a.yaml": once, "adapters/b.yaml": once])
    let workspace = try files.load(.standard)
    let options = MockRunner.Options(usesFreePorts: true)
    try await withMocks(workspace, options: options) { mocks in
      try await withBridge(workspace, options: .init(endpoints: mocks.endpoints)) { bridge in
        try await body(mocks, files) { system in
          (try? await bridge.callLegacySystem(system, operation: "ask")) != nil
        }
      }
    }
  }

  @Test("faults are counted anew where the answers have changed, and nowhere else")
  func faultCounts() async throws {
    try await run { mocks, files, ask in
      for system in ["a", "b"] {
        #expect(await !ask(system))
        #expect(await ask(system))
      }
      try files.write(
        adapter("misbehave: { times: 1, close: before }, fallback: fault"), to: "adapters/a.yaml")
      let reload = await mocks.reloadAnswers(from: try files.load(.standard))
      #expect(reload.updated == ["a"])
      #expect(await !ask("a"))
      #expect(await ask("b"))
    }
  }

  @Test("why a system answers as before is told by its keys, and told once")
  func reasons() async throws {
    try await run { mocks, files, _ in
      func reload() async throws -> RunningMocks.Reload {
        await mocks.reloadAnswers(from: try files.load(.standard))
      }
      try files.write(
        adapter("port: 4711, seed: 1", endpoint: "http://127.0.0.1:9/y"), to: "adapters/a.yaml")
      try files.write("protocol: [", to: "adapters/b.yaml")
      let first = try await reload()
      #expect(first.unchanged == ["a", "b"])
      #expect(
        first.reasons["a"] == "more than its answers has changed: endpoint, mock.port, mock.seed")
      #expect(first.reasons["b"] == "its file is broken")
      #expect(!first.diagnostics.isEmpty)
      let second = try await reload()
      #expect(second.unchanged == ["a", "b"])
      #expect(second.reasons.isEmpty)
      #expect(second.diagnostics.isEmpty)
    }
  }
}
