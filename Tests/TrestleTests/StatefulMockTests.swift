import Testing
import Trestle
import TrestleCore

/// Every protocol has the same mock engine: each row is run on three of them.
@Suite("State and replies on every protocol")
struct StatefulMockTests {
  /// A mock of a shop in one of the protocols.
  private struct Shop {
    let kind: ShopSystem
    let service: Service
    let files: TemporaryWorkspace

    init(_ kind: ShopSystem, _ mock: String, files others: [String: String] = [:]) throws {
      self.kind = kind
      files = try TemporaryWorkspace(
        others.merging(["adapters/shop.yaml": kind.head + mock]) { $1 })
      let system = try files.load(.standard).system(named: "shop")
      #expect(system.diagnostics == [])
      service = try system.mockService()
    }

    /// The text of the reply, or the fault's message.
    func call(
      _ operation: String, _ id: String = "1", scope: String? = nil, sender: WireSender? = nil
    ) throws -> String {
      let call = Call(operation: operation, parameters: ["id": .string(id)])
      let response = try #require(try self.response(to: call, scope: scope, sender: sender))
      let reply = try service.codec.decode(response, answering: call)
      if let fault = reply.fault { return fault.message }
      return reply.value.flatMap { $0.scalarText ?? $0["result"]?.scalarText } ?? "nothing"
    }

    func response(
      to call: Call, scope: String? = nil, sender: WireSender? = nil
    ) throws -> WireResponse? {
      var request = try service.codec.encode(call)
      if let scope, kind != .tcp { request.headers["X-Trestle-Scope"] = scope }
      request.sender = sender
      guard case .now(let response) = service.handle(request) else { return nil }
      return response
    }
  }

  @Test("a scenario goes from state to state", arguments: ShopSystem.allCases)
  func scenario(kind: ShopSystem) throws {
    let shop = try Shop(
      kind,
      """
      mock:
        scenarios: { order: { start: new } }
        stubs:
          - { operation: pay, scenario: order, state: new, to: paid, reply: \(kind.yaml("thanks")) }
          - { operation: ship, scenario: order, state: paid, to: new, reply: \(kind.yaml("gone")) }
          - { operation: ship, fault: { code: 4, message: not paid } }
      """)
    #expect(try shop.call("ship") == "not paid")
    #expect(try shop.call("pay") == "thanks")
    #expect(try shop.call("ship") == "gone")
    #expect(try shop.call("ship") == "not paid")
  }

  @Test(
    "scopes are apart by a header, a parameter or the connection", arguments: ShopSystem.allCases)
  func scopes(kind: ShopSystem) throws {
    let counting = "responses: { pay: \(kind.yaml("{{counter('n')}}")) } }"
    let byConnection = try Shop(kind, "mock: { scope: connection, \(counting)")
    let senders = [WireSender(peer: nil), WireSender(peer: nil)]
    let counts = try [0, 1, 0, 1, 1].map { try byConnection.call("pay", sender: senders[$0]) }
    #expect(counts == ["1", "1", "2", "2", "3"])
    let byField = try Shop(kind, "mock: { scope: { field: id }, \(counting)")
    #expect(try ["a", "b", "a"].map { try byField.call("pay", $0) } == ["1", "1", "2"])
    let usual = try Shop(kind, "mock: { \(counting)")
    let expected = kind == .tcp ? ["1", "2", "3"] : ["1", "1", "2"]
    #expect(try ["a", "b", "a"].map { try usual.call("pay", scope: $0) } == expected)
  }

  @Test("times runs out, replies follow each other", arguments: ShopSystem.allCases)
  func sequences(kind: ShopSystem) throws {
    let shop = try Shop(
      kind,
      """
      mock:
        stubs:
          - operation: pay
            times: 3
            replies:
              - { reply: \(kind.yaml("one")) }
              - { fault: { code: 4, message: two } }
              - { reply: \(kind.yaml("three")) }
          - { operation: pay, reply: \(kind.yaml("over")) }
      """)
    #expect(try (0..<4).map { _ in try shop.call("pay") } == ["one", "two", "three", "over"])
  }

  @Test("a store is set by one call and read by another", arguments: ShopSystem.allCases)
  func store(kind: ShopSystem) throws {
    let shop = try Shop(
      kind,
      """
      mock:
        stubs:
          - { operation: pay, set: { last: "{{request.id}}" }, reply: \(kind.yaml("noted {{store.last}}")) }
          - operation: ship
            when_store: { last: { matches: "^A" } }
            reply: \(kind.yaml("{{upper(store.last)}}"))
          - { operation: ship, reply: \(kind.yaml("none")) }
      """)
    #expect(try shop.call("ship") == "none")
    #expect(try shop.call("pay", "Ab") == "noted Ab")
    #expect(try shop.call("ship") == "AB")
  }

