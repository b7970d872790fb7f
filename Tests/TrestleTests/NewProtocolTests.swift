import Testing
import Trestle

/// What a new protocol gets for one codec and one line of registration.
@Suite("A new protocol")
struct NewProtocolTests {
  private static let adapter = """
    system: parrot
    protocol: upper-echo
    mock:
      responses:
        shout: { text: "{{request.text}}!" }
      stubs:
        - name: rude word
          operation: shout
          when: { text: { contains: darn } }
          fault: { code: 451, message: "not {{request.text}}" }
    """

  private func workspace() throws -> (TemporaryWorkspace, Workspace) {
    let files = try TemporaryWorkspace(["adapters/parrot.yaml": Self.adapter])
    return (files, try files.load())
  }

  @Test("it is listed and described by its contract")
  func listed() throws {
    let (_, workspace) = try workspace()
    #expect(workspace.systems.map(\.name) == ["parrot"])
    let system = try workspace.system(named: "parrot")
    #expect(system.diagnostics == [])
    #expect(system.contract.operations.map(\.name) == ["shout"])
    #expect(system.contract.operation(named: "shout")?.effects == .read)
  }

  @Test("it is called, and its mock answers in this process")
  func calledInProcess() async throws {
    let (_, workspace) = try workspace()
    let bridge = Bridge(workspace, options: .init(usesMocks: true))
    let reply = try await bridge.callLegacySystem(
      "parrot", operation: "shout", parameters: ["text": "hello"])
    #expect(reply == ["text": "HELLO!"])
  }

  @Test("it is called over a socket, and its mock listens")
  func calledOverSocket() async throws {
    let (_, workspace) = try workspace()
    let reply = try await withMocks(workspace) { mocks in
      try await withBridge(workspace, options: .init(endpoints: mocks.endpoints)) { bridge in
        try await bridge.callLegacySystem(
          "parrot", operation: "shout", parameters: ["text": "hello"])
      }
    }
    #expect(reply == ["text": "HELLO!"])
  }

  @Test("its faults reach the caller", arguments: [true, false])
  func faults(usesMocks: Bool) async throws {
    let (_, workspace) = try workspace()
    try await withMocks(workspace) { mocks in
      let options = Bridge.Options(endpoints: mocks.endpoints, usesMocks: usesMocks)
      await withBridge(workspace, options: options) { bridge in
        let error = await #expect(throws: BridgeError.self) {
          try await bridge.callLegacySystem(
            "parrot", operation: "shout", parameters: ["text": "darn it"])
        }
        #expect(error?.stage == .fault)
        #expect(error?.fault?.code == "451")
        #expect(error?.fault?.message == "not darn it")
        #expect(error?.exitCode == 1)
      }
    }
  }
}
