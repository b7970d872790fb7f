/// What statuses of HTTP mean (RFC 9110 §15, and the registry for the others).
package enum HTTPStatus {
  /// The phrase of a status.
  package static func phrase(_ status: Int) -> String {
    switch status {
    case 200: "OK"
    case 201: "Created"
    case 202: "Accepted"
    case 204: "No Content"
    case 301: "Moved Permanently"
    case 302: "Found"
    case 303: "See Other"
    case 304: "Not Modified"
    case 307: "Temporary Redirect"
    case 308: "Permanent Redirect"
    case 400: "Bad Request"
    case 401: "Unauthorized"
    case 402: "Payment Required"
    case 403: "Forbidden"
    case 404: "Not Found"
    case 405: "Method Not Allowed"
    case 406: "Not Acceptable"
    case 408: "Request Timeout"
    case 409: "Conflict"
    case 410: "Gone"
    case 412: "Precondition Failed"
    case 413: "Content Too Large"
    case 415: "Unsupported Media Type"
    case 418: "I'm a Teapot"
    case 422: "Unprocessable Content"
    case 423: "Locked"
    case 425: "Too Early"
    case 428: "Precondition Required"
    case 429: "Too Many Requests"
    case 451: "Unavailable For Legal Reasons"
    case 500: "Internal Server Error"
    case 501: "Not Implemented"
    case 502: "Bad Gateway"
    case 503: "Service Unavailable"
    case 504: "Gateway Timeout"
    default:
      switch status / 100 {
      case 2: "Success"
      case 3: "Redirection"
      case 4: "Client Error"
      default: "Server Error"
      }
    }
  }

  /// What a status means to the caller; nil for those that say nothing certain.
  package static func category(of status: Int) -> FaultCategory? {
    switch status {
    case 400, 422, 413, 414, 415: .invalidArgument
    case 401, 407: .unauthenticated
    case 403: .permissionDenied
    case 404, 410: .notFound
    case 409, 412, 428: .failedPrecondition
    case 429: .resourceExhausted
    case 405, 501: .unimplemented
    case 502, 503: .unavailable
    case 408, 504: .deadlineExceeded
    case 500..<600: .internal
    default: nil
    }
  }
}
