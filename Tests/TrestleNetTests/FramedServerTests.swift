import Testing
import TrestleCore
import TrestleNet

@Suite struct FramedServerTests {
  private func frame(_ text: String) throws -> [UInt8] {
    try LengthFraming().frame(Array(text.utf8))
  }

  /// Sends bytes to a fresh server; gives what it answered until it closed.
  private func answer(
    to bytes: [UInt8], framing: any Framing = LengthFraming(),
    limits: FramedServerLimits = FramedServerLimits(), closesSending: Bool = false
  ) async throws -> String {
    let server = FramedServer(.echo(), framing: framing, limits: limits)
    return try await server.whileRunning { server in
      var client = try await RawConnection(to: server.port)
      try await client.send(bytes)
      if closesSending { try await client.closeSending() }
      return await client.readToEnd()
    }
  }

  @Test("frames are answered however they were split on the way")
  func splits() async throws {
    try await FramedServer(.echo(), framing: LengthFraming()).whileRunning { server in
      let three = try frame("one") + frame("two") + frame("three")
      for size in [1, 2, 3, 5, 7, 100] {
        var client = try await RawConnection(to: server.port)
        for start in stride(from: 0, to: three.count, by: size) {
          try await client.send(Array(three[start..<min(start + size, three.count)]))
        }
        #expect(await client.read(count: three.count) == three)
        try await client.close()
      }
    }
  }

  @Test("what cannot be cut into frames is told once, with who sent it")
  func tellsOfGarbage() async throws {
    let (told, tell) = AsyncStream<Service.Exchange>.makeStream()
    let echo = Service.echo()
    let service = Service(codec: echo.codec, responder: echo.responder) { tell.yield($0) }
    try await FramedServer(service, framing: LengthFraming()).whileRunning { server in
      var client = try await RawConnection(to: server.port)
      try await client.send("GET / HTTP/1.1\r\n\r\n")
      #expect(await client.readToEnd() == "")
    }
    tell.finish()
    let exchanges = await told.reduce(into: []) { $0.append($1) }
    #expect(exchanges.count == 1)
    #expect(exchanges.first?.peer?.hasPrefix("127.0.0.1:") == true)
    #expect(exchanges.first?.error != nil && exchanges.first?.call == nil)
  }

  @Test("answers without a key keep the order of their requests")
  func keepsOrder() async throws {
    let gate = Gate()
    let server = FramedServer(.echo(gate: gate), framing: LineFraming())
    try await server.whileRunning { server in
      var client = try await RawConnection(to: server.port)
      try await client.send("a later\nb\nc later\nd\n")
      await gate.arrivals(1)
      gate.open()
      #expect(await client.read(until: "d\n") == "a later\nb\nc later\nd\n")
    }
  }

  @Test("answers with a key may overtake slower ones")
  func overtakes() async throws {
    let gate = Gate()
    let codec = EchoCodec(isKeyed: true)
    let server = FramedServer(.echo(codec, gate: gate), framing: LineFraming())
    try await server.whileRunning { server in
      var client = try await RawConnection(to: server.port)
      try await client.send("a later\nb\nc later\nd\n")
      #expect(await client.read(until: "d\n") == "b\nd\n")
      await gate.arrivals(2)
      gate.open()
      let all = await client.read(count: 20)
      #expect(Set(String(decoding: all, as: UTF8.self).split(separator: "\n")).count == 4)
    }
  }

  @Test("no more answers are under way at once than allowed")
  func boundsAnswers() async throws {
    let gate = Gate()
    var limits = FramedServerLimits()
    limits.answersUnderWay = 2
    let codec = EchoCodec(isKeyed: true)
    let server = FramedServer(.echo(codec, gate: gate), framing: LineFraming(), limits: limits)
    try await server.whileRunning { server in
      var client = try await RawConnection(to: server.port)
      try await client.send("a later\nb later\nc\n")
      await gate.arrivals(2)
      gate.open()
      let lines = String(decoding: await client.read(count: 18), as: UTF8.self).split(
        separator: "\n")
      #expect(lines.sorted() == ["a later", "b later", "c"])
      #expect(lines.first != "c")
    }
  }

  @Test("a client that sends much and reads late gets every answer")
  func backpressure() async throws {
    let line = String(repeating: "x", count: 999) + "\n"
    try await FramedServer(.echo(), framing: LineFraming()).whileRunning { server in
      var client = try await RawConnection(to: server.port)
      for _ in 0..<40 { try await client.send(String(repeating: line, count: 100)) }
      #expect(await client.read(count: 4_000_000).count == 4_000_000)
    }
  }

  @Test("what cannot be a frame closes the connection, after the answers before it")
  func framingError() async throws {
    let bytes = try frame("fine") + [0xFF, 0xFF, 0xFF, 0xFF, 1, 2]
    #expect(try await answer(to: bytes) == "\0\0\0\u{4}fine")
  }

  @Test("a service that has no words for an error closes the connection")
  func mutes() async throws {
    #expect(try await answer(to: try frame("mute")) == "")
  }

  @Test(
    "half a frame is not waited for longer than allowed", arguments: [[0, 0], [0, 0, 0, 9, 1]])
  func frameTime(bytes: [UInt8]) async throws {
    var limits = FramedServerLimits()
    limits.idleTime = .zero
    limits.frameTime = .milliseconds(20)
    #expect(try await answer(to: bytes, limits: limits) == "")
  }

  @Test("dripping does not renew a frame's time")
  func dripping() async throws {
    var limits = FramedServerLimits()
    limits.frameTime = .milliseconds(30)
    let server = FramedServer(.echo(), framing: LineFraming(), limits: limits)
    try await server.whileRunning { server in
      var client = try await RawConnection(to: server.port)
      // Until the server closes: were the time renewed, for ever.
      while (try? await client.send("x")) != nil {}
      #expect(await client.readToEnd() == "")
    }
  }

  @Test("a connection without a further frame is closed")
  func idleTime() async throws {
    var limits = FramedServerLimits()
    // Time enough to send something at all.
    limits.idleTime = .seconds(5)
    #expect(try await answer(to: try frame("once"), limits: limits).hasSuffix("once"))
  }

  @Test("a client that closed its sending side still gets its answers, the last message included")
  func halfClose() async throws {
    let text = try await answer(
      to: Array("one\ntwo".utf8), framing: LineFraming(), closesSending: true)
    #expect(text == "one\ntwo\n")
  }

  @Test("shutting down finishes the answer under way and closes idle connections")
  func drains() async throws {
    let gate = Gate()
    let server = try await FramedServer(.echo(gate: gate), framing: LineFraming()).start(port: 0)
    var idle = try await RawConnection(to: server.port)
    try await idle.send("hello\n")
    _ = await idle.read(until: "\n")
    var busy = try await RawConnection(to: server.port)
    try await busy.send("later\n")
    await gate.arrivals(1)
    async let stopped: Void = server.shutdown()
    #expect(await idle.readToEnd() == "hello\n")
    gate.open()
    #expect(await busy.readToEnd() == "later\n")
    await stopped
    #expect(server.connectionCount == 0)
  }

  @Test("an answer whose connection is cut is cancelled")
  func cancels() async throws {
    let gate = Gate()
    let server = try await FramedServer(.echo(gate: gate), framing: LineFraming()).start(port: 0)
    let client = try await RawConnection(to: server.port)
    try await client.send("later\n")
    await gate.arrivals(1)
    await server.shutdown(grace: .zero)
    await gate.cancellation()
  }
}
