import Testing
import TrestleCore

@testable import TrestleTCP

@Suite("Conversation") struct ConversationTests {
  /// A host of JSON messages with a logon, an echo and a sale that is undone.
  static let definition: Value = [
    "layout": "json",
    "operations": [
      "logon": [
        "request": ["set": ["type": "LOGON", "user": "{{request.user}}", "n": "{{next('n')}}"]],
        "error": ["when": "rc != 0", "code": "rc", "message": "text"],
      ],
      "logoff": ["request": ["set": ["type": "LOGOFF"]], "reply": "none"],
      "echo": ["request": ["set": ["type": "ECHO", "n": "{{next('n')}}"]]],
      "alarm": ["request": ["set": ["type": "ALARM", "what": "{{request.what}}"]]],
      "notice": ["request": ["set": ["type": "NOTICE"]], "reply": "none"],
      "sale": [
        "request": [
          "set": ["type": "SALE", "amount": "{{request.amount}}", "n": "{{next('n')}}"]
        ], "timeout": "2s", "on_timeout": ["send": "undo"],
      ],
      "undo": [
        "request": [
          "set": ["type": "UNDO", "amount": "{{request.amount}}", "first": "{{request.n}}"]
        ], "idempotent": true, "retry": 3,
      ],
    ],
    "conversation": [
      "correlate": "order",
      "session": [
        "greeting": ["hello": "{{uuid}}"],
        "on_connect": [["operation": "logon", "parameters": ["user": "ops"]]],
        "on_disconnect": "logoff",
      ],
      "heartbeat": ["every": "60s", "operation": "echo", "misses": 3, "timeout": "5s"],
      "unsolicited": ["alarm": ["reply": ["taken": "{{request.what}}"]], "notice": nil],
      "reconnect": ["first": "100ms", "max": "10s"], "pool": 2,
      "counters": ["n": ["from": 1, "to": 9, "restart": "connect"]],
    ],
  ]

  private func text(_ body: [UInt8]) -> String { String(decoding: body, as: UTF8.self) }

  private func response(_ text: String) -> WireResponse { WireResponse(body: Array(text.utf8)) }

