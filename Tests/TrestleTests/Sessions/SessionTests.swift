import Synchronization
import Testing
import TrestleCore

@testable import Trestle

@Suite("Sessions")
struct SessionTests {
  /// A service that gives out tokens, counts them, and forgets the first one after its first use.
  private static func service(
    forgets: Bool = false, _ login: String = "auth.login"
  ) -> @Sendable (XMLRPCServer.Seen) -> XMLRPCServer.Answer {
    let logins = Mutex(0)
    let uses = Mutex(0)
    return { call in
      if call.method == login {
        let number = logins.withLock { count in
          count += 1
          return count
        }
        return .value(["key": .string("t\(number)"), "uid": .integer(Int64(number))])
      }
      let use = uses.withLock { count in
        count += 1
        return count
      }
      // The second use finds the first session gone.
      if forgets, use == 2 { return .fault(5, "Session expired. Try to relogin.") }
      return .value(.array(call.parameters))
    }
  }

  /// Calls operations of a system one after the other, and gives what the service was asked.
  private func calls(
    _ session: String, methods: String = "", _ operations: [(String, Value)],
    service: @escaping @Sendable (XMLRPCServer.Seen) -> XMLRPCServer.Answer = service()
  ) async throws -> (replies: [Reply], seen: [XMLRPCServer.Seen]) {
    try await XMLRPCServer.run(service) { server, port in
      let files = try TemporaryWorkspace([
        "adapters/shop.yaml": """
        system: shop
        protocol: xml_rpc
        endpoint: http://127.0.0.1:\(port)/api
        session:
        \(session.split(separator: "\n").map { "  " + $0 }.joined(separator: "\n"))
        \(methods)
        """
      ])
      let workspace = try files.load(.standard)
      let problems = workspace.systems.flatMap(\.diagnostics)
      #expect(problems.isEmpty, "\(problems)")
      var replies: [Reply] = []
      let bridge = Bridge(workspace)
      for (operation, parameters) in operations {
        replies.append(try await bridge.call("shop", operation: operation, parameters: parameters))
      }
      await bridge.shutdown()
      return (replies, server.seen)
    }
  }

  private static let login = "login: { operation: auth.login, parameters: [ada, hush] }\n"

