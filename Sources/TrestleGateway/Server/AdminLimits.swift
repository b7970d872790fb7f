/// How much of a client's bytes and time the admin API takes.
struct AdminLimits: Sendable, Hashable {
  /// How many clients are connected at once; further ones wait.
  var connections = 64
  /// The largest header section; beyond it the answer is 431.
  var headBytes = 32 << 10
  /// The largest single header field.
  var fieldBytes = 16 << 10
  /// The most header fields.
  var fields = 100
  /// The largest request target.
  var targetBytes = 8 << 10
  /// The largest body of a route that says nothing else; beyond it the answer is 413.
  var bodyBytes = 64 << 10
  /// What the bodies of all clients together may hold while they come in; beyond it the answer is 503.
  var allBodyBytes = 64 << 20

  /// From the connection's start to the end of the first header section.
  var headTime: Duration = .seconds(10)
  /// How long a connection may wait for its next request.
  var idleTime: Duration = .seconds(60)
  /// From the end of a header section to the end of the body.
  var bodyTime: Duration = .seconds(30)
  /// How long an answer may take, and how long a client may take to read a part of it.
  var answerTime: Duration = .seconds(60)
  /// How long a refused client is still listened to, so that it can read the answer before the
  /// connection is reset.
  var lingerTime: Duration = .seconds(2)
  /// How long answers under way may take when the server stops.
  var stopTime: Duration = .seconds(2)
}
