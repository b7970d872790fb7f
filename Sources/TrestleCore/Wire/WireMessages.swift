/// A request as bytes: an HTTP request, or one frame of a TCP protocol.
public struct WireRequest: Sendable {
  /// The HTTP method; `POST` for most calls. Unused by framed protocols.
  public var method: String
  /// The HTTP request target as received (`/path?query`); empty where the endpoint's own path is meant,
  /// and without a slash at its start where it goes below that path.
  public var target: String
  /// The HTTP header fields; empty for framed protocols.
  public var headers: Headers
  /// The HTTP body, or the frame's content without its framing.
  public var body: [UInt8]
  /// Whether its work may be done twice without harm: a read. A transport may then send it again over a
  /// new connection where a kept one closed without an answer.
  public var isRepeatable = false
  /// Whether nothing answers it: it is done once it is sent.
  package var isOneWay = false
  /// What its connection has of its own, as the codec made it; nil where nothing.
  package var connection: (any AnyObject & Sendable)?
  /// Who sent it; nil where no listener took it in.
  package var sender: WireSender?
}

extension WireRequest {
  /// Makes a request; one that must not be repeated.
  public init(
    method: String = "POST", target: String = "", headers: Headers = Headers(), body: [UInt8] = []
  ) {
    self.init(
      method: method, target: target, headers: headers, body: body, isRepeatable: false,
      isOneWay: false, connection: nil, sender: nil)
  }

  /// The target at an endpoint of this path (`/path?query`).
  package func target(at path: String) -> String {
    if target.isEmpty { return path }
    if target.utf8.first == UInt8(ascii: "/") { return target }
    let base = path.prefix { $0 != "?" }
    return base.utf8.last == UInt8(ascii: "/") ? base + target : base + "/" + target
  }
}

/// A response as bytes: an HTTP response, or one frame of a TCP protocol.
public struct WireResponse: Sendable {
  /// The HTTP status; 200 and unused for framed protocols.
  public var status: Int
  /// The HTTP header fields; empty for framed protocols.
  public var headers: Headers
  /// The HTTP body, or the frame's content without its framing.
  public var body: [UInt8]
  /// Whether nothing is sent at all: the request was one that nothing answers.
  package var isNothing = false
  /// Whether the body goes out without a frame around it, on purpose.
  package var isUnframed = false
  /// That a mock in this process had no answer, which the protocol may have no words for.
  @Boxed package var unmatched: Fault?
  /// What is done wrong on purpose when it is sent.
  @Boxed package var misbehaviour: Misbehaviour?
  /// Whether its message was changed on purpose, so that it may be none of the protocol's.
  package var changesMessage = false

  /// Makes a response.
  public init(status: Int = 200, headers: Headers = Headers(), body: [UInt8] = []) {
    self.status = status
    self.headers = headers
    self.body = body
  }
}

extension WireResponse {
  /// The answer to a request that nothing answers.
  package static var nothing: WireResponse {
    var response = WireResponse()
    response.isNothing = true
    return response
  }
}
