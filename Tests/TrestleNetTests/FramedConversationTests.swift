import Synchronization
import Testing
import TrestleCore

@testable import TrestleNet

/// What connections do beside carrying calls, against a peer that a test writes.
@Suite struct FramedConversationTests {
  private let limit = Duration.seconds(30)

  private func transport(
    _ port: Int, keyed: Bool = false, inFlight: Int = 1,
    framing: any Framing = LineFraming(), connectTimeout: Duration = .seconds(10),
    plan change: (inout ConnectionPlan) -> Void = { _ in },
    onUnsolicited: (@Sendable (Call) -> Void)? = nil,
    onWarning: (@Sendable (String) -> Void)? = nil
  ) throws -> FramedTransport {
    var plan = ConnectionPlan()
    change(&plan)
    var options = FramedTransport.Options(
      inFlight: inFlight, connectTimeout: connectTimeout, plan: plan, onUnsolicited: onUnsolicited)
    options.onWarning = onWarning
    return try FramedTransport(
      "127.0.0.1:\(port)", framing: framing,
      correlation: keyed ? .by(EchoCodec(isKeyed: true)) : .byOrder, options: options)
  }

  private func step(_ text: String, expectsReply: Bool = true) -> ConnectionPlan.Step {
    ConnectionPlan.Step(
      name: text, expectsReply: expectsReply,
      request: { () throws(CodecError) in WireRequest(text) },
      fault: { (response) throws(CodecError) in
        response.text.hasPrefix("NO") ? Fault(code: "NO", message: response.text) : nil
      })
  }

  @Test("a connection is greeted and logged on before its first call, and logged off at the end")
  func logsOn() async throws {
    try await LinePeer.run(hello: ["welcome", "be good"]) {
      $0.text == "NOTE" ? .silence : .say("OK " + $0.text)
    } _: { peer, port in
      let transport = try transport(port) { plan in
        plan.greetings = 2
        plan.opening = [step("LOGON"), step("NOTE", expectsReply: false), step("MODE")]
        plan.closing = [step("LOGOFF")]
      }
      let reply = try await transport.exchange(WireRequest("CALL"), timeout: limit)
      #expect(reply.text == "OK CALL")
      #expect(peer.texts == ["LOGON", "NOTE", "MODE", "CALL"])
      await transport.shutdown()
      #expect(peer.texts.last == "LOGOFF")
      #expect(peer.connections == 1)
    }
  }

