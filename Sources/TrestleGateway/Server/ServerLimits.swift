internal import TrestleNet

/// How much of a client's bytes and time a server of ours takes.
struct ServerLimits: Sendable {
  /// What holds for a mock's HTTP too. The body's is that of a route that says nothing else.
  var http: HTTPServerLimits = {
    var limits = HTTPServerLimits()
    limits.bodyBytes = 64 << 10
    limits.headBytes = 32 << 10
    return limits
  }()
  /// How many clients are connected at once; further ones wait.
  var connections = 64
  /// The largest request target.
  var targetBytes = 8 << 10
  /// How long a body in chunks may pause. A chunk's claimed size is known to the parser alone, so that time
  /// is all that bounds one that never comes.
  var chunkPause: Duration = .milliseconds(600)
  /// What the bodies of all clients together may hold while they come in; beyond it the answer is 503.
  var allBodyBytes = 64 << 20
  /// How long an answer may take, and how long a client may take to read a part of it.
  var answerTime: Duration = .seconds(60)
  /// How long answers under way may take when the server stops.
  var stopTime: Duration = .seconds(2)
}