  @Test(
    "the token goes where the file says, and the caller need not know of it",
    arguments: [
      ("token: key\nsend: first", ["params": [7, "x"]], #"get("t1",7,"x")"#),
      ("token: key\nsend: last", ["params": [7]], #"get(7,"t1")"#),
      ("token: key\nsend: first", [:], #"get("t1")"#),
      ("token: key\nsend: first", ["a": 1], #"get("t1",{"a":1})"#),
      ("token: key\nsend: { member: Shop_token }", ["id": 7], #"get({"id":7,"Shop_token":"t1"})"#),
      ("token: key\nsend: { member: tok }", ["params": [["id": 7]]], #"get({"id":7,"tok":"t1"})"#),
      (
        "token: uid\nsend: { first: [db, \"{{token}}\", pw] }", ["params": ["x"]],
        #"get("db",1,"pw","x")"#
      ),
    ] as [(String, Value, String)])
  func places(_ session: String, _ parameters: Value, _ expected: String) async throws {
    let (_, seen) = try await calls(Self.login + session, [("get", parameters)])
    #expect(seen.map(\.text) == [#"auth.login("ada","hush")"#, expected])
  }

  @Test(
    "declared parameters that the session fills in may be left out, and given all the same",
    arguments: [
      ("send: first", ["id": 7], #"get("t1",7,null)"#),
      ("send: first", ["id": 7, "key": "mine"], #"get("mine",7,null)"#),
      ("send: first", ["params": [7, 8]], #"get("t1",7,8)"#),
    ] as [(String, Value, String)])
  func declared(_ send: String, _ parameters: Value, _ expected: String) async throws {
    let methods = """
      methods:
        auth.login: { params: [user, password] }
        get: { params: [{ name: key, type: string }, { name: id, type: int }, { name: more, type: any }] }
      """
    var parameters = parameters
    if parameters["id"] != nil, case .object(var record) = parameters {
      record["more"] = .null
      parameters = .object(record)
    }
    let (_, seen) = try await calls(
      Self.login + "token: key\n" + send, methods: methods, [("get", parameters)])
    #expect(seen.map(\.text) == [#"auth.login("ada","hush")"#, expected])
  }

  @Test("a header carries the token, and cookies go back to the service that set them")
  func headers() async throws {
    let (_, seen) = try await calls(
      Self.login + "token: key\nsend: { header: X-Key }", [("get", ["params": [1]])])
    #expect(seen.map { $0.request.headers["X-Key"] } == [nil, "t1"])
    #expect(seen.last?.text == "get(1)")

    let (_, cookies) = try await calls(
      "login: { operation: auth.login }\nsend: cookie", [("get", [:]), ("get", [:])]
    ) { call in
      call.method == "auth.login"
        ? .value(true, ["Set-Cookie": "sid=abc; Path=/; HttpOnly"])
        : .value(true, ["Set-Cookie": "seen=\(call.parameters.count)"])
    }
    #expect(cookies.map { $0.request.headers["Cookie"] } == [nil, "sid=abc", "sid=abc; seen=0"])
  }

  @Test("one login serves many calls, and is made once for calls at the same time")
  func once() async throws {
    try await XMLRPCServer.run(Self.service()) { server, port in
      let files = try TemporaryWorkspace([
        "adapters/shop.yaml": """
        protocol: xml_rpc
        endpoint: http://127.0.0.1:\(port)/api
        session: { login: { operation: auth.login, path: /login }, token: key, send: first, logout: auth.logout }
        """
      ])
      let bridge = Bridge(try files.load(.standard))
      try await withThrowingTaskGroup(of: Void.self) { group in
        for number in Int64(0)..<20 {
          group.addTask {
            let reply = try await bridge.callLegacySystem(
              "shop", operation: "get", parameters: ["params": [.integer(number)]])
            #expect(reply == ["t1", .integer(number)])
          }
        }
        try await group.waitForAll()
      }
      _ = try await bridge.callLegacySystem(
        "shop", operation: "system.listMethods", parameters: ["params": []])
      await bridge.shutdown()
      #expect(server.calls.count { $0.hasPrefix("auth.login(") } == 1)
      #expect(server.seen.first?.request.target == "/login")
      #expect(server.seen.last?.text == #"auth.logout("t1")"#)
      #expect(server.calls.contains("system.listMethods()"))
    }
  }

  @Test(
    "a session that is over is begun again, once",
    arguments: [
      "expired: { code: 5 }", "expired: { code: [4, 5] }",
      "expired: { message: { contains: relogin } }",
    ])
  func expired(_ rule: String) async throws {
    let (replies, seen) = try await calls(
      "login: { operation: auth.login }\ntoken: key\nsend: first\n" + rule,
      [("get", ["params": [1]]), ("get", ["params": [2]])], service: Self.service(forgets: true))
    #expect(
      seen.map(\.text) == [
        "auth.login()", #"get("t1",1)"#, #"get("t1",2)"#, "auth.login()", #"get("t2",2)"#,
      ])
    #expect(replies.last?.value == ["t2", 2])
  }

  @Test("the category unauthenticated says that a session is over, where nothing else does")
  func category() async throws {
    let (replies, seen) = try await calls(
      "login: { operation: auth.login }\ntoken: key\nsend: first\n",
      methods: "faults: [{ code: 5, category: unauthenticated }]",
      [("get", ["params": [1]]), ("get", ["params": [2]])], service: Self.service(forgets: true))
    #expect(seen.count == 5)
    #expect(replies.last?.value == ["t2", 2])
  }

  @Test("a service that never lets anybody in is asked twice, and its fault is the answer")
  func hopeless() async throws {
    let (replies, seen) = try await calls(
      "login: { operation: auth.login }\ntoken: key\nsend: first\nexpired: { code: 5 }",
      [("get", [:])]
    ) { $0.method == "auth.login" ? .value(["key": "t"]) : .fault(5, "expired") }
    #expect(seen.map(\.method) == ["auth.login", "get", "auth.login", "get"])
    #expect(replies.first?.fault?.code == "5")
  }

  @Test("HTTP 401 and 403 begin a session again too", arguments: [401, 403])
  func status(_ status: Int) async throws {
    let count = Mutex(0)
    let (replies, seen) = try await calls(
      "login: { operation: auth.login }\ntoken: key\nsend: { header: X-Key }", [("get", [:])]
    ) { call in
      if call.method == "auth.login" { return .value(["key": "t"]) }
      let number = count.withLock { count in
        count += 1
        return count
      }
      return number == 1 ? .status(status) : .value(1)
    }
    #expect(seen.map(\.method) == ["auth.login", "get", "auth.login", "get"])
    #expect(replies.first?.value == 1)
  }

  @Test(
    "a login that fails says so, and the next call tries again",
    arguments: [
      (XMLRPCServer.Answer.value(false), "the login gave no token: it answered false"),
      (.value(["other": 1]), "the login gave no token: it answered an object with other"),
      (.fault(1, "wrong password"), "the system answered with a fault: wrong password (1)"),
    ])
  func failing(_ answer: XMLRPCServer.Answer, _ reason: String) async throws {
    try await XMLRPCServer.run({ _ in answer }) { server, port in
      let files = try TemporaryWorkspace([
        "adapters/shop.yaml": """
        protocol: xml_rpc
        endpoint: http://127.0.0.1:\(port)/api
        session: { login: { operation: auth.login }, token: key, send: first }
        """
      ])
      await withBridge(try files.load(.standard)) { bridge in
        for _ in 0..<2 {
          let error = await #expect(throws: BridgeError.self) {
            _ = try await bridge.callLegacySystem("shop", operation: "get")
          }
          #expect(error?.reason == reason)
          #expect(error?.operation == "auth.login")
        }
      }
      #expect(server.calls == ["auth.login()", "auth.login()"])
    }
  }

  @Test("a call that has no place for the token goes without, and loses nothing")
  func noPlace() async throws {
    let methods = """
      methods:
        auth.login: { params: [user, password] }
        none: { params: [] }
        number: { params: [{ name: id, type: int }] }
        both: { params: [a, b] }
        open: { params: [{ name: query, type: struct }] }
      """
    let member = Self.login + "token: key\nsend: { member: T }"
    let (_, seen) = try await calls(
      member, methods: methods,
      [
        ("number", ["id": 5]), ("both", ["a": 1, "b": 2]), ("open", ["query": ["x": 1]]),
        ("open", [:]), ("number", ["params": [5]]), ("none", [:]),
      ])
    #expect(
      seen.map(\.text).dropFirst() == [
        "number(5)", "both(1,2)", #"open({"x":1,"T":"t1"})"#, #"open({"T":"t1"})"#, "number(5)",
        "none()",
      ])
    let first = Self.login + "token: key\nsend: first"
    let (_, positional) = try await calls(
      first, methods: methods, [("none", [:]), ("number", ["params": [5]])])
    #expect(positional.map(\.text).dropFirst() == ["none()", "number(5)"])
  }

  @Test("a service without a login is not asked twice, and a login that is refused is none")
  func refusals() async throws {
    let (replies, seen) = try await calls(
      "send: { first: [secret] }\nexpired: { code: 5 }", [("get", [:])]
    ) { _ in .fault(5, "who?") }
    #expect(seen.count == 1)
    #expect(replies.first?.fault?.code == "5")
    await #expect(throws: BridgeError.self) {
      _ = try await calls("login: { operation: in }\nsend: cookie", [("get", [:])]) { _ in
        .value(false, ["Set-Cookie": "SID=guest"])
      }
    }
    let leaking = await #expect(throws: BridgeError.self) {
      _ = try await calls("login: { operation: in }\ntoken: kee\nsend: first", [("get", [:])]) {
        _ in
        .value(["key": "hush-hush"])
      }
    }
    #expect(leaking?.description.contains("hush") == false)
  }

  @Test("cookies go along only where they are what is sent, and not from a session that is over")
  func cookies() async throws {
    let (_, seen) = try await calls(
      Self.login + "token: key\nsend: first", [("get", [:]), ("get", [:])]
    ) { call in
      .value(["key": "t"], ["Set-Cookie": "SID=x"])
    }
    #expect(seen.allSatisfy { $0.request.headers["Cookie"] == nil })
    let keeper = SessionKeeper()
    let (_, old) = try await keeper.token { .null }
    keeper.end(old)
    let (_, new) = try await keeper.token { .null }
    keeper.keepCookies(of: ["Set-Cookie": "SID=new"], during: new)
    keeper.keepCookies(of: ["Set-Cookie": "SID=stale"], during: old)
    #expect(keeper.cookieField == "SID=new")
  }

  @Test("a call whose time the login took is not sent")
  func late() async throws {
    try await XMLRPCServer.run({ _ in .value(["key": "t"]) }) { server, port in
      let files = try TemporaryWorkspace([
        "adapters/shop.yaml": """
        protocol: xml_rpc
        endpoint: http://127.0.0.1:\(port)/api
        timeout: 1ms
        session: { login: { operation: auth.login }, token: key, send: first }
        """
      ])
      await withBridge(try files.load(.standard)) { bridge in
        let error = await #expect(throws: BridgeError.self) {
          _ = try await bridge.callLegacySystem("shop", operation: "get")
        }
        #expect(error?.stage == .timeout)
      }
      #expect(!server.calls.contains { $0.hasPrefix("get") })
    }
  }

  @Test("what is the same for every call needs no login")
  func constant() async throws {
    let (_, seen) = try await calls(
      "send: { first: [\"token:secret\"] }", [("aria2.tellActive", ["params": [["gid"]]])])
    #expect(seen.map(\.text) == [#"aria2.tellActive("token:secret",["gid"])"#])
  }

  @Test(
    "mistakes are told with their place",
    arguments: [
      ("session: { send: first }", "send: first needs a token, and there is no login to give one"),
      ("session: { login: { operation: a } }", "session lacks \"send\""),
      (
        "session: { login: { operation: a }, send: midway }",
        "says of no place where a token can go"
      ),
      (
        "session: { login: { operation: a }, send: { first: [\"{{tokn}}\"] } }",
        "{{tokn}}: unknown name \"tokn\""
      ),
      (
        "session: { login: { operation: lgin }, send: first }\nmethods: { login: {}, get: {} }",
        "there is no operation \"lgin\"; did you mean \"login\"?"
      ),
    ])
  func mistakes(_ text: String, _ message: String) throws {
    let files = try TemporaryWorkspace(["adapters/shop.yaml": "protocol: xml_rpc\n" + text])
    let workspace = try files.load(.standard)
    let found = workspace.diagnostics + workspace.systems.flatMap(\.diagnostics)
    #expect(found.contains { $0.message.contains(message) }, "\(found)")
  }
}