  @Test("a logon that is refused fails the calls that wait, and says what the peer said")
  func refused() async throws {
    try await LinePeer.run { _ in
      .say("NO such user")
    } _: { peer, port in
      let transport = try transport(port) { $0.opening = [step("LOGON")] }
      let error = await #expect(throws: TransportError.self) {
        try await transport.exchange(WireRequest("CALL"), timeout: limit)
      }
      #expect(error?.reason == "127.0.0.1:\(port) refused LOGON: NO NO such user")
      #expect(peer.texts == ["LOGON"], "the call itself was never sent")
      await transport.shutdown()
    }
  }

  @Test("a peer that is silent at logon, or closes, is told from one that cannot be reached")
  func silentLogon() async throws {
    try await LinePeer.run {
      $0.connection == 1 ? .silence : .last([])
    } _: { _, port in
      let transport = try transport(port, connectTimeout: .seconds(2)) {
        $0.opening = [step("LOGON")]
      }
      for reason in ["did not answer LOGON within 2 s", "closed the connection instead"] {
        let error = await #expect(throws: TransportError.self) {
          try await transport.exchange(WireRequest("CALL"), timeout: limit)
        }
        #expect(error?.reason.contains(reason) == true, "\(String(describing: error))")
      }
      await transport.shutdown()
    }
  }

  @Test("a silent greeting is told")
  func silentGreeting() async throws {
    try await LinePeer.run { _ in
      .silence
    } _: { _, port in
      let transport = try transport(port, connectTimeout: .seconds(2)) { $0.greetings = 1 }
      let error = await #expect(throws: TransportError.self) {
        try await transport.exchange(WireRequest("CALL"), timeout: limit)
      }
      #expect(error?.reason == "127.0.0.1:\(port) did not greet within 2 s")
      await transport.shutdown()
    }
  }

  @Test("what the peer sends by itself is answered and handed on, and never taken for a reply")
  func unsolicited() async throws {
    let told = Mutex<[String]>([])
    try await LinePeer.run {
      $0.text == "CALL" ? .say(["EVENT 1", "EVENT 2", "reply"]) : .silence
    } _: { peer, port in
      let transport = try transport(
        port,
        plan: { plan in
          plan.unsolicited = { message in
            guard message.text.hasPrefix("EVENT") else { return nil }
            return ConnectionPlan.Unsolicited(
              call: Call(operation: message.text),
              answer: message.text == "EVENT 1" ? WireResponse(body: Array("ACK 1".utf8)) : nil)
          }
        }, onUnsolicited: { call in told.withLock { $0.append(call.operation) } })
      #expect(try await transport.exchange(WireRequest("CALL"), timeout: limit).text == "reply")
      #expect(await peer.lines(2) == ["CALL", "ACK 1"])
      #expect(told.withLock { $0 } == ["EVENT 1", "EVENT 2"])
      await transport.shutdown()
    }
  }

  @Test("a greeting that is another one is told, once, and the calls go on")
  func otherGreeting() async throws {
    let told = Mutex<[String]>([])
    try await LinePeer.run(hello: ["good evening"]) {
      $0.text == "BYE" ? .last([]) : .say("OK " + $0.text)
    } _: { peer, port in
      let transport = try transport(
        port,
        plan: { plan in
          plan.greetings = 1
          plan.mistakeInGreeting = { $0.text == "welcome" ? nil : "expects welcome" }
        }, onWarning: { text in told.withLock { $0.append(text) } })
      for text in ["A", "BYE", "B"] {
        _ = try? await transport.exchange(WireRequest(text), timeout: limit)
      }
      #expect(peer.texts == ["A", "BYE", "B"])
      #expect(peer.connections == 2)
      #expect(
        told.withLock { $0 } == [
          "the greeting of 127.0.0.1:\(port) is not the declared one: expects welcome"
        ])
      await transport.shutdown()
    }
  }

  @Test("an answer to the peer that cannot be written is told")
  func unwrittenAnswer() async throws {
    let told = Mutex<[String]>([])
    try await LinePeer.run { _ in
      .say(["EVENT", "EVENT", "reply"])
    } _: { peer, port in
      let transport = try transport(
        port,
        plan: { plan in
          plan.unsolicited = { message in
            guard message.text == "EVENT" else { return nil }
            return ConnectionPlan.Unsolicited(
              call: Call(operation: "event"), answer: nil, failure: CodecError(reason: "no words"))
          }
        }, onWarning: { text in told.withLock { $0.append(text) } })
      #expect(try await transport.exchange(WireRequest("CALL"), timeout: limit).text == "reply")
      #expect(told.withLock { $0 } == ["the answer to event cannot be written: no words"])
      #expect(peer.texts == ["CALL"])
      await transport.shutdown()
    }
  }

  @Test("heartbeats that are answered with what cannot be read are missed ones")
  func garbledHeartbeats() async throws {
    let told = Mutex<[String]>([])
    try await LinePeer.run {
      .say($0.text)
    } _: { peer, port in
      let transport = try transport(
        port,
        plan: { plan in
          var ping = step("PING")
          ping.fault = { (_) throws(CodecError) in throw CodecError(reason: "is no pong") }
          plan.heartbeat = .init(
            step: ping, every: .milliseconds(20), timeout: .seconds(10), misses: 2)
          plan.reconnect = .init(first: .milliseconds(5), longest: .milliseconds(20))
        }, onWarning: { text in told.withLock { $0.append(text) } })
      #expect(try await transport.exchange(WireRequest("CALL"), timeout: limit).text == "CALL")
      #expect(await eventually { peer.connections >= 2 })
      #expect(peer.lines.filter { $0.connection == 1 && $0.text == "PING" }.count == 2)
      #expect(
        told.withLock { $0.first }
          == "the answer to the heartbeat PING cannot be read: is no pong")
      await transport.shutdown()
    }
  }

  @Test("heartbeats go out while nothing else does, and each is answered")
  func heartbeats() async throws {
    try await LinePeer.run {
      .say($0.text)
    } _: { peer, port in
      let transport = try transport(port) { plan in
        plan.heartbeat = .init(
          step: step("PING"), every: .milliseconds(20), timeout: .seconds(10), misses: 2)
      }
      #expect(try await transport.exchange(WireRequest("CALL"), timeout: limit).text == "CALL")
      #expect(await peer.lines(4).prefix(4) == ["CALL", "PING", "PING", "PING"])
      #expect(try await transport.exchange(WireRequest("CALL"), timeout: limit).text == "CALL")
      #expect(peer.connections == 1)
      await transport.shutdown()
    }
  }

  @Test(
    "after so many unanswered heartbeats the connection is given up, and made again with backoff")
  func lostHeartbeats() async throws {
    try await LinePeer.run {
      $0.text.hasSuffix("PING") ? .silence : .say($0.text)
    } _: { peer, port in
      let transport = try transport(port, keyed: true) { plan in
        let numbers = Mutex(0)
        var ping = step("PING")
        // A key that was given up is not sent again on its connection.
        ping.request = { () throws(CodecError) in
          WireRequest("\(numbers.withLock { $0 += 1; return $0 }) PING")
        }
        plan.heartbeat = .init(
          step: ping, every: .milliseconds(150), timeout: .milliseconds(150), misses: 2)
        plan.reconnect = .init(first: .milliseconds(5), longest: .milliseconds(20))
      }
      // On a busy machine the call itself may be what is given up.
      _ = try? await transport.exchange(WireRequest("k 1"), timeout: limit)
      #expect(await eventually { peer.connections >= 3 })
      let pings = peer.lines.filter { $0.connection == 1 && $0.text.hasSuffix("PING") }.count
      #expect(pings == 2)
      await transport.shutdown()
    }
  }

  @Test("a heartbeat without a reply is sent when we were silent, and a silent peer is given up")
  func oneWayHeartbeats() async throws {
    try await LinePeer.run {
      $0.text == "CALL" ? .say("reply") : .silence
    } _: { peer, port in
      let transport = try transport(port) { plan in
        plan.heartbeat = .init(
          step: step("BEAT", expectsReply: false), every: .milliseconds(150),
          timeout: .seconds(1), misses: 3)
        plan.reconnect = .init(first: .milliseconds(5), longest: .milliseconds(20))
      }
      _ = try? await transport.exchange(WireRequest("CALL"), timeout: limit)
      #expect(await eventually { peer.connections >= 2 })
      let beats = peer.lines.filter { $0.connection == 1 && $0.text == "BEAT" }.count
      #expect((1...4).contains(beats))
      await transport.shutdown()
    }
  }

  @Test("with backoff, a call waits for a peer that comes up in its time")
  func waitsForPeer() async throws {
    let nobody = try ReservedPort()
    let transport = try transport(nobody.number) {
      $0.reconnect = .init(first: .milliseconds(5), longest: .milliseconds(50))
    }
    let error = await #expect(throws: TransportError.self) {
      try await transport.exchange(WireRequest("CALL"), timeout: .seconds(2))
    }
    #expect(error?.kind == .timeout)
    #expect(error?.reason.hasPrefix("no connection came about within 2 s: ") == true)
    #expect(error?.mayHaveBeenSent == false)
    await transport.shutdown()
    withExtendedLifetime(nobody) {}
  }

  @Test("a request that nothing answers is done once it is sent")
  func oneWay() async throws {
    try await LinePeer.run {
      $0.text == "CALL" ? .say("reply") : .silence
    } _: { peer, port in
      let transport = try transport(port)
      var note = WireRequest("NOTE")
      note.isOneWay = true
      _ = try await transport.exchange(note, timeout: limit)
      _ = try await transport.exchange(note, timeout: limit)
      #expect(try await transport.exchange(WireRequest("CALL"), timeout: limit).text == "reply")
      #expect(peer.texts == ["NOTE", "NOTE", "CALL"])
      await transport.shutdown()
    }
  }

  @Test("a pool spreads calls that come in order over its connections")
  func pool() async throws {
    let gate = Gate()
    try await FramedServer(.echo(gate: gate), framing: LineFraming()).whileRunning { server in
      var plan = ConnectionPlan()
      plan.connections = 3
      let pool = try FramedPool(
        "127.0.0.1:\(server.port)", framing: LineFraming(),
        options: FramedTransport.Options(plan: plan))
      try await withThrowingTaskGroup(of: String.self) { group in
        for number in 0..<3 {
          group.addTask {
            try await pool.exchange(WireRequest("later \(number)"), timeout: limit).text
          }
        }
        await gate.arrivals(3)
        #expect(server.connectionCount == 3)
        gate.open()
        var texts: Set<String> = []
        for try await text in group { texts.insert(text) }
        #expect(texts == ["later 0", "later 1", "later 2"])
      }
      await pool.shutdown()
    }
  }

  @Test("an optional field of a key is compared when both have it")
  func optionalFields() async throws {
    let correlation = FramedTransport.Correlation(
      requestKey: { key($0.body) }, responseKey: { key($0.body) })
    try await LinePeer.run {
      switch $0.text {
      case "7 A": .silence
      case "7 B": .say(["7 B", "7 A"])
      default: .say("8")
      }
    } _: { _, port in
      let transport = try FramedTransport(
        "127.0.0.1:\(port)", framing: LineFraming(), correlation: correlation,
        options: FramedTransport.Options(inFlight: 4))
      async let first = transport.exchange(WireRequest("7 A"), timeout: limit)
      #expect(await eventually { await !transport.session.isIdle })
      #expect(try await transport.exchange(WireRequest("7 B"), timeout: limit).text == "7 B")
      #expect(try await first.text == "7 A")
      #expect(try await transport.exchange(WireRequest("8 C"), timeout: limit).text == "8")
      await transport.shutdown()
    }
  }
}

/// A number that both have, and a letter that a reply may lack.
private func key(_ body: [UInt8]) -> CorrelationKey {
  let words = String(decoding: body, as: UTF8.self).split(separator: " ").map(String.init)
  return CorrelationKey([
    .init("number", words.first), .init("letter", words.dropFirst().first, isOptional: true),
  ])
}
