/// A codec and a responder: what a listener hands requests to, and what answers them.
public struct Service: Sendable {
  /// Reads requests and writes responses.
  public let codec: any Codec
  /// Answers the calls.
  public let responder: any Responder
  /// Told of every call that was answered; must return quickly.
  public let observe: (@Sendable (Exchange) -> Void)?

  /// Makes a service; nobody is told of its calls unless `observe` is given.
  public init(
    codec: any Codec, responder: any Responder, observe: (@Sendable (Exchange) -> Void)? = nil
  ) {
    self.codec = codec
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
    public let error: CodecError?
    /// Where the bytes came from, when no request could be cut from them; else nil.
    public let peer: String?
    /// How long reading, answering and writing took.
    public let duration: Duration
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
  public func handle(_ request: WireRequest) -> Handling {
    // Only an observer pays for the clock.
    let start = observe == nil ? nil : ContinuousClock.now
    var call: Call
    do throws(CodecError) {
      call = try codec.decode(request)
    } catch {
      note(nil, nil, error, since: start)
      guard let response = codec.refuse(request, because: error) else { return .close }
      return .now(response)
    }
    call.request = request
    switch responder.respond(to: call) {
    case .now(let reply):
      guard let response = encode(reply, answering: call, request: request, since: start) else {
        return .close
      }
      return .now(response)
    case .later(let body):
      return .later { [call] in
        let reply = await body()
        return encode(reply, answering: call, request: request, since: start)
      }
    }
  }

  private func encode(
    _ reply: Reply, answering call: Call, request: WireRequest,
    since start: ContinuousClock.Instant?
  ) -> WireResponse? {
    do throws(CodecError) {
      var response: WireResponse
      if let raw = reply.raw {
        response = raw.response(to: request, over: codec.wire)
      } else {
        response = try codec.encode(reply, answering: call)
      }
      if let misbehaviour = reply.misbehaviour { response.misbehaviour = misbehaviour }
      note(call, reply, nil, since: start)
      return response
    } catch {
      note(call, reply, error, since: start)
      var error = error
      error.isCallerAtFault = false
      return codec.refuse(request, because: error)
    }
  }

  private func note(
    _ call: Call?, _ reply: Reply?, _ error: CodecError?, since start: ContinuousClock.Instant?
  ) {
    guard let observe, let start else { return }
    observe(
      Exchange(
        call: call, reply: reply, error: error, peer: nil, duration: start.duration(to: .now)))
  }

  /// Tells of a stream that is not made of the protocol's messages, or of a reply that cannot be made
  /// one: nothing that goes through `handle` would.
  package func note(unframed error: CodecError, of peer: String) {
    observe?(Exchange(call: nil, reply: nil, error: error, peer: peer, duration: .zero))
  }
}
