internal import Trestle

/// What a route answers.
struct APIResponse: Sendable {
  enum Body: Sendable {
    case nothing
    case json(Value)
    case text([UInt8], type: String)
    /// What is too long to be held as one, each piece read when the one before has been sent.
    case pieces(type: String, first: Piece, next: @Sendable (_ cursor: Int64) async throws -> Piece)
    /// What comes while it is sent, each part written as soon as it is there. The stream is ended, and with it
    /// its `onTermination` called, when the client goes away.
    case stream(type: String, AsyncStream<[UInt8]>)
  }

  /// A piece of a long body.
  struct Piece: Sendable {
    var bytes: [UInt8]
    /// What the next piece is asked for by; nil at the end.
    var cursor: Int64?
  }

  var status = 200
  var fields: [HeaderField] = []
  var body: Body

  static func json(_ value: Value, status: Int = 200) -> APIResponse {
    APIResponse(status: status, body: .json(value))
  }

  /// Server-sent events, which come as they are written; nothing between here and the client may gather them.
  static func events(_ events: AsyncStream<[UInt8]>) -> APIResponse {
    APIResponse(
      fields: [HeaderField("X-Accel-Buffering", "no")],
      body: .stream(type: "text/event-stream", events))
  }

  /// Done, and nothing to say.
  static let done = APIResponse(status: 204, body: .nothing)
}
