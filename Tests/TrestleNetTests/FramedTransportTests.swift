import Synchronization
import Testing
import TrestleCore
import TrestleNet

@Suite struct FramedTransportTests {
  private let second = Duration.seconds(30)

  private func transport(
    _ port: Int, keyed: Bool = false, inFlight: Int = 1, isOneShot: Bool = false,
    framing: any Framing = LineFraming(), observer: WireObserver? = nil
  ) throws -> FramedTransport {
    try FramedTransport(
      "127.0.0.1:\(port)", framing: framing,
      correlation: keyed ? .by(EchoCodec(isKeyed: true)) : .byOrder,
      options: FramedTransport.Options(
        inFlight: inFlight, isOneShot: isOneShot, observer: observer))
  }

  /// What a call to a peer that answers with fixed bytes fails with.
  private func failure(
    answer: String?, closes: Bool = false, keyed: Bool = false,
    framing: any Framing = LineFraming(), timeout: Duration = .seconds(30)
  ) async throws -> TransportError {
    try await CannedServer.run(answer: answer.map { Array($0.utf8) }, closes: closes) { server in
      let transport = try transport(server.port, keyed: keyed, framing: framing)
      let error = await #expect(throws: TransportError.self) {
        try await transport.exchange(WireRequest("k1 x"), timeout: timeout)
      }
      await transport.shutdown()
      return try #require(error)
    }
  }

  @Test("calls share one connection", arguments: [false, true])
  func shares(keyed: Bool) async throws {
    let server = FramedServer(.echo(EchoCodec(isKeyed: keyed)), framing: LineFraming())
    try await server.whileRunning { server in
      let transport = try transport(server.port, keyed: keyed, inFlight: 16)
      try await withThrowingTaskGroup(of: Bool.self) { group in
        for number in 0..<200 {
          group.addTask {
            let text = "k\(number) call"
            let response = try await transport.exchange(WireRequest(text), timeout: second)
            return response.text == text
          }
        }
        for try await isRight in group { #expect(isRight) }
      }
      #expect(server.connectionCount == 1)
      await transport.shutdown()
    }
  }

  @Test("a quick reply overtakes a slow one, to its own caller")
  func overtakes() async throws {
    let gate = Gate()
    let codec = EchoCodec(isKeyed: true)
    let server = FramedServer(.echo(codec, gate: gate), framing: LineFraming())
    try await server.whileRunning { server in
      let transport = try transport(server.port, keyed: true, inFlight: 2)
      async let slow = transport.exchange(WireRequest("a later"), timeout: second)
      await gate.arrivals(1)
      #expect(try await transport.exchange(WireRequest("b"), timeout: second).text == "b")
      gate.open()
      #expect(try await slow.text == "a later")
      await transport.shutdown()
    }
  }

  @Test("a key under way is refused before it is sent")
  func refusesDuplicates() async throws {
    let gate = Gate()
    let codec = EchoCodec(isKeyed: true)
    let server = FramedServer(.echo(codec, gate: gate), framing: LineFraming())
    try await server.whileRunning { server in
      let transport = try transport(server.port, keyed: true, inFlight: 2)
      async let slow = transport.exchange(WireRequest("a later"), timeout: second)
      await gate.arrivals(1)
      let error = await #expect(throws: TransportError.self) {
        try await transport.exchange(WireRequest("a again"), timeout: second)
      }
      #expect(error?.reason.hasPrefix("another call with the key 'a' is under way") == true)
      #expect(error?.mayHaveBeenSent == false)
      gate.open()
      _ = try await slow
      await transport.shutdown()
    }
  }

  @Test("a late reply is counted, and the next call gets its own")
  func lateReplies() async throws {
    let gate = Gate()
    let codec = EchoCodec(isKeyed: true)
    let server = FramedServer(.echo(codec, gate: gate), framing: LineFraming())
    try await server.whileRunning { server in
      let transport = try transport(server.port, keyed: true, inFlight: 2)
      _ = try await transport.exchange(WireRequest("first"), timeout: second)
      let error = await #expect(throws: TransportError.self) {
        try await transport.exchange(WireRequest("a later"), timeout: .milliseconds(20))
      }
      #expect(error?.kind == .timeout)
      #expect(
        error?.reason == "no reply with the key 'a' from 127.0.0.1:\(server.port) within 20 ms")
      gate.open()
      #expect(
        try await transport.exchange(WireRequest("b later"), timeout: second).text == "b later")
      while await transport.lateReplies == 0 { await Task.yield() }
      await transport.shutdown()
    }
  }

  @Test("without keys, a timeout closes the connection, and the next call gets its own reply")
  func condemns() async throws {
    let gate = Gate()
    try await FramedServer(.echo(gate: gate), framing: LineFraming()).whileRunning { server in
      let transport = try transport(server.port)
      _ = try await transport.exchange(WireRequest("first"), timeout: second)
      let error = await #expect(throws: TransportError.self) {
        try await transport.exchange(WireRequest("later"), timeout: .milliseconds(20))
      }
      #expect(error?.kind == .timeout && error?.mayHaveBeenSent == true)
      #expect(try await transport.exchange(WireRequest("mine"), timeout: second).text == "mine")
      gate.open()
      await transport.shutdown()
    }
  }

  @Test("a timeout reports the replies that came for nobody")
  func reportsStrays() async throws {
    let error = try await failure(answer: "k2 y\nk3 z\n", keyed: true, timeout: .seconds(1))
    #expect(error.kind == .timeout)
    #expect(error.reason.hasSuffix("; 2 replies with 'k2', 'k3' came meanwhile"))
    #expect(error.hint?.contains("correlate") == true)
  }

  @Test("a timeout reports bytes that came but make no frame")
  func reportsUnframed() async throws {
    let error = try await failure(answer: "no line end", timeout: .seconds(1))
    #expect(error.reason.hasSuffix("; 11 bytes came that are no whole frame"))
  }

  @Test("a peer that closes without a reply fails the call")
  func closedEarly() async throws {
    let error = try await failure(answer: nil, closes: true)
    #expect(error.kind == .interrupted && error.mayHaveBeenSent)
    #expect(error.reason.contains("closed the connection before its answer was whole"))
  }

  @Test("the end of the stream may end the reply")
  func endsByClosing() async throws {
    try await CannedServer.run(answer: Array("whole".utf8), closes: true) { server in
      let transport = try transport(server.port)
      #expect(try await transport.exchange(WireRequest("x"), timeout: second).text == "whole")
      await transport.shutdown()
    }
  }

  @Test("a reply that cannot be a frame is told so")
  func framingError() async throws {
    let error = try await failure(answer: "HTTP/1.1 400 Bad Request\r\n", framing: LengthFraming())
    #expect(error.kind == .protocolViolation)
    #expect(error.reason.contains("is not in this protocol's frames: a frame of 1213486160 bytes"))
  }

  @Test("a peer that closes after each reply is called anew each time")
  func oneShot() async throws {
    try await CannedServer.run(answer: Array("bye\n".utf8), closes: true) { server in
      let transport = try transport(server.port, isOneShot: true)
      for _ in 0..<10 {
        #expect(try await transport.exchange(WireRequest("x"), timeout: second).text == "bye")
      }
      await transport.shutdown()
    }
  }

  @Test("requests and replies may be framed differently, and closing may end either")
  func mixes() async throws {
    let framings: [any Framing] = [LineFraming(), LengthFraming(), CloseFraming()]
    for requests in framings {
      for replies in framings {
        let framing = MixedFraming(requests: requests, replies: replies)
        try await FramedServer(.echo(), framing: framing).whileRunning { server in
          let transport = try transport(server.port, inFlight: 4, framing: framing)
          try await withThrowingTaskGroup(of: Bool.self) { group in
            for number in 0..<5 {
              group.addTask {
                let text = "call \(number)"
                let response = try await transport.exchange(WireRequest(text), timeout: second)
                return response.text == text
              }
            }
            for try await isRight in group { #expect(isRight) }
          }
          await transport.shutdown()
        }
      }
    }
  }

  @Test("a refused connection is told with the address and what to do")
  func refused() async throws {
    let transport = try transport(1)
    for _ in 0..<2 {
      let error = await #expect(throws: TransportError.self) {
        try await transport.exchange(WireRequest("x"), timeout: second)
      }
      #expect(error?.kind == .connect && error?.mayHaveBeenSent == false)
      #expect(error?.reason == "connection refused by 127.0.0.1:1")
    }
    await transport.shutdown()
  }

  @Test("a TLS handshake that does not end is told with the limit for connections")
  func handshake() async throws {
    try await CannedServer.run(answer: nil, closes: false) { server in
      let transport = try FramedTransport(
        "tls://127.0.0.1:\(server.port)", framing: LineFraming(),
        options: .init(connectTimeout: .milliseconds(150)))
      let error = await #expect(throws: TransportError.self) {
        try await transport.exchange(WireRequest("x"), timeout: .seconds(20))
      }
      #expect(error?.kind == .timeout && error?.mayHaveBeenSent == false)
      #expect(error?.reason == "no connection to 127.0.0.1:\(server.port) within 150 ms")
      await transport.shutdown()
    }
  }

  @Test("an unknown host is told by its name")
  func unknownHost() async throws {
    let transport = try FramedTransport("no-such-host.invalid:9", framing: LineFraming())
    let error = await #expect(throws: TransportError.self) {
      try await transport.exchange(WireRequest("x"), timeout: second)
    }
    #expect(error?.reason == "no host is named 'no-such-host.invalid'")
    await transport.shutdown()
  }

  @Test("a message that cannot be framed is not sent")
  func unframeable() async throws {
    let transport = try transport(1)
    let error = await #expect(throws: TransportError.self) {
      try await transport.exchange(WireRequest("two\nlines"), timeout: second)
    }
    #expect(error?.kind == .configuration)
    #expect(error?.reason == "the request cannot be framed: has a line end")
  }

  @Test("a cancelled call ends, and so do all when the transport is shut down")
  func ends() async throws {
    let gate = Gate()
    try await FramedServer(.echo(gate: gate), framing: LineFraming()).whileRunning { server in
      let transport = try transport(server.port)
      let cancelled = Task { try await transport.exchange(WireRequest("later"), timeout: second) }
      await gate.arrivals(1)
      cancelled.cancel()
      let first = await #expect(throws: TransportError.self) { try await cancelled.value }
      #expect(first?.reason.hasSuffix("was cancelled") == true)

      let cut = Task { try await transport.exchange(WireRequest("later"), timeout: second) }
      await gate.arrivals(2)
      await transport.shutdown()
      let last = await #expect(throws: TransportError.self) { try await cut.value }
      #expect(last?.reason.hasSuffix("was shut down") == true)
    }
  }

  @Test("an observer sees request, reply and failure")
  func observes() async throws {
    let seen = Mutex<[String]>([])
    let observer: WireObserver = { event in
      seen.withLock { seen in
        switch event {
        case .sending(let request, let endpoint):
          seen.append("\(endpoint.scheme) \(String(decoding: request.body, as: UTF8.self))")
        case .received(let response, _): seen.append("got \(response.text)")
        case .failed(let error, _): seen.append("failed \(error.kind)")
        case .unsolicited: break
        }
      }
    }
    try await FramedServer(.echo(), framing: LineFraming()).whileRunning { server in
      let transport = try transport(server.port, observer: observer)
      _ = try await transport.exchange(WireRequest("x"), timeout: second)
      _ = try? await transport.exchange(WireRequest("mute"), timeout: second)
      await transport.shutdown()
    }
    #expect(seen.withLock { $0 } == ["tcp x", "got x", "tcp mute", "failed interrupted"])
  }
}
