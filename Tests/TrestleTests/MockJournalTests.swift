import Foundation
import Testing
import Trestle
import TrestleCore
import TrestleStore

@Suite("The journal of mocks")
struct MockJournalTests {
  private static let adapters = [
    "adapters/claims.yaml": """
    protocol: soap
    namespace: urn:claims
    mock:
      secret: [password]
      responses: { Login: { token: "t-{{request.user}}" } }
      stubs:
        - name: unknown user
          operation: Login
          when: { user: nobody }
          fault: { code: Client, message: "no user nobody with password {{request.password}}" }
    """,
    "adapters/orders.yaml": """
    protocol: xml_rpc
    methods: { login: { params: [user, password], returns: string }, none: { returns: int } }
    mock:
      secret: [password]
      fallback: fault
      responses: { login: "welcome {{request.user}}" }
    """,
    "adapters/cards.yaml": """
    protocol: custom_tcp
    frame: { length: { bytes: 2, as: be } }
    layout:
      iso8583:
        version: 1987
        mti: ascii
        bitmap: binary
        defaults: { numeric: bcd, text: ascii, length: bcd }
        fields: { 2: n..19 pan masked, 4: n12 amount, 11: n6 stan, 35: "z..37 track2 masked", 39: an2 rc }
    operations:
      authorise:
        request: { mti: "0100", set: { pan: "{{request.card}}", amount: "{{request.amount}}", stan: "{{next('stan')}}", track2: "4111111111111111=99121" } }
        reply: { mti: "0110", map: { code: rc } }
    conversation: { correlate: { key: stan }, counters: { stan: { from: 1, to: 999999 } } }
    mock: { responses: { authorise: { code: "00" } } }
    """,
  ]

  private static let calls: [(system: String, operation: String, parameters: Value)] = [
    ("claims", "Login", ["user": "ann", "password": "hunter2&co"]),
    ("claims", "Login", ["user": "nobody", "password": "hunter2&co"]),
    ("orders", "login", ["user": "bob", "password": "hunter2&co"]),
    ("cards", "authorise", ["card": "4111111111111111", "amount": "1250"]),
  ]

  /// Makes the calls over sockets; gives the workspace with its journal.
  private func called(
    _ durability: JournalSettings.Durability, _ extra: [(String, String, Value)] = []
  ) async throws -> (files: TemporaryWorkspace, journal: JournalFile) {
    let files = try TemporaryWorkspace(Self.adapters)
    let workspace = try files.load(.standard)
    #expect(workspace.diagnostics.isEmpty)
    let options = MockRunner.Options(usesFreePorts: true, journal: .all(durability))
    try await withMocks(workspace, options: options) { mocks in
      #expect(mocks.journalProblem == nil)
      await withBridge(workspace, options: .init(endpoints: mocks.endpoints)) { bridge in
        for (system, operation, parameters) in Self.calls + extra {
          _ = try? await bridge.call(system, operation: operation, parameters: parameters)
        }
      }
    }
    return (files, try JournalFile(path: workspace.journalPath))
  }

  @Test(
    "calls of every protocol are kept, batched and sync",
    arguments: [JournalSettings.Durability.batched, .sync])
  func protocols(durability: JournalSettings.Durability) async throws {
    let (_, journal) = try await called(durability, [("orders", "none", [:])])
    let entries = try journal.entries(JournalQuery(isOldestFirst: true))
      .sorted { $0.start < $1.start }
    #expect(entries.map(\.system) == ["claims", "claims", "orders", "cards", "orders"])
    #expect(entries.map(\.outcome) == [.ok, .fault, .ok, .ok, .unmatched])
    #expect(
      entries.map(\.origin) == ["response", "stub 'unknown user'", "response", "response", nil])
    #expect(entries.allSatisfy { $0.peer?.hasPrefix("127.0.0.1:") == true })
    #expect(entries.allSatisfy { ($0.request?.size ?? 0) > 0 && ($0.response?.size ?? 0) > 0 })
    #expect(entries.map(\.status) == [200, 500, 200, nil, 200])
    #expect(entries[0].value == ["token": "t-ann"])
    #expect(entries[2].value == "welcome bob")
    #expect(entries[3].value?["code"] == "00")
    #expect(entries[4].nearMiss?.hasPrefix("no stub matched none") == true)
    #expect(entries[0].request?.headers["Content-Type"]?.contains("xml") == true)
    #expect(entries[0].parameters == ["user": "ann", "password": "***"])
  }

  @Test("no file of the journal has a secret, in whatever form its protocol sends it")
  func secrets() async throws {
    let (files, journal) = try await called(.batched)
    let folder = files.directory + "/.trestle/"
    var packed: [UInt8] = [0x41, 0x11, 0x11, 0x11, 0x11, 0x11, 0x11, 0x11]
    for name in try FileManager.default.contentsOfDirectory(atPath: folder)
    where name.hasPrefix("journal") {
      let bytes = try Data(contentsOf: URL(filePath: folder + name))
      for secret in ["hunter2", "4111111111111111", "411111"] {
        #expect(bytes.range(of: Data(secret.utf8)) == nil, "\(secret) in \(name)")
      }
      #expect(bytes.range(of: Data(packed)) == nil)
      packed[7] = 0x1D
      #expect(bytes.range(of: Data(packed)) == nil)
    }
    let card = try #require(try journal.entries(JournalQuery(system: "cards")).first)
    #expect(card.parameters["card"] == "***")
    #expect(card.parameters["amount"] != "***")
    #expect(card.request?.body.contains(UInt8(ascii: "*")) == true)
    // What is not secret can still be read.
    let claim = try #require(try journal.entries(JournalQuery(system: "claims")).last)
    let text = String(decoding: claim.request?.body ?? [], as: UTF8.self)
    #expect(text.contains("ann") && text.contains("***"))
  }

  @Test("with off, no file is made; by default the library keeps nothing")
  func off() async throws {
    let files = try TemporaryWorkspace(Self.adapters)
    let workspace = try files.load(.standard)
    for choice in [JournalChoice.none, .all(.off)] {
      let options = MockRunner.Options(usesFreePorts: true, journal: choice)
      try await withMocks(workspace, options: options) { _ in }
      #expect(!files.exists(".trestle/journal.sqlite"))
    }
  }

  @Test("mock.journal is read, and mistakes in it are told with their place")
  func settings() throws {
    let files = try TemporaryWorkspace([
      "adapters/a.yaml": """
      protocol: xml_rpc
      mock:
        journal: { durability: sync, entries: 20, bytes: 1MB, body: 2KB, age: 1h }
      """,
      "adapters/b.yaml": """
      protocol: xml_rpc
      mock:
        journal: { durability: synch, bytes: many }
      """,
      "adapters/c.yaml": "protocol: xml_rpc\nmock: { journal: { durability: off } }\n",
    ])
    let workspace = try files.load(.standard)
    #expect(
      try workspace.system(named: "a").definition.mock.journal
        == JournalSettings(
          durability: .sync, entries: 20, bytes: 1 << 20, body: 2 << 10, age: .seconds(3600)))
    #expect(try workspace.system(named: "c").definition.mock.journal.durability == .off)
    let problems = (workspace.diagnostics + workspace.systems.flatMap(\.diagnostics)).map(
      \.description)
    #expect(problems.contains { $0.contains("b.yaml:3") && $0.contains("synch") })
  }
}
