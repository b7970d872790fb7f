internal import TrestleCore

/// Why a request is refused before any codec sees it. The connection is closed after the answer:
/// where the next request would begin is unknown, or what follows is not worth reading.
struct HTTPRefusal: Error, Equatable {
  var status: Int
  /// Header fields that the status asks for.
  var headers = Headers()
  /// A sentence for whoever reads the client's log.
  var text: String

  init(status: Int, headers: Headers = Headers(), text: String) {
    self.status = status
    self.headers = headers
    self.text = text
  }

  /// What a message's framing is refused for.
  init(_ error: HTTPFramingError, _ limits: HTTPServerLimits) {
    switch error {
    case .notHTTP: self = .malformed("A request begins with a method.")
    case .malformed(let clause):
      self = .malformed(clause.prefix(1).uppercased() + clause.dropFirst() + ".")
    case .headTooLarge: self = .headTooLarge
    case .bodyTooLarge: self = .bodyTooLarge(limits)
    }
  }

  static func malformed(_ text: String) -> HTTPRefusal { HTTPRefusal(status: 400, text: text) }

  static func bodyTooLarge(_ limits: HTTPServerLimits) -> HTTPRefusal {
    HTTPRefusal(status: 413, text: "The body is larger than \(limits.bodyBytes) bytes.")
  }

  static func unusable(_ failure: ContentCoding.Failure) -> HTTPRefusal {
    switch failure {
    case .tooLarge(let limit):
      HTTPRefusal(
        status: 413, text: "The body is larger than \(limit) bytes when it is decompressed.")
    case .broken: .malformed("The body is not what its Content-Encoding says.")
    }
  }

  /// RFC 9110 §12.5.3: a response may say what is taken instead.
  static let unknownCoding = HTTPRefusal(
    status: 415, headers: ["Accept-Encoding": ContentCoding.taken],
    text: "Bodies are taken as they are, or compressed with one of gzip and deflate.")
  static let headTooLarge = HTTPRefusal(status: 431, text: "The header section is too large.")
  static let headTimeout = HTTPRefusal(
    status: 408, text: "The header section did not arrive in time.")
  static let bodyTimeout = HTTPRefusal(status: 408, text: "The body did not arrive in time.")
}
