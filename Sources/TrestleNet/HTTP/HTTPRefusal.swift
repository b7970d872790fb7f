/// Why a request is refused before any codec sees it. The connection is closed after the answer:
/// where the next request would begin is unknown, or what follows is not worth reading.
struct HTTPRefusal: Error, Equatable {
  var status: Int
  /// A sentence for whoever reads the client's log.
  var text: String

  static func malformed(_ text: String) -> HTTPRefusal { HTTPRefusal(status: 400, text: text) }

  static func bodyTooLarge(_ limits: HTTPServerLimits) -> HTTPRefusal {
    HTTPRefusal(status: 413, text: "The body is larger than \(limits.bodyBytes) bytes.")
  }

  static let headTooLarge = HTTPRefusal(status: 431, text: "The header section is too large.")
  static let headTimeout = HTTPRefusal(
    status: 408, text: "The header section did not arrive in time.")
  static let bodyTimeout = HTTPRefusal(status: 408, text: "The body did not arrive in time.")
}
