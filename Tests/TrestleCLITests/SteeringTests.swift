import Foundation
import Testing
import Trestle
import TrestleCore
import TrestleGateway

@testable import TrestleCLI

/// `stub`, `scenario`, `fault`, `calls` and `verify` as clients of mocks that run, on three protocols.
@Suite("Steering mocks from the command line", .timeLimit(.minutes(1)))
struct SteeringTests {
  static let systems = ["soap", "xmlrpc", "tcp"]

  private static let files = [
    "adapters/soap.yaml":
      "protocol: soap\nmock: { fallback: fault, responses: { ask: { a: file } } }",
    "adapters/xmlrpc.yaml": """
    protocol: xml_rpc
    methods: { ask: { params: [{ name: q, type: string }], returns: { struct: { a: string } } } }
    mock: { fallback: fault, responses: { ask: { a: file } } }
    """,
    "adapters/tcp.yaml": """
    protocol: custom_tcp
    frame: { lines: lf }
    layout: { kv: { separator: ";", assign: "=" } }
    operations:
      ask:
        request: { set: { op: ask, q: "{{request.q}}" } }
        reply: { map: { a: A } }
        error: { when: E present, code: E, message: M }
    mock: { fallback: fault, responses: { ask: { a: file } } }
    """,
  ]

  /// Mocks that run, and commands in their workspace.
  private struct Steered {
    let directory: TemporaryDirectory
    let mocks: RunningMocks
    let bridge: Bridge

    /// Runs a command; single quotes hold words together.
    func run(_ line: String) async -> Ran {
      var words: [String] = []
      for (number, part) in line.split(separator: "'", omittingEmptySubsequences: false)
        .enumerated()
      {
        if number.isMultiple(of: 2) {
          words += part.split(separator: " ").map(String.init)
        } else {
          words.append(String(part))
        }
      }
      return await directory.run(words, registry: .standard)
    }

    /// What a system answers, or the message of its fault.
    func ask(_ system: String, _ question: String = "x") async -> String {
      do throws(BridgeError) {
        return try await bridge.callLegacySystem(
          system, operation: "ask", parameters: ["q": .string(question)])["a"]?.scalarText ?? ""
      } catch { return "\(error.stage): \(error.fault?.message ?? "")" }
    }
  }

  private func steered(
    token: String? = nil, _ body: (Steered) async throws -> Void
  ) async throws {
    let directory = try TemporaryDirectory(Self.files)
    let workspace = try Workspace.load(directory: directory.path)
    let options = MockRunner.Options(
      usesFreePorts: true, writesRunFile: true, journal: .all(.batched))
    try await withMocks(workspace, options: options) { mocks in
      let token = try token.map { try AccessToken($0) }
      let admin = try await AdminServer(mocks, options: .init(token: token)).start()
      _ = try mocks.tell(adminAt: admin.url, token: token?.text)
      try await withBridge(workspace, options: .init(endpoints: mocks.endpoints)) { bridge in
        try await body(Steered(directory: directory, mocks: mocks, bridge: bridge))
      }
      await admin.stop()
    }
  }

