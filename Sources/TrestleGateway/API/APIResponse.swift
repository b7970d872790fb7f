internal import Trestle

/// What a route answers.
struct APIResponse: Sendable {
  enum Body: Sendable {
    case nothing
    case json(Value)
    case text([UInt8], type: String)
    /// What is too long to be held as one, each piece read when the one before has been sent.
    case pieces(type: String, first: Piece, next: @Sendable (_ cursor: Int64) async throws -> Piece)
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

  /// Done, and nothing to say.
  static let done = APIResponse(status: 204, body: .nothing)
}
