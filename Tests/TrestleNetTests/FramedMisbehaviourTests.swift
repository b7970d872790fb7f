import Synchronization
import Testing
import TrestleCore
import TrestleNet

/// What a mock does wrong on purpose, as a client sees it.
@Suite struct FramedMisbehaviourTests {
  /// A server whose replies to `bad …` misbehave.
  private func server(
    _ misbehaviour: Misbehaviour, framing: any Framing = LineFraming()
  ) -> FramedServer {
    FramedServer(
      Service(
        codec: EchoCodec(isKeyed: true),
        responder: ClosureResponder { call in
          var reply = Reply.value(.string(call.operation))
          if call.operation.hasPrefix("bad") { reply.misbehaviour = misbehaviour }
          return reply
        }), framing: framing)
  }

  private func misbehaviour(_ change: (inout Misbehaviour) -> Void) -> Misbehaviour {
    var misbehaviour = Misbehaviour()
    change(&misbehaviour)
    return misbehaviour
  }

  @Test("a reply in pieces comes whole, and others behind it")
  func pieces() async throws {
    let misbehaviour = misbehaviour {
      $0.pieces = 3
      $0.pause = .milliseconds(5)
    }
    try await server(misbehaviour).whileRunning { server in
      var client = try await RawConnection(to: server.port)
      try await client.send("bad 12345678\nb good\n")
      #expect(await client.read(until: "good\n") == "bad 12345678\nb good\n")
      try await client.close()
    }
  }

  @Test("replies that are glued come together, and alone when nobody asks more")
  func glued() async throws {
    try await server(misbehaviour { $0.glued = 3 }).whileRunning { server in
      var client = try await RawConnection(to: server.port)
      try await client.send("bad 1\n")
      try await client.send("b\n")
      try await client.send("c\n")
      #expect(await client.read(until: "c\n") == "bad 1\nb\nc\n")
      try await client.send("bad 2\n")
      #expect(await client.read(until: "bad 2\n").hasSuffix("bad 2\n"))
      try await client.close()
    }
  }

  @Test(
    "a client that goes on sending while a reply drips is not read without end, and answered in the end"
  )
  func heldBack() async throws {
    let clock = ManualClock()
    let misbehaviour = misbehaviour {
      $0.pieces = 2
      $0.pause = .seconds(30)
    }
    let counted = Mutex(0)
    let service = Service(
      codec: EchoCodec(isKeyed: true),
      responder: ClosureResponder { call in
        counted.withLock { $0 += 1 }
        var reply = Reply.value(.string(call.operation))
        if call.operation.hasPrefix("bad") { reply.misbehaviour = misbehaviour }
        return reply
      })
    let long = String(repeating: "x", count: 60_000)
    let policy = ConnectionPolicy(clock: clock) { nil }
    try await FramedServer(service, framing: LineFraming(), policy: policy).whileRunning { server in
      var client = try await RawConnection(to: server.port)
      try await client.send("bad 1\n")
      await clock.sleepers(1)
      for number in 0..<12 { try await client.send("\(number) \(long)\n") }
      // Five of them are more than may wait.
      #expect(await eventually { counted.withLock { $0 } >= 6 })
      #expect(counted.withLock { $0 } <= 7)
      clock.advance(by: .seconds(30))
      let text = await client.read(until: "11 \(long)\n")
      #expect(text.hasPrefix("bad 1\n0 xxx"))
      #expect(counted.withLock { $0 } == 13)
      try await client.close()
    }
  }

  @Test("a wrong check is one altered byte")
  func altered() async throws {
    try await server(misbehaviour { $0.breaksCheck = true }).whileRunning { server in
      var client = try await RawConnection(to: server.port)
      try await client.send("bad 5555\n")
      let text = await client.read(until: "\n")
      #expect(zip(text.utf8, "bad 5555\n".utf8).filter { $0 != $1 }.count == 1)
      #expect(text.utf8.count == 9)
      try await client.close()
    }
  }

  @Test(
    "the connection is closed in place of the reply, inside of it, or after it",
    arguments: [(Misbehaviour.Closing.before, ""), (.inside, "bad "), (.after, "bad 1234\n")])
  func closes(_ closing: Misbehaviour.Closing, _ received: String) async throws {
    try await server(misbehaviour { $0.closing = closing }).whileRunning { server in
      var client = try await RawConnection(to: server.port)
      try await client.send("bad 1234\n")
      #expect(await client.readToEnd() == received)
    }
  }

  @Test("a reply in pieces may end in the middle")
  func piecesAndClose() async throws {
    let misbehaviour = misbehaviour {
      $0.pieces = 2
      $0.pause = .milliseconds(2)
      $0.closing = .inside
    }
    try await server(misbehaviour).whileRunning { server in
      var client = try await RawConnection(to: server.port)
      try await client.send("bad 12345\n")
      #expect(await client.readToEnd() == "bad 1")
    }
  }
}
