/// How much of a client's time and of this machine a framed server takes. Sizes are the framing's own.
package struct FramedServerLimits: Sendable, Hashable {
  /// From a frame's first byte to its last.
  package var frameTime: Duration = .seconds(10)
  /// How long a connection may wait for its next frame; zero for ever.
  package var idleTime: Duration = .seconds(60)
  /// The most answers under way on one connection; further requests wait.
  package var answersUnderWay = 64

  package init() {}
}
