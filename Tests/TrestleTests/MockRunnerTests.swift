import Foundation
import Synchronization
import Testing
import Trestle

@Suite("Running mocks")
struct MockRunnerTests {
  private let adapter = "protocol: upper-echo\nmock: { responses: { shout: { text: hi } } }\n"

  @Test("a busy port is told by the names of system and port, and no mock is left running")
  func busyPort() async throws {
    let files = try TemporaryWorkspace(["adapters/a.yaml": adapter])
    let workspace = try files.load()
    try await withMocks(workspace) { mocks in
      let port = try #require(mocks.mocks.first?.port)
      try files.write(adapter + "# the same port\n", to: "adapters/b.yaml")
      let options = MockRunner.Options(port: port)
      let runner = try MockRunner(try files.load(), systems: ["b"], options: options)
      let error = await #expect(throws: MockError.self) { try await runner.start() }
      #expect(error?.system == "b")
      #expect(error?.port == port)
      #expect(error?.description.contains("\(port)") == true)
      #expect(error?.description.contains("--ports auto") == true)
    }
  }

  @Test("a run file tells where the mocks are while they run")
  func runFile() async throws {
    let files = try TemporaryWorkspace(["adapters/a.yaml": adapter])
    let options = MockRunner.Options(usesFreePorts: true, writesRunFile: true)
    let mocks = try await MockRunner(try files.load(), options: options).start()
    let text = try String(
      contentsOfFile: files.directory + "/.trestle/run.json", encoding: .utf8)
    let content = try JSONParser.parse(text)
    #expect(content["mocks"]?["a"]?["endpoint"] == .string(mocks.endpoints["a"] ?? ""))
    #expect(content["pid"]?.integerValue == Int64(ProcessInfo.processInfo.processIdentifier))
    await mocks.stop()
    #expect(!files.exists(".trestle/run.json"))
  }

  @Test("an observer sees each call, its answer and what made it")
  func observer() async throws {
    let files = try TemporaryWorkspace(["adapters/a.yaml": adapter])
    let workspace = try files.load()
    let events = Mutex<[MockEvent]>([])
    let options = MockRunner.Options(usesFreePorts: true) { event in
      events.withLock { $0.append(event) }
    }
    try await withMocks(workspace, options: options) { mocks in
      try await withBridge(workspace, options: .init(endpoints: mocks.endpoints)) { bridge in
        _ = try await bridge.call("a", operation: "shout", parameters: ["text": "x"])
      }
    }
    let event = try #require(events.withLock { $0 }.first)
    #expect(event.system == "a")
    #expect(event.call?.operation == "shout")
    #expect(event.origin == "response")
    #expect(event.duration > .zero)
  }

  @Test(
    "of a call that got a sample for want of a stub, the log is told the nearest",
    arguments: ShopSystem.allCases)
  func nearMiss(_ kind: ShopSystem) async throws {
    let events = Mutex<[MockEvent]>([])
    let stub =
      "  stubs:\n    - { name: seven, operation: pay, when: { id: 7 }, reply: \(kind.yaml("7")) }"
    try await withShop(
      kind, stub, { $0.observe = { event in events.withLock { $0.append(event) } } }
    ) {
      shop in
      for id in ["7", "8"] { _ = await shop.pay(id) }
    }
    let seen = events.withLock { $0 }
    #expect(seen.map(\.origin) == ["stub 'seven'", "sample"])
    #expect(seen.first?.nearMiss == nil)
    #expect(seen.last?.nearMiss?.contains(#"nearest is "seven": id expects"#) == true)
  }

  @Test("a broken system among many is skipped, and is an error when it was asked for")
  func brokenSystem() async throws {
    let files = try TemporaryWorkspace([
      "adapters/a.yaml": adapter, "adapters/b.yaml": "protocol: nonsense\n",
    ])
    let workspace = try files.load()
    try await withMocks(workspace) { mocks in
      #expect(mocks.mocks.map(\.system.name) == ["a"])
      #expect(mocks.skipped.map(\.system.name) == ["b"])
    }
    let runner = try MockRunner(workspace, systems: ["b"])
    let error = await #expect(throws: MockError.self) { try await runner.start() }
    #expect(error?.isConfiguration == true)
    #expect(error?.description.contains("Unsupported protocol: nonsense") == true)
  }

