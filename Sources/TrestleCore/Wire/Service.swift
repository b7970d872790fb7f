/// A codec and a responder: what a listener hands requests to, and what answers them.
public struct Service: Sendable {
  /// Reads requests and writes responses.
  public let codec: any Codec
  /// Answers the calls.
  public let responder: any Responder
  /// Told of every call that was answered; must return quickly.
  public package(set) var observe: (@Sendable (Exchange) -> Void)?
  /// Keeps every exchange, and may hold answers back until it has.
  package var recorder: (any ExchangeRecorder)?
  /// The codec, where it keeps requests with their calls itself.
  private let keeping: (any RequestKeepingCodec)?

  /// Makes a service; nobody is told of its calls unless `observe` is given.
  public init(
    codec: any Codec, responder: any Responder, observe: (@Sendable (Exchange) -> Void)? = nil
  ) {
    self.codec = codec
    keeping = codec as? any RequestKeepingCodec
    self.responder = responder
    self.observe = observe
  }

  /// One answered request, as an observer sees it.
  public struct Exchange: Sendable {
    /// The call, or nil when the request could not be read as one.
    public let call: Call?
    /// What was answered, or nil when the request could not be read as a call.
    public let reply: Reply?
    /// What kept the request from being read or the reply from being written.
    public var error: CodecError? { failure }
    /// Where the bytes came from, when no request could be cut from them; else nil.
    public let peer: String?
    /// The request as it came; nil where none could be cut from the bytes.
    public var request: WireRequest? { call?.request ?? unreadRequest }
    /// What is sent, be it wrongly on purpose; nil where the connection is closed instead.
    public let response: WireResponse?
    /// How long reading, answering and writing took.
    public let duration: Duration
    // Behind pointers: a journal holds thousands of exchanges, and few have these.
    @Boxed private var failure: CodecError?
    @Boxed private var unreadRequest: WireRequest?

    package init(
      call: Call?, reply: Reply?, error: CodecError? = nil, peer: String? = nil,
      request: WireRequest?, response: WireResponse?, duration: Duration
    ) {
      self.call = call
      self.reply = reply
      self.peer = peer
      self.response = response
      self.duration = duration
      failure = error
      if call == nil { unreadRequest = request }
    }
  }

  /// What becomes of a request.
  public enum Handling: Sendable {
    case now(WireResponse)
    case later(@Sendable () async -> WireResponse?)
    /// The protocol has no words for what is wrong: close the connection.
    case close
  }

  /// Reads a request, has it answered, writes the reply. Never throws: what is wrong with the
  /// request is told to the peer in its protocol's words.
  public func handle(_ request: WireRequest) -> Handling { handle(ReceivedRequest(request)) }

  /// The same for a request that is kept by whoever needs it.
  package func handle(_ received: ReceivedRequest) -> Handling {
    // Only an observer pays for the clock.
    let start = observe == nil && recorder == nil ? nil : SystemTime.monotonic
    let call: Call
    do throws(CodecError) {
      if let keeping {
        call = try keeping.decode(received)
      } else {
        var decoded = try codec.decode(received.request)
        decoded.received = received
        call = decoded
      }
    } catch {
      var hold: AnswerHold?
      let response = codec.refuse(received.request, because: error)
      note(nil, nil, error, received.request, response, since: start, &hold)
      guard let response else { return .close }
      return Self.handling(response, hold)
    }
    return answer(call, received, since: start)
  }

  private func answer(_ call: Call, _ received: ReceivedRequest, since start: Int64?) -> Handling {
    switch responder.respond(to: call) {
    case .now(let reply):
      var hold: AnswerHold?
      guard
        let response = encode(
          reply, answering: call, request: received.request, since: start, &hold)
      else { return .close }
      return Self.handling(response, hold)
    case .later(let body):
      return .later { [call] in
        let reply = await body()
        var hold: AnswerHold?
        let response = encode(
          reply, answering: call, request: received.request, since: start, &hold)
        if let hold, await !hold() { return nil }
        return response
      }
    }
  }

