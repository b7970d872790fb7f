internal import Trestle

/// Why a request has no result: the error of JSON-RPC, and the HTTP status that goes with it.
struct MCPError: Error, Sendable, Hashable {
  var code: Int64
  var message: String
  var data: Value?
  /// What is answered with over HTTP. A request that was understood and cannot be done is 200, as results are.
  var status = 200

  init(_ code: Int64, _ message: String, data: Value? = nil, status: Int = 200) {
    self.code = code
    self.message = message
    self.data = data
    self.status = status
  }

  static func unreadable(_ reason: String) -> MCPError { MCPError(-32700, reason, status: 400) }

  static func noRequest(_ reason: String) -> MCPError { MCPError(-32600, reason, status: 400) }

  static func unknownMethod(_ method: String, era: MCPEra) -> MCPError {
    MCPError(
      -32601, "there is no method \"\(method.prefix(100))\"", status: era.isModern ? 404 : 200)
  }

  static func wrongParameters(_ reason: String, data: Value? = nil) -> MCPError {
    MCPError(-32602, reason, data: data)
  }

  /// `_meta` lacks what every request has to say.
  static func incompleteMeta(_ reason: String) -> MCPError {
    MCPError(-32602, reason, status: 400)
  }

  /// Before 2026-07-28 a resource that is not there had a code of its own.
  static func unknownResource(_ uri: String, era: MCPEra) -> MCPError {
    MCPError(
      era.isModern ? -32602 : -32002, "there is no resource \(uri.prefix(200))",
      data: ["uri": .string(uri)])
  }

  static func headerMismatch(_ reason: String) -> MCPError {
    MCPError(-32020, reason, status: 400)
  }

  static func unsupportedVersion(_ version: String) -> MCPError {
    MCPError(
      -32022, "revision \(version.prefix(60)) of the protocol is not spoken here",
      data: [
        "supported": .array(MCPVersion.all.map { .string($0) }), "requested": .string(version),
      ], status: 400)
  }

  /// The token that the request comes with is not for what it asks for; `error` has the header fields that say so.
  static func notGranted(_ error: APIError) -> MCPError {
    MCPError(
      -32602, error.message, data: error.hint.map { ["hint": .string($0)] }, status: error.status)
  }

  /// The error response to a request.
  func response(to id: RPCID?) -> Value {
    var error: Record = ["code": .integer(code), "message": .string(message)]
    if let data { error["data"] = data }
    return ["jsonrpc": "2.0", "id": id?.value ?? .null, "error": .object(error)]
  }
}