  @Test("sessions, heartbeats and reconnecting are as declared")
  func plan() throws {
    let plan = try makeCodec(Self.definition).connectionPlan
    #expect(plan.greetings == 1)
    #expect(text(try #require(plan.greeting().first).body).hasPrefix("{\"hello\":\""))
    #expect(plan.opening.map(\.name) == ["logon"])
    #expect(text(try plan.opening[0].request().body) == #"{"type":"LOGON","user":"ops","n":1}"#)
    #expect(try plan.opening[0].fault(response(#"{"rc":0}"#)) == nil)
    #expect(
      try plan.opening[0].fault(response(#"{"rc":7,"text":"who?"}"#))
        == Fault(code: "7", message: "who?"))
    #expect(plan.closing.map(\.expectsReply) == [false])
    let heartbeat = try #require(plan.heartbeat)
    #expect(heartbeat.every == .seconds(60) && heartbeat.timeout == .seconds(5))
    #expect(heartbeat.misses == 3 && heartbeat.step.name == "echo")
    #expect(plan.reconnect == .init(first: .milliseconds(100), longest: .seconds(10)))
    #expect(plan.connections == 2 && plan.keepsOpen)
  }

  @Test("a greeting is held against the constants of the declared one")
  func greetings() throws {
    var definition = Self.definition
    definition.set(
      ["hello": "HOST", "n": "{{uuid}}"],
      at: ValuePath([.member("conversation"), .member("session"), .member("greeting")]))
    let mistake = try #require(try makeCodec(definition).connectionPlan.mistakeInGreeting)
    #expect(mistake(response(#"{"n":"1","hello":"HOST"}"#)) == nil)
    #expect(mistake(response(#"{"hello":"OTHER"}"#)) == #"hello expects "HOST", found "OTHER""#)
    #expect(mistake(response("{}")) == #"hello expects "HOST", found nothing"#)
    #expect(mistake(response("HOST"))?.hasPrefix("it cannot be read: ") == true)
  }

  @Test("an answer to the peer that cannot be written says why")
  func unwrittenAnswer() throws {
    var definition = Self.definition
    definition.set(
      "{{number(request.what)}}",
      at: ValuePath(
        ["conversation", "unsolicited", "alarm", "reply", "taken"].map { .member($0) }))
    let plan = try makeCodec(definition).connectionPlan
    let answered = plan.unsolicited?(response(#"{"type":"ALARM","what":"7"}"#))
    #expect(answered?.answer != nil && answered?.failure == nil)
    let failed = plan.unsolicited?(response(#"{"type":"ALARM","what":"x"}"#))
    #expect(failed?.answer == nil && failed?.failure != nil)
  }

  @Test("counters begin again with each connection where they shall")
  func restarts() throws {
    let codec = try makeCodec(Self.definition)
    let plan = codec.connectionPlan
    let numbers = try (0..<5).map { round in
      if round == 3 { plan.willOpen() }
      return try JSONParser.parse(plan.opening[0].request().body)["n"]
    }
    #expect(numbers == [1, 2, 3, 1, 2])
  }

  @Test("a counter may begin anywhere in its range, and goes on from there")
  func scattered() throws {
    func numbers() throws -> [Int64] {
      let codec = try makeCodec([
        "layout": "json", "operations": ["get": ["request": ["set": ["n": "{{next('n')}}"]]]],
        "conversation": ["counters": ["n": ["from": 10, "to": 999_999, "start": "random"]]],
      ])
      return try (0..<2).compactMap { _ in
        try JSONParser.parse(codec.encode(Call(operation: "get")).body)["n"]?.integerValue
      }
    }
    let runs = try (0..<8).map { _ in try numbers() }
    #expect(runs.allSatisfy { $0[1] == $0[0] + 1 || $0[1] == 10 })
    #expect(Set(runs.map { $0[0] }).count > 1, "eight runs that begin alike are no chance")
  }

  @Test("what the peer sends by itself is recognised, and answered as declared")
  func unsolicited() throws {
    let recognize = try #require(try makeCodec(Self.definition).connectionPlan.unsolicited)
    let alarm = try #require(recognize(response(#"{"type":"ALARM","what":"fire"}"#)))
    #expect(alarm.call.operation == "alarm" && alarm.call.parameters == ["what": "fire"])
    #expect(text(try #require(alarm.answer).body) == #"{"taken":"fire"}"#)
    let notice = try #require(recognize(response(#"{"type":"NOTICE"}"#)))
    #expect(notice.call.operation == "notice" && notice.answer == nil)
    #expect(recognize(response(#"{"type":"ECHO"}"#)) == nil, "an operation the peer does not call")
    #expect(recognize(response(#"{"rc":0}"#)) == nil)
    #expect(recognize(response("no JSON")) == nil)
  }

  @Test("what undoes a call has the fields of the request that was sent")
  func compensation() throws {
    let codec = try makeCodec(Self.definition)
    let call = Call(operation: "sale", parameters: ["amount": "9.90"])
    let request = try codec.encode(call)
    let undo = try #require(codec.compensation(of: request, by: call))
    #expect(undo.operation == "undo")
    #expect(undo.parameters == ["amount": "9.90", "n": 1])
    #expect(
      text(try codec.encode(undo).body) == #"{"type":"UNDO","amount":"9.90","first":"1"}"#)
    #expect(codec.compensation(of: try codec.encode(undo), by: undo) == nil)
    let operations = codec.contract
    #expect(operations.operation(named: "sale")?.delivery.timeout == .seconds(2))
    #expect(operations.operation(named: "undo")?.delivery.retries == 3)
  }

  @Test("an operation without a reply is sent and done, and its mock is silent")
  func oneWay() throws {
    let codec = try makeCodec(Self.definition)
    let request = try codec.encode(Call(operation: "logoff"))
    #expect(request.isOneWay)
    #expect(codec.contract.operation(named: "logoff")?.isOneWay == true)
    let call = try codec.decode(request)
    #expect(try codec.encode(.value("anything"), answering: call).isNothing)
    #expect(try codec.decode(WireResponse(), answering: call).value == .null)
  }

  @Test("calls may have a connection each")
  func connections() throws {
    var definition = Self.definition
    definition.set("connection", at: ValuePath([.member("conversation"), .member("correlate")]))
    // Its heartbeat has nothing to keep alive, which is told.
    #expect(try makeCodec(definition, warnings: 1).connectionPlan.isOneShot)
    #expect(try !makeCodec(Self.definition).connectionPlan.isOneShot)
  }

  @Test("messages in a session become operations that a mock knows too")
  func inline() throws {
    var definition: Value = [
      "layout": "json", "operations": ["get": ["request": ["set": ["type": "GET"]]]],
    ]
    definition.set(
      [
        "session": [
          "on_connect": [["type": "LOGON"], ["set": ["type": "MODE"]]],
          "heartbeat": ["every": "1m", "type": "BEAT"],
        ]
      ], at: ValuePath([.member("conversation")]))
    let codec = try makeCodec(definition)
    #expect(
      codec.contract.operations.map(\.name) == ["get", "logon", "logon2", "heartbeat"])
    #expect(try received(codec, #"{"type":"MODE"}"#).operation == "logon2")
    let heartbeat = try #require(codec.connectionPlan.heartbeat)
    #expect(text(try heartbeat.step.request().body) == #"{"type":"BEAT"}"#)
  }

  @Test(
    "mistakes are told with their place",
    arguments: [
      (
        ["session": ["on_connect": ["loggon"]]],
        #"conversation.session.on_connect[0]: there is no operation "loggon"; did you mean "logon"?"#
      ),
      (
        ["session": ["on_connect": [["operation": "logon", "params": [:]]]]],
        #"conversation.session.on_connect[0].params: a step has no key "params""#
      ),
      (
        ["session": ["greeting": "soon"]],
        #"conversation.session.greeting: expects how many messages the peer sends first, or the message, found "soon""#
      ),
      (
        ["heartbeat": ["operation": "logon"]],
        "conversation.heartbeat: heartbeat does not say how often"
      ),
      (
        ["heartbeat": ["every": "often", "operation": "logon"]],
        #"conversation.heartbeat.every: expects a time span like 200ms, 60s or 2m, found "often""#
      ),
      (
        ["unsolicited": ["alert": [:]]],
        #"conversation.unsolicited.alert: there is no operation "alert""#
      ),
      (
        ["unsolicited": ["off": ["reply": [:]]]],
        "conversation.unsolicited.off: the operation has reply: none"
      ),
      (["reconnect": ["first": "10s", "max": "1s"]], "conversation.reconnect: first is over max"),
      (
        ["session": ["on_connect": ["operation": "logon", "parameters": ["usr": "x"]]]],
        #"conversation.session.on_connect.parameters: logon: usr is no parameter"#
      ),
      (
        ["unsolicited": ["ask": ["reply": ["anwser": "x"]]]],
        #"conversation.unsolicited.ask.reply.anwser: the result of ask has no "anwser""#
      ),
      (["pool": 0], "conversation.pool: expects a whole number from 1 to 1024, found 0"),
      (["tls": true], #"conversation.tls: conversation has no key "tls""#),
      (
        ["counters": ["n": ["restart": "daily"]]],
        #"conversation.counters.n.restart: unknown restart "daily""#
      ),
    ] as [(Value, String)])
  func mistaken(_ conversation: Value, _ expected: String) {
    let definition: Value = [
      "layout": "json",
      "operations": [
        "logon": ["request": ["set": ["type": "LOGON"]]],
        "off": ["request": ["set": ["type": "OFF"]], "reply": "none"],
        "ask": ["request": ["set": ["type": "ASK"]], "reply": ["map": ["answer": "a"]]],
      ], "conversation": conversation,
    ]
    #expect(mistakes(in: definition) == [expected])
  }

  @Test(
    "mistakes in how operations are delivered are told",
    arguments: [
      (["retry": 2], "operations.a.retry: retry is for operations that may be done twice"),
      (["on_timeout": "undo"], #"operations.a.on_timeout: there is no operation "undo""#),
      (
        ["on_timeout": ["sent": "a"]],
        "operations.a.on_timeout.sent: on_timeout has no key \"sent\"; did you mean \"send\"?"
      ),
      (
        ["timeout": "never"],
        #"operations.a.timeout: expects a time span like 200ms, 60s or 2m, found "never""#
      ),
    ] as [(Value, String)])
  func wrongDelivery(_ keys: Value, _ expected: String) {
    var operation: Value = ["request": ["set": ["type": "A"]]]
    operation.merge(keys)
    #expect(mistakes(in: ["layout": "json", "operations": ["a": operation]]).first == expected)
  }
}