  @Test(
    "rows of a CSV file fill replies in and decide between them", arguments: ShopSystem.allCases)
  func data(kind: ShopSystem) throws {
    let shop = try Shop(
      kind,
      """
      mock:
        data: { customers: { file: customers.csv, key: id } }
        stubs:
          - operation: pay
            when_true: data.customers[request.id] absent
            fault: { code: 4, message: "no customer {{request.id}}" }
          - { operation: pay, reply: \(kind.yaml("{{data.customers[request.id].name}}")) }
      """, files: ["adapters/customers.csv": "id,name\r\n7,\"Lee, Ann\"\r\n"])
    #expect(try shop.call("pay", "7") == "Lee, Ann")
    #expect(try shop.call("pay", "8") == "no customer 8")
  }

  @Test("a seed makes the replies of a run the same", arguments: ShopSystem.allCases)
  func seed(kind: ShopSystem) throws {
    func run(_ seed: Int) throws -> [String] {
      let reply = kind.yaml("{{uuid}} {{random(1, 9)}}")
      let shop = try Shop(kind, "mock: { seed: \(seed), responses: { pay: \(reply) } }")
      return try (0..<5).map { _ in try shop.call("pay") }
    }
    #expect(try run(42) == run(42))
    #expect(try run(42) != run(43))
  }

  @Test(
    "raw bytes go out as they are, with a frame around them or none", arguments: ShopSystem.allCases
  )
  func raw(kind: ShopSystem) throws {
    let shop = try Shop(
      kind,
      """
      mock:
        stubs:
          - { operation: pay, raw: "no <such {{request.id}}" }
          - operation: ship
            raw: { hex: "00 ff", status: 503, headers: { X-Why: "{{request.id}}" }, framed: false }
      """)
    let pay = try #require(try shop.response(to: Call(operation: "pay", parameters: ["id": "7"])))
    #expect(pay.body == Array("no <such 7".utf8))
    #expect(pay.isUnframed == false)
    let ship = try #require(
      try shop.response(to: Call(operation: "ship", parameters: ["id": "7"])))
    #expect(ship.body == [0, 255])
    #expect(ship.isUnframed == (kind == .tcp))
    guard kind != .tcp else { return }
    #expect(pay.status == 200 && pay.headers["Content-Type"] == "text/xml; charset=utf-8")
    #expect(ship.status == 503 && ship.headers["X-Why"] == "7")
  }

  @Test("on a socket, raw bytes stand for a frame's content or for the whole frame")
  func sockets() async throws {
    let files = try TemporaryWorkspace([
      "adapters/shop.yaml": ShopSystem.tcp.head + """
        mock:
          stubs:
            - { operation: pay, raw: "r=inside" }
            - { operation: ship, times: 1, raw: { text: "r=whole\\n", framed: false } }
            - { operation: ship, reply: { result: usual } }
        """
    ])
    let workspace = try files.load(.standard)
    try await withMocks(workspace) { mocks in
      try await withBridge(workspace, options: .init(endpoints: mocks.endpoints)) { bridge in
        for (operation, expected) in [("pay", "inside"), ("ship", "whole"), ("ship", "usual")] {
          let value = try await bridge.callLegacySystem(
            "shop", operation: operation, parameters: ["id": "1"])
          #expect(value["result"] == .string(expected))
        }
      }
    }
  }

  @Test("data files that cannot be used are told with the key that names them")
  func broken() throws {
    let files = try TemporaryWorkspace([
      "adapters/shop.yaml": """
      protocol: xml_rpc
      methods: { pay: { params: [id], returns: string } }
      mock:
        data:
          a: { file: a.csv, key: id }
          b: { file: missing.csv, key: id }
          c: { file: ../../../etc/passwd, key: id }
          d: { file: shop.sqlite, table: orders, key: id }
          e: { file: a.csv, kee: id }
        sede: 4
      """, "adapters/a.csv": "id,name\n1\n",
    ])
    let found = try files.load(.standard).system(named: "shop").diagnostics.map(\.description)
    let expected = [
      (":5:", "a.csv line 2: 1 fields"), (":6:", "missing.csv"), (":7:", "outside the workspace"),
      (":8:", "no such file"), (":9:", "did you mean \"key\""), (":10:", "did you mean \"seed\""),
    ]
    for (place, text) in expected {
      #expect(found.contains { $0.contains(place) && $0.contains(text) }, "\(text): \(found)")
    }
  }
}