  @Test("changed answers are taken up while the mock runs; a change of protocol is not")
  func reload() async throws {
    let files = try TemporaryWorkspace(["adapters/a.yaml": adapter])
    let workspace = try files.load()
    try await withMocks(workspace) { mocks in
      try await withBridge(workspace, options: .init(endpoints: mocks.endpoints)) { bridge in
        func shout() async throws -> Value {
          try await bridge.callLegacySystem("a", operation: "shout", parameters: ["text": "x"])
        }
        #expect(try await shout() == ["text": "HI"])
        try files.write(adapter.replacing("hi", with: "ho"), to: "adapters/a.yaml")
        #expect(await mocks.reloadAnswers(from: try files.load()).updated == ["a"])
        #expect(try await shout() == ["text": "HO"])
        try files.write(adapter + "timeout: 1s\n", to: "adapters/a.yaml")
        #expect(await mocks.reloadAnswers(from: try files.load()).unchanged == ["a"])
        #expect(try await shout() == ["text": "HO"])
      }
    }
  }

  @Test("with checks, a request that breaks the contract is answered with a fault that says where")
  func checkedRequests() async throws {
    let files = try TemporaryWorkspace(["adapters/a.yaml": adapter])
    let system = try files.load().system(named: "a")
    let service = try system.mockService(checksRequests: true)
    guard case .now(let answer) = service.responder.respond(to: Call(operation: "shout")) else {
      return
    }
    #expect(answer.fault?.message.hasPrefix("the request breaks the contract: text") == true)
    let good = service.responder.respond(to: Call(operation: "shout", parameters: ["text": "a"]))
    guard case .now(let reply) = good else { return }
    #expect(reply.fault == nil)
  }

  @Test("one port cannot serve two systems")
  func onePortForTwo() async throws {
    let files = try TemporaryWorkspace(["adapters/a.yaml": adapter, "adapters/b.yaml": adapter])
    let runner = try MockRunner(try files.load(), options: .init(port: 0))
    let error = await #expect(throws: MockError.self) { try await runner.start() }
    #expect(error?.isConfiguration == true)
  }

  @Test("a mock speaks SCGI where its system does, and listens on a socket where it shall")
  func socketsAndSCGI() async throws {
    let path = "/tmp/trestle-\(UInt32.random(in: .min ... .max)).sock"
    let files = try TemporaryWorkspace([
      "adapters/torrent.yaml": """
      protocol: xml_rpc
      endpoint: scgi://127.0.0.1:5000/RPC2
      mock: { responses: { ping: pong } }
      """,
      "adapters/local.yaml": """
      protocol: xml_rpc
      mock: { socket: "\(path)", responses: { ping: local } }
      """,
    ])
    let workspace = try files.load(.standard)
    try await withMocks(workspace) { mocks in
      #expect(mocks.endpoints["torrent"]?.hasPrefix("scgi://127.0.0.1:") == true)
      let options = Bridge.Options(endpoints: mocks.endpoints)
      try await withBridge(workspace, options: options) { bridge in
        let reply = try await bridge.callLegacySystem("torrent", operation: "ping")
        #expect(reply == "pong")
      }
    }
    let runner = try MockRunner(workspace, systems: ["local"])
    let mocks = try await runner.start()
    #expect(mocks.endpoints["local"]?.hasPrefix("http+unix://%2Ftmp%2Ftrestle-") == true)
    // Calls find the mock by the same file, without being told where it is.
    try await withBridge(workspace) { bridge in
      let reply = try await bridge.callLegacySystem("local", operation: "ping")
      #expect(reply == "local")
    }
    await mocks.stop()
  }
}