  private static func handling(_ response: WireResponse, _ hold: AnswerHold?) -> Handling {
    guard let hold else { return .now(response) }
    return .later { await hold() ? response : nil }
  }

  private func encode(
    _ reply: Reply, answering call: Call, request: WireRequest,
    since start: Int64?, _ hold: inout AnswerHold?
  ) -> WireResponse? {
    do throws(CodecError) {
      guard reply.isUsual else {
        return try uncommonResponse(reply, to: call, request, since: start, &hold)
      }
      let response = try codec.encode(reply, answering: call)
      guard let start else { return response }
      if observe == nil, let recorder {
        hold = recorder.record(
          call, reply, request, response, took: SystemTime.monotonic - start)
      } else {
        note(call, reply, nil, request, response, since: start, &hold)
      }
      return response
    } catch {
      var refusal = error
      refusal.isCallerAtFault = false
      let response = codec.refuse(request, because: refusal)
      note(call, reply, error, request, response, since: start, &hold)
      return response
    }
  }

  /// The response to what is not written by the codec alone, or sent wrongly on purpose.
  private func uncommonResponse(
    _ reply: Reply, to call: Call, _ request: WireRequest,
    since start: Int64?, _ hold: inout AnswerHold?
  ) throws(CodecError) -> WireResponse {
    var response =
      if let raw = reply.raw {
        raw.response(to: request, over: codec.wire)
      } else {
        try codec.encode(reply, answering: call)
      }
    guard let misbehaviour = reply.misbehaviour else {
      note(call, reply, nil, request, response, since: start, &hold)
      return response
    }
    misbehaviour.apply(to: &response)
    var told = reply
    told.warnings.append("done wrong on purpose: \(misbehaviour.summary)")
    note(call, told, nil, request, misbehaviour.sent(of: response), since: start, &hold)
    return response
  }

  private func note(
    _ call: Call?, _ reply: Reply?, _ error: CodecError?, _ request: WireRequest,
    _ response: WireResponse?, since start: Int64?, _ hold: inout AnswerHold?
  ) {
    guard let start else { return }
    let exchange = Exchange(
      call: call, reply: reply, error: error, peer: nil, request: request, response: response,
      duration: .nanoseconds(SystemTime.monotonic - start))
    observe?(exchange)
    if let recorder { hold = recorder.record(consume exchange) }
  }

  /// Tells of a stream that is not made of the protocol's messages, or of a reply that cannot be made
  /// one: nothing that goes through `handle` would.
  package func note(unframed error: CodecError, of peer: String) {
    guard observe != nil || recorder != nil else { return }
    let exchange = Exchange(
      call: nil, reply: nil, error: error, peer: peer, request: nil, response: nil,
      duration: .zero)
    observe?(exchange)
    _ = recorder?.record(exchange)
  }
}

/// What is waited for before an answer is sent; false when it must not be sent at all.
package typealias AnswerHold = @Sendable () async -> Bool

/// Keeps the exchanges of a service.
package protocol ExchangeRecorder: AnyObject, Sendable {
  /// Takes in an exchange; runs on an event loop, so it must return quickly. What it gives back is
  /// waited for before the answer is sent; nil lets the answer go at once.
  func record(_ exchange: consuming Service.Exchange) -> AnswerHold?
  /// The same for a call that was answered within so many nanoseconds, in pieces: most are, and an exchange of them is
  /// a copy.
  func record(
    _ call: Call, _ reply: Reply, _ request: WireRequest, _ response: WireResponse,
    took nanoseconds: Int64
  ) -> AnswerHold?
}

extension ExchangeRecorder {
  package func record(
    _ call: Call, _ reply: Reply, _ request: WireRequest, _ response: WireResponse,
    took nanoseconds: Int64
  ) -> AnswerHold? {
    record(
      Service.Exchange(
        call: call, reply: reply, request: request, response: response,
        duration: .nanoseconds(nanoseconds)))
  }
}
