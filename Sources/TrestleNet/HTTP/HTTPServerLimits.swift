package import NIOCore

/// How much of a client's bytes and time an HTTP server takes.
package struct HTTPServerLimits: Sendable, Hashable {
  /// The largest request body. A little over the 4 MB that codecs take, so that a message
  /// just too large is refused in its protocol's words; beyond it the answer is 413.
  package var bodyBytes = (4 << 20) + (64 << 10)
  /// The largest header section, request line included; beyond it the answer is 431.
  package var headBytes = 64 << 10
  /// The largest single header field; beyond it the answer is 431.
  package var fieldBytes = 16 << 10
  /// The most header fields, trailers included; beyond it the answer is 431.
  package var fields = 100

  /// From a request's first byte, or the connection's start, to the end of its header section.
  package var headTime: Duration = .seconds(10)
  /// What a body may take before its speed counts.
  package var bodyTime: Duration = .seconds(10)
  /// What every further second of a body must bring. A client that drips a byte at a time is
  /// cut off after `bodyTime`; a large upload over a slow line is not.
  package var bodyBytesPerSecond = 1024
  /// What a body may take at its best speed.
  package var longestBodyTime: Duration = .seconds(30)
  /// How long a connection may wait for its next request.
  package var idleTime: Duration = .seconds(60)
  /// How long a refused client is still listened to, so that it can read the answer before the
  /// connection is reset.
  package var lingerTime: Duration = .seconds(2)

  package init() {}
}

extension HTTPServerLimits {
  /// By when a body must be whole of which so many bytes have come.
  package func bodyDeadline(from began: NIODeadline, received: Int) -> NIODeadline {
    let earned = TimeAmount.seconds(Int64(received / max(1, bodyBytesPerSecond)))
    let shortest = TimeAmount(bodyTime)
    return began + min(shortest + earned, max(shortest, TimeAmount(longestBodyTime)))
  }
}

extension HTTPServerLimits {
  /// What a single message is held to.
  var message: HTTPMessageLimits {
    HTTPMessageLimits(
      headBytes: headBytes, fieldBytes: fieldBytes, fields: fields, bodyBytes: bodyBytes)
  }
}
