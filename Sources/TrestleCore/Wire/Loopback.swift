internal import Synchronization

/// A transport without a socket: requests go straight to a service in this process.
///
/// Both codecs still run, and messages are framed and cut again where the protocol has frames, so that
/// what is tested is what would be on the wire. What a socket could not say is told: why there is no
/// answer.
public struct Loopback: Transport {
  private let service: Service
  private let sender = WireSender(peer: nil)

  /// Makes a transport that calls a service directly.
  public init(_ service: Service) { self.service = service }

  /// Hands the request to the service and waits for its answer as long as the limit allows.
  ///
  /// - Throws: `TransportError` when the time runs out or the service has no answer, with its reason.
  public func exchange(
    _ request: WireRequest, timeout: Duration
  ) async throws(TransportError) -> WireResponse {
    var request = request
    request.target = request.target(at: "/")
    request.sender = sender
    request.body = try Self.carried(
      request.body, by: framing?.requests, named: "the request cannot be framed")
    let sight = Sight()
    let answer: WireResponse?
    switch watched(by: sight).handle(request) {
    case .now(let response): answer = response
    case .later(let body):
      switch await Self.first(of: body, within: timeout) {
      case .answered(let response): answer = response
      case .timedOut:
        throw TransportError(
          kind: .timeout, reason: "no answer from the mock service within \(timeout)",
          mayHaveBeenSent: true)
      }
    case .close: answer = nil
    }
    return try response(answer, to: sight)
  }

  private var framing: (any Framing)? {
    guard case .framed(let framing, _) = service.codec.wire else { return nil }
    return framing
  }

  /// A message as it comes out of its frame; `isFramed` says that one stands around it already.
  private static func carried(
    _ message: [UInt8], by framing: (any Framing)?, isFramed: Bool = false, named failure: String
  ) throws(TransportError) -> [UInt8] {
    guard let framing else { return message }
    do throws(CodecError) {
      var decoder = framing.makeDecoder()
      decoder.append(isFramed ? message : try framing.frame(message))
      if let message = try decoder.next() { return message }
      if let message = try decoder.finish() { return message }
      throw CodecError(reason: "its frame holds no message")
    } catch {
      throw TransportError(kind: .configuration, reason: "\(failure): \(error)")
    }
  }

  // MARK: What the service does

  /// What the service made of one request.
  private final class Sight: Sendable {
    let exchange = Mutex<Service.Exchange?>(nil)
  }

  private func watched(by sight: Sight) -> Service {
    let observe = service.observe
    var watched = Service(codec: service.codec, responder: service.responder) { exchange in
      sight.exchange.withLock { $0 = exchange }
      observe?(exchange)
    }
    watched.recorder = service.recorder
    return watched
  }

  private func response(
    _ answer: WireResponse?, to sight: Sight
  ) throws(TransportError) -> WireResponse {
    let exchange = sight.exchange.withLock(\.self)
    let unmatched = exchange?.reply?.fault.flatMap { $0.isUnmatched ? $0 : nil }
    guard var response = answer else {
      if let unmatched {
        var response = WireResponse()
        response.unmatched = unmatched
        return response
      }
      throw Self.noAnswer(exchange)
    }
    if let misbehaviour = response.misbehaviour {
      response = try Self.misbehaved(response, misbehaviour, framing?.replies)
    } else if !response.isNothing {
      response.body = try Self.carried(
        response.body, by: framing?.replies, isFramed: response.isUnframed,
        named: "the mock's reply cannot be framed")
    }
    response.unmatched = unmatched
    return response
  }

  /// What a client would have of a reply that is sent wrongly. Here is no stream that it could wait on:
  /// a frame that does not end is told at once.
  private static func misbehaved(
    _ response: WireResponse, _ misbehaviour: Misbehaviour, _ framing: (any Framing)?
  ) throws(TransportError) -> WireResponse {
    if misbehaviour.closing == .before || misbehaviour.closing == .inside {
      let how = misbehaviour.resets ? "reset" : "closed"
      let what = misbehaviour.closing == .before ? "without an answer" : "inside of its answer"
      throw TransportError(
        kind: .interrupted, reason: "the mock service \(how) the connection \(what)",
        hint: "its misbehave says so", mayHaveBeenSent: true)
    }
    var response = response
    if let noise = misbehaviour.noise {
      response.body = Misbehaviour.randomBytes(noise, seed: misbehaviour.seed)
    }
    guard let framing else {
      guard misbehaviour.noise == nil, misbehaviour.lengthError <= 0 else {
        throw TransportError(
          kind: .protocolViolation, reason: "what the mock service sent is no HTTP response",
          hint: "its misbehave says so", mayHaveBeenSent: true)
      }
      response.body.removeLast(min(response.body.count, -misbehaviour.lengthError))
      return response
    }
    do throws(CodecError) {
      var frame = misbehaviour.noise == nil ? try framing.frame(response.body) : response.body
      if misbehaviour.lengthError != 0 {
        frame = framing.misstatingLength(of: frame, by: misbehaviour.lengthError) ?? frame
      }
      if misbehaviour.breaksCheck { frame.alterOneByte() }
      var decoder = framing.makeDecoder()
      decoder.append(frame)
      if let message = try decoder.next() {
        response.body = message
      } else if let message = try decoder.finish() {
        response.body = message
      }
      return response
    } catch {
      throw TransportError(
        kind: .protocolViolation, reason: "what the mock service sent is no frame: \(error)",
        hint: "its misbehave says so", mayHaveBeenSent: true)
    }
  }

  private static func noAnswer(_ exchange: Service.Exchange?) -> TransportError {
    guard let exchange, let error = exchange.error else {
      return TransportError(
        kind: .interrupted, reason: "the mock service closed the connection without an answer",
        mayHaveBeenSent: true)
    }
    let origin = exchange.reply?.origin.map { " (\($0))" } ?? ""
    return TransportError(
      kind: .configuration,
      reason: exchange.call == nil
        ? "the mock cannot read the request: \(error)"
        : "the mock cannot write its reply\(origin): \(error)", hint: error.hint)
  }

  private enum Outcome: Sendable {
    case answered(WireResponse?)
    case timedOut
  }

  private static func first(
    of body: @escaping @Sendable () async -> WireResponse?, within timeout: Duration
  ) async -> Outcome {
    await withTaskGroup(of: Outcome.self) { group in
      group.addTask { .answered(await body()) }
      group.addTask {
        try? await Task.sleep(for: timeout)
        return .timedOut
      }
      let outcome = await group.next() ?? .timedOut
      group.cancelAll()
      return outcome
    }
  }
}