  @Test("values that begin with a hyphen are values, and one mistake is told once")
  func hyphens() async throws {
    try await steered { steered in
      let list = await steered.run("stub set tcp -d '- {operation: ask, name: one, reply: {a: x}}'")
      #expect(list == Ran(status: 0, out: "set on tcp: one\n", err: ""))
      let first = await steered.run(
        "stub set tcp ask --reply '{\"a\": \"y\"}' --priority -1 --id first")
      #expect(first.status == 2)
      #expect(first.err.contains("from 0 to 1000"), "\(first)")
      let both = await steered.run("stub set tcp ask --reply 1 --fault x")
      #expect(both.status == 2)
      #expect(both.err.contains("not with both"))
      let fault = await steered.run("fault set tcp clos=before")
      #expect(fault.status == 2)
      #expect(
        fault.err.components(separatedBy: "did you mean \"close\"?").count == 2, "\(fault.err)")
    }
  }

  @Test("calls of a system or an operation that is not there are a mistake", arguments: systems)
  func unknownNames(_ system: String) async throws {
    try await steered { steered in
      _ = await steered.ask(system)
      let nobody = await steered.run("calls --system \(system)s")
      #expect(nobody.status == 2)
      #expect(nobody.err.contains("there is no system \"\(system)s\"; did you mean \"\(system)\"?"))
      #expect(await steered.run("calls --system \(system)").status == 0)
      guard system != "soap" else { return }
      let nothing = await steered.run("calls --system \(system) --operation aks")
      #expect(nothing.status == 2)
      #expect(nothing.err.contains("did you mean \"ask\"?"))
    }
  }

  @Test("a stub is set, listed, exported and removed", arguments: systems)
  func stubs(_ system: String) async throws {
    try await steered { steered in
      let set = await steered.run(
        "stub set \(system) ask q=A --reply '{\"a\": \"live\"}' --id mine --priority 2")
      #expect(set == Ran(status: 0, out: "set on \(system): mine\n", err: ""))
      #expect(await steered.ask(system, "A") == "live")
      #expect(await steered.ask(system, "B") == "file")
      #expect(
        await steered.run("stub list \(system)").out == """
          SYSTEM\(String(repeating: " ", count: max(0, system.count - 6)))  OPERATION  ID    PRIORITY  ANSWERED  FROM  ASKS FOR
          \(system)\(String(repeating: " ", count: max(0, 6 - system.count)))  ask        mine         2         1  live  {"q":"A"}

          """)
      #expect(
        await steered.run("stub export \(system)").out == """
          mock:
            fallback: fault
            responses:
              ask: { a: file }
            stubs:
              - name: mine
                operation: ask
                priority: 2
                when: { q: A }
                reply: { a: live }

          """)
      #expect(await steered.run("stub rm \(system) mine").status == 0)
      #expect(await steered.ask(system, "A") == "file")
      let gone = await steered.run("stub rm \(system) mine")
      #expect(gone.status == 2)
      #expect(gone.err.hasPrefix("error: \(system): there is no stub \"mine\"\n"))
    }
  }

  @Test("a fault, an answer for every call, and a list from a file are set", arguments: systems)
  func answers(_ system: String) async throws {
    try await steered { steered in
      _ = await steered.run("stub set \(system) ask --fault 7 --message 'no way' --times 1")
      #expect(await [steered.ask(system), steered.ask(system)] == ["fault: no way", "file"])
      _ = await steered.run("stub set \(system) ask --always --reply '{\"a\": \"always\"}'")
      #expect(await steered.ask(system) == "always")
      let exported = await steered.run(
        "stub export \(system) --to \(steered.directory.path)/m.yaml")
      #expect(exported.status == 0)
      _ = await steered.run("stub reset --all")
      #expect(await steered.ask(system) == "file")
      let set = await steered.run("stub set \(system) -d @\(steered.directory.path)/m.yaml -o json")
      #expect(set.out == #"{"ids":["live-2","live-3"],"warnings":[]}"# + "\n", "\(set)")
      #expect(await steered.ask(system) == "always")
      #expect(await steered.run("stub rm \(system) --all").out == "removed from \(system): 2\n")
    }
  }

  @Test("scenarios are created, switched and reset, and tell what was before", arguments: systems)
  func scenarios(_ system: String) async throws {
    try await steered { steered in
      let made = await steered.run(
        "scenario create \(system) busy --response 'ask={\"a\": \"later\"}'")
      #expect(made.status == 0)
      #expect(
        await steered.run("scenario switch \(system) busy").out
          == "\(system) busy is on; before: none\n")
      #expect(await steered.ask(system) == "later")
      _ = await steered.run(
        "scenario create \(system) down --response 'ask={\"fault\":{\"code\":5}}'")
      #expect(
        await steered.run("scenario switch \(system) down").out
          == "\(system) down is on; before: busy\n")
      #expect(await steered.ask(system).hasPrefix("fault"))
      let states = try JSONParser.parse(await steered.run("scenario list \(system) -o json").out)
      #expect(states.arrayValue?.compactMap { $0["state"] } == ["off", "on"])
      #expect(await steered.run("scenario reset \(system) down").status == 0)
      #expect(await steered.ask(system) == "file")
      #expect(await steered.run("scenario rm \(system) down").status == 0)
      let wrong = await steered.run("scenario switch \(system) bussy")
      #expect(wrong.status == 2)
      #expect(wrong.err.contains("Scenario bussy not found; did you mean \"busy\"?"))
    }
  }

  @Test("faults are set, listed and cleared", arguments: systems)
  func faults(_ system: String) async throws {
    try await steered { steered in
      let set = await steered.run("fault set \(system) ask close=before times=1")
      #expect(set.out == "set on \(system): fault-1\n")
      #expect(await [steered.ask(system), steered.ask(system)] == ["transport: ", "file"])
      let list = await steered.run("fault list \(system)").out
      #expect(list.contains("fault-1") && list.contains("1, over") && list.contains("close=before"))
      #expect(await steered.run("fault clear \(system) fault-1").out == "cleared: 1\n")
      #expect(await steered.run("fault list").err == "no faults\n")
      let wrong = await steered.run("fault set \(system) closs=before")
      #expect(wrong.status == 2)
      #expect(wrong.err.contains("did you mean \"close\"?"))
    }
  }

  @Test("calls and checks are asked of mocks that run elsewhere", arguments: systems)
  func elsewhere(_ system: String) async throws {
    try await steered { steered in
      for question in ["A", "B", "A"] { _ = await steered.ask(system, question) }
      let run = try #require(steered.directory.text(of: ".trestle/run.json"))
      let url = try #require(try JSONParser.parse(run)["admin"]?["url"]?.stringValue)
      let nowhere = try TemporaryDirectory()
      func there(_ words: [String]) async -> Ran {
        await nowhere.run(words + ["--admin", url], registry: .standard)
      }
      let list = await there(["calls", "--where", "q=A", "--system", system])
      #expect(list.out.split(separator: "\n").count == 3, "\(list)")
      let one = try JSONParser.parse(await there(["calls", "2", "-o", "json"]).out)
      #expect(one["parameters"] == ["q": "B"])
      // The same as the journal's file tells.
      await steered.mocks.flushJournal()
      #expect(await there(["calls"]) == steered.run("calls"))
      #expect(await there(["calls", "2"]) == steered.run("calls 2"))
      #expect(await there(["calls", "--analyze"]) == steered.run("calls --analyze"))
      #expect(await there(["verify", "\(system) ask q=A exactly 2"]).status == 0)
      let failed = await there(["verify", "\(system) ask q=A once"])
      #expect(failed.status == 1)
      #expect(failed == (await steered.run("verify '\(system) ask q=A once'")))
      #expect(await there(["verify", "\(system) aks"]).status == (system == "soap" ? 1 : 2))
    }
  }

  @Test("a token is taken from run.json or from the environment, and missed where there is none")
  func tokens() async throws {
    try await steered(token: "a-token-that-is-long-enough") { steered in
      #expect(await steered.run("stub list").status == 0)
      let run = try #require(steered.directory.text(of: ".trestle/run.json"))
      let url = try #require(try JSONParser.parse(run)["admin"]?["url"]?.stringValue)
      let refused = await steered.run("stub list --admin \(url)")
      #expect(refused.status == 3)
      #expect(refused.err.contains("TRESTLE_ADMIN_TOKEN"))
    }
  }

  @Test(
    "mistakes are told before anything is sent",
    arguments: [
      ("stub set boiler", "name an operation"), ("stub set boiler read", "say what it answers"),
      ("stub set boiler read --reply 1 -d 2", "-d says all of the stub"),
      ("stub set boiler read x=1 --always --reply 1", "--always asks for nothing"),
      ("stub rm boiler", "name the stubs"), ("stub rm boiler x --all", "--all excludes ids"),
      ("scenario create boiler x", "say what it is made of"),
      ("fault set boiler", "say what is done wrong"), ("stub lst", "did you mean \"list\"?"),
      ("stub set boiler read --reply {", "what follows --reply is not JSON"),
      ("stub reset --all --scope x", "exclude each other"),
    ])
  func usage(_ line: String, _ expected: String) async throws {
    let words = line.split(separator: " ").map(String.init)
    let ran = try await TemporaryDirectory().run(words, registry: .standard)
    #expect(ran.status == 2)
    #expect(ran.err.contains(expected), "\(ran)")
  }

  @Test(
    "where no mock runs, what starts one is told",
    arguments: ["stub list", "fault clear", "scenario list"])
  func nothingRuns(_ line: String) async throws {
    let directory = try TemporaryDirectory()
    let ran = await directory.run(line.split(separator: " ").map(String.init), registry: .standard)
    #expect(ran.status == 4)
    #expect(ran.err.contains("no mock runs"))
    #expect(ran.err.contains("trestle mock"))
  }
}
